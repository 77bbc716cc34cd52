// @ts-check
// The words around the first hit in a story, for rows on which the reader stays.
import { CLAUSES } from "./address.js";
import { once, readJson } from "./files.js";

/** How long a row must be in view, in milliseconds. */
const STAY = 500;
/** How many characters a snippet has before and after the hit. */
const [BEFORE, AFTER] = [24, 76];

/** @typedef {{ slug: string, time: string }} Row */

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

/** Reads stories of a bundle. */
export class Stories {
  /** @param {{ store?: string, months: { month: string, file: string }[] }} manifest */
  constructor(manifest) {
    this.manifest = manifest;
    /** @type {Map<string, Promise<any>>} */
    this.files = new Map();
  }

  /**
   * @param {string} folder
   * @param {string} hash
   */
  json(folder, hash) {
    const isGzipped = this.manifest.store === "gzip";
    const url = new URL(`bundle/${folder}/${hash}.${isGzipped ? "gzipped" : "json"}`, document.baseURI);
    return once(this.files, url.href, () => readJson(url, isGzipped));
  }

  /**
   * The words of a story; empty if it is not found.
   *
   * @param {Row} row
   */
  async text({ slug, time }) {
    const date = time.slice(0, 10);
    const month = this.manifest.months.find(({ month }) => date.startsWith(month));
    if (!month) return "";
    const { shards } = await this.json("months", month.file);
    // A story is in the last shard that does not begin after it.
    const place = `${date} ${slug}`;
    const shard = shards.findLast(
      (/** @type {any} */ shard) => `${shard.date} ${shard.slug}` <= place || shard === shards[0],
    );
    const articles = await this.json("shards", shard.file);
    const article = articles.find((/** @type {any} */ article) => article.slug === slug);
    return article ? textOf(`${article.summary ?? ""}\n${article.body ?? ""}`) : "";
  }
}

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

/**
 * Calls back for each element once, when it has been in view for a while.
 *
 * @param {(element: Element) => void} callback
 */
export const whenStayedOn = (callback) => {
  /** @type {Map<Element, number>} */
  const timers = new Map();
  return new IntersectionObserver((entries, observer) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(timers.get(target));
      if (!isIntersecting) continue;
      const stayed = () => {
        observer.unobserve(target);
        callback(target);
      };
      timers.set(target, setTimeout(stayed, STAY));
    }
  });
};
