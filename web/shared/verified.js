// @ts-check
import { Failure } from "./failure.js";
import { integrityOf } from "./integrity.js";

/**
 * Fetches a file whose name is its SHA-256, verified by the browser.
 *
 * A wrong checksum and a dead network look alike. So a failure is asked once more without a checksum: what arrives then is
 * a damaged file, which may be whole past what the browser holds. If it is not, and still arrives, it lies damaged.
 *
 * @template T
 * @param {string} url
 * @param {(url: string, options: RequestInit) => Promise<T>} ask Throws a `Failure`.
 * @returns {Promise<T>}
 */
export const fetchVerified = async (url, ask) => {
  const integrity = integrityOf(url);
  for (const cache of /** @type {const} */ (["force-cache", "reload"])) {
    try {
      return await ask(url, { integrity, cache });
    } catch (failure) {
      if (failure.message !== "offline") throw failure;
    }
    await ask(url, { cache: "no-store" }).catch((failure) => {
      if (failure.message !== "damaged") throw failure;
    });
  }
  throw new Failure("damaged");
};
