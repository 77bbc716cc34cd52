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
 * Marks the words of a search in the texts of an element.
 *
 * @param {Element} element
 * @param {(text: string) => ArrayLike<number>} find The places of the words in a text, in pairs.
 */
export const mark = (element, find) => {
  const marks = highlight();
  if (!marks) return;
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const places = find(node.nodeValue ?? "");
    for (let at = 0; at < places.length; at += 2) {
      const range = new Range();
      range.setStart(node, places[at]);
      range.setEnd(node, places[at + 1]);
      marks.add(range);
    }
  }
};

/** Removes all marks. */
export const removeMarks = () => highlight()?.clear();
