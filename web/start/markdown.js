// @ts-check
// Loads the Markdown program when the viewer first needs it, and again after a failure.
import { Failure } from "../shared/failure.js";
import { showBroken } from "./broken.js";
import { DOWNLOAD_TIMEOUT, STATUS_TIMEOUT } from "./timeouts.js";

const [MARKDOWN_SCRIPT, MARKDOWN_WASM, MARKDOWN_INTEGRITY] = MARKDOWN;

/** @typedef {{ default: (from: object) => Promise<unknown>, parse: (text: string) => string[] }} Program */

/** @type {Promise<Program> | undefined} */
let loading;
let tries = 0;

/** @returns {Promise<Program>} */
const load = async () => {
  // Some browsers remember the address of a failed import, so each retry uses another one. A retry also
  // reloads the WebAssembly file, because the browser's cache may hold a damaged one.
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
const withTimeout = async (promise) => {
  let timer = 0;
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(reject, DOWNLOAD_TIMEOUT, new DOMException("", "TimeoutError"));
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The status of the host's response for a file; 0 without a response.
 *
 * @param {string} name
 */
const statusOf = async (name) => {
  try {
    // Bypasses and overwrites the browser's cached copy, which may be a damaged file or a page.
    const response = await fetch(new URL(name, import.meta.url), {
      cache: "reload",
      signal: AbortSignal.timeout(STATUS_TIMEOUT),
    });
    const { status, headers } = response;
    await response.arrayBuffer();
    // Some hosts answer with a page if they have no such file.
    return headers.get("content-type")?.startsWith("text/html") ? 404 : status;
  } catch {
    return 0;
  }
};

// The error of a failed import does not contain the reason, so the host is asked for the status of each file.
const failedStatus = async () => {
  const script = await statusOf(MARKDOWN_SCRIPT);
  return script === 200 ? statusOf(MARKDOWN_WASM) : script;
};

const failure = (/** @type {number} */ status) =>
  Object.assign(new Failure(status ? "refused" : "offline"), { status });

/**
 * Parses Markdown into encoded operations (`crates/markdown`).
 *
 * Throws a `Failure` if the program cannot be loaded (its status is the host's, or 0 without a response) or
 * has crashed (its status is 200).
 *
 * @param {string} text
 * @returns {Promise<string[]>}
 */
export const parseMarkdown = async (text, retry = true) => {
  loading ??= load();
  let program;
  try {
    program = await withTimeout(loading);
  } catch (error) {
    // The download may still finish; the next call will then find the program.
    if (error.name === "TimeoutError") throw failure(0);
    loading = undefined;
    const status = await failedStatus();
    if (status === 200 && retry) return parseMarkdown(text, false);
    throw failure(status);
  }
  try {
    return program.parse(text);
  } catch {
    // A crashed program cannot be used again.
    loading = undefined;
    showBroken();
    throw failure(200);
  }
};
