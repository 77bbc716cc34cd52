// A site whose news is shown: its manifest and its files, each asked for once for all elements of a page. Files are named by what is
// in them, and the browser verifies them. What fails is said in a word: offline, gone, refused, damaged, newer, unknown.
import { integrityOf } from "./integrity.js";
import { headlines } from "./widget.js";

// How long a file may take, in milliseconds.
const TIMEOUT = 20000;
// How often an element may find that it wants more files: no list that finews writes needs so many.
const ROUNDS = 20;
// How long a manifest passes for new, in milliseconds.
const NEW = 60000;

const ask = async (url, options) => {
  let response, text;
  try {
    response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(TIMEOUT), ...options });
    const { ok, status, body } = response;
    if (!ok) throw [404, 410].includes(status) ? "gone" : "refused";
    if (url.endsWith(".gzipped")) response = new Response(body.pipeThrough(new DecompressionStream("gzip")));
    text = await response.text();
  } catch (failure) {
    throw typeof failure === "string" ? failure : "offline";
  }
  try {
    return JSON.parse(text);
  } catch {
    // Some hosts answer a page where they have no file.
    throw "gone";
  }
};

// A wrong checksum and a dead network look alike. So a failure is asked once more without a checksum: what arrives then is a damaged
// file, which may be whole past what the browser holds.
const askVerified = async (url) => {
  const integrity = integrityOf(url);
  const offline = (instead) => (failure) => {
    if (failure !== "offline") throw failure;
    return instead();
  };
  return ask(url, { integrity, cache: "force-cache" }).catch(
    offline(async () => {
      await ask(url, { cache: "no-store" });
      return ask(url, { integrity, cache: "reload" }).catch(
        offline(() => {
          throw "damaged";
        }),
      );
    }),
  );
};

export class Site {
  // As it was last read.
  manifest;
  #asked;
  #time = 0;
  #files = new Map();
  #loading = new Map();
  #answers = new Map();

  constructor(base) {
    this.base = base;
  }

  // The manifest as it is now, not as the browser remembers it. Files that a new one does not name are nobody's.
  refresh() {
    this.#asked ??= ask(`${this.base}bundle/manifest.json`, { cache: "no-cache" })
      .then((manifest) => {
        this.#time = Date.now();
        if (JSON.stringify(manifest) !== JSON.stringify(this.manifest)) {
          this.manifest = manifest;
          this.#files.clear();
          this.#answers.clear();
        }
      })
      .finally(() => (this.#asked = undefined));
    return this.#asked;
  }

  // The name of a list, its path, and its newest headlines; undefined where a file has to be asked for.
  atHand(...question) {
    const [isWhole, ...told] = this.#isNew() ? this.#tell(question) : [];
    return isWhole ? told : undefined;
  }

  // The same, whatever has to be asked for.
  async read(...question) {
    for (let anew = true; ; anew = false) {
      try {
        if (!this.#isNew()) await this.refresh();
        return await this.#read(question);
      } catch (failure) {
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
      const [isWhole, ...told] = this.#tell(question);
      if (isWhole) return told;
      await Promise.all(told.map((path) => this.#load(path)));
    }
    throw "damaged";
  }

  // Whether everything is at hand, and then the answer, else the paths of what is wanting.
  #tell(question) {
    const key = question.join();
    const told = this.#answers.get(key) ?? headlines(this.manifest, this.#files, ...question);
    if (told[0]) this.#answers.set(key, told);
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
