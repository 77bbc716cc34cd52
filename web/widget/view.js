// @ts-check
// Draws the content of an element: a section with a heading and rows, made of text and of elements that this file names.

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

// Date formats by language, with and without the year. They are cached because making one is slow.
/** @type {Map<string, Intl.DateTimeFormat>} */
const dateFormats = new Map();
const formatIn = (/** @type {string} */ lang, /** @type {"numeric" | undefined} */ year) => {
  const key = `${lang} ${year}`;
  const format =
    dateFormats.get(key) ??
    new Intl.DateTimeFormat(lang, { timeZone: "UTC", month: "short", day: "numeric", year });
  dateFormats.set(key, format);
  return format;
};

// Formats a story's time, in the UTC offset that it is written with: the time of day if the story is from
// today, otherwise the date. A time without a time of day is a date.
const formatTime = (/** @type {string} */ time, /** @type {string} */ lang) => {
  const [date, clock = ""] = /** @type {[string, string?]} */ (time.split("T"));
  const [, sign, hours, minutes] = /** @type {any[]} */ (/([+-])(\d\d):(\d\d)$/.exec(clock) ?? []);
  const offset = hours ? +`${sign}1` * (hours * 60 + +minutes) * 60000 : 0;
  const today = new Date(Date.now() + offset).toISOString();
  // Digits are the same in every language and align in a column.
  if (clock && today.startsWith(date)) return clock.slice(0, 5);
  try {
    return formatIn(lang, today.startsWith(date.slice(0, 4)) ? undefined : "numeric").format(new Date(date));
  } catch {
    // The browser does not know the language.
    return date;
  }
};

/**
 * The headline that each link shows, for the details of events.
 *
 * @type {WeakMap<EventTarget, object>}
 */
export const headlinesOfLinks = new WeakMap();

/**
 * @param {import("./element.js").HeadlinesElement} element
 * @param {{ base: string, isList: boolean, site: any, settings: any }} site The site at `base`, with values from its manifest.
 * @param {import("./archive.js").Answer} answer
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
  // Without this role, some screen readers do not announce a list without bullets as a list.
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", title);
  for (const { title, path, time, category, summary } of rows) {
    const url = base + path;
    const item = make("li", "item");
    const clock = make("time", "time", formatTime(time, lang));
    const headline = link("headline", title, url);
    clock.dateTime = time;
    headlinesOfLinks.set(headline, { title, url, time, category, summary });
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
