// @ts-check
// A search as the query of an address: ?q=…&category=…&quote=…&tag=…&from=YYYY-MM-DD&to=…&titles=1

/** The words of a query, each with its minus: what is in quotation marks, or a word. */
export const CLAUSES = /([-－−]?)(?:["“”「」]([^"“”「」]*)["“”「」]?|([^\s"“”「」]+))/g;

const LISTS = ["category", "tag", "quote"];
const DAY = 86_400_000;
/** Before and after all days. */
const [FIRST, LAST] = [-0x8000_0000, 0x7fff_ffff];

/** A date as a day, counted in days since 1970; NaN if it is none. @param {string | null} date */
export const dayOf = (date) => (date && /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) / DAY : NaN);

/**
 * The search that an address asks for.
 *
 * @param {URLSearchParams} query
 * @returns {import("./worker/archive.js").Request}
 */
export const requestOf = (query) => {
  const lists = LISTS.flatMap((kind) => query.getAll(kind).map((key) => `${kind}/${key}`));
  const [from, to] = [dayOf(query.get("from")), dayOf(query.get("to"))];
  return {
    words: query.get("q") ?? "",
    lists,
    from: Number.isNaN(from) ? FIRST : from,
    to: Number.isNaN(to) ? LAST : to,
    inTitles: query.has("titles"),
  };
};

/**
 * The query with other values; a value that is empty is left out.
 *
 * @param {URLSearchParams} query
 * @param {Record<string, string>} changes
 */
export const changed = (query, changes) => {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
};

/** A day, counted in days since 1970, as readers write it. @param {number} day */
export const dateOf = (day) =>
  new Date(day * DAY).toLocaleDateString(document.documentElement.lang, {
    dateStyle: "long",
    timeZone: "UTC",
  });

/** The year of a day, counted in days since 1970. */
export const yearOf = (/** @type {number} */ day) => new Date(day * DAY).getUTCFullYear();

/**
 * A date in a year.
 *
 * @param {number} year
 * @param {string} day
 */
export const dateIn = (year, day) => `${String(year).padStart(4, "0")}-${day}`;
