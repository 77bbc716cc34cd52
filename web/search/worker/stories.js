// @ts-check
// The script that reads stories themselves, of which the index has only rows and terms. It is loaded when a reader stays on
// a row, or is offline.
import { once, readStored } from "./files.js";
import { hasQuotations, snippetOf, textOf } from "./text.js";

export { keptRows } from "./kept.js";

/** @typedef {{ slug: string, title: string, time: string, securities?: string[][] }} Row */

/** Reads stories of a bundle. */
export class Stories {
  /**
   * @param {string} site
   * @param {{ store?: string, months: { month: string, file: string }[] }} manifest
   */
  constructor(site, manifest) {
    this.site = site;
    this.manifest = manifest;
    /** @type {Map<string, Promise<any>>} */
    this.files = new Map();
  }

  /**
   * @param {string} folder
   * @param {string} hash
   */
  json(folder, hash) {
    return once(this.files, hash, () =>
      readStored(new URL(`bundle/${folder}/`, this.site), this.manifest, hash),
    );
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

  /**
   * The words around the first hit in the story of a row, and whether the words of a quotation are not beside each other
   * there, which the index does not tell.
   *
   * @param {Row} row
   * @param {import("./archive.js").Request} request
   * @param {(text: string) => string} fold
   * @param {(text: string) => ArrayLike<number>} marks Where the words of the search are in a text, in pairs.
   */
  async snippet(row, { words, inTitles }, fold, marks) {
    const text = await this.text(row);
    const all = inTitles ? [row.title] : [row.title, text, row.securities];
    return {
      text: snippetOf(text, marks(text)),
      isApart: Boolean(text) && !hasQuotations(all.join("\n"), words, fold),
    };
  }
}
