// @ts-check
// Chooses the strategy for a request. It knows nothing about caches.

/** @typedef {"program" | "manifest" | "data" | "page"} Strategy */

/**
 * Returns the strategy for a request, or undefined to leave it to the browser.
 *
 * @param {{ method: string, mode: string, path: string | null }} request `path` is relative to the site's folder, or null
 *   outside of it.
 * @returns {Strategy | undefined}
 */
export const route = ({ method, mode, path }) => {
  if (method !== "GET" || path === null) return undefined;
  if (/^assets\/[a-z]+-[0-9a-f]{16}\.(?:css|js|wasm)$/.test(path)) return "program";
  if (path === "bundle/manifest.json") return "manifest";
  // Parts of the search index.
  if (path.startsWith("bundle/search/") && path.endsWith(".bin")) return undefined;
  if (path.startsWith("bundle/") && mode !== "navigate") return "data";
  if (mode === "navigate") return "page";
  return undefined;
};
