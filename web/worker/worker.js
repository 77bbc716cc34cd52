// @ts-check
// The service worker: what was read opens without the network. The command writes above this what a version consists of:
// `self.finews = { shell, files, version }`.
import { route } from "./routes.js";
import { cachesOf, strategies, sweep } from "./strategies.js";

const worker = /** @type {ServiceWorkerGlobalScope & { finews: { shell: string, files: string[] } }} */ (
  /** @type {unknown} */ (self)
);
const { shell, files } = worker.finews;
const scope = new URL(worker.registration.scope);
const shellUrl = new URL(shell, scope).href;
const names = cachesOf(scope.pathname);
const answer = strategies(names, shellUrl);

/**
 * The path below the site's folder; null if it is another host's or another site's.
 *
 * @param {URL} url
 */
const below = (url) =>
  url.origin === scope.origin && url.pathname.startsWith(scope.pathname)
    ? url.pathname.slice(scope.pathname.length)
    : null;

worker.addEventListener("install", (event) => {
  const install = async () => {
    const cache = await caches.open(names.program);
    const urls = files.map((file) => new URL(file, scope).href);
    const there = new Set((await cache.keys()).map((key) => key.url));
    await cache.addAll(urls.filter((url) => !there.has(url)));
    // Some hosts answer it with 404, and it is the page all the same.
    const page = await fetch(shellUrl, { cache: "reload" });
    if (![200, 404].includes(page.status)) throw new Error(`${shell}: ${page.status}`);
    await cache.put(
      shellUrl,
      new Response(await page.text(), { headers: { "content-type": "text/html; charset=utf-8" } }),
    );
  };
  event.waitUntil(install());
});

worker.addEventListener("activate", (event) => {
  const activate = async () => {
    // What a newer version is bringing is not known here.
    if (!worker.registration.installing && !worker.registration.waiting)
      await sweep(names, files, shellUrl).catch(() => {});
    await worker.clients.claim();
    // The pages that are open were read too.
    const cache = await caches.open(names.pages);
    const open = await worker.clients.matchAll({ type: "window" });
    const keep = async (/** @type {Client} */ { url }) => {
      if (await cache.match(url)) return;
      const response = await fetch(url);
      if (response.ok && !response.redirected) await cache.put(url, response);
    };
    await Promise.allSettled(open.map(keep));
  };
  event.waitUntil(activate());
});

worker.addEventListener("fetch", (event) => {
  const { method, mode } = event.request;
  const strategy = route({ method, mode, path: below(new URL(event.request.url)) });
  if (strategy) event.respondWith(answer[strategy](event));
});

// An update waits until the reader wants it.
worker.addEventListener("message", (event) => {
  if (event.data === "update") worker.skipWaiting();
});
