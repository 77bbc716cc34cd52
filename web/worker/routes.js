// What is asked for, and by which strategy it is answered. Knows nothing of caches.

// `path` is the address's path below the site's folder; null where it is another host's or another site's.
export const route = ({ method, mode, path }) => {
  if (method !== "GET" || path === null) return "network";
  if (path.startsWith("assets/")) return "program";
  if (path === "bundle/manifest.json") return "newest";
  if (path.startsWith("bundle/") && mode !== "navigate") return "data";
  if (mode === "navigate") return "page";
  return "network";
};
