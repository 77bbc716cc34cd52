// @ts-check
// The program of finews-headlines: keeps track of the elements of a page, draws them, and polls for news for all of them. Trunk's hook
// (`crates/xtask/src/trunk`) bundles this with its imports, and defines CONTENT_STYLES, a style sheet.
import { widget as MESSAGES } from "../../words/en.json";
import { Failure } from "../shared/failure.js";
import { Site } from "./site.js";
import { draw, headlinesOfLinks } from "./view.js";

// The shortest polling interval, the default one if a site's setting is unknown, and the longest that
// browsers support; in seconds.
const MIN_REFRESH = 5;
const DEFAULT_REFRESH = 60;
const MAX_REFRESH = 2 ** 31 / 1000 - 1;

const contentStyles = new CSSStyleSheet();
contentStyles.replaceSync(CONTENT_STYLES);

/** @type {Map<string, Site>} */
const sites = new Map();
const siteAt = (/** @type {string} */ base) =>
  /** @type {Site} */ (sites.get(base) ?? sites.set(base, new Site(base)).get(base));

/** @typedef {import("./element.js").HeadlinesElement} Headlines */
/**
 * The state of an element: the box to draw in, the number of its last query, its site, its polling interval in seconds, and the
 * query that the drawn content answers.
 *
 * @typedef {{ body: HTMLElement, queryId: number, site?: Site, refresh?: number, drawnQuery?: string }} State
 */

// The elements of the page that have come near the viewport, or whose files were loaded already.
/** @type {Map<Headlines, State>} */
const elements = new Map();

/**
 * Shows what an element's attributes ask for, now and after each poll, in `body`. The site is at `siteUrl` unless the element names
 * another one.
 *
 * @param {Headlines} element
 * @param {HTMLElement} body
 * @param {URL} siteUrl
 */
export const show = async (element, body, siteUrl) => {
  /** @type {State} */
  let state = { body, queryId: 0 };
  try {
    state = register(element, body);
    state.site = siteOf(element, siteUrl);
    await update(element, state);
  } catch (error) {
    // The element's `src` is not the address of a site, or the element is in another document, which does not
    // accept this style sheet. Such an element is not polled.
    unregister(element);
    showFailure(element, state, error, false);
  }
};

/**
 * Shows an element if all files are loaded; returns false otherwise.
 *
 * @param {Headlines} element
 * @param {HTMLElement} body
 * @param {URL} siteUrl
 */
export const showLoaded = (element, body, siteUrl) => {
  try {
    const site = siteOf(element, siteUrl);
    const query = queryOf(element);
    const answer = site.answerIfLoaded(query);
    if (!answer) return false;
    const state = register(element, body);
    state.site = site;
    showAnswer(element, state, site, query, answer);
    schedule();
    return true;
  } catch {
    // `show` reports the error when the element is near the viewport.
    return false;
  }
};

/** @returns {State} */
const register = (/** @type {Headlines} */ element, /** @type {HTMLElement} */ body) => {
  const { adoptedStyleSheets: sheets } = /** @type {ShadowRoot} */ (body.getRootNode());
  if (!sheets.includes(contentStyles)) sheets.push(contentStyles);
  if (elements.size === 0) polledAt = Date.now();
  if (!elements.has(element)) elements.set(element, { body, queryId: 0 });
  return /** @type {State} */ (elements.get(element));
};

// The site at an address. The address may be that of the site's folder, with or without a final slash, or of
// a file in it.
const siteOf = (/** @type {Headlines} */ element, /** @type {URL} */ siteUrl) => {
  const { protocol, origin, pathname } = new URL(
    /** @type {any} */ (element).src || siteUrl,
    document.baseURI,
  );
  if (!protocol.startsWith("http")) throw new TypeError(`A site's address cannot begin with ${protocol}`);
  return siteAt(origin + pathname.replace(/\/[^/]*\.[^/]*$/, "").replace(/\/?$/, "/"));
};

/**
 * Stops polling for an element. What it shows does not change.
 *
 * @param {Headlines} element
 */
export const unregister = (element) => {
  elements.delete(element);
  schedule();
};

/**
 * Notifies the page of a click on a headline. If the page cancels the event, the browser does not follow the link.
 *
 * @param {Headlines} element
 * @param {Event} event
 */
export const onClick = (element, event) => {
  const detail = event.target && headlinesOfLinks.get(event.target);
  if (detail && !dispatch(element, "finews-open", detail, true)) event.preventDefault();
};

/** @returns {boolean} */
const dispatch = (
  /** @type {Headlines} */ element,
  /** @type {string} */ name,
  /** @type {object} */ detail,
  cancelable = false,
) => element.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable, detail }));

