// The program behind finews-headlines: the elements of a page, what each shows, and one look for news for all of them. The hook behind
// Trunk (`crates/xtask/src/trunk`) bundles this with what it imports, and fills in LOOK, a style sheet.
import { Site } from "./site.js";
import { draw, drawn } from "./view.js";

// How often anybody may look for news, how often one does who knows nothing of the site yet, and the longest wait a browser knows; in
// seconds.
const LEAST = 5;
const USUAL = 60;
const LONGEST = 2 ** 31 / 1000 - 1;

const MESSAGES = {
  offline: "no answer, or none that this page may read (CORS)",
  refused: "the host gives no news",
  gone: "no site here, or it is being updated",
  damaged: "a file is damaged",
  newer: "the site is newer than this script",
  unknown: "no such category, tag or security",
};

const look = new CSSStyleSheet();
look.replaceSync(LOOK);

const sites = new Map();
const siteAt = (base) => sites.get(base) ?? sites.set(base, new Site(base)).get(base);

// The elements that are in the page and near, and what belongs to each.
const elements = new Map();

// Shows what an element's attributes ask for, now and after every look for news: within `body`, of the site at `own` where the element
// names no other.
export const show = async (element, body, own) => {
  let state = { body };
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

// The same where no file has to be asked for; false where one has.
export const showAtHand = (element, body, own) => {
  try {
    const site = siteOf(element, own);
    const question = questionOf(element);
    const told = site.atHand(...question);
    if (!told) return false;
    take(element, Object.assign(known(element, body), { site }), question, told);
    wait();
    return true;
  } catch {
    // What is wrong is said when it is near.
    return false;
  }
};

const known = (element, body) => {
  const { adoptedStyleSheets: sheets } = body.getRootNode();
  if (!sheets.includes(look)) sheets.push(look);
  if (elements.size === 0) looked = Date.now();
  if (!elements.has(element)) elements.set(element, { body, turn: 0 });
  return elements.get(element);
};

// The site in the folder of an address, whether that ends in its slash, without it, or in a file.
const siteOf = (element, own) => {
  const { protocol, origin, pathname } = new URL(element.src || own, document.baseURI);
  if (!protocol.startsWith("http")) throw new TypeError(`${protocol} is no site's`);
  return siteAt(origin + pathname.replace(/\/[^/]*\.[^/]*$/, "").replace(/\/?$/, "/"));
};

// Forgets an element that has left the page; what it shows stays in it.
export const leave = (element) => {
  elements.delete(element);
  wait();
};

// Tells the page of a click on a headline; where the page has dealt with it, the browser does not.
export const open = (element, event) => {
  const detail = drawn.get(event.target);
  if (detail && !dispatch(element, "finews-open", detail, true)) event.preventDefault();
};

const dispatch = (element, name, detail, cancelable) => element.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable, detail }));

// What is asked for: the kind and the name of a list, empty for the newest stories of all; how many headlines, and whether with
// summaries.
const questionOf = (element) => {
  const lists = ["quote", "tag", "category"].map((kind) => [kind, (element.getAttribute(kind) ?? "").trim()]);
  return [...(lists.find(([, name]) => name) ?? ["", ""]), element.limit, element.summary];
};

const update = async (element, state) => {
  const turn = ++state.turn;
  const { site } = state;
  const question = questionOf(element);
  state.refresh = refreshOf(element, site);
  // A late answer to an older question is no answer.
  const isAsked = () => elements.get(element) === state && turn === state.turn;
  try {
    const told = await site.read(...question);
    if (isAsked()) take(element, state, question, told);
  } catch (failure) {
    if (isAsked()) fail(element, state, failure, state.answered === [site.base, ...question].join() && failure !== "unknown");
  }
  wait();
};

const refreshOf = (element, { manifest }) => {
  const seconds = element.refresh ?? manifest?.settings?.poll ?? USUAL;
  return seconds && Math.min(Math.max(seconds, LEAST), LONGEST);
};

const take = (element, state, question, told) => {
  const { body, site } = state;
  state.refresh = refreshOf(element, site);
  state.answered = [site.base, ...question].join();
  const { manifest } = site;
  const section = draw(element, { base: site.base, isList: !!question[1], site: manifest.site, settings: manifest.settings }, told);
  const before = body.querySelector("section");
  if (before?.isEqualNode(section)) return;
  before?.remove();
  body.append(section);
  body.classList.add("shown");
  dispatch(element, "finews-load", { title: section.firstChild.textContent, count: section.lastChild.childElementCount });
};

// Says what is wrong. News that is there stays, unless it answers another question; else what stands in the element is seen again.
const fail = (element, { body }, failure, stays) => {
  if (!stays) {
    body.querySelector("section")?.remove();
    body.classList.remove("shown");
  }
  const reason = MESSAGES[failure] ? failure : "program";
  dispatch(element, "finews-error", { reason, message: MESSAGES[reason] ?? `${failure}` });
};

// One timer for all elements, as eager as the most eager of them.
let timer;
let looked;
const wait = () => {
  clearTimeout(timer);
  const seconds = Math.min(...[...elements.values()].map(({ refresh }) => refresh || Infinity));
  if (seconds < Infinity) timer = setTimeout(lookForNews, looked + seconds * 1000 - Date.now());
};

const lookForNews = async () => {
  looked = Date.now();
  const isDue = ([element, { refresh, body }]) => {
    const { top, bottom, width } = element.getBoundingClientRect();
    // Not far away, and not below a reader's pointer or finger, where nothing moves.
    return refresh && width && top < 2 * innerHeight && bottom > -innerHeight && !body.matches(":hover, :focus-within");
  };
  const due = document.visibilityState === "visible" ? [...elements].filter(isDue) : [];
  for (const site of new Set(due.map(([, { site }]) => site))) {
    const failure = await site.refresh().catch((failure) => failure);
    for (const [element, state] of due.filter(([element, state]) => state.site === site && elements.get(element) === state)) {
      if (failure) fail(element, state, failure, state.answered);
      else update(element, state);
    }
  }
  wait();
};
