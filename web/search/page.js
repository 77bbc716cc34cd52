// @ts-check
// The search page: the field, what was found, and what is still being searched.
import { Failure } from "../shared/failure.js";
import { changed, dateIn, dateOf, requestOf } from "./address.js";
import { call } from "./engine.js";
import { mark, removeMarks } from "./marks.js";
import { isSlashOff, turnSlash } from "./shortcut.js";
import { whenStayedOn } from "./stays.js";
import { linkTo } from "./suggestions.js";

/** The number of rows that are added at a time, and of those that are shown before the others. */
const [BATCH, SCREEN] = [15, 6];
/** How long a reader pauses in typing, in milliseconds, before what the search needs is read ahead. */
const PAUSE = 300;

/** @typedef {import("./worker/shown.js").State} State */
/** @typedef {import("./worker/shown.js").Years} Years */
/**
 * Shows headlines in an element, as lists do, and remembers how many batches are shown.
 *
 * @typedef {(element: Element, json: string, batches: number) => void} ShowRows
 */

/**
 * A text with a value in its braces.
 *
 * @param {string} text
 * @param {string} value
 */
const filled = (text, value) => text.replace("{}", value);

/** @param {(callback: () => void) => void} schedule @returns {Promise<void>} */
const after = (schedule) => new Promise((resolve) => schedule(() => resolve()));

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

/**
 * A box to check, with its label.
 *
 * @param {string} name
 * @param {string} text
 * @param {boolean} isOn
 * @param {(isOn: boolean) => void} onChange
 */
const checkbox = (name, text, isOn, onChange) => {
  const box = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox" }));
  box.checked = isOn;
  box.addEventListener("change", () => onChange(box.checked));
  return element("label", { class: name }, box, ` ${text}`);
};

/** Years, such as “2019–2023”; empty if there are none. @param {Years} years */
const yearsText = (years) => (years ? [...new Set(years)].join("–") : "");

const words = WORDS;
/** The number of the last search. */
let count = 0;

/** Snippets by query and story: a reader who comes back finds each row at its place. @type {Map<string, string>} */
const snippets = new Map();

