// @ts-check
// The program that reads Markdown, loaded when the viewer first asks for it; a failed load is tried again.
import { Failure } from "../shared/failure.js";
import { broken } from "./broken.js";
import { ASKED, PATIENCE } from "./patience.js";

const [MARKDOWN_SCRIPT, MARKDOWN_WASM, MARKDOWN_INTEGRITY] = MARKDOWN;

/** @typedef {{ default: (from: object) => Promise<unknown>, outline: (text: string) => string[] }} Program */

/** @type {Promise<Program> | undefined} */
let loading;
let tries = 0;

/** @returns {Promise<Program>} */
const load = async () => {
  // Some browsers remember an import that failed, by its address; and what one holds of the program may be damaged.
  const program = await import(tries++ ? `${MARKDOWN_SCRIPT}#${tries}` : MARKDOWN_SCRIPT);
  const cache = tries > 1 ? "reload" : "default";
  const module_or_path = fetch(new URL(MARKDOWN_WASM, import.meta.url), {
    cache,
    integrity: MARKDOWN_INTEGRITY,
  });
  await program.default({ module_or_path });
  return program;
};

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
const inTime = async (promise) => {
  let timer = 0;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, PATIENCE, new DOMException("", "TimeoutError"));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * What the host answers for a file; 0 if it does not.
 *
 * @param {string} name
 */
const statusOf = async (name) => {
  try {
    // Past what the browser holds, and in its place: that may be damaged, or a page.
    const response = await fetch(new URL(name, import.meta.url), {
      cache: "reload",
      signal: AbortSignal.timeout(ASKED),
    });
    const { status, headers } = response;
    await response.arrayBuffer();
    // Some hosts answer a page where they have no file.
    return headers.get("content-type")?.startsWith("text/html") ? 404 : status;
  } catch {
    return 0;
  }
};

// An import does not say why it failed, so that is asked.
const whyNot = async () => {
  const script = await statusOf(MARKDOWN_SCRIPT);
  return script === 200 ? statusOf(MARKDOWN_WASM) : script;
};

const failed = (/** @type {number} */ status) =>
  Object.assign(new Failure(status ? "refused" : "offline"), { status });

/**
 * The outline of a text, as `crates/markdown` describes it. Throws a `Failure` with the status that the host gave if the
 * program cannot be loaded.
 *
 * @param {string} text
 * @returns {Promise<string[]>}
 */
export const outline = async (text, again = true) => {
  loading ??= load();
  let program;
  try {
    program = await inTime(loading);
  } catch (error) {
    // What is on its way still may come; it is there for who asks again.
    if (error.name === "TimeoutError") throw failed(0);
    loading = undefined;
    const status = await whyNot();
    if (status === 200 && again) return outline(text, false);
    throw failed(status);
  }
  try {
    return program.outline(text);
  } catch {
    // A program that has come to its end is no good for another text.
    loading = undefined;
    broken();
    throw failed(200);
  }
};
