// A site whose news is shown: its manifest and its files, each asked for once for all elements of a page. Files are named by what is
// in them, and the browser verifies them. What fails is said in a word: offline, gone, refused, damaged, newer, unknown.
import { integrityOf } from "../shared/integrity.js";
import { headlines } from "./archive.js";

// How long a file may take, in milliseconds.
const TIMEOUT = 20000;
// How often an element may find that it wants more files: no list that finews writes needs so many.
const ROUNDS = 20;
// How long a manifest passes for new, in milliseconds.
const NEW = 60000;

// The options of a request that tells nothing of the reader or of the page, and ends.
const inTime = (more) => ({ credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(TIMEOUT), ...more });

// What a request says where no answer comes, or none in time.
const offline = () => {
  throw "offline";
};

const answer = async (url, options) => {
  const response = await fetch(url, options).catch(offline);
  if (!response.ok) throw /404|410/.test(response.status) ? "gone" : "refused";
  const bytes = await response.arrayBuffer().catch(offline);
  // Some hosts answer a page where they have no file.
  if (/^\s*</.test(new TextDecoder().decode(bytes))) throw "gone";
  const { body } = new Response(bytes);
  return new Response(url.endsWith(".gzipped") ? body.pipeThrough(new DecompressionStream("gzip")) : body).json().catch(() => {
    throw "damaged";
  });
};

const ask = (url, more) => {
  const options = inTime(more);
  return Promise.race([
    answer(url, options),
    // Safari may forget that the signal is a request's.
    new Promise((_, reject) => (options.signal.onabort = reject)).catch(offline),
  ]);
};

// A wrong checksum and a dead network look alike. So a failure is asked once more without a checksum: what arrives then is a damaged
// file, which may be whole past what the browser holds. If it is not, and still arrives, it lies damaged.
const askVerified = async (url) => {
  const integrity = integrityOf(url);
  for (const cache of ["force-cache", "reload"]) {
    try {
      return await ask(url, { integrity, cache });
    } catch (failure) {
      if (failure !== "offline") throw failure;
    }
    await ask(url, { cache: "no-store" }).catch((failure) => {
      if (failure !== "damaged") throw failure;
    });
  }
  throw "damaged";
};

export class Site {
  // As it was last read.
  manifest;
  #asked;
  // What is wrong may be what the browser holds, and its host may say that it has not changed.
  #cache = "no-cache";
  #time = 0;
  #files = new Map();
  #loading = new Map();
  #answers = new Map();

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
      .finally(() => (this.#asked = undefined));
    return this.#asked;
  }

  // The name of a list, its path, and its newest headlines; undefined where a file has to be asked for.
  atHand(...question) {
    const told = this.#isNew() ? this.#tell(question) : {};
    return told.rows && told;
  }

  // The same, whatever has to be asked for.
  async read(...question) {
    for (let anew = true; ; anew = false) {
      try {
        if (!this.#isNew()) await this.refresh();
        return await this.#read(question);
      } catch (failure) {
        if (failure !== "unknown") this.#cache = "reload";
        // A file that the manifest names is gone: there is a newer manifest.
        if (failure !== "gone" || !anew) throw failure;
        await this.refresh();
      }
    }
  }

  #isNew() {
    return Date.now() - this.#time < NEW;
  }

  async #read(question) {
    for (let round = 0; round < ROUNDS; round++) {
      const told = this.#tell(question);
      if (told.rows) return told;
      await Promise.all(told.missing.map((path) => this.#load(path)));
    }
    throw "damaged";
  }

  // The answer, if everything is at hand, else the paths of what is missing.
  #tell(question) {
    const key = question.join();
    const told = this.#answers.get(key) ?? headlines(this.manifest, this.#files, ...question);
    if (told.rows) this.#answers.set(key, told);
    return told;
  }

  // Elements that want the same file wait for the same answer.
  async #load(path) {
    if (!this.#loading.has(path)) this.#loading.set(path, askVerified(this.base + path));
    try {
      this.#files.set(path, await this.#loading.get(path));
    } finally {
      this.#loading.delete(path);
    }
  }
}
