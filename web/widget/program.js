// @ts-check
// The program behind finews-headlines: the elements of a page, what each shows, and one look for news for all of them. The hook behind
// Trunk (`crates/xtask/src/trunk`) bundles this with what it imports, and fills in LOOK, a style sheet.
import { widget as MESSAGES } from "../../words/en.json";
import { Failure } from "../shared/failure.js";
import { Site } from "./site.js";
import { draw, drawn } from "./view.js";

// How often anybody may look for news, how often one does who knows nothing of the site yet, and the longest wait a browser knows; in
// seconds.
const LEAST = 5;
const USUAL = 60;
const LONGEST = 2 ** 31 / 1000 - 1;

const look = new CSSStyleSheet();
look.replaceSync(LOOK);

/** @type {Map<string, Site>} */
const sites = new Map();
const siteAt = (/** @type {string} */ base) =>
  /** @type {Site} */ (sites.get(base) ?? sites.set(base, new Site(base)).get(base));

/** @typedef {import("./element.js").HeadlinesElement} Headlines */
/**
 * What belongs to an element: where it is drawn, how often it was asked, of which site it is, how often it wants news in
 * seconds, and the question that it answers.
 *
 * @typedef {{ body: HTMLElement, turn: number, site?: Site, refresh?: number, answered?: string }} State
 */

// The elements that are in the page and near.
/** @type {Map<Headlines, State>} */
const elements = new Map();

/**
 * Shows what an element's attributes ask for, now and after every look for news: within `body`, of the site at `own` if the
 * element names no other.
 *
 * @param {Headlines} element
 * @param {HTMLElement} body
 * @param {URL} own
 */
export const show = async (element, body, own) => {
  /** @type {State} */
  let state = { body, turn: 0 };
  try {
    state = known(element, body);
    state.site = siteOf(element, own);
    await update(element, state);
  } catch (error) {
    // Of no site there is no news to wait for; and another document does not take this one's sheets.
    leave(element);
    fail(element, state, error, false);
  }
};

/**
 * The same if no file has to be asked for; false if one has.
 *
 * @param {Headlines} element
 * @param {HTMLElement} body
 * @param {URL} own
 */
export const showAtHand = (element, body, own) => {
  try {
    const site = siteOf(element, own);
    const question = questionOf(element);
    const told = site.atHand(question);
    if (!told) return false;
    const state = known(element, body);
    state.site = site;
    take(element, state, site, question, told);
    wait();
    return true;
  } catch {
    // What is wrong is said when it is near.
    return false;
  }
};

/** @returns {State} */
const known = (/** @type {Headlines} */ element, /** @type {HTMLElement} */ body) => {
  const { adoptedStyleSheets: sheets } = /** @type {ShadowRoot} */ (body.getRootNode());
  if (!sheets.includes(look)) sheets.push(look);
  if (elements.size === 0) looked = Date.now();
  if (!elements.has(element)) elements.set(element, { body, turn: 0 });
  return /** @type {State} */ (elements.get(element));
};

// The site in the folder of an address, whether that ends in its slash, without it, or in a file.
const siteOf = (/** @type {Headlines} */ element, /** @type {URL} */ own) => {
  const { protocol, origin, pathname } = new URL(/** @type {any} */ (element).src || own, document.baseURI);
  if (!protocol.startsWith("http")) throw new TypeError(`${protocol} is no site's`);
  return siteAt(origin + pathname.replace(/\/[^/]*\.[^/]*$/, "").replace(/\/?$/, "/"));
};

/**
 * Forgets an element that has left the page; what it shows stays in it.
 *
 * @param {Headlines} element
 */
export const leave = (element) => {
  elements.delete(element);
  wait();
};

/**
 * Tells the page of a click on a headline; if the page has dealt with it, the browser does not.
 *
 * @param {Headlines} element
 * @param {Event} event
 */
export const open = (element, event) => {
  const detail = event.target && drawn.get(event.target);
  if (detail && !dispatch(element, "finews-open", detail, true)) event.preventDefault();
};

/** @returns {boolean} */
const dispatch = (
  /** @type {Headlines} */ element,
  /** @type {string} */ name,
  /** @type {object} */ detail,
  cancelable = false,
) => element.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable, detail }));

// What is asked for: the kind and the name of a list, empty for the newest stories of all; how many headlines, and whether with
// summaries.
/** @returns {import("./archive.js").Question} */
const questionOf = (/** @type {Headlines} */ element) => {
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
  const turn = ++state.turn;
  const site = /** @type {Site} */ (state.site);
  const question = questionOf(element);
  state.refresh = refreshOf(element, site);
  // A late answer to an older question is no answer.
  const isAsked = () => elements.get(element) === state && turn === state.turn;
  try {
    const told = await site.read(question);
    if (isAsked()) take(element, state, site, question, told);
  } catch (failure) {
    if (isAsked())
      fail(
        element,
        state,
        failure,
        state.answered === [site.base, ...question].join() && failure.message !== "unknown",
      );
  }
  wait();
};

/** @returns {number} */
const refreshOf = (/** @type {Headlines} */ element, /** @type {Site} */ { manifest }) => {
  const seconds = element.refresh ?? manifest?.settings?.poll ?? USUAL;
  return seconds && Math.min(Math.max(seconds, LEAST), LONGEST);
};

/**
 * Draws what a site told.
 *
 * @param {Headlines} element
 * @param {State} state
 * @param {Site} site
 * @param {import("./archive.js").Question} question
 * @param {import("./archive.js").Told} told
 */
const take = (element, state, site, question, told) => {
  const { body } = state;
  state.refresh = refreshOf(element, site);
  state.answered = [site.base, ...question].join();
  const { manifest } = site;
  const section = draw(
    element,
    { base: site.base, isList: !!question[1], site: manifest.site, settings: manifest.settings },
    told,
  );
  const before = body.querySelector("section");
  if (before?.isEqualNode(section)) return;
  before?.remove();
  body.append(section);
  body.classList.add("shown");
  dispatch(element, "finews-load", {
    title: section.firstElementChild?.textContent,
    count: told.rows.length,
  });
};

/**
 * Says what is wrong. News that is there stays, unless it answers another question; else what stands in the element is seen
 * again.
 *
 * @param {Headlines} element
 * @param {State} state
 * @param {Error} failure
 * @param {boolean} stays
 */
const fail = (element, { body }, failure, stays) => {
  if (!stays) {
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

// One timer for all elements, as eager as the most eager of them.
let timer = 0;
let looked = 0;
const wait = () => {
  clearTimeout(timer);
  const seconds = Math.min(...[...elements.values()].map(({ refresh }) => refresh || Infinity));
  if (seconds < Infinity) timer = setTimeout(lookForNews, looked + seconds * 1000 - Date.now());
};

const lookForNews = async () => {
  looked = Date.now();
  const isDue = (/** @type {[Headlines, State]} */ [element, { refresh, body }]) => {
    const { top, bottom, width } = element.getBoundingClientRect();
    // Not far away, and not below a reader's pointer or finger, where nothing moves.
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
      if (failure) fail(element, state, failure, !!state.answered);
      else update(element, state);
    }
  }
  wait();
};
