// Reads a site's headlines out of its bundle (docs/bundle-format.md), from the files that are at hand.

const FORMAT = 1;
const KINDS = ["category", "tag", "quote"];
// First segments of addresses that are the site's own.
const RESERVED = ["category", "quote", "tag", "archive", "embed", "bundle", "assets"];
const TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;

const damaged = () => {
  throw "damaged";
};
const listOf = (value) => (Array.isArray(value) ? value : damaged());
const own = (object, key, otherwise) => {
  if (typeof object !== "object" || !object || Array.isArray(object)) damaged();
  return Object.hasOwn(object, key) ? object[key] : otherwise;
};

// What two spellings of one name have in common.
const fold = (name) => name.toLowerCase().split(/\p{White_Space}+/u).filter(Boolean).join(" ");

// Which of `count` parts a list's name falls in: FNV-1a of 32 bits.
const partition = (name, count) => {
  const hash = new TextEncoder().encode(name).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5 | 0);
  return (hash >>> 0) % count;
};

// All that RFC 3986 lets stand unencoded in a segment, but for quotation marks.
const encode = (segment) => encodeURIComponent(segment).replace(/'/g, "%27").replace(/%(2C|40|3A|24|2B|3D)/g, decodeURIComponent);

// The path of a list's page, from the site's root.
const pathOf = (kind, key) => {
  const name = encode(key);
  const isDots = key === "." || key === "..";
  if (kind !== "category") return `${kind}/${name}${isDots && kind === "tag" ? ".html" : ""}`;
  if (key.endsWith(".html") || isDots) return `category/${name}.html`;
  return RESERVED.includes(key) ? `category/${name}/` : `${name}/`;
};

// A row as it is shown; whoever wrote the file may have written anything.
const headlineOf = (row) => {
  const { slug, title, time, category, summary = "" } = row ?? damaged();
  const [key, name, ...more] = listOf(category ?? ["", ""]);
  if ([slug, title, time, key, name, summary].some((text) => typeof text !== "string") || more.length) damaged();
  const [, year, month, day] = TIME.exec(time) ?? damaged();
  const at = Date.parse(time) / 1000;
  // A date such as the 30th of February is none, or in some browsers another one.
  if (Number.isNaN(at) || new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== +day) damaged();
  const path = `${key && `${encode(key)}/`}${year}/${month}/${day}/${encode(slug)}.html`;
  return { slug, at, title, path, time, category: name, summary };
};

// Whether a row stands behind another in every list: by instant, then by the slug's bytes, which are in the order of its characters.
const isOlder = (row, than) => {
  if (row.at !== than.at) return row.at < than.at;
  const [a, b] = [[...row.slug], [...than.slug]].map((slug) => slug.map((character) => character.codePointAt(0)));
  const differs = a.findIndex((character, index) => character !== b[index]);
  return differs < 0 ? a.length < b.length : a[differs] < b[differs];
};

// The newest headlines of a list, or of all stories where `name` is empty: at most `limit`. Either the paths of `missing` files, or the
// list's `title` (empty for all), the `path` of its page, and its `rows`.
//
// Throws "unknown" if there is no such list, "newer" if the bundle's format is not known here, "damaged" if a file is not what it should be.
export const headlines = (manifest, files, kind, name, limit, wantsSummary) => {
  const { format, store = "plain", months, lists, newest, front } = manifest ?? damaged();
  if (format !== FORMAT) throw Number.isInteger(format) && format >= 0 ? "newer" : "damaged";
  const extension = { plain: "json", gzip: "gzipped" }[store] ?? damaged();
  if (typeof front !== "string") damaged();
  listOf(months);
  const { open = [], closed = [] } = lists ?? damaged();
  const directories = [open, closed].map(listOf);
  const missing = new Set();
  // Undefined where the file is not at hand.
  const fileOf = (folder, hash) => {
    const path = `bundle/${folder}/${hash}.${extension}`;
    if (!files.has(path)) missing.add(path);
    return files.get(path);
  };

  // The part of a list that one half of the directories has.
  const partOf = (hashes, id) => {
    const hash = hashes[partition(id, hashes.length)];
    if (hash === undefined) return undefined;
    let directory = fileOf("lists", hash);
    if (directory === undefined) return undefined;
    const finer = listOf(own(directory, "finer", []));
    const finest = finer[Math.floor(partition(id, hashes.length * finer.length) / hashes.length)];
    if (finest) directory = fileOf("lists", finest);
    return directory === undefined ? undefined : own(own(directory, "lists", {}), id);
  };
  const pageOf = ({ file, index = 0 }) => {
    const pages = fileOf("pages", file);
    return pages === undefined ? undefined : listOf(listOf(pages)[index]);
  };

  const read = (id, key) => {
    let title;
    const rows = [];
    const add = (more) => {
      for (const row of more.map(headlineOf)) {
        if (rows.length < limit && (!rows.length || isOlder(row, rows.at(-1)))) rows.push(row);
      }
    };
    for (const hashes of directories) {
      if (rows.length >= limit) break;
      const part = partOf(hashes, id);
      if (missing.size) return { rows };
      if (part === undefined) continue;
      const { count, title: name = "", newest = [], pages = [] } = part;
      if (!Number.isInteger(count) || typeof name !== "string") damaged();
      title ??= name;
      add(listOf(newest));
      for (const page of listOf(pages).toReversed()) {
        if (rows.length >= limit) break;
        const more = pageOf(page);
        if (more === undefined) return { rows };
        add(more.toReversed());
      }
    }
    if (title === undefined) throw "unknown";
    return { title: title || key, rows };
  };

  // Of a row, the beginning of the words, which the lists of days have and other lists have not; a row is shown without, too.
  const summaryOf = (row) => {
    try {
      return readSummary(row);
    } catch {
      return "";
    }
  };
  const readSummary = ({ slug, at, time }) => {
    const month = months.find(({ month }) => month === time.slice(0, 7));
    const days = month && fileOf("months", month.file)?.days;
    const list = days && listOf(days).find(({ date }) => date === time.slice(0, 10))?.list;
    if (!list) return "";
    const pages = listOf(list.pages ?? []);
    const isBefore = ({ oldest }) => {
      const [, seconds, slugOfOldest] = /^(-?\d+)-(.*)$/s.exec(oldest) ?? damaged();
      return !isOlder({ at, slug }, { at: +seconds, slug: slugOfOldest });
    };
    const page = pages.findLast(isBefore);
    const found = [...listOf(list.newest ?? []), ...((page && pageOf(page)) ?? [])].find((row) => row.slug === slug && Date.parse(row.time) / 1000 === at);
    return found?.summary ?? "";
  };

  try {
    const listKind = KINDS.includes(kind) ? kind : "category";
    const key = listKind === "quote" ? name : fold(name);
    const { title, rows } = key ? read(`${listKind}/${key}`, key) : { title: "", rows: listOf(newest).map(headlineOf).slice(0, limit) };
    // Where a file is missing the next row may miss another: all are asked for at once.
    for (const row of rows) row.summary = !wantsSummary ? "" : key ? summaryOf(row) : row.summary;
    if (missing.size) return { missing: [...missing] };
    return { title, path: key && pathOf(listKind, key), rows };
  } catch (error) {
    // Where files are missing, nothing is damaged yet.
    if (missing.size) return { missing: [...missing] };
    throw typeof error === "string" ? error : "damaged";
  }
};
