// @ts-check
// Reads headlines from the loaded files of a site's bundle (docs/bundle-format.md), and names the files that
// are missing. The files are untrusted, so their values have the type `any` and are checked before use.
import { Failure } from "../shared/failure.js";

/**
 * A row of a list. `at` is its time in Unix seconds; `path` is the path of its page from the site's root.
 *
 * @typedef {{ slug: string, at: number, title: string, path: string, time: string, category: string, summary: string }} Row
 */
/** @typedef {{ title: string, path: string, rows: Row[] }} Answer */
/** @typedef {[kind: string, name: string, limit: number, wantsSummary: boolean]} Query */

const FORMATS = [1, 2];
const KINDS = ["category", "tag", "quote"];
// The first path segments that finews uses itself.
const RESERVED = ["category", "quote", "tag", "archive", "search", "embed", "bundle", "assets"];
const TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;

/** @returns {never} */
const damaged = () => {
  throw new Failure("damaged");
};
/** @returns {any[]} */
const listOf = (/** @type {any} */ value) => (Array.isArray(value) ? value : damaged());
const ownValue = (
  /** @type {any} */ object,
  /** @type {string} */ key,
  /** @type {any} */ fallback = undefined,
) => {
  if (typeof object !== "object" || !object || Array.isArray(object)) damaged();
  return Object.hasOwn(object, key) ? object[key] : fallback;
};

// The key of a name, which all its spellings share.
const fold = (/** @type {string} */ name) =>
  name
    .toLowerCase()
    .split(/\p{White_Space}+/u)
    .filter(Boolean)
    .join(" ");

// Which of `count` partitions a list belongs to: 32-bit FNV-1a.
const partition = (/** @type {string} */ name, /** @type {number} */ count) => {
  const hash = new TextEncoder()
    .encode(name)
    .reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5 | 0);
  return (hash >>> 0) % count;
};

