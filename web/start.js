// Starts the viewer. `cargo xtask build` bundles this with what wasm-bindgen wrote, and fills in WASM, LATER and
// MARKDOWN, the names of files beside it.
import start from "./finews-viewer.js";
import { integrityOf } from "./integrity.js";

// A reader's choice of light or dark does not wait for the program.
try {
  const theme = localStorage.getItem("finews-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has no choice to show.
}

// Whether the service worker had the page at hand, which may be an old one.
const { serverTiming = [] } = performance.getEntriesByType("navigation")[0] ?? {};
if (serverTiming.some(({ name }) => name === "finews-kept")) document.documentElement.dataset.kept = "";

// The styles that a first paint does without, for what only the program shows.
const later = document.createElement("link");
later.rel = "stylesheet";
later.href = new URL(LATER, import.meta.url);
document.head.append(later);

// The program that reads Markdown, loaded when the viewer first asks for it; a failed load is tried again.
let markdown;
const load = async () => {
  const program = await import(MARKDOWN);
  await program.default();
  return program;
};
globalThis.finewsMarkdown = async (text) => {
  markdown ??= load();
  try {
    return (await markdown).outline(text);
  } catch (error) {
    markdown = undefined;
    throw error;
  }
};

start({ module_or_path: new URL(WASM, import.meta.url) });

// The service worker. An update is offered to the viewer, which asks the reader; the page is loaded anew when one takes over.
const script = "sw.js";
const policy = globalThis.trustedTypes?.createPolicy("finews", { createScriptURL: () => script });
const offer = (registration) => {
  const { waiting } = registration;
  if (!waiting || !navigator.serviceWorker.controller) return;
  globalThis.finewsUpdate = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("update");
  };
  document.dispatchEvent(new Event("finews-update"));
};
const register = async () => {
  const registration = await navigator.serviceWorker.register(policy ? policy.createScriptURL("") : script);
  offer(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => offer(registration));
  });
};
// A browser that allows none, or a page without its own host, reads all the same.
const quietly = () => navigator.serviceWorker?.register && register().catch(() => {});
if (document.readyState === "complete") quietly();
else addEventListener("load", quietly, { once: true });

// Keeps files for reading without the network: those that are kept already are not fetched again, and where these are `all`, others
// go. An origin may have several sites, so a cache bears its site's folder.
const kept = `finews-saved${new URL(document.baseURI).pathname}`;
globalThis.finewsSave = async (urls, all) => {
  const cache = await caches.open(kept);
  const there = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const missing = urls.filter((url) => !there.has(url));
  const take = async () => {
    for (let url = missing.pop(); url; url = missing.pop()) {
      const response = await fetch(url, { integrity: integrityOf(url), cache: "force-cache" });
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      await cache.put(url, response);
    }
  };
  await Promise.all([take(), take(), take(), take()]);
  if (all) await Promise.all([...there].filter((path) => !urls.includes(path)).map((path) => cache.delete(path)));
};
