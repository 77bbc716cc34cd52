// @ts-check
// The examples page: a reader chooses options, sees the widget, and copies its code.
const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const widget = /** @type {HTMLElement} */ (document.querySelector("finews-headlines"));
const preview = /** @type {HTMLElement} */ (widget.parentElement);
/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
const site = new URL(".", document.baseURI).href;

/** @typedef {[name: string, value: string]} Pair */

const escapeHtml = (/** @type {string} */ text) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const attributes = (/** @type {Pair[]} */ pairs) =>
  pairs.map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${escapeHtml(value)}"`)).join("");

/** @param {string} id */
const codeElement = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

// The attributes whose values differ from the defaults.
const chosenAttributes = () => {
  const data = new FormData(form);
  /** @type {Pair[]} */
  const pairs = [];
  const name = `${data.get("name") ?? ""}`.trim();
  const list = `${data.get("list") ?? ""}`;
  if (list && name) pairs.push([list, name]);
  for (const [option, defaultValue] of [
    ["limit", "5"],
    ["theme", "auto"],
    ["lang", ""],
    ["target", ""],
  ]) {
    const value = `${data.get(option) ?? defaultValue}`.trim();
    if (value !== defaultValue) pairs.push([option, value]);
  }
  if (data.has("summary")) pairs.push(["summary", ""]);
  return pairs;
};

const show = () => {
  const list = field("list").value;
  // A disabled field is not part of the form's data.
  field("name").disabled = !list;
  const pairs = chosenAttributes();
  field("name").setAttribute("list", list ? `names-${list}` : "");
  for (const { name } of [...widget.attributes]) if (name !== "class") widget.removeAttribute(name);
  for (const [name, value] of pairs) widget.setAttribute(name, value);
  preview.style.inlineSize = `${field("width").value}px`;
  // The element's height is known once it is laid out. The code reserves this height, so that the content
  // around the element does not move.
  requestAnimationFrame(() => {
    const height = Math.ceil(widget.getBoundingClientRect().height);
    const query = new URLSearchParams(pairs.map(([name, value]) => [name, value || "1"]));
    const { checked, value, dataset } = field("pinned");
    /** @type {Pair[]} */
    const source = checked
      ? [
          ["src", site + value],
          ["integrity", dataset.integrity ?? ""],
          ["crossorigin", "anonymous"],
        ]
      : [["src", `${site}widget.js`]];
    const code = {
      script: `<script type="module"${attributes(source)}></script>\n<finews-headlines${attributes(pairs)} style="display: block; min-height: ${height}px"><a href="${site}">${escapeHtml(document.title)}</a></finews-headlines>`,
      frame: `<iframe src="${escapeHtml(`${site}embed/${pairs.length ? `?${query}` : ""}`)}" title="${escapeHtml(document.title)}" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" width="100%" height="${height}" style="border: 0"></iframe>`,
    };
    for (const [id, text] of Object.entries(code)) codeElement(id).textContent = text;
  });
};

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("click", async ({ target }) => {
  const button = /** @type {HTMLElement | null} */ (
    target instanceof Element && target.closest("button[data-copies]")
  );
  if (!button) return;
  const element = codeElement(button.dataset.copies ?? "");
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    const { copied = "" } = button.dataset;
    // If the button still shows this word after an earlier click, a timer will restore its label.
    if (button.textContent === copied) return;
    const label = button.textContent;
    button.textContent = copied;
    setTimeout(() => (button.textContent = label), 2000);
  } catch {
    // Without permission for the clipboard, the text is selected for copying by hand.
    getSelection()?.selectAllChildren(element);
  }
});
customElements.whenDefined("finews-headlines").then(show);
