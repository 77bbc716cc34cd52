// @ts-check
// How requests are answered, with the network and without.
//
// Files of the program and of the bundle are named by what is in them: whichever copy is at hand is the right one. So nothing
// can be mixed up: a page, however old, names the very files of the program that it was made with.

// How many pages and files of the bundle are kept of those that were read; the oldest go.
const PAGES_KEPT = 200;
const DATA_KEPT = 300;
// How long the network may take before what is at hand is shown, in milliseconds.
const PATIENCE = 4000;

/**
 * The caches of a site. An origin may have several sites, so they bear its folder.
 *
 * @param {string} folder
 */
export const cachesOf = (folder) => ({
  program: `finews-program${folder}`,
  pages: `finews-pages${folder}`,
  manifest: `finews-manifest${folder}`,
  data: `finews-data${folder}`,
});

/** @param {Response} response */
const isHtml = (response) => (response.headers.get("content-type") ?? "").startsWith("text/html");

/**
 * Puts a response into a cache, of which the newest so many are kept.
 *
 * @param {string} name
 * @param {string} request
 * @param {Response} response
 */
const put = async (name, request, response, kept = Infinity) => {
  const cache = await caches.open(name);
  await cache.put(request, response);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - kept)).map((key) => cache.delete(key)));
};

/** @returns {Promise<void>} */
const patience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE));

/**
 * Answers with a file that its name says everything of: the copy at hand, unless the asker wants none, else the network's.
 *
 * @param {string} name
 * @param {number} [kept] How many files are kept; all if it is not given.
 */
const named = (name, kept) => async (/** @type {FetchEvent} */ event) => {
  const { request } = event;
  const anew = ["reload", "no-store", "no-cache"].includes(request.cache);
  const there = anew ? undefined : await caches.match(request.url);
  if (there) return there;
  const response = await fetch(request);
  // Some hosts answer a page where they have no file; and what was asked for without its checksum is not known to be whole.
  if (response.ok && !isHtml(response) && (kept === undefined || request.integrity))
    event.waitUntil(put(name, request.url, response.clone(), kept));
  return response;
};

/**
 * How each strategy answers.
 *
 * @param {ReturnType<typeof cachesOf>} names
 * @param {string} shell The address of the page for all addresses.
 * @returns {Record<import("./routes.js").Strategy, (event: FetchEvent) => Promise<Response>>}
 */
export const strategies = (names, shell) => ({
  program: named(names.program),
  data: named(names.data, DATA_KEPT),

  // The manifest: the network's; or, where that fails or takes too long, the last one, which says that it is that.
  newest: async (event) => {
    const { url: key, cache } = event.request;
    const last = async () => {
      const kept = await caches.match(key);
      if (!kept) return undefined;
      const headers = new Headers(kept.headers);
      headers.set("finews-stale", "1");
      return new Response(kept.body, { headers });
    };
    const fresh = (async () => {
      // Never what the browser holds: without the network that would pass for new.
      const response = await fetch(key, {
        cache: cache === "reload" ? cache : "no-cache",
        referrerPolicy: "no-referrer",
      });
      const { status, headers } = response;
      const text = await response.text();
      const whole = () => new Response(text, { status, headers });
      if (response.ok) {
        // Not a page in its place, such as those by which networks ask for a login.
        JSON.parse(text);
        await put(names.manifest, key, whole());
      }
      return whole();
    })();
    event.waitUntil(fresh.catch(() => {}));
    try {
      return await Promise.race([fresh, patience().then(async () => (await last()) ?? fresh)]);
    } catch (error) {
      const kept = await last();
      if (!kept) throw error;
      return kept;
    }
  },

  // A page: the network's; or, where that fails or takes too long, the one at hand; else the shell, which reads the bundle.
  page: async (event) => {
    const key = event.request.url.split("#")[0];
    const atHand = async () => {
      const kept = await caches.match(key);
      if (!kept) return caches.match(shell);
      // Which the page can see, as it cannot its other headers.
      const headers = new Headers(kept.headers);
      headers.set("server-timing", "finews-kept");
      return new Response(kept.body, { headers });
    };
    // No navigation preload: where its connection is reset, Firefox shows its own page of errors, whatever is answered here.
    const fresh = fetch(event.request);
    const keep = async () => {
      const response = await fresh;
      if (response.ok && !response.redirected && isHtml(response))
        await put(names.pages, key, response.clone(), PAGES_KEPT);
    };
    // First of all who wait for it, so that it is cloned before its body is the window's.
    event.waitUntil(keep().catch(() => {}));
    try {
      return await Promise.race([fresh, patience().then(async () => (await atHand()) ?? fresh)]);
    } catch (error) {
      const there = await atHand();
      if (!there) throw error;
      return there;
    }
  },
});

/**
 * Takes away files of the program that neither this version nor a page at hand names.
 *
 * @param {ReturnType<typeof cachesOf>} names
 * @param {string[]} current
 * @param {string} shell
 */
export const sweep = async (names, current, shell) => {
  /** @returns {string[]} */
  const within = (/** @type {string} */ text) => text.match(/[a-z]+-[0-9a-f]{16}\.[a-z]+/g) ?? [];
  const textOf = async (/** @type {Cache} */ cache, /** @type {RequestInfo} */ key) =>
    (await (await cache.match(key))?.text()) ?? "";
  const program = await caches.open(names.program);
  const pages = await caches.open(names.pages);
  const needed = new Set(current.flatMap(within));
  const found = [await textOf(program, shell)];
  for (const key of await pages.keys()) found.push(await textOf(pages, key));
  const files = new Map((await program.keys()).map((key) => [within(key.url)[0], key]));
  // A script names further files.
  while (found.length > 0) {
    for (const name of within(found.pop() ?? "")) {
      const file = files.get(name);
      if (file && !needed.has(name) && name.endsWith(".js")) found.push(await textOf(program, file));
      needed.add(name);
    }
  }
  await Promise.all(
    [...files].filter(([name]) => name && !needed.has(name)).map(([, key]) => program.delete(key)),
  );
};
