// @ts-check
// The search page: the field, what was found, and what is still being searched.
import { search as english } from "../../words/en.json";
import { search as chinese } from "../../words/zh.json";
import { changed, requestOf, yearOf } from "./address.js";
import { Archive } from "./archive.js";
import { mark, removeMarks } from "./marks.js";
import { Stories, snippetOf, whenStayedOn } from "./snippets.js";

/** The number of rows that are added at a time. */
const BATCH = 20;

/** @typedef {import("finews-search").RunningSearch} RunningSearch */
/** Shows headlines in an element, as lists do. @typedef {(element: Element, json: string) => void} ShowRows */

/**
 * A text with a value in its braces.
 *
 * @param {string} text
 * @param {string} value
 */
const filled = (text, value) => text.replace("{}", value);

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
};

/** A search page, from when it is shown until the reader leaves it. */
export class SearchPage {
  /**
   * @param {Promise<typeof import("finews-search")>} program
   * @param {HTMLElement} root The element of the page, with its field.
   * @param {{ showRows: ShowRows, remember: (batches: number) => void, batches: number, y: number }} viewer
   */
  constructor(program, root, viewer) {
    this.program = program;
    this.root = root;
    this.viewer = viewer;
    this.words = document.documentElement.lang.startsWith("zh") ? chinese : english;
    this.number = new Intl.NumberFormat(document.documentElement.lang);
    this.main = /** @type {HTMLElement} */ (root.closest("main"));
    this.form = /** @type {HTMLFormElement} */ (root.querySelector("form"));
    this.field = /** @type {HTMLInputElement} */ (root.querySelector("input[type=search]"));
    this.query = new URLSearchParams(location.search);
    this.ended = new AbortController();
    this.shown = 0;
    this.status = element("p", { class: "search-status", role: "status" });
    this.years = element("nav", { class: "search-years", "aria-label": this.words.years });
    this.results = element("div", { class: "results" });
    this.more = element("p", { class: "more" });
    root.append(this.options(), this.status, this.years, this.results, this.more);
    this.field.value = this.query.get("q") ?? "";
    const { signal } = this.ended;
    this.form.addEventListener("submit", (event) => this.submit(event), { signal });
    if (!this.field.value && !location.hash) this.field.focus();
  }

  /** Leaves the page. */
  stop() {
    this.ended.abort();
    this.observer?.disconnect();
    removeMarks();
  }

  /** The options below the field: titles only, and the lists and days that the search is restricted to. */
  options() {
    const titles = element("input", {
      type: "checkbox",
      ...(this.query.has("titles") ? { checked: "" } : {}),
    });
    titles.addEventListener("change", () =>
      this.go({ titles: /** @type {HTMLInputElement} */ (titles).checked ? "1" : "" }),
    );
    const options = element(
      "p",
      { class: "search-options" },
      element("label", {}, titles, ` ${this.words.in_titles}`),
    );
    for (const name of ["category", "tag", "quote", "from", "to"]) {
      const value = this.query.get(name);
      if (!value) continue;
      const remove = element("button", { type: "button" }, `${value} ✕`);
      remove.setAttribute("aria-label", filled(this.words.without, value));
      remove.addEventListener("click", () => this.go({ [name]: "" }));
      options.append(" ", remove);
    }
    return options;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    this.go({ q: this.field.value.trim() });
  }

  /**
   * Opens the search with other values.
   *
   * @param {Record<string, string>} changes
   */
  go(changes) {
    // The viewer follows links.
    const link = element("a", { href: `${location.pathname}?${changed(this.query, changes)}` });
    this.root.append(link);
    link.click();
    link.remove();
  }

  /** Searches, and shows what is found. */
  async run() {
    const request = requestOf(this.query);
    if (!request.words && !request.lists.length) return;
    const { signal } = this.ended;
    this.status.textContent = this.words.searching;
    try {
      const archive = await Archive.open(await this.program);
      if (signal.aborted) return;
      if (!archive) {
        this.tell("failed", this.words.no_index);
        return;
      }
      const { words, lists, from, to, inTitles } = request;
      const search = archive.index.search(words, lists, from, to, inTitles);
      signal.addEventListener("abort", () => search.free(), { once: true });
      this.observe(search, archive);
      await this.search(archive, search);
    } catch {
      if (!signal.aborted)
        this.tell(
          "failed",
          this.words.failed,
          this.button(this.words.retry, () => this.run()),
        );
    }
  }

  /**
   * @param {Archive} archive
   * @param {RunningSearch} search
   */
  async search(archive, search) {
    const { signal } = this.ended;
    let isShowing = Promise.resolve();
    await archive.run(search, signal, () => {
      const total = search.total();
      if (!total) return;
      this.count(search, total);
      // What is there is shown while older stories are searched.
      isShowing = isShowing.then(() => this.showFirst(archive, search));
    });
    await isShowing;
    if (signal.aborted) return;
    const total = search.total();
    this.count(search, total);
    await this.showFirst(archive, search);
    this.finish(archive, search, total);
  }

