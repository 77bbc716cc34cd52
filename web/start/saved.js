// @ts-check
// Saves files for offline reading.
import { Failure } from "../shared/failure.js";
import { fetchVerified } from "../shared/verified.js";
import { keepSearch } from "./search.js";
import { DOWNLOAD_TIMEOUT } from "./timeouts.js";

// The name of the cache contains the site's folder, because an origin may have several sites.
const CACHE_NAME = `finews-saved${new URL(document.baseURI).pathname}`;
const CONCURRENT_DOWNLOADS = 4;

/**
 * @param {string} url
 * @param {RequestInit} options
 */
const fetchFile = async (url, options) => {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT) }).catch(
    () => {
      throw new Failure("offline");
    },
  );
  if (!response.ok) throw new Failure("refused");
  return response;
};

/**
 * Saves the files that are not saved yet. If `urls` is the complete list of files to save, deletes all
 * others.
 *
 * @param {string[]} urls Paths from the host's root, because they are compared with the paths of saved files.
 * @param {boolean} isComplete
 */
export const save = async (urls, isComplete) => {
  const cache = await caches.open(CACHE_NAME);
  const saved = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const missing = urls.filter((url) => !saved.has(url));
  const saveNext = async () => {
    for (let url = missing.pop(); url; url = missing.pop())
      await cache.put(url, await fetchVerified(url, fetchFile));
  };
  keepSearch();
  await Promise.all(Array.from({ length: CONCURRENT_DOWNLOADS }, saveNext));
  if (isComplete)
    await Promise.all([...saved].filter((path) => !urls.includes(path)).map((path) => cache.delete(path)));
};
