// @ts-check
// The program of search, which is loaded when search is opened: its page, and the suggestions. Trunk's hook
// (`crates/xtask/src/trunk`) bundles it once for each language, with its WORDS, and defines STYLES, the name of the style sheet.
import { call } from "./engine.js";
import { SearchPage } from "./page.js";
import { suggestFor } from "./suggestions.js";

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = new URL(STYLES, import.meta.url).href;
document.head.append(styles);

const suggesting = new WeakSet();

/**
 * Suggests names for a field, once.
 *
 * @param {HTMLInputElement} field
 * @param {SearchPage} [page] The search page, if it is its field.
 */
export const suggest = (field, page) => {
  if (suggesting.has(field)) return;
  suggesting.add(field);
  suggestFor(field, WORDS.names, (text) => {
    page?.readAhead(text);
    return call("names", [text, false]);
  });
};

/** Loads what is needed to search what is kept, when there is no network. */
export const prepare = () => call("prepare", []);

/**
 * Opens the search page in its element, and returns what leaves it.
 *
 * @param {HTMLElement} root
 * @param {SearchPage["viewer"]} viewer
 */
export const openSearch = (root, viewer) => {
  const page = new SearchPage(root, viewer);
  suggest(page.field, page);
  page.run();
  return () => page.stop();
};
