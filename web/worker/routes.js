// @ts-check
// What is asked for, and by which strategy it is answered. Knows nothing of caches.

/** @typedef {"program" | "newest" | "data" | "page"} Strategy */

/**
 * The strategy for a request; undefined if the network answers alone.
 *
 * @param {{ method: string, mode: string, path: string | null }} request `path` is the address's path below the site's
 *   folder; null if it is another host's or another site's.
 * @returns {Strategy | undefined}
 */
export const route = ({ method, mode, path }) => {
  if (method !== "GET" || path === null) return undefined;
  if (path.startsWith("assets/")) return "program";
  if (path === "bundle/manifest.json") return "newest";
  if (path.startsWith("bundle/") && mode !== "navigate") return "data";
  if (mode === "navigate") return "page";
  return undefined;
};
