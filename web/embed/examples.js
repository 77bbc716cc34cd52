// @ts-check
// The page of examples: a reader sets the options, sees the widget, and copies the code.
const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const widget = /** @type {HTMLElement} */ (document.querySelector("finews-headlines"));
const stage = /** @type {HTMLElement} */ (widget.parentElement);
/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
const site = new URL(".", document.baseURI).href;

/** @typedef {[name: string, value: string]} Pair */

const escaped = (/** @type {string} */ text) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const marked = (/** @type {Pair[]} */ pairs) =>
  pairs.map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${escaped(value)}"`)).join("");

/** @param {string} id */
const codeOf = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

// The attributes that differ from what an element has without them.
const chosen = () => {
  const data = new FormData(form);
  /** @type {Pair[]} */
  const pairs = [];
  const name = `${data.get("name") ?? ""}`.trim();
  const list = `${data.get("list") ?? ""}`;
  if (list && name) pairs.push([list, name]);
  for (const [option, usual] of [
    ["limit", "5"],
    ["theme", "auto"],
    ["lang", ""],
    ["target", ""],
  ]) {
    const value = `${data.get(option) ?? usual}`.trim();
    if (value !== usual) pairs.push([option, value]);
  }
  if (data.has("summary")) pairs.push(["summary", ""]);
  return pairs;
};

const show = () => {
  const list = field("list").value;
  // What is disabled is no part of what is chosen.
  field("name").disabled = !list;
  const pairs = chosen();
  field("name").setAttribute("list", list ? `names-${list}` : "");
  for (const { name } of [...widget.attributes]) if (name !== "class") widget.removeAttribute(name);
  for (const [name, value] of pairs) widget.setAttribute(name, value);
  stage.style.inlineSize = `${field("width").value}px`;
  // The height is known as soon as the element is laid out: a page that says it beforehand does not move.
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
      script: `<script type="module"${marked(source)}></script>\n<finews-headlines${marked(pairs)} style="display: block; min-height: ${height}px"><a href="${site}">${escaped(document.title)}</a></finews-headlines>`,
      frame: `<iframe src="${escaped(`${site}embed/${pairs.length ? `?${query}` : ""}`)}" title="${escaped(document.title)}" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" width="100%" height="${height}" style="border: 0"></iframe>`,
    };
    for (const [id, text] of Object.entries(code)) codeOf(id).textContent = text;
  });
};

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("click", async ({ target }) => {
  const code = /** @type {HTMLElement | null} */ (
    target instanceof Element && target.closest("button[data-copies]")
  );
  if (!code) return;
  const text = codeOf(code.dataset.copies ?? "");
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
    const { said = "" } = code.dataset;
    // Twice clicked, it says so once.
    if (code.textContent === said) return;
    const usual = code.textContent;
    code.textContent = said;
    setTimeout(() => (code.textContent = usual), 2000);
  } catch {
    // A page without the right to the clipboard: marked, the text can be copied by hand.
    getSelection()?.selectAllChildren(text);
  }
});
customElements.whenDefined("finews-headlines").then(show);