// The query of an element: the kind and name of a list (empty for all stories), the number of headlines, and whether it wants
// summaries.
/** @returns {import("./archive.js").Query} */
const queryOf = (/** @type {Headlines} */ element) => {
  const lists = ["quote", "tag", "category"].map(
    (kind) => /** @type {const} */ ([kind, (element.getAttribute(kind) ?? "").trim()]),
  );
  return [
    ...(lists.find(([, name]) => name) ?? /** @type {const} */ (["", ""])),
    element.limit,
    element.summary,
  ];
};

const update = async (/** @type {Headlines} */ element, /** @type {State} */ state) => {
  const queryId = ++state.queryId;
  const site = /** @type {Site} */ (state.site);
  const query = queryOf(element);
  state.refresh = refreshOf(element, site);
  // An answer to an earlier query is ignored.
  const isCurrent = () => elements.get(element) === state && queryId === state.queryId;
  try {
    const answer = await site.read(query);
    if (isCurrent()) showAnswer(element, state, site, query, answer);
  } catch (failure) {
    if (isCurrent())
      showFailure(
        element,
        state,
        failure,
        state.drawnQuery === [site.base, ...query].join() && failure.message !== "unknown",
      );
  }
  schedule();
};

/** @returns {number} */
const refreshOf = (/** @type {Headlines} */ element, /** @type {Site} */ { manifest }) => {
  const seconds = element.refresh ?? manifest?.settings?.poll ?? DEFAULT_REFRESH;
  return seconds && Math.min(Math.max(seconds, MIN_REFRESH), MAX_REFRESH);
};

/**
 * Draws an answer.
 *
 * @param {Headlines} element
 * @param {State} state
 * @param {Site} site
 * @param {import("./archive.js").Query} query
 * @param {import("./archive.js").Answer} answer
 */
const showAnswer = (element, state, site, query, answer) => {
  const { body } = state;
  state.refresh = refreshOf(element, site);
  state.drawnQuery = [site.base, ...query].join();
  const { manifest } = site;
  const section = draw(
    element,
    { base: site.base, isList: !!query[1], site: manifest.site, settings: manifest.settings },
    answer,
  );
  const before = body.querySelector("section");
  if (before?.isEqualNode(section)) return;
  before?.remove();
  body.append(section);
  body.classList.add("shown");
  dispatch(element, "finews-load", {
    title: section.firstElementChild?.textContent,
    count: answer.rows.length,
  });
};

/**
 * Reports a failure. With `keepsContent` the drawn headlines stay; otherwise the element's own content becomes visible again.
 *
 * @param {Headlines} element
 * @param {State} state
 * @param {Error} failure
 * @param {boolean} keepsContent
 */
const showFailure = (element, { body }, failure, keepsContent) => {
  if (!keepsContent) {
    body.querySelector("section")?.remove();
    body.classList.remove("shown");
  }
  const { message } = failure;
  const reason =
    failure instanceof Failure ? /** @type {import("../shared/failure.js").Reason} */ (message) : "program";
  dispatch(element, "finews-error", {
    reason,
    message: reason === "program" ? `${failure}` : MESSAGES[reason],
  });
};

// One timer for all elements, with the shortest of their intervals.
let timer = 0;
let polledAt = 0;
const schedule = () => {
  clearTimeout(timer);
  const seconds = Math.min(...[...elements.values()].map(({ refresh }) => refresh || Infinity));
  if (seconds < Infinity) timer = setTimeout(poll, polledAt + seconds * 1000 - Date.now());
};

const poll = async () => {
  polledAt = Date.now();
  const isDue = (/** @type {[Headlines, State]} */ [element, { refresh, body }]) => {
    const { top, bottom, width } = element.getBoundingClientRect();
    // Polls only for elements near the viewport, and not for those with the reader's pointer or focus,
    // because nothing should move there.
    return (
      refresh &&
      width &&
      top < 2 * innerHeight &&
      bottom > -innerHeight &&
      !body.matches(":hover, :focus-within")
    );
  };
  const due = document.visibilityState === "visible" ? [...elements].filter(isDue) : [];
  for (const site of new Set(due.map(([, { site }]) => site))) {
    const failure = await /** @type {Site} */ (site).refresh().catch((failure) => failure);
    for (const [element, state] of due.filter(
      ([element, state]) => state.site === site && elements.get(element) === state,
    )) {
      if (failure) showFailure(element, state, failure, !!state.drawnQuery);
      else update(element, state);
    }
  }
  schedule();
};
