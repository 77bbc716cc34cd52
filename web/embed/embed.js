// @ts-check
// The widget as a page, for an iframe on a page that may not contain scripts:
// /embed/?category=emnews&limit=5&theme=dark
const ATTRIBUTES = ["category", "quote", "tag", "limit", "theme", "lang", "summary", "refresh"];
// Stories do not open within the frame, where there is no space and framing may be forbidden.
const TARGETS = ["_blank", "_top", "_parent"];

/** @typedef {HTMLElement & { target: string, theme: string }} Headlines */
const widget = /** @type {Headlines} */ (document.querySelector("finews-headlines"));
const parameters = new URLSearchParams(location.search);
for (const name of ATTRIBUTES) {
  const value = parameters.get(name);
  if (value !== null && !(name === "summary" && ["0", "false"].includes(value)))
    widget.setAttribute(name, value);
}
const target = parameters.get("target") ?? "";
if (TARGETS.includes(target)) widget.target = target;
const { theme } = widget;
if (["light", "dark"].includes(theme)) document.documentElement.dataset.theme = theme;

// A window that sends "finews-height" receives the widget's height, at once and whenever it changes. Any
// origin may receive it, because the height is not confidential.
/** @type {Set<Window>} */
const listeners = new Set();
const sendHeight = (/** @type {Window} */ listener) =>
  listener.postMessage(
    { type: "finews-height", height: Math.ceil(widget.getBoundingClientRect().height) },
    "*",
  );
addEventListener("message", ({ data, source }) => {
  if (data !== "finews-height" || !source) return;
  const listener = /** @type {Window} */ (source);
  listeners.add(listener);
  sendHeight(listener);
});
new ResizeObserver(() => listeners.forEach(sendHeight)).observe(widget);
