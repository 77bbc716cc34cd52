// @ts-check
// Starts the viewer. Trunk's hook (`crates/xtask/src/trunk`) bundles this with the output of wasm-bindgen, and defines WASM,
// LATER_STYLES and MARKDOWN: the names of other files, and the checksums of the programs among them.
import start from "finews-viewer";
import { isCrash, showBroken } from "./broken.js";
import { DOWNLOAD_TIMEOUT } from "./timeouts.js";
import { register } from "./update.js";

// The reader's theme applies before the program has loaded.
try {
  const theme = localStorage.getItem("finews-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage there is no theme to apply.
}

// Notes whether the service worker answered with a cached page, which may be out of date.
const [navigation] = performance.getEntriesByType("navigation");
const { serverTiming = [] } = /** @type {PerformanceNavigationTiming} */ (navigation ?? {});
if (serverTiming.some(({ name }) => name === "finews-kept")) document.documentElement.dataset.kept = "";

// The styles that the first paint does not need.
const later = document.createElement("link");
later.rel = "stylesheet";
later.href = new URL(LATER_STYLES, import.meta.url).href;
document.head.append(later);

// A prerendered page is readable without the program; a shell is not.
const isShell = !document.querySelector("[data-page]");
const [WASM_FILE, WASM_INTEGRITY] = WASM;
/**
 * Fetches the program with its checksum, because a damaged program could do anything.
 *
 * @param {RequestCache} cache
 */
const fetchProgram = (cache) => ({
  module_or_path: fetch(new URL(WASM_FILE, import.meta.url), {
    cache,
    integrity: WASM_INTEGRITY,
    signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT),
  }),
});
const removeLateMessage = () => document.querySelector(".late")?.remove();
// The browser's cache may hold a damaged file, so the program is loaded once more from the host, except
// after a timeout or a crash.
const retry = (/** @type {Error} */ error) => {
  if (error.name === "TimeoutError" || isCrash(error)) throw error;
  return start(fetchProgram("reload"));
};
start(fetchProgram("default"))
  .catch(retry)
  .then(removeLateMessage, (/** @type {Error} */ error) => {
    console.error(`the program could not be started: ${error}`);
    removeLateMessage();
    if (isShell || isCrash(error)) showBroken();
  });

// Reading works without a service worker, so a failure is ignored.
const registerWorker = () => {
  if (navigator.serviceWorker) register().catch(() => {});
};
if (document.readyState === "complete") registerWorker();
else addEventListener("load", registerWorker, { once: true });
