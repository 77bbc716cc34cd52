// @ts-check
// The search page: the field, what was found, and what is still being searched.
import { Failure } from "../shared/failure.js";
import { changed, dateOf, dayOf, requestOf, yearOf } from "./address.js";
import { closeArchive, openArchive } from "./archive.js";
import { mark, removeMarks } from "./marks.js";
import { isSlashOff, turnSlash } from "./shortcut.js";
import { hasQuotations, Stories, snippetOf, textOf, whenStayedOn } from "./snippets.js";
import { linkTo } from "./suggestions.js";

/** The number of rows that are added at a time, and of those that are shown before the others. */
const [BATCH, SCREEN] = [15, 6];
/** How long a reader pauses in typing, in milliseconds, before what the search needs is read ahead. */
const PAUSE = 300;

/** @typedef {import("finews-search").RunningSearch} RunningSearch */
/** @typedef {Awaited<ReturnType<typeof openArchive>>} Archive */
/**
 * Shows headlines in an element, as lists do, and remembers how many batches are shown.
 *
 * @typedef {(element: Element, json: string, batches: number) => void} ShowRows
 */

const [KEPT_SCRIPT] = KEPT;

/** Loads the search of what is kept. @returns {Promise<typeof import("./kept.js")>} */
export const importKept = () => import(KEPT_SCRIPT);

/**
 * A text with a value in its braces.
 *
 * @param {string} text
 * @param {string} value
 */
const filled = (text, value) => text.replace("{}", value);

/** @param {(callback: () => void) => void} call @returns {Promise<void>} */
const after = (call) => new Promise((resolve) => call(() => resolve()));

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

/**
 * The years of what was found, the newest first, with how much that is in each.
 *
 * @param {RunningSearch} search
 * @param {Archive} archive
 */
const totalsByYear = (search, { head }) => {
  const days = head.segments.flatMap(({ first_day, days }) => [first_day, first_day + days.length - 1]);
  const [first, last] = [Math.min(...days), Math.max(...days)].map(yearOf);
  const years = [];
  let before = 0;
  for (let year = last; year >= first; year--) {
    const since = search.totalSince(dayOf(dateIn(year, "01-01")));
    if (since > before) years.push([year, since - before]);
    before = since;
  }
  return years;
};

/**
 * A date in a year.
 *
 * @param {number} year
 * @param {string} day
 */
const dateIn = (year, day) => `${String(year).padStart(4, "0")}-${day}`;

const words = WORDS;

/** Snippets by query and story: a reader who comes back finds each row at its place. @type {Map<string, string>} */
const snippets = new Map();

/** A search page, from when it is shown until the reader leaves it. */
export class SearchPage {
  /**
   * @param {Promise<import("./archive.js").Program>} program
   * @param {HTMLElement} root The element of the page, with its field.
   * @param {{ showRows: ShowRows, batches: number, y: number }} viewer
   * @param {(text: string) => Promise<import("./suggestions.js").Name[]>} nearest
   */
  constructor(program, root, viewer, nearest) {
    this.program = program;
    this.root = root;
    this.viewer = viewer;
    this.nearest = nearest;
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
    /** The rows that are shown, as the index tells them. */
    this.first = "";
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
    this.observer?.disconnect();
    removeMarks();
    this.forget();
  }

