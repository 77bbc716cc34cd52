// @ts-check
// The program of search, which is loaded when search is opened. Trunk's hook (`crates/xtask/src/trunk`) bundles this with the
// output of wasm-bindgen, and defines WASM and STYLES: the name and the checksum of the WebAssembly, and the name of the
// style sheet. It does so once for each language, with its WORDS.
import start, { content, fold, Index } from "finews-search";
import { DOWNLOAD_TIMEOUT } from "../start/timeouts.js";
import { readNames } from "./archive.js";
import { importKept, SearchPage } from "./page.js";
import { namesLike, nearestNames, suggestFor } from "./suggestions.js";

const [WASM_FILE, WASM_INTEGRITY] = WASM;
const program = { content, fold, Index };

/** @type {Promise<typeof program> | undefined} */
let starting;

/** Starts the index's program, once. */
const started = () => {
  starting ??= start({
    module_or_path: fetch(new URL(WASM_FILE, import.meta.url), {
      integrity: WASM_INTEGRITY,
      signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT),
    }),
  }).then(() => program);
  starting.catch(() => {
    starting = undefined;
  });
  return starting;
};

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = new URL(STYLES, import.meta.url).href;
document.head.append(styles);

/** @type {Promise<import("./suggestions.js").Name[]> | undefined} */
let names;

/**
 * The names like a text.
 *
 * @param {typeof namesLike} choose
 * @param {string} text
 */
const find = async (choose, text) => {
  names ??= readNames();
  names.catch(() => {
    names = undefined;
  });
  const [all] = await Promise.all([names, started()]);
  return choose(all, fold(text));
};

const suggesting = new WeakSet();

/** Suggests names for a field, once. @param {HTMLInputElement} field */
export const suggest = (field) => {
  if (suggesting.has(field)) return;
  suggesting.add(field);
  suggestFor(field, WORDS.names, (text) => find(namesLike, text));
};

/** Loads what is needed to search what is kept, when there is no network. */
export const prepare = () => Promise.all([started(), importKept()]);

/**
 * Opens the search page in its element, and returns what leaves it.
 *
 * @param {HTMLElement} root
 * @param {import("./page.js").SearchPage["viewer"]} viewer
 */
export const openSearch = (root, viewer) => {
  const page = new SearchPage(started(), root, viewer, (text) => find(nearestNames, text));
  suggest(page.field);
  page.run();
  return () => page.stop();
};
