// @ts-check
// Loads the program of search when its page is opened.
import { isSlashOff } from "../search/shortcut.js";

const SCRIPT = SEARCH[document.documentElement.lang.startsWith("zh") ? 1 : 0];
const FIELD = ".search input";

addEventListener("focusin", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.matches(FIELD))
    import(SCRIPT).then(
      ({ suggest }) => suggest(field),
      () => {},
    );
});

// The key “/” puts the cursor into the field, unless the reader is typing or has switched it off (web/search/shortcut.js).
addEventListener("keydown", (event) => {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (key !== "/" || ctrlKey || metaKey || altKey || isSlashOff()) return;
  const places = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`${FIELD}, .to-search`));
  const place = [...places].find(({ offsetParent }) => offsetParent);
  if (!place || /** @type {Element} */ (event.target).matches(":read-write")) return;
  place.focus();
  place.click();
  event.preventDefault();
});

/** Keeps the program for readers who are offline. */
export const keepSearch = () => import(SCRIPT).then(({ prepare }) => prepare()).catch(() => {});

/**
 * Opens search in the element of its page, and returns what leaves it.
 *
 * @param {HTMLElement} root
 * @param {(element: Element, json: string, batches: number) => void} showRows
 * @param {number} batches
 * @param {number} y
 */
export const openSearch = async (root, showRows, batches, y) => {
  /** @type {typeof import("../search/search.js")} */
  const program = await import(SCRIPT);
  return program.openSearch(root, { showRows, batches, y });
};