/** A search page, from when it is shown until the reader leaves it. */
export class SearchPage {
  /**
   * @param {HTMLElement} root The element of the page, with its field.
   * @param {{ showRows: ShowRows, batches: number, y: number }} viewer
   */
  constructor(root, viewer) {
    this.root = root;
    this.viewer = viewer;
    this.number = new Intl.NumberFormat(document.documentElement.lang);
    this.main = /** @type {HTMLElement} */ (root.closest("main"));
    // A page that the builder has made has a form; that of the masthead is the same.
    const form = root.querySelector("form") ?? document.querySelector(".masthead .search")?.cloneNode(true);
    this.form = /** @type {HTMLFormElement} */ (form);
    this.form.querySelector("ul")?.remove();
    this.field = /** @type {HTMLInputElement} */ (this.form.querySelector("input"));
    this.query = new URLSearchParams(location.search);
    this.ended = new AbortController();
    this.y = viewer.y;
    this.shown = 0;
    /** The number of the search. */
    this.search = 0;
    /** What tells the restriction to a list by the list's name, by its key. @type {Map<string, (name: string) => void>} */
    this.labels = new Map();
    this.status = element("p", { class: "search-status", role: "status" });
    this.years = element("nav", { class: "search-years", "aria-label": words.years });
    this.results = element("ol", { class: "results headlines dated" });
    this.more = element("p", { class: "more" });
    root.append(this.form, this.options(), this.status, this.years, this.results, this.more);
    this.field.value = this.query.get("q") ?? "";
    const { signal } = this.ended;
    const stay = () => {
      this.y = 0;
    };
    for (const type of ["wheel", "touchmove", "keydown"]) addEventListener(type, stay, { signal });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.go({});
    };
    this.form.addEventListener("submit", submit, { signal });
    if (!this.field.value && !location.hash) this.field.focus();
  }

  /** Leaves the page. */
  stop() {
    this.ended.abort();
    if (this.search) call("end", [this.search]).catch(() => {});
    this.observer?.disconnect();
    removeMarks();
    this.forget();
  }

  /** Removes what the page says of an earlier search. */
  forget() {
    delete this.main.dataset.search;
    delete this.main.dataset.total;
  }

  /** Tells the restrictions by the names that rows have of their lists. @param {any[]} rows */
  nameRestrictions(rows) {
    const names = rows.flatMap(({ category = [], securities = [] }) => [category, ...securities]);
    for (const [key, name] of names) this.labels.get(key)?.(name);
  }

  /** The options below the field: titles only, and the lists and days that the search is restricted to. */
  options() {
    const options = element(
      "p",
      { class: "search-options" },
      checkbox("titles", words.in_titles, this.query.has("titles"), (isOn) =>
        this.go({ titles: isOn ? "1" : "" }),
      ),
      " ",
      checkbox("slash", words.slash, !isSlashOff(), turnSlash),
    );
    for (const name of ["category", "tag", "quote", "from", "to"]) {
      for (const value of this.query.getAll(name).filter(Boolean)) {
        const remove = element("button", { type: "button", class: "button" });
        const label = (/** @type {string} */ title) => {
          remove.textContent = `${title} ✕`;
          remove.setAttribute("aria-label", filled(words.without, title));
        };
        label(value);
        this.labels.set(value, label);
        remove.addEventListener("click", () => {
          this.query.delete(name, value);
          this.go({});
        });
        options.append(" ", remove);
      }
    }
    return options;
  }

  /**
   * Opens the search with other values.
   *
   * @param {Record<string, string>} changes
   */
  go(changes) {
    // The viewer follows links.
    const query = changed(this.query, { q: this.field.value.trim(), ...changes });
    const link = element("a", { href: `${location.pathname}?${query}` });
    this.root.append(link);
    link.click();
    link.remove();
  }

  /** Reads ahead what a search for words needs that the reader is typing. @param {string} words */
  readAhead(words) {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      // The search itself tells what fails.
      call("readAhead", [requestOf(changed(this.query, { q: words }))]).catch(() => {});
    }, PAUSE);
  }

  /** Searches, and shows what is found. */
  async run() {
    const request = requestOf(this.query);
    if (!request.words && !request.lists.length) return;
    this.status.textContent = words.searching;
    this.forget();
    this.results.replaceChildren();
    this.shown = 0;
    this.search = ++count;
    this.observe();
    try {
      await this.follow("search", request);
    } catch {
      if (!this.ended.signal.aborted) await this.searchKept(request);
    }
  }

  /**
   * Searches the stories that are kept in this browser, because the index cannot be read.
   *
   * @param {import("./worker/archive.js").Request} request
   */
  async searchKept(request) {
    const rows = await call("kept", [request]).catch(() => []);
    if (this.ended.signal.aborted) return;
    this.main.dataset.search = "failed";
    this.main.dataset.total = String(rows.length);
    this.status.textContent = rows.length
      ? filled(words.kept, this.number.format(rows.length))
      : words.failed;
    this.more.replaceChildren(this.button(words.retry, () => this.run()));
    this.results.replaceChildren();
    this.years.replaceChildren();
    if (rows.length) this.viewer.showRows(this.results, JSON.stringify(rows), 1);
  }

  /**
   * Shows what a search finds, while it runs and when it has ended.
   *
   * @param {"search" | "goOn"} name The worker's function that begins the search, or goes on with it.
   * @param {import("./worker/archive.js").Request | boolean} how
   */
  async follow(name, how) {
    let isShowing = Promise.resolve();
    const state = await call(name, [this.search, how], (state) => {
      if (!state.settled || this.ended.signal.aborted) return;
      this.count(state);
      // What is there is shown while older stories are searched.
      isShowing = isShowing.then(() => this.showFirst(state.settled));
      // It fails again below.
      isShowing.catch(() => {});
    });
    await isShowing;
    if (this.ended.signal.aborted) return;
    if (!state.total && state.failed) throw new Failure("offline");
    this.count(state);
    await this.showFirst(state.total);
    this.restorePlace();
    this.finish(state);
  }

  /** Says how much was found so far, by years. @param {State} state */
  count({ total, years, since, isApproximate, hasCharacter, ...state }) {
    const unsearched = yearsText(state.unsearched);
    const some = unsearched ? words.more_than : total === 1 ? words.story : words.stories;
    const found = filled(total ? some : words.nothing, this.number.format(total));
    const notes = [
      unsearched && filled(words.unsearched, unsearched),
      since && filled(words.since, dateOf(since)),
      isApproximate && words.approximate,
      hasCharacter && words.character,
    ];
    this.status.textContent = [found, ...notes.filter(Boolean)].join(" · ");
    this.main.dataset.total = String(total);
    if (years.length < 2) return;
    const links = years.map(([year, count]) => {
      const query = changed(this.query, { from: dateIn(year, "01-01"), to: dateIn(year, "12-31") });
      const label = element("span", { class: "count" }, this.number.format(count));
      return element("a", { href: `${location.pathname}?${query}` }, `${year} `, label);
    });
    this.years.replaceChildren(...links);
  }

  /**
   * Shows the first rows that are not shown yet, as many as the reader had seen.
   *
   * @param {number} settled How many rows stay the first ones.
   */
  async showFirst(settled) {
    const wanted = Math.max(1, this.viewer.batches) * BATCH;
    const count = Math.min(settled, wanted) - this.shown;
    if (count > 0) await this.show(count);
    if (this.shown >= wanted) this.restorePlace();
  }

  /** Scrolls once to the place where the reader was, unless they have scrolled since. */
  restorePlace() {
    if (this.y && !this.ended.signal.aborted) scrollTo(0, this.y);
    this.y = 0;
  }

  /** Shows the next rows. @param {number} count */
  async show(count) {
    const { search, shown } = this;
    const rows = (/** @type {number} */ from, /** @type {number} */ to) => call("rows", [search, from, to]);
    const screen = rows(shown, shown + Math.min(count, SCREEN));
    // Requests take time too, which those of the first screen have first.
    const rest = after(setTimeout).then(() => rows(shown + SCREEN, shown + count));
    rest.catch(() => {});
    await this.append(await screen);
    await this.append(await rest);
  }

  /** @param {any[]} rows */
  async append(rows) {
    if (!rows.length || this.ended.signal.aborted) return;
    const before = this.shown;
    this.shown += rows.length;
    this.nameRestrictions(rows);
    const batches = Math.max(this.viewer.batches, Math.ceil(this.shown / BATCH));
    this.viewer.batches = batches;
    this.viewer.showRows(this.results, JSON.stringify(rows), batches);
    // They are painted before they are marked.
    await after(requestAnimationFrame);
    await after(setTimeout);
    if (this.ended.signal.aborted) return;
    const shown = [...this.results.children].slice(before, before + rows.length);
    this.mark(shown.flatMap((row) => [...row.querySelectorAll(".title, .summary, .meta")]));
    for (const [at, row] of shown.entries()) {
      this.rowOf.set(row, rows[at]);
      const snippet = snippets.get(location.search + rows[at].slug);
      if (snippet) this.addSnippet(row, snippet);
      else this.observer?.observe(row);
    }
  }

  /** Marks the words of the search in elements. @param {Element[]} elements */
  async mark(elements) {
    const { search } = this;
    const find = (/** @type {string[]} */ texts) => call("marks", [search, texts]);
    await mark(elements, find, this.ended.signal).catch(() => {});
  }

  /** The headlines of the rows. @type {WeakMap<Element, any>} */
  rowOf = new WeakMap();

  /**
   * Shows the words around the first hit of a row on which the reader stays, or that those of a quotation are not beside
   * each other there, which the index does not tell.
   */
  observe() {
    const { search } = this;
    this.observer?.disconnect();
    this.observer = whenStayedOn(async (element) => {
      const row = this.rowOf.get(element);
      const found = await call("snippet", [search, row]).catch(() => undefined);
      const snippet = found?.isApart ? words.apart : found?.text;
      if (!snippet || this.ended.signal.aborted) return;
      snippets.set(location.search + row.slug, snippet);
      this.addSnippet(element, snippet);
    });
  }

  /**
   * @param {Element} row
   * @param {string} snippet
   */
  addSnippet(row, snippet) {
    const paragraph = element("p", { class: "summary snippet" }, snippet);
    row.querySelector(".title")?.after(paragraph);
    this.mark([paragraph]);
  }

  /** Says that the search has ended, and how to go on. @param {State} state */
  finish(state) {
    if (this.ended.signal.aborted) return;
    const { total, since } = state;
    const [failed, unsearched] = [yearsText(state.failed), yearsText(state.unsearched)];
    this.main.dataset.search = failed ? "failed" : unsearched || since ? "partial" : "done";
    this.more.replaceChildren();
    if (this.shown < total) {
      const next = () => this.show(BATCH).then(() => this.finish(state));
      this.more.append(this.button(words.more, next));
    } else if (unsearched) {
      const older = filled(words.search_older, unsearched);
      this.more.append(this.button(older, () => this.follow("goOn", false)));
    }
    if (failed) {
      const retry = () => {
        // What is found now may stand between the rows that are shown.
        this.y = scrollY;
        removeMarks();
        this.results.replaceChildren();
        this.shown = 0;
        return this.follow("goOn", true);
      };
      this.more.append(filled(words.not_searched, failed), " ", this.button(words.retry, retry));
    }
    if (!total && !unsearched && !failed) this.showNearest();
  }

  /** Shows names like the words, where nothing was found. */
  async showNearest() {
    const names = await call("names", [this.query.get("q") ?? "", true]).catch(() => []);
    if (!names.length || this.ended.signal.aborted) return;
    this.more.replaceChildren(words.nearest, ...names.flatMap((name) => [" ", linkTo(name)]));
  }

  /**
   * A button that can be pressed again if what it does fails.
   *
   * @param {string} text
   * @param {() => Promise<void>} callback
   */
  button(text, callback) {
    const button = element("button", { type: "button", class: "button" }, text);
    button.addEventListener("click", async () => {
      // One at a time.
      this.more.inert = true;
      await callback().catch(() => {
        if (!this.ended.signal.aborted) this.status.textContent = words.failed;
      });
      this.more.inert = false;
    });
    return button;
  }
}
