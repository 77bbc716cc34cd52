// @ts-check
// A site's manifest and files, each requested once for all elements of a page. Files are named by their hashes, which the browser
// verifies. All errors are `Failure`s.
import { Failure } from "../shared/failure.js";
import { fetchVerified } from "../shared/verified.js";
import { headlines } from "./archive.js";

// The time limit for a file, in milliseconds.
const TIMEOUT = 20000;
// The largest number of rounds in which a query loads further files. No list that finews writes needs as
// many.
const MAX_ROUNDS = 20;
// How long a manifest counts as current, in milliseconds.
const MANIFEST_MAX_AGE = 60000;

// Throws the failure of a request that is not answered, or not in time.
/** @returns {never} */
const offline = () => {
  throw new Failure("offline");
};

/** @returns {Promise<any>} */
const fetchBody = async (/** @type {string} */ url, /** @type {RequestInit} */ options) => {
  const response = await fetch(url, options).catch(offline);
  if (!response.ok) throw new Failure(/404|410/.test(`${response.status}`) ? "gone" : "refused");
  const bytes = await response.arrayBuffer().catch(offline);
  // Some hosts answer with a page if they have no such file.
  if (/^\s*</.test(new TextDecoder().decode(bytes))) throw new Failure("gone");
  const { body } = new Response(bytes);
  return new Response(url.endsWith(".gzipped") ? body?.pipeThrough(new DecompressionStream("gzip")) : body)
    .json()
    .catch(() => {
      throw new Failure("damaged");
    });
};

/**
 * Fetches JSON with a time limit, without credentials and without a referrer.
 *
 * @param {string} url
 * @param {RequestInit} options
 * @returns {Promise<any>}
 */
const fetchJson = (url, options) => {
  const signal = AbortSignal.timeout(TIMEOUT);
  return Promise.race([
    fetchBody(url, { credentials: "omit", referrerPolicy: "no-referrer", signal, ...options }),
    // Safari may lose the connection between the signal and the request.
    new Promise((_, reject) => {
      signal.onabort = reject;
    }).catch(offline),
  ]);
};

export class Site {
  // The last manifest that was read.
  /** @type {any} */
  manifest;
  /** @type {Promise<void> | undefined} */
  #refreshing;
  // After a failure, the manifest is read without the browser's cache, which may hold a wrong file that
  // the host would confirm with the status 304.
  /** @type {RequestCache} */
  #cache = "no-cache";
  #readAt = 0;
  /** @type {Map<string, any>} */
  #files = new Map();
  /** @type {Map<string, Promise<any>>} */
  #loading = new Map();
  /** @type {Map<string, import("./archive.js").Answer>} */
  #answers = new Map();

  /** @param {string} base The address of the site's root. */
  constructor(base) {
    this.base = base;
  }

  // Reads the current manifest. If it has changed, the old one's files are dropped.
  refresh() {
    this.#refreshing ??= fetchJson(`${this.base}bundle/manifest.json`, { cache: this.#cache })
      .then((manifest) => {
        this.#cache = "no-cache";
        this.#readAt = Date.now();
        if (JSON.stringify(manifest) !== JSON.stringify(this.manifest)) {
          this.manifest = manifest;
          this.#files.clear();
          this.#answers.clear();
        }
      })
      .catch((failure) => {
        this.#cache = "reload";
        throw failure;
      })
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  /**
   * Answers a query if all its files are loaded; returns undefined otherwise.
   *
   * @param {import("./archive.js").Query} query
   */
  answerIfLoaded(query) {
    const result = /** @type {any} */ (this.#isCurrent() ? this.#answer(query) : {});
    return /** @type {import("./archive.js").Answer | undefined} */ (result.rows && result);
  }

  /**
   * Answers a query, and loads the files it needs.
   *
   * @param {import("./archive.js").Query} query
   * @returns {Promise<import("./archive.js").Answer>}
   */
  async read(query) {
    for (let retry = true; ; retry = false) {
      try {
        if (!this.#isCurrent()) await this.refresh();
        return await this.#load(query);
      } catch (failure) {
        if (failure.message !== "unknown") this.#cache = "reload";
        // If a file is gone, there is probably a newer manifest.
        if (failure.message !== "gone" || !retry) throw failure;
        await this.refresh();
      }
    }
  }

  #isCurrent() {
    return Date.now() - this.#readAt < MANIFEST_MAX_AGE;
  }

  /** @param {import("./archive.js").Query} query */
  async #load(query) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const result = this.#answer(query);
      if (result.rows) return result;
      await Promise.all(result.missing.map((/** @type {string} */ path) => this.#loadFile(path)));
    }
    throw new Failure("damaged");
  }

  /**
   * The answer, or the paths of missing files.
   *
   * @param {import("./archive.js").Query} query
   * @returns {any}
   */
  #answer(query) {
    const key = query.join();
    /** @type {any} */
    const result = this.#answers.get(key) ?? headlines(this.manifest, this.#files, ...query);
    if (result.rows) this.#answers.set(key, result);
    return result;
  }

  // Elements that need the same file share one request.
  async #loadFile(/** @type {string} */ path) {
    if (!this.#loading.has(path)) this.#loading.set(path, fetchVerified(this.base + path, fetchJson));
    try {
      this.#files.set(path, await this.#loading.get(path));
    } finally {
      this.#loading.delete(path);
    }
  }
}
