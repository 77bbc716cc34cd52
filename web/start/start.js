// @ts-check
// Starts the viewer. The hook behind Trunk (`crates/xtask/src/trunk`) bundles this with what wasm-bindgen wrote, and fills
// in WASM, LATER and MARKDOWN: the names of files beside it, with the checksums of those that hold a program.
import start from "finews-viewer";
import { broken, hasEnded } from "./broken.js";
import { PATIENCE } from "./patience.js";
import { register } from "./update.js";

// A reader's choice of light or dark does not wait for the program.
try {
  const theme = localStorage.getItem("finews-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has no choice to show.
}

// Whether the service worker had the page at hand, which may be an old one.
const [navigation] = performance.getEntriesByType("navigation");
const { serverTiming = [] } = /** @type {PerformanceNavigationTiming} */ (navigation ?? {});
if (serverTiming.some(({ name }) => name === "finews-kept")) document.documentElement.dataset.kept = "";

// The styles that a first paint does without, for what only the program shows.
const later = document.createElement("link");
later.rel = "stylesheet";
later.href = new URL(LATER, import.meta.url).href;
document.head.append(later);

// A prerendered page is read without the program, too.
const isShell = !document.querySelector("[data-page]");
const [WASM_FILE, WASM_INTEGRITY] = WASM;
/**
 * The program, with its checksum: a byte that is another can make a program that does anything.
 *
 * @param {RequestCache} cache
 */
const program = (cache) => ({
  module_or_path: fetch(new URL(WASM_FILE, import.meta.url), {
    cache,
    integrity: WASM_INTEGRITY,
    signal: AbortSignal.timeout(PATIENCE),
  }),
});
const done = () => document.querySelector(".late")?.remove();
// What the browser holds of it may be damaged. A program that came to its end while it began does not begin again.
const anew = (/** @type {Error} */ error) => {
  if (error.name === "TimeoutError" || hasEnded(error)) throw error;
  return start(program("reload"));
};
start(program("default"))
  .catch(anew)
  .then(done, (/** @type {Error} */ error) => {
    console.warn(`the program has not come: ${error}`);
    done();
    if (isShell || hasEnded(error)) broken();
  });

// A browser that allows no service worker, or a page without its own host, reads all the same.
const quietly = () => {
  if (navigator.serviceWorker) register().catch(() => {});
};
if (document.readyState === "complete") quietly();
else addEventListener("load", quietly, { once: true });
