// @ts-check
// The texts of stories: what a reader sees of them, and what of that a search has found.
import { CLAUSES } from "../address.js";

/** How many characters a snippet has before and after the hit. */
const [BEFORE, AFTER] = [24, 76];

/** The text of a body's Markdown, nearly. @param {string} markdown */
export const textOf = (markdown) =>
  markdown
    .replace(/!\[([^\]]*)\]\((?:as:[a-z]+)[^)]*\)/g, "$1")
    .replace(/!\[[^\]]*\]\([^)]*\)/g, " ")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s*(?:#+|>|[-*+]|\d+[.)])\s+/gm, "")
    .replace(/\\(?=[^\w\s])|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}/g, "")
    .replace(/\s+/g, " ");

/**
 * Whether a text has the words of each quotation beside each other, whatever is between words.
 *
 * @param {string} text
 * @param {string} words What the reader searches.
 * @param {(text: string) => string} fold
 */
export const hasQuotations = (text, words, fold) => {
  const bare = (/** @type {string} */ text) => fold(text).replace(/[^\p{L}\p{N}]/gu, "");
  const all = bare(text);
  return [...words.matchAll(CLAUSES)].every(
    ([, minus, quoted]) => minus || quoted === undefined || all.includes(bare(quoted)),
  );
};

/**
 * A part of a text around its first mark, or nothing.
 *
 * @param {string} text
 * @param {ArrayLike<number>} marks
 */
export const snippetOf = (text, marks) => {
  if (!marks.length) return "";
  const from = Math.max(0, marks[0] - BEFORE);
  const to = Math.min(text.length, marks[1] + AFTER);
  return `${from ? "…" : ""}${text.slice(from, to).trim()}${to < text.length ? "…" : ""}`;
};
