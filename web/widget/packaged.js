// @ts-check
// The element as a package that a bundler makes a part of another site: its program is imported from the package.

/** The address of the site if an element does not name one: the page's folder. */
export const siteUrl = new URL(".", document.baseURI);

/** @returns {Promise<typeof import("./program.js")>} */
export const importProgram = () => import("./program.js");
