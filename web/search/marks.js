// @ts-check
// Marks hits with the CSS Custom Highlight API, which leaves the document as it is. Browsers without it show no marks.

const NAME = "finews-hits";

/** @returns {Highlight | undefined} */
const highlight = () => {
  if (typeof Highlight === "undefined" || !CSS.highlights) return undefined;
  const known = CSS.highlights.get(NAME);
  if (known) return known;
  const created = new Highlight();
  CSS.highlights.set(NAME, created);
  return created;
};

/**
 * Marks the words of a search in the texts of elements.
 *
 * @param {Element[]} elements
 * @param {(texts: string[]) => Promise<ArrayLike<number>[]>} find The places of the words in texts, in pairs.
 * @param {AbortSignal} signal
 */
export const mark = async (elements, find, signal) => {
  const marks = highlight();
  if (!marks) return;
  const texts = elements.flatMap(textsIn);
  const places = await find(texts.map((node) => node.data));
  if (signal.aborted) return;
  for (const [number, node] of texts.entries()) {
    for (let at = 0; at < places[number].length; at += 2) {
      const range = new Range();
      range.setStart(node, places[number][at]);
      range.setEnd(node, places[number][at + 1]);
      marks.add(range);
    }
  }
};

/** @param {Element} element */
const textsIn = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  return texts;
};

/** Removes all marks. */
export const removeMarks = () => highlight()?.clear();
