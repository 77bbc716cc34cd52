// @ts-check
// The element as a part of a site: it loads its program from the site. Trunk's hook defines PROGRAM, the program's name and checksum.

/** The site's address. */
export const siteUrl = new URL(".", import.meta.url);

let loads = 0;
/** @returns {Promise<typeof import("./program.js")>} */
export const importProgram = async () => {
  const [script, integrity] = PROGRAM;
  // Some browsers remember the address of a failed import forever, and the browser's cache may hold a damaged
  // file, so each attempt uses another address.
  const url = new URL(`${script}?${loads++}`, siteUrl).href;
  // An import cannot have a checksum, but a preload can. (In browsers without modulepreload, this fails after
  // the time limit.)
  const preload = document.createElement("link");
  await new Promise((/** @type {(value?: any) => void} */ onload, onerror) => {
    setTimeout(onerror, 20000);
    document.head.append(
      Object.assign(preload, { rel: "modulepreload", href: url, integrity, onload, onerror }),
    );
  }).finally(() => preload.remove());
  return import(url);
};
