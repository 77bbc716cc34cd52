// @ts-check
// Searches what is kept in this browser, for readers who are offline: there the index cannot be read, but the files of
// stories that they have opened or saved can.
import { CLAUSES, dayOf } from "../address.js";
import { jsonOf } from "./files.js";
import { textOf } from "./text.js";

/**
 * The stories of a file of the bundle.
 *
 * @param {Cache} cache
 * @param {string} url
 * @returns {Promise<any[]>}
 */
const storiesOf = async (cache, url) => {
  const bytes = new Uint8Array(await /** @type {Response} */ (await cache.match(url)).arrayBuffer());
  return jsonOf(bytes, url.endsWith(".gzipped") ? "gzip" : undefined);
};

/**
 * Whether a story is what a reader searches for.
 *
 * @param {import("./archive.js").Request} request
 * @param {(text: string) => string} fold
 */
const isFoundBy = ({ words, lists, from, to, inTitles }, fold) => {
  const clauses = [...words.matchAll(CLAUSES)].map(([, minus, quoted, word]) => ({
    isWanted: !minus,
    text: fold(quoted ?? word),
  }));
  return (/** @type {any} */ story) => {
    const { title, summary = "", body = "", time, categories = [], tags = [], securities = [] } = story;
    const day = dayOf(time.slice(0, 10));
    const names = securities.map((/** @type {string[]} */ [secid, name]) => `${name} ${secid.split(".")[1]}`);
    const text = fold([title, ...(inTitles ? [] : [summary, textOf(body), ...names])].join("\n"));
    const own = Object.entries({ category: categories, tag: tags, quote: securities });
    const isIn = (/** @type {string} */ list) =>
      own.some(([kind, labels]) => labels.some((/** @type {string[]} */ [key]) => list === `${kind}/${key}`));
    return (
      day >= from &&
      day <= to &&
      lists.every(isIn) &&
      clauses.every((clause) => text.includes(clause.text) === clause.isWanted)
    );
  };
};

/**
 * The stories in the caches that a reader searches for, newest first, as rows.
 *
 * @param {string} site
 * @param {import("./archive.js").Request} request
 * @param {(text: string) => string} fold
 */
export const keptRows = async (site, request, fold) => {
  const isFound = isFoundBy(request, fold);
  const folder = new URL("bundle/shards/", site).href;
  /** @type {Map<string, any>} */
  const found = new Map();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      if (!url.startsWith(folder)) continue;
      const stories = storiesOf(cache, url).then((stories) => stories.filter(isFound));
      // A file that is damaged, or gone by now, has none.
      for (const story of await stories.catch(() => [])) {
        const { slug, title, time, date_only, categories: [category] = [], securities } = story;
        found.set(time + slug, { slug, title, time, date_only, category, securities });
      }
    }
  }
  return [...found].sort(([one], [other]) => (one < other ? 1 : -1)).map(([, row]) => row);
};
