// @ts-check
// A site whose news is shown: its manifest and its files, each asked for once for all elements of a page. Files are named by what is
// in them, and the browser verifies them. What fails is a `Failure`.
import { Failure } from "../shared/failure.js";
import { fetchVerified } from "../shared/verified.js";
import { headlines } from "./archive.js";

// How long a file may take, in milliseconds.
const TIMEOUT = 20000;
// How often an element may find that it wants more files: no list that finews writes needs so many.
const ROUNDS = 20;
// How long a manifest passes for new, in milliseconds.
const NEW = 60000;

// What a request says where no answer comes, or none in time.
/** @returns {never} */
const offline = () => {
  throw new Failure("offline");
};

/** @returns {Promise<any>} */
const answer = async (/** @type {string} */ url, /** @type {RequestInit} */ options) => {
  const response = await fetch(url, options).catch(offline);
  if (!response.ok) throw new Failure(/404|410/.test(`${response.status}`) ? "gone" : "refused");
  const bytes = await response.arrayBuffer().catch(offline);
  // Some hosts answer a page where they have no file.
  if (/^\s*</.test(new TextDecoder().decode(bytes))) throw new Failure("gone");
  const { body } = new Response(bytes);
  return new Response(url.endsWith(".gzipped") ? body?.pipeThrough(new DecompressionStream("gzip")) : body)
    .json()
    .catch(() => {
      throw new Failure("damaged");
    });
};

/**
 * Asks for JSON, in a request that tells nothing of the reader or of the page, and ends.
 *
 * @param {string} url
 * @param {RequestInit} options
 * @returns {Promise<any>}
 */
const ask = (url, options) => {
  const signal = AbortSignal.timeout(TIMEOUT);
  return Promise.race([
    answer(url, { credentials: "omit", referrerPolicy: "no-referrer", signal, ...options }),
    // Safari may forget that the signal is a request's.
    new Promise((_, reject) => {
      signal.onabort = reject;
    }).catch(offline),
  ]);
};

export class Site {
  // As it was last read.
  /** @type {any} */
  manifest;
  /** @type {Promise<void> | undefined} */
  #asked;
  // What is wrong may be what the browser holds, and its host may say that it has not changed.
  /** @type {RequestCache} */
  #cache = "no-cache";
  #time = 0;
  /** @type {Map<string, any>} */
  #files = new Map();
  /** @type {Map<string, Promise<any>>} */
  #loading = new Map();
  /** @type {Map<string, import("./archive.js").Told>} */
  #answers = new Map();

  /** @param {string} base The address of its root. */
  constructor(base) {
    this.base = base;
  }

  // The manifest as it is now, not as the browser remembers it. Files that a new one does not name are nobody's.
  refresh() {
    this.#asked ??= ask(`${this.base}bundle/manifest.json`, { cache: this.#cache })
      .then((manifest) => {
        this.#cache = "no-cache";
        this.#time = Date.now();
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
        this.#asked = undefined;
      });
    return this.#asked;
  }

  /**
   * The name of a list, its path, and its newest headlines; undefined if a file has to be asked for.
   *
   * @param {import("./archive.js").Question} question
   */
  atHand(question) {
    const told = /** @type {any} */ (this.#isNew() ? this.#tell(question) : {});
    return /** @type {import("./archive.js").Told | undefined} */ (told.rows && told);
  }

  /**
   * The same, whatever has to be asked for.
   *
   * @param {import("./archive.js").Question} question
   * @returns {Promise<import("./archive.js").Told>}
   */
  async read(question) {
    for (let anew = true; ; anew = false) {
      try {
        if (!this.#isNew()) await this.refresh();
        return await this.#read(question);
      } catch (failure) {
        if (failure.message !== "unknown") this.#cache = "reload";
        // A file that the manifest names is gone: there is a newer manifest.
        if (failure.message !== "gone" || !anew) throw failure;
        await this.refresh();
      }
    }
  }

  #isNew() {
    return Date.now() - this.#time < NEW;
  }

  /** @param {import("./archive.js").Question} question */
  async #read(question) {
    for (let round = 0; round < ROUNDS; round++) {
      const told = this.#tell(question);
      if (told.rows) return told;
      await Promise.all(told.missing.map((/** @type {string} */ path) => this.#load(path)));
    }
    throw new Failure("damaged");
  }

  /**
   * The answer, if everything is at hand, else the paths of what is missing.
   *
   * @param {import("./archive.js").Question} question
   * @returns {any}
   */
  #tell(question) {
    const key = question.join();
    /** @type {any} */
    const told = this.#answers.get(key) ?? headlines(this.manifest, this.#files, ...question);
    if (told.rows) this.#answers.set(key, told);
    return told;
  }

  // Elements that want the same file wait for the same answer.
  async #load(/** @type {string} */ path) {
    if (!this.#loading.has(path)) this.#loading.set(path, fetchVerified(this.base + path, ask));
    try {
      this.#files.set(path, await this.#loading.get(path));
    } finally {
      this.#loading.delete(path);
    }
  }
}
