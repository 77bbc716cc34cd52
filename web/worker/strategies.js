// How requests are answered, with the network and without.
//
// Files of the program and of the bundle are named by what is in them: whichever copy is at hand is the right one. So nothing
// can be mixed up: a page, however old, names the very files of the program that it was made with.

export const PROGRAM = "finews-program";
export const PAGES = "finews-pages";
export const DATA = "finews-data";
export const SAVED = "finews-saved";

// How many pages and files of the bundle are kept of those that were read; the oldest go.
const KEPT = { [PAGES]: 200, [DATA]: 300 };
// How long a page may take before one that is at hand is shown, in milliseconds.
const PATIENCE = 4000;

const put = async (name, request, response) => {
  const cache = await caches.open(name);
  await cache.put(request, response);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - (KEPT[name] ?? Infinity))).map((key) => cache.delete(key)));
};

// A copy at hand, unless the asker wants none.
const atHand = async ({ request }) => (["reload", "no-store", "no-cache"].includes(request.cache) ? undefined : caches.match(request.url));

const named = (name) => async (event) => {
  const there = await atHand(event);
  if (there) return there;
  const response = await fetch(event.request);
  // What was asked for without its checksum is not known to be whole.
  if (response.ok && (name === PROGRAM || event.request.integrity)) event.waitUntil(put(name, event.request.url, response.clone()));
  return response;
};

export const strategies = (shell) => ({
  program: named(PROGRAM),
  data: named(DATA),

  // The manifest: the network's, or the last one, which says that it is that.
  newest: async (event) => {
    const key = event.request.url;
    try {
      // Past what the browser holds: without the network that would pass for new.
      const response = await fetch(key, { cache: "no-cache", referrerPolicy: "no-referrer" });
      const { status, headers } = response;
      const whole = new Response(await response.arrayBuffer(), { status, headers });
      if (whole.ok) event.waitUntil(put(DATA, key, whole.clone()));
      return whole;
    } catch (error) {
      const last = await caches.match(key);
      if (!last) throw error;
      const headers = new Headers(last.headers);
      headers.set("finews-stale", "1");
      return new Response(last.body, { headers });
    }
  },

  // A page: the network's; the one at hand where that fails or takes too long; else the shell, which reads the bundle.
  page: async (event) => {
    const key = event.request.url.split("#")[0];
    const fresh = (async () => {
      const response = (await event.preloadResponse) ?? (await fetch(event.request));
      if (response.ok && !response.redirected) event.waitUntil(put(PAGES, key, response.clone()));
      return response;
    })();
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(async () => (await caches.match(key)) ?? fresh);
    try {
      return await Promise.race([fresh, late]);
    } catch (error) {
      const there = (await caches.match(key)) ?? (await caches.match(shell));
      if (!there) throw error;
      return there;
    }
  },
});

// Takes away files of the program that neither this version nor a page at hand names.
export const sweep = async (current) => {
  const names = (text) => text.match(/[a-z]+-[0-9a-f]{16}\.[a-z]+/g) ?? [];
  const needed = new Set(current.flatMap(names));
  const program = await caches.open(PROGRAM);
  const pages = await caches.open(PAGES);
  for (const key of await pages.keys()) for (const name of names(await (await pages.match(key)).text())) needed.add(name);
  const files = await program.keys();
  const nameOf = (key) => names(key.url)[0];
  // A script names further files.
  for (const key of files) {
    if (needed.has(nameOf(key)) && key.url.endsWith(".js")) for (const name of names(await (await program.match(key)).text())) needed.add(name);
  }
  await Promise.all(files.filter((key) => nameOf(key) && !needed.has(nameOf(key))).map((key) => program.delete(key)));
};
