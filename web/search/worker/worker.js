// @ts-check
// Searches in a worker, so that the page stays responsive meanwhile, which calls these functions (`web/search/engine.js`).
import { content, fold, Index, initSync } from "finews-search";
import { Archive, readHead } from "./archive.js";
import { once, readStored } from "./files.js";
import { namesLike, nearestNames } from "./names.js";
import { importStories, ShownSearch } from "./shown.js";

/** @typedef {import("./archive.js").Request} Request */
/** @typedef {import("./shown.js").State} State */
/** @typedef {(state: State) => void} Tell */

/** How long an open index is used, in milliseconds; then there may be newer stories. */
const FRESH = 60_000;
let openedAt = 0;
/** The address of the site. */
let site = "";
/** What was read. @type {Map<string, Promise<any>>} */
const read = new Map();

/** The number of the search that the page shows, and that search, as soon as the index is open. */
let number = 0;
/** @type {ShownSearch | undefined} */
let open;

/** @returns {Promise<Archive>} */
const openArchive = () => {
  if (Date.now() - openedAt > FRESH) read.delete("archive");
  return once(read, "archive", () => {
    openedAt = Date.now();
    return Archive.open({ content, Index }, site);
  });
};

/** The names of lists. @returns {Promise<import("./names.js").Name[]>} */
const readNames = () =>
  once(read, "names", async () => {
    const { folder, manifest, head } = await readHead(site);
    return readStored(folder, manifest, head.names);
  });

/** The search with a number; throws if the page has left it. @param {number} wanted */
const searchOf = (wanted) => {
  if (!open || wanted !== number) throw new Error("the search has ended");
  return open;
};

/**
 * @param {number} wanted
 * @param {Tell} tell
 */
const run = async (wanted, tell) => {
  const state = await searchOf(wanted).run(tell);
  // A newer deploy may have replaced the index, which is opened anew for the next search.
  if (state.failed) read.delete("archive");
  return state;
};

const calls = {
  /**
   * Starts the program.
   *
   * @param {string} url The address of the site.
   * @param {ArrayBuffer} wasm
   */
  start(url, wasm) {
    site = url;
    initSync({ module: wasm });
  },

  /**
   * The names like a text, or the nearest to one in which nothing was found.
   *
   * @param {string} text
   * @param {boolean} isNearest
   */
  async names(text, isNearest) {
    return (isNearest ? nearestNames : namesLike)(await readNames(), fold(text));
  },

  /** Reads ahead what a search needs first. @param {Request} request */
  async readAhead(request) {
    (await openArchive()).readAhead(request);
  },

  /**
   * Begins a search, tells whenever more segments have been searched, and returns how it has ended. The search before ends.
   *
   * @param {number} next The number of the search.
   * @param {Request} request
   * @param {Tell} tell
   */
  async search(next, request, tell) {
    calls.end(number);
    number = next;
    const archive = await openArchive();
    if (number === next) open = new ShownSearch(archive, request);
    return run(next, tell);
  },

  /**
   * Goes on with a search: with what could not be read, or else with all segments, whatever that costs.
   *
   * @param {number} wanted
   * @param {boolean} isRetry
   * @param {Tell} tell
   */
  goOn(wanted, isRetry, tell) {
    const { search } = searchOf(wanted);
    if (isRetry) search.retry();
    else search.searchAll();
    return run(wanted, tell);
  },

  /**
   * The rows of what was found, newest first, as lists have them.
   *
   * @param {number} wanted
   * @param {number} from
   * @param {number} to
   */
  rows: (wanted, from, to) => searchOf(wanted).rows(from, to),

  /**
   * Where the words of a search are in texts: for each, pairs of places.
   *
   * @param {number} wanted
   * @param {string[]} texts
   */
  marks: (wanted, texts) => texts.map((text) => searchOf(wanted).search.marks(text)),

  /**
   * The words around the first hit in a story.
   *
   * @param {number} wanted
   * @param {import("./stories.js").Row} row
   */
  snippet: (wanted, row) => searchOf(wanted).snippet(row, fold),

  /** The stories that are kept in this browser. @param {Request} request */
  async kept(request) {
    const { keptRows } = await importStories();
    return keptRows(site, request, fold);
  },

  /** Loads what is needed to search what is kept, when there is no network. */
  async prepare() {
    await importStories();
  },

  /** Ends a search. @param {number} wanted */
  end(wanted) {
    if (wanted !== number) return;
    const ended = open;
    [open, number] = [undefined, 0];
    ended?.end();
  },
};

/** @typedef {typeof calls} Calls */

addEventListener("message", async ({ data: [id, name, ...values] }) => {
  try {
    const call = /** @type {(...values: any[]) => any} */ (calls[/** @type {keyof Calls} */ (name)]);
    const value = await call(...values, (/** @type {State} */ state) => postMessage({ id, state }));
    postMessage({ id, value });
  } catch (failure) {
    postMessage({ id, failure: failure.message || "unknown" });
  }
});
