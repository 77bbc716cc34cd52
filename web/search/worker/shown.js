// @ts-check
// A search that the page shows.
import { dateIn, dayOf, yearOf } from "../address.js";
import { once } from "./files.js";

const [STORIES_SCRIPT] = STORIES;

let tries = 0;

/** Loads what reads stories themselves. @returns {Promise<typeof import("./stories.js")>} */
export const importStories = () =>
  // Some browsers remember the address of a failed import.
  import(STORIES_SCRIPT + (tries ? `#${tries}` : "")).catch((failure) => {
    tries++;
    throw failure;
  });

/** The first and the last year of some days; undefined if there are none. @typedef {[first: number, last: number] | undefined} Years */
/**
 * What the page says of a search.
 *
 * @typedef {object} State
 * @property {number} total How many stories were found so far.
 * @property {number} settled How many of them are certainly the newest.
 * @property {[year: number, total: number][]} years How many were found in each year, the newest year first.
 * @property {Years} unsearched What is not searched yet.
 * @property {Years} failed What could not be searched.
 * @property {number | undefined} since The first day, if only stories from then on can be searched on this host.
 * @property {boolean} isApproximate Whether stories may be found that have the parts of a phrase and not the phrase.
 * @property {boolean} hasCharacter Whether a word is one character, which is looked for in titles and names.
 */

/** A search, until the page leaves it. */
export class ShownSearch {
  /**
   * @param {import("./archive.js").Archive} archive
   * @param {import("./archive.js").Request} request
   */
  constructor(archive, request) {
    this.archive = archive;
    this.request = request;
    this.search = archive.begin(request);
    /** What reads its stories, as soon as that is needed. @type {Map<string, Promise<import("./stories.js").Stories>>} */
    this.loaded = new Map();
    this.ended = new AbortController();
  }

  end() {
    this.ended.abort();
    this.search.free();
  }

  /**
   * Searches, and returns how that has ended.
   *
   * @param {(state: State) => void} tell
   */
  async run(tell) {
    const { signal } = this.ended;
    await this.archive.run(this.search, signal, () => tell(this.state()));
    signal.throwIfAborted();
    return this.state();
  }

  /** @returns {State} */
  state() {
    const { archive, search } = this;
    return {
      total: search.total(),
      settled: search.settled(),
      years: this.totalsByYear(),
      unsearched: this.yearsOf(search.missing(false)),
      failed: this.yearsOf(search.missing(true)),
      since: archive.since,
      isApproximate: search.isApproximate,
      hasCharacter: search.hasCharacter,
    };
  }

  /**
   * The rows of what was found, newest first, as lists have them.
   *
   * @param {number} from
   * @param {number} to
   */
  rows(from, to) {
    return this.archive.rows(this.search, from, to);
  }

  /** The years of segments. @param {Iterable<number>} positions @returns {Years} */
  yearsOf(positions) {
    const segments = [...positions].map((at) => this.archive.head.segments[at]);
    if (!segments.length) return undefined;
    const days = segments.flatMap(({ first_day, days }) => [first_day, first_day + days.length - 1]);
    return [yearOf(Math.min(...days)), yearOf(Math.max(...days))];
  }

  /** @returns {State["years"]} */
  totalsByYear() {
    const [first, last] = this.yearsOf(this.archive.head.segments.keys()) ?? [1, 0];
    /** @type {State["years"]} */
    const years = [];
    let before = 0;
    for (let year = last; year >= first; year--) {
      const since = this.search.totalSince(dayOf(dateIn(year, "01-01")));
      if (since > before) years.push([year, since - before]);
      before = since;
    }
    return years;
  }

  /**
   * The words around the first hit in the story of a row.
   *
   * @param {import("./stories.js").Row} row
   * @param {(text: string) => string} fold
   */
  async snippet(row, fold) {
    const { manifest, site } = this.archive;
    const load = async () => new (await importStories()).Stories(site, manifest);
    const stories = await once(this.loaded, "stories", load);
    return stories.snippet(row, this.request, fold, (text) => {
      this.ended.signal.throwIfAborted();
      return this.search.marks(text);
    });
  }
}
