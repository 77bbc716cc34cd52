// @ts-check
// Starts the worker that searches (`worker/worker.js`), and calls its functions. Trunk's hook (`crates/xtask/src/trunk`)
// defines WASM, the name and the checksum of the WebAssembly, and WORKER, the name of the worker's script.
import { Failure } from "../shared/failure.js";
import { DOWNLOAD_TIMEOUT } from "../start/timeouts.js";

/** @typedef {import("./worker/worker.js").Calls} Calls */
/** @typedef {import("./worker/shown.js").State} State */
/** A call that has no answer yet. @typedef {{ resolve: (value: any) => void, reject: (failure: Failure) => void, tell?: (state: State) => void }} Call */

const [WASM_FILE, WASM_INTEGRITY] = WASM;
const [WORKER_SCRIPT] = WORKER;
const workerUrl = new URL(WORKER_SCRIPT, import.meta.url).href;
const policy = globalThis.trustedTypes?.createPolicy("finews-search", { createScriptURL: () => workerUrl });

/** @type {Map<number, Call>} */
const calls = new Map();
let count = 0;
/** @type {Promise<Worker> | undefined} */
let started;

/**
 * @param {Worker} worker
 * @param {any[]} message The name of the function, and what it is given.
 * @param {(state: State) => void} [tell]
 */
const send = (worker, message, tell) =>
  new Promise((resolve, reject) => {
    calls.set(++count, { resolve, reject, tell });
    worker.postMessage(
      [count, ...message],
      message.filter((value) => value instanceof ArrayBuffer),
    );
  });

/** @returns {Promise<Worker>} */
const start = async () => {
  const script = /** @type {string} */ (policy ? policy.createScriptURL("") : workerUrl);
  const worker = new Worker(script, { type: "module" });
  worker.addEventListener("message", ({ data: { id, state, value, failure } }) => {
    const call = calls.get(id);
    if (state) return call?.tell?.(state);
    calls.delete(id);
    if (failure) call?.reject(new Failure(failure));
    else call?.resolve(value);
  });
  const file = new URL(WASM_FILE, import.meta.url);
  const signal = AbortSignal.timeout(DOWNLOAD_TIMEOUT);
  const failed = new Promise((_, reject) => {
    const fail = () => reject(new Failure("offline"));
    // Its script could not be loaded, or not in time.
    worker.addEventListener("error", fail);
    signal.addEventListener("abort", fail);
  });
  const wasm = fetch(file, { integrity: WASM_INTEGRITY, signal }).then((response) => response.arrayBuffer());
  const ready = wasm.then((wasm) => send(worker, ["start", document.baseURI, wasm]));
  await Promise.race([failed, ready]).catch((failure) => {
    worker.terminate();
    throw failure;
  });
  return worker;
};

/**
 * Calls a function of the worker, which is started first.
 *
 * @template {keyof Calls} Name
 * @param {Name} name
 * @param {any[]} values
 * @param {(state: State) => void} [tell]
 * @returns {Promise<Awaited<ReturnType<Calls[Name]>>>}
 */
export const call = async (name, values, tell) => {
  started ??= start();
  const worker = await started.catch((failure) => {
    started = undefined;
    throw failure;
  });
  return /** @type {any} */ (send(worker, [name, ...values], tell));
};
