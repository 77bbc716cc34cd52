// @ts-check
import { Failure } from "./failure.js";
import { integrityOf } from "./integrity.js";

/**
 * Fetches a file named by its SHA-256 and lets the browser verify it.
 *
 * A wrong checksum and a dead network fail alike. A failed request is therefore repeated without a checksum: if something
 * arrives, the file is damaged, perhaps only in the browser's cache, so it is reloaded. If that fails too and something
 * still arrives, the file is damaged on the host.
 *
 * @template T
 * @param {string} url
 * @param {(url: string, options: RequestInit) => Promise<T>} request Throws a `Failure`.
 * @returns {Promise<T>}
 */
export const fetchVerified = async (url, request) => {
  const integrity = integrityOf(url);
  for (const cache of /** @type {const} */ (["force-cache", "reload"])) {
    try {
      return await request(url, { integrity, cache });
    } catch (failure) {
      if (failure.message !== "offline") throw failure;
    }
    await request(url, { cache: "no-store" }).catch((failure) => {
      if (failure.message !== "damaged") throw failure;
    });
  }
  throw new Failure("damaged");
};
