// @ts-check
// Suggests names while the reader types: a combobox with a list box
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Each name leads to its list.

import { codeOf } from "./worker/names.js";

/** @typedef {import("./worker/names.js").Name} Name */

let count = 0;

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
