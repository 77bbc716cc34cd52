// @ts-check
// What an element shows: a section with a heading and rows, of elements that this file names and of text.

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} part
 */
const make = (name, part, text = "") => {
  const element = document.createElement(name);
  element.setAttribute("part", part);
  element.textContent = text;
  return element;
};

// Dates by language, with the year and without: to make one takes longer than to use it a hundred times.
/** @type {Map<string, Intl.DateTimeFormat>} */
const dates = new Map();
const dateIn = (/** @type {string} */ lang, /** @type {"numeric" | undefined} */ year) => {
  const key = `${lang} ${year}`;
  const format =
    dates.get(key) ??
    new Intl.DateTimeFormat(lang, { timeZone: "UTC", month: "short", day: "numeric", year });
  dates.set(key, format);
  return format;
};

// The time of a story of today, the date of one of another day, on the site's clock.
const when = (/** @type {string} */ time, /** @type {string} */ lang) => {
  const [date, clock] = /** @type {[string, string]} */ (time.split("T"));
  const [, sign, hours, minutes] = /** @type {any[]} */ (/([+-])(\d\d):(\d\d)$/.exec(clock) ?? []);
  const ahead = hours ? +`${sign}1` * (hours * 60 + +minutes) * 60000 : 0;
  const today = new Date(Date.now() + ahead).toISOString();
  // Digits mean the same in every language, and stand in one column.
  if (today.startsWith(date)) return clock.slice(0, 5);
  try {
    return dateIn(lang, today.startsWith(date.slice(0, 4)) ? undefined : "numeric").format(new Date(date));
  } catch {
    // A language that the browser does not know.
    return date;
  }
};

/**
 * The headlines of the links that were drawn, as events carry them.
 *
 * @type {WeakMap<EventTarget, object>}
 */
export const drawn = new WeakMap();

/**
 * @param {import("./element.js").HeadlinesElement} element
 * @param {{ base: string, isList: boolean, site: any, settings: any }} site A site at `base`, with its manifest's values.
 * @param {import("./archive.js").Told} told
 */
export const draw = (element, { base, isList, site, settings }, { title: name, path, rows }) => {
  const lang = element.lang || site.lang;
  const title = name || site.title;
  const { target } = /** @type {any} */ (element);
  const link = (/** @type {string} */ part, /** @type {string} */ text, /** @type {string} */ url) => {
    const link = make("a", part, text);
    link.href = url;
    if (target) Object.assign(link, { target, rel: "noopener" });
    return link;
  };
  const section = make("section", "widget");
  const heading = make("div", "heading");
  const list = make("ol", "list");
  section.lang = lang;
  // A list without bullets is no list to some readers' programs.
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", title);
  for (const { title, path, time, category, summary } of rows) {
    const url = base + path;
    const item = make("li", "item");
    const clock = make("time", "time", when(time, lang));
    const headline = link("headline", title, url);
    clock.dateTime = time;
    drawn.set(headline, { title, url, time, category, summary });
    item.append(clock, headline);
    if (summary) item.append(make("span", "summary", summary));
    if (category && !isList) item.append(make("span", "category", category));
    list.append(item);
  }
  const [day, night] = settings?.accent ?? [];
  if (day) section.style.setProperty("--accent-day", day);
  if (night) section.style.setProperty("--accent-night", night);
  heading.append(link("title", title, base + path));
  section.append(heading, list);
  return section;
};
