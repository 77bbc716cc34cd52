// @ts-check
// The program of search, which is loaded when search is opened. Trunk's hook (`crates/xtask/src/trunk`) bundles this with the
// output of wasm-bindgen, and defines WASM and STYLES: the name and the checksum of the WebAssembly, and the name of the
// style sheet.
import * as program from "finews-search";
import { SearchPage } from "./page.js";

const [WASM_FILE, WASM_INTEGRITY] = WASM;

/** @type {Promise<typeof program> | undefined} */
let starting;

/** Starts the index's program, once. */
const started = () => {
  const module_or_path = fetch(new URL(WASM_FILE, import.meta.url), { integrity: WASM_INTEGRITY });
  starting ??= program.default({ module_or_path }).then(() => program);
  starting.catch(() => {
    starting = undefined;
  });
  return starting;
};

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = new URL(STYLES, import.meta.url).href;
document.head.append(styles);

/**
 * Opens the search page in its element, and returns what leaves it.
 *
 * @param {HTMLElement} root
 * @param {import("./page.js").SearchPage["viewer"]} viewer
 */
export const openSearch = (root, viewer) => {
  const page = new SearchPage(started(), root, viewer);
  page.run();
  return () => page.stop();
};
