// @ts-check
// The strategies by which requests are answered, from the network or from caches.
//
// The names of program files, and of bundle files except the manifest, contain their hashes, so any cached
// copy is the right one. A page of any age works, because it names exactly the program files that it was made
// with.

// The largest number of pages and of bundle files in the caches; the oldest are deleted.
const MAX_PAGES = 200;
const MAX_DATA = 300;
// How long to wait for the network before answering from a cache, in milliseconds.
const NETWORK_TIMEOUT = 4000;

/**
 * The names of a site's caches. They contain its folder, because an origin may have several sites.
 *
 * @param {string} folder
 */
export const cacheNamesOf = (folder) => ({
  program: `finews-program${folder}`,
  pages: `finews-pages${folder}`,
  manifest: `finews-manifest${folder}`,
  data: `finews-data${folder}`,
});

/** @param {Response} response */
const isHtml = (response) => (response.headers.get("content-type") ?? "").startsWith("text/html");

/**
 * Puts a response into a cache, and deletes the oldest entries beyond `max`.
 *
 * @param {string} name
 * @param {string} request
 * @param {Response} response
 */
const put = async (name, request, response, max = Infinity) => {
  const cache = await caches.open(name);
  await cache.put(request, response);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - max)).map((key) => cache.delete(key)));
};

/** @returns {Promise<void>} */
const timeout = () => new Promise((resolve) => setTimeout(resolve, NETWORK_TIMEOUT));

/**
 * Answers with a file whose name contains its hash: from any cache, or from the network if no cache has the
 * file or the request bypasses caches.
 *
 * @param {string} name
 * @param {number} [max] The largest number of files in the cache; unlimited if missing.
 */
const cacheFirst = (name, max) => async (/** @type {FetchEvent} */ event) => {
  const { request } = event;
  const bypassesCache = ["reload", "no-store", "no-cache"].includes(request.cache);
  const cached = bypassesCache ? undefined : await caches.match(request.url);
  if (cached) return cached;
  const response = await fetch(request);
  // Some hosts answer with a page if they have no such file. A bundle file is cached only if the request had
  // a checksum, which proves the file intact.
  if (response.ok && !isHtml(response) && (max === undefined || request.integrity))
    event.waitUntil(put(name, request.url, response.clone(), max));
  return response;
};

/**
 * The strategies.
 *
 * @param {ReturnType<typeof cacheNamesOf>} names
 * @param {string} shell The address of the page for addresses without a page of their own.
 * @returns {Record<import("./routes.js").Strategy, (event: FetchEvent) => Promise<Response>>}
 */
export const strategies = (names, shell) => ({
  program: cacheFirst(names.program),
  data: cacheFirst(names.data, MAX_DATA),

  // The manifest from the network; if that fails or takes too long, the cached one, marked by a header.
  manifest: async (event) => {
    const { url: key, cache } = event.request;
    const cachedManifest = async () => {
      const cached = await caches.match(key);
      if (!cached) return undefined;
      const headers = new Headers(cached.headers);
      headers.set("finews-stale", "1");
      return new Response(cached.body, { headers });
    };
    const fresh = (async () => {
      // The browser's cache must not answer without asking the host, because an old manifest would then seem
      // current offline.
      const response = await fetch(key, {
        cache: cache === "reload" ? cache : "no-cache",
        referrerPolicy: "no-referrer",
      });
      const { status, headers } = response;
      const text = await response.text();
      const copy = () => new Response(text, { status, headers });
      if (response.ok) {
        // Throws for a page, such as the login page of a network.
        JSON.parse(text);
        await put(names.manifest, key, copy());
      }
      return copy();
    })();
    event.waitUntil(fresh.catch(() => {}));
    try {
      return await Promise.race([fresh, timeout().then(async () => (await cachedManifest()) ?? fresh)]);
    } catch (error) {
      const cached = await cachedManifest();
      if (!cached) throw error;
      return cached;
    }
  },

  // A page from the network; if that fails or takes too long, the cached page or, if there is none, the
  // shell, which reads the bundle.
  page: async (event) => {
    const key = event.request.url.split("#")[0];
    const fromCache = async () => {
      const cached = await caches.match(key);
      if (!cached) return caches.match(shell);
      // The page can read this header of its own response, but no other.
      const headers = new Headers(cached.headers);
      headers.set("server-timing", "finews-kept");
      return new Response(cached.body, { headers });
    };
    // Does not use navigation preload: if the connection of a preload is reset, Firefox shows its own error
    // page instead of this answer.
    const fresh = fetch(event.request);
    const store = async () => {
      const response = await fresh;
      if (response.ok && !response.redirected && isHtml(response))
        await put(names.pages, key, response.clone(), MAX_PAGES);
    };
    // This comes first, so that the response is cloned before the window reads its body.
    event.waitUntil(store().catch(() => {}));
    try {
      return await Promise.race([fresh, timeout().then(async () => (await fromCache()) ?? fresh)]);
    } catch (error) {
      const cached = await fromCache();
      if (!cached) throw error;
      return cached;
    }
  },
});

/**
 * Deletes program files that neither this version nor a cached page needs.
 *
 * @param {ReturnType<typeof cacheNamesOf>} names
 * @param {string[]} current
 * @param {string} shell
 */
export const sweep = async (names, current, shell) => {
  /** @returns {string[]} */
  const filesIn = (/** @type {string} */ text) => text.match(/[a-z]+-[0-9a-f]{16}\.[a-z]+/g) ?? [];
  const textOf = async (/** @type {Cache} */ cache, /** @type {RequestInfo} */ key) =>
    (await (await cache.match(key))?.text()) ?? "";
  const program = await caches.open(names.program);
  const pages = await caches.open(names.pages);
  const needed = new Set(current.flatMap(filesIn));
  const textsToScan = [await textOf(program, shell)];
  for (const key of await pages.keys()) textsToScan.push(await textOf(pages, key));
  const files = new Map((await program.keys()).map((key) => [filesIn(key.url)[0], key]));
  // Scripts name further files.
  while (textsToScan.length > 0) {
    for (const name of filesIn(textsToScan.pop() ?? "")) {
      const file = files.get(name);
      if (file && !needed.has(name) && name.endsWith(".js")) textsToScan.push(await textOf(program, file));
      needed.add(name);
    }
  }
  await Promise.all(
    [...files].filter(([name]) => name && !needed.has(name)).map(([, key]) => program.delete(key)),
  );
};
