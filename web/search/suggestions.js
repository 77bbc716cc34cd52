// @ts-check
// Suggests names while the reader types: a combobox with a list box
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Each name leads to its list.

/** How many names are suggested. */
const SHOWN = 8;
let count = 0;

/** A list: its path in the site, its name, and other spellings of that. @typedef {[path: string, name: string, spellings: string]} Name */

/** The code of a security's list. @param {string} path */
const codeOf = (path) => (path.startsWith("quote/") ? path.slice(path.indexOf(".") + 1) : "").toLowerCase();

/**
 * A code without its market, in any spelling: 600519, SH600519, 600519.SH, 0700.HK.
 *
 * @param {string} text
 */
const bareCode = (text) => {
  const code = text.replace(/^(sh|sz|bj|hk)(?=\d)/, "").replace(/\.(sh|ss|sz|bj|hk|us|o|n)$/, "");
  return code !== text && text.includes("hk") ? code.padStart(5, "0") : code;
};

/**
 * The names that a reader may mean, the likeliest first.
 *
 * @param {Name[]} names
 * @param {string} text What was typed, folded.
 */
export const namesLike = (names, text) => {
  const code = bareCode(text);
  /** @type {Name[][]} */
  const byLikeness = [[], [], [], []];
  if (!text) return [];
  for (const name of names) {
    const [path, title, spellings] = name;
    const forms = [title.toLowerCase(), ...spellings.split("\n")];
    const likeness =
      forms.includes(text) || codeOf(path) === code
        ? 0
        : forms.some((form) => form.startsWith(text))
          ? 1
          : code.length > 1 && codeOf(path).startsWith(code)
            ? 2
            : forms.some((form) => form.includes(text)) && text.length > 1
              ? 3
              : undefined;
    if (likeness !== undefined) byLikeness[likeness].push(name);
  }
  return byLikeness.flat().slice(0, SHOWN);
};

/**
 * The names that have most in common with a text in which nothing was found.
 *
 * @param {Name[]} names
 * @param {string} text Folded.
 */
export const nearestNames = (names, text) => {
  const pairs = [...text].map((_, at) => text.slice(at, at + 2)).filter((pair) => /^\S\S$/.test(pair));
  const likeness = (/** @type {Name} */ [, title, spellings]) => {
    const form = `${title.toLowerCase()} ${spellings}`;
    return pairs.filter((pair) => form.includes(pair)).length;
  };
  return names
    .filter(likeness)
    .sort((one, other) => likeness(other) - likeness(one))
    .slice(0, SHOWN);
};

/** A link to a name's list. @param {Name} name */
export const linkTo = ([path, title]) => {
  const link = document.createElement("a");
  link.href = new URL(path, document.baseURI).href;
  link.textContent = `${title} `;
  const code = document.createElement("span");
  code.className = "count";
  code.textContent = codeOf(path).toUpperCase();
  link.append(code);
  return link;
};

/**
 * Suggests names for a field.
 *
 * @param {HTMLInputElement} field
 * @param {string} label
 * @param {(text: string) => Promise<Name[]>} find
 */
export const suggestFor = (field, label, find) => {
  const list = document.createElement("ul");
  list.id = `suggestions-${++count}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  }))
    field.setAttribute(name, value);
  field.after(list);

  /** @type {Element | undefined} */
  let active;
  const activate = (/** @type {Element | undefined} */ option) => {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) field.setAttribute("aria-activedescendant", active.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const show = (/** @type {Name[]} */ names) => {
    activate(undefined);
    list.replaceChildren(
      ...names.map((name, at) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const link = linkTo(name);
        link.tabIndex = -1;
        option.append(link);
        return option;
      }),
    );
    list.hidden = !names.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };
  const suggest = async () => {
    const typed = field.value;
    const names = await find(typed.trim()).catch(() => []);
    if (field.value === typed && document.activeElement === field) show(names);
  };
  field.addEventListener("input", (event) => {
    // What an input method has not finished is nothing typed.
    if (!(/** @type {InputEvent} */ (event).isComposing)) suggest();
  });
  field.addEventListener("compositionend", suggest);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const options = [...list.children];
    const at = active ? options.indexOf(active) : -1;
    if (event.key === "ArrowDown") activate(options[((at + 2) % (options.length + 1)) - 1]);
    else if (event.key === "ArrowUp")
      activate(options[((at + 1 + options.length) % (options.length + 1)) - 1]);
    else if (event.key === "Escape") show([]);
    else if (event.key === "Enter" && active) active.querySelector("a")?.click();
    else return;
    event.preventDefault();
  });
  // Pressing a suggestion must not take the focus, or the list would be gone before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", () => show([]));
  field.addEventListener("blur", () => show([]));
  field.form?.addEventListener("submit", () => show([]));
};
