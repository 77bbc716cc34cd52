// @ts-check
// The index of a site, and searches of it.
import { Failure } from "../shared/failure.js";
import { fileOf, inflate, nameOf, readJson, readManifest, readPart } from "./files.js";

/** @typedef {import("finews-search").Index} Program */
/** @typedef {import("finews-search").RunningSearch} RunningSearch */
/** @typedef {import("./files.js").Head} Head */
/** @typedef {{ words: string, lists: string[], from: number, to: number, inTitles: boolean }} Request */

/** The number of numbers by which a part is told, and a row. */
const [PART, ROW] = [5, 7];

/** A site's index, opened. */
export class Archive {
  /**
   * @param {typeof import("finews-search")} program
   * @param {URL} folder
   * @param {any} manifest
   * @param {Head} head
   * @param {Program} index
   */
  constructor(program, folder, manifest, head, index) {
    this.program = program;
    this.folder = folder;
    this.manifest = manifest;
    this.head = head;
    this.index = index;
    /** Pages of rows that were read. @type {Map<string, Promise<object[]>>} */
    this.pages = new Map();
  }

  /**
   * Opens the index of a site; throws a `Failure` if that cannot be read.
   *
   * @param {typeof import("finews-search")} program
   * @param {RequestCache} [cache]
   * @returns {Promise<Archive | undefined>} Nothing if the site has no index.
   */
  static async open(program, cache = "default") {
    const bundle = new URL("bundle/", document.baseURI);
    const manifest = await readManifest(new URL("manifest.json", bundle), cache);
    if (!manifest.search) return undefined;
    const folder = new URL("search/", bundle);
    const isGzipped = manifest.store === "gzip";
    const name = `${manifest.search}.${isGzipped ? "gzipped" : "json"}`;
    try {
      const head = /** @type {Head} */ (await readJson(new URL(name, folder), isGzipped));
      const index = new program.Index(head.lang);
      const lengths = head.segments.map((segment) =>
        fetch(fileOf(folder, segment, "rows")).then((response) => {
          if (!response.ok) throw new Failure("gone");
          return response.arrayBuffer();
        }),
      );
      for (const [at, bytes] of (await Promise.all(lengths)).entries()) {
        const segment = head.segments[at];
        const { rows, pages, page_bytes, pages_per_file, gap_parameter, row_pages_per_file } = segment;
        const apart = segment.apart_above ?? 0xffffffff;
        const isWhole = index.addSegment(
          new Uint32Array([
            rows,
            pages,
            page_bytes,
            pages_per_file,
            gap_parameter,
            apart,
            row_pages_per_file,
          ]),
          segment.first_day,
          new Uint32Array(segment.days),
          new Uint32Array(segment.masked ?? []),
          new Uint8Array(bytes),
        );
        if (!isWhole) throw new Failure("damaged");
      }
      return new Archive(program, folder, manifest, head, index);
    } catch (failure) {
      // A newer deploy has replaced the index.
      if (failure.message === "gone" && cache === "default") return Archive.open(program, "reload");
      throw failure;
    }
  }

  /** @param {Uint32Array} numbers */
  part([segment, kind, number, from, length]) {
    return { file: fileOf(this.folder, this.head.segments[segment], nameOf(kind, number)), from, length };
  }

  /**
   * Searches, and calls back after each step.
   *
   * @param {RunningSearch} search
   * @param {AbortSignal} signal
   * @param {() => void} onStep
   */
  async run(search, signal, onStep) {
    for (let needs = search.needs(); needs.length && !signal.aborted; needs = search.needs()) {
      const parts = Array.from({ length: needs.length / PART }, (_, at) =>
        needs.slice(at * PART, (at + 1) * PART),
      );
      const read = parts.map(async (part) => {
        // Bytes that are damaged twice are given nevertheless, so that the search tells it.
        const verify = (/** @type {Uint8Array} */ bytes) => (this.program.content(bytes) ? bytes : undefined);
        return readPart(this.part(part), this.head.cut, verify).catch(() => undefined);
      });
      const all = await Promise.all(read);
      if (signal.aborted) return;
      all.forEach((bytes, at) => void search.give(parts[at], bytes));
      onStep();
    }
  }

  /**
   * The rows of hits, newest first, as lists have them.
   *
   * @param {RunningSearch} search
   * @param {number} from
   * @param {number} to
   */
  async rows(search, from, to) {
    const numbers = search.rows(from, to);
    const rows = Array.from({ length: numbers.length / ROW }, async (_, at) => {
      const row = numbers.slice(at * ROW, (at + 1) * ROW);
      const page = await this.page(row);
      return page[row[PART]];
    });
    return (await Promise.all(rows)).filter(Boolean);
  }

  /** @param {Uint32Array} numbers */
  page(numbers) {
    const part = this.part(numbers);
    const key = `${part.file} ${part.from}`;
    const page =
      this.pages.get(key) ??
      readPart(part, this.head.cut, (bytes) => this.program.content(bytes)).then(async (bytes) =>
        JSON.parse(new TextDecoder().decode(await inflate(bytes, "deflate-raw"))),
      );
    this.pages.set(key, page);
    page.catch(() => this.pages.delete(key));
    return page;
  }
}