  /**
   * Says how much was found so far, by years.
   *
   * @param {RunningSearch} search
   * @param {number} total
   */
  count(search, total) {
    const unsearched = this.yearsOf(search.unsearched());
    const number = this.number.format(total);
    const found = filled(
      unsearched ? this.words.more_than : total === 1 ? this.words.story : this.words.stories,
      number,
    );
    const notes = [
      unsearched && filled(this.words.unsearched, unsearched),
      search.isApproximate && this.words.approximate,
      search.hasCharacter && this.words.character,
    ];
    this.status.textContent = [found, ...notes.filter(Boolean)].join(" · ");
    this.main.dataset.total = String(total);
    /** @type {Map<number, number>} */
    const years = new Map();
    for (const day of search.days()) years.set(yearOf(day), (years.get(yearOf(day)) ?? 0) + 1);
    if (years.size < 2) return;
    const links = [...years].map(([year, count]) => {
      const query = changed(this.query, { from: `${year}-01-01`, to: `${year}-12-31` });
      const label = element("span", { class: "count" }, this.number.format(count));
      return element("a", { href: `${location.pathname}?${query}` }, `${year} `, label);
    });
    this.years.replaceChildren(...links);
  }

  /** The years of some segments, such as “2019–2023”; empty if there are none. @param {Int32Array} days */
  yearsOf(days) {
    if (!days.length) return "";
    const [first, last] = [yearOf(Math.min(...days)), yearOf(Math.max(...days))];
    return first === last ? String(first) : `${first}–${last}`;
  }

  /**
   * Shows the first rows, unless they are shown: as many as the reader had seen, at the place where they were.
   *
   * @param {Archive} archive
   * @param {RunningSearch} search
   */
  async showFirst(archive, search) {
    if (this.shown) return;
    const { batches, y } = this.viewer;
    await this.show(archive, search, Math.max(1, batches) * BATCH);
    if (y && this.shown && !this.ended.signal.aborted) scrollTo(0, y);
  }

  /**
   * Shows the next rows.
   *
   * @param {Archive} archive
   * @param {RunningSearch} search
   * @param {number} count
   */
  async show(archive, search, count) {
    const rows = await archive.rows(search, this.shown, this.shown + count);
    if (this.ended.signal.aborted) return;
    const batch = element("div");
    this.viewer.showRows(batch, JSON.stringify(rows));
    this.results.append(batch);
    this.shown += rows.length;
    this.viewer.remember(Math.ceil(this.shown / BATCH));
    // The viewer shows them in a microtask.
    await new Promise(requestAnimationFrame);
    if (this.ended.signal.aborted) return;
    const shown = [...batch.querySelectorAll(".headline")];
    for (const [at, row] of shown.entries()) {
      for (const part of row.querySelectorAll(".title, .summary, .meta"))
        mark(part, (text) => search.marks(text));
      this.rowOf.set(row, rows[at]);
      this.observer?.observe(row);
    }
  }

  /** The headlines of the rows. @type {WeakMap<Element, any>} */
  rowOf = new WeakMap();

  /**
   * Shows the words around the first hit of a row on which the reader stays.
   *
   * @param {RunningSearch} search
   * @param {Archive} archive
   */
  observe(search, archive) {
    const stories = new Stories(archive.manifest);
    this.observer = whenStayedOn(async (element) => {
      const text = await stories.text(this.rowOf.get(element)).catch(() => "");
      if (this.ended.signal.aborted) return;
      const snippet = snippetOf(text, search.marks(text));
      if (!snippet) return;
      const words = document.createElement("p");
      words.className = "summary snippet";
      words.textContent = snippet;
      element.querySelector(".title")?.after(words);
      mark(words, (text) => search.marks(text));
    });
  }

  /**
   * Says that the search has ended, and how to go on.
   *
   * @param {Archive} archive
   * @param {RunningSearch} search
   * @param {number} total
   */
  finish(archive, search, total) {
    const failed = this.yearsOf(search.failed());
    const unsearched = this.yearsOf(search.unsearched());
    const again = (/** @type {() => void} */ prepare) => () => {
      prepare();
      this.search(archive, search);
    };
    this.main.dataset.search = failed ? "failed" : unsearched ? "partial" : "done";
    this.more.replaceChildren();
    if (this.shown < total) {
      const next = () => this.show(archive, search, BATCH).then(() => this.finish(archive, search, total));
      this.more.append(this.button(this.words.more, next));
    } else if (unsearched) {
      this.more.append(
        this.button(
          filled(this.words.search_older, unsearched),
          again(() => search.searchAll()),
        ),
      );
    }
    if (failed) {
      this.more.append(
        filled(this.words.not_searched, failed),
        " ",
        this.button(
          this.words.retry,
          again(() => search.retry()),
        ),
      );
    }
    if (!total && !unsearched && !failed) this.status.textContent = this.words.nothing;
  }

  /**
   * @param {"done" | "failed"} state
   * @param {string} text
   * @param {...Node} more
   */
  tell(state, text, ...more) {
    this.main.dataset.search = state;
    this.status.replaceChildren(text, " ", ...more);
  }

  /**
   * @param {string} text
   * @param {() => void} callback
   */
  button(text, callback) {
    const button = element("button", { type: "button", class: "button" }, text);
    const click = () => {
      button.setAttribute("disabled", "");
      callback();
    };
    button.addEventListener("click", click, { once: true });
    return button;
  }
}
