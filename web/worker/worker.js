// @ts-check
// The service worker, with which a reader can open visited pages again without a network. Trunk's hook
// prepends a line that describes the version, `self.finews = { shell, files, version }`, and the builder
// adapts it to the site.
import { route } from "./routes.js";
import { cacheNamesOf, strategies, sweep } from "./strategies.js";

const worker = /** @type {ServiceWorkerGlobalScope & { finews: { shell: string, files: string[] } }} */ (
  /** @type {unknown} */ (self)
);
const { shell, files } = worker.finews;
const scope = new URL(worker.registration.scope);
const shellUrl = new URL(shell, scope).href;
const names = cacheNamesOf(scope.pathname);
const answers = strategies(names, shellUrl);

/**
 * The path relative to the site's folder, or null outside of it.
 *
 * @param {URL} url
 */
const relativePath = (url) =>
  url.origin === scope.origin && url.pathname.startsWith(scope.pathname)
    ? url.pathname.slice(scope.pathname.length)
    : null;

worker.addEventListener("install", (event) => {
  const install = async () => {
    const cache = await caches.open(names.program);
    const urls = files.map((file) => new URL(file, scope).href);
    const cached = new Set((await cache.keys()).map((key) => key.url));
    await cache.addAll(urls.filter((url) => !cached.has(url)));
    // Some hosts answer with the status 404, but with the right page.
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
    // A version that is being installed may need files that are unknown here.
    if (!worker.registration.installing && !worker.registration.waiting)
      await sweep(names, files, shellUrl).catch(() => {});
    await worker.clients.claim();
    // Pages that are already open are cached too.
    const cache = await caches.open(names.pages);
    const open = await worker.clients.matchAll({ type: "window" });
    const store = async (/** @type {Client} */ { url }) => {
      if (await cache.match(url)) return;
      const response = await fetch(url);
      if (response.ok && !response.redirected) await cache.put(url, response);
    };
    await Promise.allSettled(open.map(store));
  };
  event.waitUntil(activate());
});

worker.addEventListener("fetch", (event) => {
  const { method, mode } = event.request;
  const strategy = route({ method, mode, path: relativePath(new URL(event.request.url)) });
  if (strategy) event.respondWith(answers[strategy](event));
});

// A newer version waits until the reader accepts it.
worker.addEventListener("message", (event) => {
  if (event.data === "update") worker.skipWaiting();
});
