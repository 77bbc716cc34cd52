// @ts-check
// Part of each page during `finews dev`: loads the page again after a build, and shows the warnings.

/** @typedef {{ build: number, warnings: string[], failure: string | null }} Status */

const STYLE = `
  :host { all: initial; position: fixed; inset: auto 12px 12px auto; z-index: 1000; max-width: calc(100vw - 24px);
    font: 13px/1.5 system-ui, sans-serif; color-scheme: dark; }
  details { max-width: 720px; border-radius: 6px; background: #24272bf2; color: #eceae4; }
  summary { padding: 7px 12px; cursor: pointer; list-style: none; text-align: end; }
  summary::-webkit-details-marker { display: none; }
  summary::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-inline-end: 8px;
    border-radius: 50%; background: #e0a83c; }
  .failed summary::before { background: #ef6a5a; }
  ol { max-height: 50vh; margin: 0; padding: 4px 12px 10px; overflow: auto; list-style: none;
    border-top: 1px solid #45494e; }
  li { padding-top: 6px; overflow-wrap: anywhere; white-space: pre-wrap; }
`;

const loaded = new URL(import.meta.url);
const shown = Number(loaded.searchParams.get("build"));

/** The panel's content, in a shadow tree so that the page's styles do not apply. */
const panel = document.createElement("finews-warnings");
const root = panel.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
root.adoptedStyleSheets = [sheet];

/**
 * Makes an element.
 * @param {string} name
 * @param {string} [text]
 */
const element = (name, text = "") => {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
};

/** @param {Status} status */
const show = ({ warnings, failure }) => {
  const lines = [...(failure ? [failure] : []), ...warnings];
  const details = /** @type {HTMLDetailsElement} */ (element("details"));
  details.open = root.querySelector("details")?.open ?? false;
  details.classList.toggle("failed", failure !== null);
  const count = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
  const list = element("ol");
  list.append(...lines.map((line) => element("li", line)));
  details.append(element("summary", failure ? "The build failed" : count), list);
  root.replaceChildren(...(lines.length > 0 ? [details] : []));
};

/** @type {EventSource | undefined} */
let source;
// Only while the page is visible, because a browser opens few connections to one host at a time.
const connect = () => {
  source?.close();
  if (document.visibilityState === "hidden") return;
  source = new EventSource(new URL("finews-live", loaded));
  source.addEventListener("message", ({ data }) => {
    /** @type {Status} */
    const status = JSON.parse(data);
    // The router remembers the reader's place.
    if (status.build !== shown) return location.reload();
    show(status);
  });
};
document.addEventListener("visibilitychange", connect);
connect();
document.body.append(panel);