  /** Removes what the page says of an earlier search. */
  forget() {
    delete this.main.dataset.search;
    delete this.main.dataset.total;
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
        const remove = element("button", { type: "button", class: "button" }, `${value} ✕`);
        remove.setAttribute("aria-label", filled(words.without, value));
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
      const request = requestOf(changed(this.query, { q: words }));
      const archive = this.program.then(openArchive);
      // The search itself tells what fails.
      archive.then((archive) => archive.readAhead(request)).catch(() => {});
    }, PAUSE);
  }

  /** Searches, and shows what is found. */
  async run() {
    const request = requestOf(this.query);
    if (!request.words && !request.lists.length) return;
    const { signal } = this.ended;
    this.status.textContent = words.searching;
    this.forget();
    this.results.replaceChildren();
    [this.shown, this.first] = [0, ""];
    try {
      const archive = await openArchive(await this.program);
      if (signal.aborted) return;
      const search = archive.begin(request);
      signal.addEventListener("abort", () => search.free(), { once: true });
      this.observe(search, archive);
      await this.search(archive, search);
    } catch {
      if (signal.aborted) return;
      closeArchive();
      await this.searchKept(request);
    }
  }

  /**
   * Searches the stories that are kept in this browser, because the index cannot be read.
   *
   * @param {import("./archive.js").Request} request
   */
  async searchKept(request) {
    const { signal } = this.ended;
    const rows = await Promise.all([this.program, importKept()])
      .then(([{ fold }, { keptRows }]) => keptRows(request, fold, textOf))
      .catch(() => /** @type {object[]} */ ([]));
    if (signal.aborted) return;
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
   * @param {Archive} archive
   * @param {RunningSearch} search
   */
  async search(archive, search) {
    const { signal } = this.ended;
    let isShowing = Promise.resolve();
    await archive.run(search, signal, () => {
      const settled = search.settled();
      if (!settled) return;
      this.count(archive, search);
      // What is there is shown while older stories are searched.
      isShowing = isShowing.then(() => this.showFirst(archive, search, settled));
      // It fails again below.
      isShowing.catch(() => {});
    });
    await isShowing;
    if (signal.aborted) return;
    const total = search.total();
    if (!total && search.missing(true).length) throw new Failure("offline");
    this.count(archive, search);
    await this.showFirst(archive, search, total);
    this.restorePlace();
    this.finish(archive, search, total);
  }

  /**
   * Says how much was found so far, by years.
   *
   * @param {Archive} archive
   * @param {RunningSearch} search
   */
  count(archive, search) {
    const { since } = archive;
    const total = search.total();
    const unsearched = this.yearsOf(search.missing(false));
    const some = unsearched ? words.more_than : total === 1 ? words.story : words.stories;
    const found = filled(total ? some : words.nothing, this.number.format(total));
    const notes = [
      unsearched && filled(words.unsearched, unsearched),
      since && filled(words.since, dateOf(since)),
      search.isApproximate && words.approximate,
      search.hasCharacter && words.character,
    ];
    this.status.textContent = [found, ...notes.filter(Boolean)].join(" · ");
    this.main.dataset.total = String(total);
    const years = totalsByYear(search, archive);
    if (years.length < 2) return;
    const links = years.map(([year, count]) => {
      const query = changed(this.query, { from: dateIn(year, "01-01"), to: dateIn(year, "12-31") });
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
   * Shows the first rows that are not shown yet, as many as the reader had seen. What failed before may be found now, so
   * that other rows are the first ones.
   *
   * @param {Archive} archive
   * @param {RunningSearch} search
   * @param {number} settled How many rows stay the first ones.
   */
  async showFirst(archive, search, settled) {
    if (this.ended.signal.aborted) return;
    const wanted = Math.max(this.shown, Math.max(1, this.viewer.batches) * BATCH);
    if (this.first !== String(search.rows(0, this.shown))) {
      this.results.replaceChildren();
      this.shown = 0;
    }
    const count = Math.min(settled, wanted) - this.shown;
    if (count > 0) await this.show(archive, search, count);
    if (this.shown >= wanted) this.restorePlace();
  }

  /** Scrolls once to the place where the reader was, unless they have scrolled since. */
  restorePlace() {
    if (this.y && !this.ended.signal.aborted) scrollTo(0, this.y);
    this.y = 0;
  }

  /**
   * Shows the next rows.
   *
   * @param {Archive} archive
   * @param {RunningSearch} search
   * @param {number} count
   */
  async show(archive, search, count) {
    const from = this.shown;
    const screen = archive.rows(search, from, from + Math.min(count, SCREEN));
    // Requests take time too, which those of the first screen have first.
    const rest = after(setTimeout).then(() => archive.rows(search, from + SCREEN, from + count));
    rest.catch(() => {});
    await this.append(await screen, search);
    await this.append(await rest, search);
  }

  /**
   * @param {any[]} rows
   * @param {RunningSearch} search
   */
  async append(rows, search) {
    if (!rows.length || this.ended.signal.aborted) return;
    const before = this.shown;
    this.shown += rows.length;
    this.first = String(search.rows(0, this.shown));
    const batches = Math.max(this.viewer.batches, Math.ceil(this.shown / BATCH));
    this.viewer.showRows(this.results, JSON.stringify(rows), batches);
    // They are painted before they are marked.
    await after(requestAnimationFrame);
    await after(setTimeout);
    if (this.ended.signal.aborted) return;
    const shown = [...this.results.children].slice(before, before + rows.length);
    for (const [at, row] of shown.entries()) {
      for (const part of row.querySelectorAll(".title, .summary, .meta"))
        mark(part, (text) => search.marks(text));
      this.rowOf.set(row, rows[at]);
      const snippet = snippets.get(location.search + rows[at].slug);
      if (snippet) this.addSnippet(row, snippet, search);
      else this.observer?.observe(row);
    }
  }

  /** The headlines of the rows. @type {WeakMap<Element, any>} */
  rowOf = new WeakMap();

  /**
   * Shows the words around the first hit of a row on which the reader stays, or that those of a quotation are not beside
   * each other there, which the index does not tell.
   *
   * @param {RunningSearch} search
   * @param {Archive} archive
   */
  observe(search, archive) {
    const stories = new Stories(archive.manifest);
    this.observer = whenStayedOn(async (element) => {
      const row = this.rowOf.get(element);
      const text = await stories.text(row).catch(() => "");
      if (!text || this.ended.signal.aborted) return;
      const all = this.query.has("titles") ? [row.title] : [row.title, text, row.securities];
      const isExact = hasQuotations(all.join("\n"), this.query.get("q") ?? "", archive.program.fold);
      const snippet = isExact ? snippetOf(text, search.marks(text)) : words.apart;
      if (!snippet) return;
      snippets.set(location.search + row.slug, snippet);
      this.addSnippet(element, snippet, search);
    });
  }

  /**
   * @param {Element} row
   * @param {string} snippet
   * @param {RunningSearch} search
   */
  addSnippet(row, snippet, search) {
    const paragraph = element("p", { class: "summary snippet" }, snippet);
    row.querySelector(".title")?.after(paragraph);
    mark(paragraph, (text) => search.marks(text));
  }

  /**
   * Says that the search has ended, and how to go on.
   *
   * @param {Archive} archive
   * @param {RunningSearch} search
   * @param {number} total
   */
  finish(archive, search, total) {
    if (this.ended.signal.aborted) return;
    const failed = this.yearsOf(search.missing(true));
    const unsearched = this.yearsOf(search.missing(false));
    const again = (/** @type {() => void} */ prepare) => () => {
      prepare();
      return this.search(archive, search);
    };
    this.main.dataset.search = failed ? "failed" : unsearched || archive.since ? "partial" : "done";
    this.more.replaceChildren();
    if (this.shown < total) {
      const next = () => this.show(archive, search, BATCH).then(() => this.finish(archive, search, total));
      this.more.append(this.button(words.more, next));
    } else if (unsearched) {
      this.more.append(
        this.button(
          filled(words.search_older, unsearched),
          again(() => search.searchAll()),
        ),
      );
    }
    if (failed) {
      this.more.append(
        filled(words.not_searched, failed),
        " ",
        this.button(
          words.retry,
          again(() => search.retry()),
        ),
      );
    }
    if (!total && !unsearched && !failed) this.showNearest();
  }

  /** Shows names like the words, where nothing was found. */
  async showNearest() {
    const names = await this.nearest(this.query.get("q") ?? "").catch(() => []);
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
