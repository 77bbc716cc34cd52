// @ts-check
// The index of a site, and searches of it.
import { Failure } from "../../shared/failure.js";
import {
  fileOf,
  inflate,
  jsonOf,
  nameOf,
  once,
  readManifest,
  readPart,
  readStored,
  readWhole,
  sendsPartsOf,
} from "./files.js";

/** @typedef {Pick<typeof import("finews-search"), "content" | "Index">} Program */
/** @typedef {import("finews-search").RunningSearch} RunningSearch */
/** @typedef {import("./files.js").Head} Head */
/** @typedef {{ words: string, lists: string[], from: number, to: number, inTitles: boolean }} Request */

/** The number of numbers by which a part is told, and a row. */
const [PART, ROW] = [5, 7];

/**
 * Numbers in groups, each of a part or of a row.
 *
 * @param {Uint32Array} numbers
 * @param {number} size
 */
const groups = (numbers, size) =>
  Array.from({ length: numbers.length / size }, (_, at) => numbers.slice(at * size, (at + 1) * size));

/**
 * Reads the head of a site's index; throws a `Failure` if that cannot be read.
 *
 * @param {string} site
 * @param {RequestCache} [cache]
 * @returns {Promise<{ folder: URL, manifest: any, head: Head }>}
 */
export const readHead = async (site, cache = "default") => {
  const bundle = new URL("bundle/", site);
  const manifest = await readManifest(new URL("manifest.json", bundle), cache);
  if (!manifest.search) throw new Failure("gone");
  const folder = new URL("search/", bundle);
  const head = /** @type {Head} */ (await readStored(folder, manifest, manifest.search));
  return { folder, manifest, head };
};

/** A site's index, opened. */
export class Archive {
  /**
   * @param {Program} program
   * @param {string} site
   * @param {URL} folder
   * @param {any} manifest
   * @param {Pick<Head, "cut" | "segments">} head
   * @param {InstanceType<Program["Index"]>} index
   * @param {number | undefined} since
   */
  constructor(program, site, folder, manifest, head, index, since) {
    this.program = program;
    this.site = site;
    this.folder = folder;
    this.manifest = manifest;
    this.head = head;
    this.index = index;
    /** The first day, if only stories from then on can be searched on this host. */
    this.since = since;
    /** Parts of files that were read, with their checksums. @type {Map<string, Promise<Uint8Array>>} */
    this.parts = new Map();
    /** Pages of rows that were read. @type {Map<string, Promise<object[]>>} */
    this.pages = new Map();
  }

  /**
   * Opens the index of a site; throws a `Failure` if that cannot be read.
   *
   * @param {Program} program
   * @param {string} site
   * @param {RequestCache} [cache]
   * @returns {Promise<Archive>}
   */
  static async open(program, site, cache = "default") {
    try {
      const { folder, manifest, head } = await readHead(site, cache);
      const { lang, whole } = head;
      const isSeason = whole?.length && !(await sendsPartsOf(fileOf(folder, whole[0], "lengths")));
      /** @type {Pick<Head, "cut" | "segments">} */
      const own = isSeason ? { cut: "whole", segments: whole } : head;
      const index = new program.Index(lang);
      const lengths = own.segments.map(async (segment) => {
        const content = program.content(await readWhole(fileOf(folder, segment, "lengths"), cache));
        if (!content) throw new Failure("damaged");
        return inflate(content, "deflate-raw");
      });
      for (const [at, bytes] of (await Promise.all(lengths)).entries()) {
        const segment = own.segments[at];
        const { rows, pages, pages_per_file, gap_parameter, row_pages_per_file } = segment;
        const apart = segment.apart_above ?? 0xffffffff;
        const isWhole = index.addSegment(
          new Uint32Array([rows, pages, pages_per_file, gap_parameter, apart, row_pages_per_file]),
          segment.first_day,
          new Uint32Array(segment.days),
          new Uint32Array(segment.masked ?? []),
          bytes,
        );
        if (!isWhole) throw new Failure("damaged");
      }
      const [oldest, first] = [head, own].map(({ segments }) => segments[0]?.first_day ?? 0);
      const since = oldest < first ? first : undefined;
      return new Archive(program, site, folder, manifest, own, index, since);
    } catch (failure) {
      // A newer deploy has replaced the index, or a file in the browser's cache is damaged.
      if (["gone", "damaged"].includes(failure.message) && cache === "default")
        return Archive.open(program, site, "reload");
      throw failure;
    }
  }

  /**
   * Reads a part of a file, once.
   *
   * @param {Uint32Array} numbers
   */
  read(numbers) {
    const key = String(numbers);
    const [segment, kind, number, from, length] = numbers;
    const file = fileOf(this.folder, this.head.segments[segment], nameOf(kind, number));
    const verify = (/** @type {Uint8Array} */ bytes) => (this.program.content(bytes) ? bytes : undefined);
    return once(this.parts, key, () => readPart({ file, from, length }, this.head.cut, verify));
  }

  /** Begins a search, which ends when it is freed. @param {Request} request */
  begin({ words, lists, from, to, inTitles }) {
    return this.index.search(words, lists.join("\n"), from, to, inTitles);
  }

  /**
   * Reads what a search needs first, so that it is there when the search begins.
   *
   * @param {Request} request
   */
  readAhead(request) {
    const search = this.begin(request);
    for (const part of groups(search.needs(), PART)) this.read(part).catch(() => {});
    search.free();
  }

  /**
   * Searches, and calls back whenever more segments have been searched.
   *
   * @param {RunningSearch} search
   * @param {AbortSignal} signal
   * @param {() => void} onProgress
   * @returns {Promise<void>}
   */
  run(search, signal, onProgress) {
    const requested = new Set();
    let waiting = 0;
    let unsearched = Infinity;
    return new Promise((resolve, reject) => {
      /** @param {Uint32Array} part */
      const request = async (part) => {
        waiting++;
        const bytes = await this.read(part).catch(() => undefined);
        waiting--;
        if (!signal.aborted) search.give(part, bytes);
        goOn();
      };
      const goOn = () => {
        if (signal.aborted) return resolve();
        for (const part of groups(search.needs(), PART)) {
          if (!requested.has(String(part))) {
            requested.add(String(part));
            request(part).catch(reject);
          }
        }
        const left = search.missing(false).length;
        if (left < unsearched) onProgress();
        unsearched = left;
        if (!waiting) resolve();
      };
      goOn();
    });
  }

  /**
   * The rows of hits, newest first, as lists have them.
   *
   * @param {RunningSearch} search
   * @param {number} from
   * @param {number} to
   */
  async rows(search, from, to) {
    const rows = groups(search.rows(from, to), ROW).map(async (row) => {
      const page = await this.page(row);
      return page[row[PART]];
    });
    return (await Promise.all(rows)).filter(Boolean);
  }

  /** @param {Uint32Array} numbers */
  page(numbers) {
    const part = numbers.slice(0, PART);
    // Without the checksum.
    const read = async () => jsonOf((await this.read(part)).subarray(0, -4), "deflate-raw");
    return once(this.pages, String(part), read);
  }
}
