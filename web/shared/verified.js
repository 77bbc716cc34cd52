// @ts-check
import { Failure } from "./failure.js";
import { integrityOf } from "./integrity.js";

/**
 * Fetches a file named by its SHA-256 and lets the browser verify it.
 *
 * The browser reports a wrong checksum and a network error in the same way, so a request that fails as
 * "offline" is repeated without a checksum. If this gets a response, the file is damaged, perhaps only in the
 * browser's cache, so the file is reloaded with its checksum. If the reload fails and a request without a
 * checksum still gets a response, the file is damaged on the host.
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
