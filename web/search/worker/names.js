// @ts-check
// Finds names of lists: of securities, categories and tags.

/** How many names are found at most. */
const SHOWN = 8;

/** A list: its path in the site, its name, and other spellings of that. @typedef {[path: string, name: string, spellings: string]} Name */

/** The code of a security's list. @param {string} path */
export const codeOf = (path) =>
  (path.startsWith("quote/") ? path.slice(path.indexOf(".") + 1) : "").toLowerCase();

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
