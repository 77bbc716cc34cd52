// @ts-check
// Files that are saved for reading without the network.
import { Failure } from "../shared/failure.js";
import { fetchVerified } from "../shared/verified.js";
import { PATIENCE } from "./patience.js";

// An origin may have several sites, so a cache bears its site's folder.
const SAVED = `finews-saved${new URL(document.baseURI).pathname}`;
const AT_ONCE = 4;

/**
 * @param {string} url
 * @param {RequestInit} options
 */
const ask = async (url, options) => {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE) }).catch(() => {
    throw new Failure("offline");
  });
  if (!response.ok) throw new Failure("refused");
  return response;
};

/**
 * Saves files: those that are saved already are not fetched again, and if these are `all`, others go.
 *
 * @param {string[]} urls
 * @param {boolean} all
 */
export const save = async (urls, all) => {
  const cache = await caches.open(SAVED);
  const there = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const missing = urls.filter((url) => !there.has(url));
  const take = async () => {
    for (let url = missing.pop(); url; url = missing.pop())
      await cache.put(url, await fetchVerified(url, ask));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
  if (all)
    await Promise.all([...there].filter((path) => !urls.includes(path)).map((path) => cache.delete(path)));
};
