// @ts-check
// The widget as a page, for an iframe on pages that allow no script: /embed/?category=emnews&limit=5&theme=dark
const NAMES = ["category", "quote", "tag", "limit", "theme", "lang", "summary", "refresh"];
// In the frame itself a story has no room, and may not be shown.
const TARGETS = ["_blank", "_top", "_parent"];

/** @typedef {HTMLElement & { target: string, theme: string }} Headlines */
const widget = /** @type {Headlines} */ (document.querySelector("finews-headlines"));
const asked = new URLSearchParams(location.search);
for (const name of NAMES) {
  const value = asked.get(name);
  if (value !== null && !(name === "summary" && ["0", "false"].includes(value)))
    widget.setAttribute(name, value);
}
const target = asked.get("target") ?? "";
if (TARGETS.includes(target)) widget.target = target;
const { theme } = widget;
if (["light", "dark"].includes(theme)) document.documentElement.dataset.theme = theme;

// Whoever sends "finews-height" is told how high the page is, now and whenever that changes. It is nobody's secret.
/** @type {Set<Window>} */
const askers = new Set();
const tell = (/** @type {Window} */ asker) =>
  asker.postMessage({ type: "finews-height", height: Math.ceil(widget.getBoundingClientRect().height) }, "*");
addEventListener("message", ({ data, source }) => {
  if (data !== "finews-height" || !source) return;
  const asker = /** @type {Window} */ (source);
  askers.add(asker);
  tell(asker);
});
new ResizeObserver(() => askers.forEach(tell)).observe(widget);