// Encodes all characters that RFC 3986 does not allow in a segment, and `&`, `;` and `'`, as `crates/bundle/src/address.rs` does.
const encode = (/** @type {string} */ segment) =>
  encodeURIComponent(segment)
    .replace(/'/g, "%27")
    .replace(/%(2C|40|3A|24|2B|3D)/g, decodeURIComponent);

// The path of a list's page from the site's root.
const pathOf = (/** @type {string} */ kind, /** @type {string} */ key) => {
  const name = encode(key);
  const isDots = key === "." || key === "..";
  if (kind !== "category") return `${kind}/${name}${isDots && kind === "tag" ? ".html" : ""}`;
  if (key.endsWith(".html") || isDots) return `category/${name}.html`;
  return RESERVED.includes(key) ? `category/${name}/` : `${name}/`;
};

/**
 * Checks a row of a file and converts it. `permalink` is the form of the site's addresses, or empty.
 *
 * @param {any} row
 * @param {string} permalink
 * @returns {Row}
 */
const headlineOf = (row, permalink) => {
  const { slug, title, time, date_only, path: own = "", category, summary = "" } = row ?? damaged();
  const [key, name, ...more] = listOf(category ?? ["", ""]);
  const texts = [slug, title, time, own, permalink, key, name, summary];
  if (texts.some((text) => typeof text !== "string") || more.length) damaged();
  const [, year, month, day] = TIME.exec(time) ?? damaged();
  const at = Date.parse(time) / 1000;
  // Some browsers parse dates such as the 30th of February as another day.
  if (Number.isNaN(at) || new Date(Date.UTC(+year, +month - 1, +day)).getUTCDate() !== +day) damaged();
  const parts = { categories: encode(key), year, month, day, title: encode(slug) };
  const form = permalink || "/:categories/:year/:month/:day/:title.html";
  const usual = form.replace(
    /:(categories|year|month|day|title)/g,
    (_, part) => parts[/** @type {"title"} */ (part)],
  );
  // Without a category, two slashes meet.
  const path = (own || usual).replace(/\/+/g, "/").replace(/^[/\\]+/, "");
  return { slug, at, title, path, time: date_only ? time.slice(0, 10) : time, category: name, summary };
};

// Whether a row is older than another. Rows are ordered by time, then by the UTF-8 bytes of the slug, which
// have the same order as its code points.
/** @typedef {{ at: number, slug: string }} Key */
const isOlder = (/** @type {Key} */ row, /** @type {Key} */ than) => {
  if (row.at !== than.at) return row.at < than.at;
  const [a, b] = /** @type {[number[], number[]]} */ (
    [[...row.slug], [...than.slug]].map((slug) => slug.map((character) => character.codePointAt(0)))
  );
  const differs = a.findIndex((code, index) => code !== b[index]);
  return differs < 0
    ? a.length < b.length
    : /** @type {number} */ (a[differs]) < /** @type {number} */ (b[differs]);
};

/**
 * Finds the newest headlines of a list, or of all stories if `name` is empty; at most `limit`. Returns either the paths of
 * `missing` files, or the list's `title` (empty for all stories), the `path` of its page and its `rows`.
 *
 * Throws a `Failure`: "unknown" if the list does not exist, "newer" if the bundle's format is none that this script knows, "damaged" if a file is
 * not valid.
 *
 * @param {any} manifest
 * @param {Map<string, any>} files
 * @param {string} kind
 * @param {string} name
 * @param {number} limit
 * @param {boolean} wantsSummary
 * @returns {Answer | { missing: string[] }}
 */
export const headlines = (manifest, files, kind, name, limit, wantsSummary) => {
  const { format, store = "plain", months, lists, newest, front } = manifest ?? damaged();
  if (!FORMATS.includes(format))
    throw new Failure(Number.isInteger(format) && format >= 0 ? "newer" : "damaged");
  const extension = { plain: "json", gzip: "gzipped" }[/** @type {"plain"} */ (store)] ?? damaged();
  if (typeof front !== "string") damaged();
  listOf(months);
  const headline = (/** @type {any} */ row) => headlineOf(row, manifest.settings?.permalink ?? "");
  const { open = [], closed = [] } = lists ?? damaged();
  const directories = [open, closed].map(listOf);
  /** @type {Set<string>} */
  const missing = new Set();
  // Returns undefined if the file is not loaded, and adds its path to `missing`.
  const fileOf = (/** @type {string} */ folder, /** @type {string} */ hash) => {
    const path = `bundle/${folder}/${hash}.${extension}`;
    if (!files.has(path)) missing.add(path);
    return files.get(path);
  };

  // The open or closed part of a list.
  const partOf = (/** @type {string[]} */ hashes, /** @type {string} */ id) => {
    const hash = hashes[partition(id, hashes.length)];
    if (hash === undefined) return undefined;
    let directory = fileOf("lists", hash);
    if (directory === undefined) return undefined;
    const finer = listOf(ownValue(directory, "finer", []));
    const finest = finer[Math.floor(partition(id, hashes.length * finer.length) / hashes.length)];
    if (finest) directory = fileOf("lists", finest);
    return directory === undefined ? undefined : ownValue(ownValue(directory, "lists", {}), id);
  };
  const pageOf = (/** @type {any} */ { file, index = 0 }) => {
    const pages = fileOf("pages", file);
    return pages === undefined ? undefined : listOf(listOf(pages)[index]);
  };

  const readList = (/** @type {string} */ id, /** @type {string} */ key) => {
    /** @type {string | undefined} */
    let title;
    /** @type {Row[]} */
    const rows = [];
    const add = (/** @type {any[]} */ more) => {
      for (const row of more.map(headline)) {
        if (rows.length < limit && (!rows.length || isOlder(row, /** @type {Row} */ (rows.at(-1)))))
          rows.push(row);
      }
    };
    for (const hashes of directories) {
      if (rows.length >= limit) break;
      const part = partOf(hashes, id);
      if (missing.size) return /** @type {any} */ ({ rows });
      if (part === undefined) continue;
      const { count, title: name = "", newest = [], pages = [] } = part;
      if (!Number.isInteger(count) || typeof name !== "string") damaged();
      title ??= name;
      add(listOf(newest));
      for (const page of listOf(pages).toReversed()) {
        if (rows.length >= limit) break;
        const more = pageOf(page);
        if (more === undefined) return /** @type {any} */ ({ rows });
        add(more.toReversed());
      }
    }
    if (title === undefined) throw new Failure("unknown");
    return { title: title || key, rows };
  };

  // A row's summary from the list of its day, because the rows of other lists have none. If it is missing or
  // damaged, the row is shown without it.
  const summaryOf = (/** @type {Row} */ row) => {
    try {
      return readSummary(row);
    } catch {
      return "";
    }
  };
  /** @returns {string} */
  const readSummary = (/** @type {Row} */ { slug, at, time }) => {
    const month = months.find((/** @type {any} */ { month }) => month === time.slice(0, 7));
    const days = month && fileOf("months", month.file)?.days;
    const list = days && listOf(days).find(({ date }) => date === time.slice(0, 10))?.list;
    if (!list) return "";
    const pages = listOf(list.pages ?? []);
    const startsAtOrBefore = (/** @type {any} */ { oldest }) => {
      const [, seconds, slugOfOldest] = /^(-?\d+)-(.*)$/s.exec(oldest) ?? damaged();
      return !isOlder({ at, slug }, { at: +seconds, slug: slugOfOldest });
    };
    const page = pages.findLast(startsAtOrBefore);
    const found = [...listOf(list.newest ?? []), ...((page && pageOf(page)) ?? [])].find(
      (row) => row.slug === slug && Date.parse(row.time) / 1000 === at,
    );
    return found?.summary ?? "";
  };

  try {
    const listKind = KINDS.includes(kind) ? kind : "category";
    const key = listKind === "quote" ? name : fold(name);
    const { title, rows } = key
      ? readList(`${listKind}/${key}`, key)
      : { title: "", rows: listOf(newest).map(headline).slice(0, limit) };
    // Rows may need different files; all are requested together.
    for (const row of rows) row.summary = !wantsSummary ? "" : key ? summaryOf(row) : row.summary;
    if (missing.size) return { missing: [...missing] };
    return { title, path: key && pathOf(listKind, key), rows };
  } catch (error) {
    // While files are missing, an error does not prove that a file is damaged.
    if (missing.size) return { missing: [...missing] };
    throw error instanceof Failure ? error : new Failure("damaged");
  }
};
