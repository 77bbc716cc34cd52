// Starts the viewer. The hook behind Trunk (`crates/xtask/src/trunk`) bundles this with what wasm-bindgen wrote, and fills in WASM, LATER and
// MARKDOWN, the names of files beside it, with the checksums of those that hold a program.
import start from "finews-viewer";
import { integrityOf } from "../shared/integrity.js";

// A reader's choice of light or dark does not wait for the program.
try {
  const theme = localStorage.getItem("finews-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has no choice to show.
}

// Whether the service worker had the page at hand, which may be an old one.
const { serverTiming = [] } = performance.getEntriesByType("navigation")[0] ?? {};
if (serverTiming.some(({ name }) => name === "finews-kept")) document.documentElement.dataset.kept = "";

// The styles that a first paint does without, for what only the program shows.
const later = document.createElement("link");
later.rel = "stylesheet";
later.href = new URL(LATER, import.meta.url);
document.head.append(later);

// How long the program, or its other half, may take to come, in milliseconds: 190 KB at 3.2 KB/s.
const PATIENCE = 60000;
// How long the host may take to say what is the matter.
const ASKED = 20000;
const inTime = async (promise) => {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(reject, PATIENCE, new DOMException("", "TimeoutError"))));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

// The program that reads Markdown, loaded when the viewer first asks for it; a failed load is tried again. An import does not say why
// it failed, so that is asked: the host's status, or 0 where it does not answer.
const [MARKDOWN_SCRIPT, MARKDOWN_WASM, MARKDOWN_INTEGRITY] = MARKDOWN;
let markdown;
let tries = 0;
const load = async () => {
  // Some browsers remember an import that failed, by its address; and what one holds of the other half may be damaged.
  const program = await import(tries++ ? `${MARKDOWN_SCRIPT}#${tries}` : MARKDOWN_SCRIPT);
  const cache = tries > 1 ? "reload" : "default";
  await program.default({ module_or_path: fetch(new URL(MARKDOWN_WASM, import.meta.url), { cache, integrity: MARKDOWN_INTEGRITY }) });
  return program;
};
const statusOf = async (name) => {
  try {
    // Past what the browser holds, and in its place: that may be damaged, or a page.
    const response = await fetch(new URL(name, import.meta.url), { cache: "reload", signal: AbortSignal.timeout(ASKED) });
    const { status, headers } = response;
    await response.arrayBuffer();
    // Some hosts answer a page where they have no file.
    return headers.get("content-type")?.startsWith("text/html") ? 404 : status;
  } catch {
    return 0;
  }
};
const whyNot = async () => {
  const script = await statusOf(MARKDOWN_SCRIPT);
  return script === 200 ? statusOf(MARKDOWN_WASM) : script;
};
globalThis.finewsMarkdown = async (text, again = true) => {
  markdown ??= load();
  let loaded;
  try {
    loaded = await inTime(markdown);
  } catch (error) {
    // What is on its way still may come; it is there for who asks again.
    if (error.name === "TimeoutError") throw 0;
    markdown = undefined;
    const status = await whyNot();
    if (status === 200 && again) return finewsMarkdown(text, false);
    throw status;
  }
  try {
    return loaded.outline(text);
  } catch {
    // A program that has come to its end is no good for another text.
    markdown = undefined;
    broken();
    throw 200;
  }
};

// What is said where the program has come to its end, or has not come: the page that stands stays, and is loaded anew when the reader
// wants it.
const [SAYS, RELOAD] = document.documentElement.lang.startsWith("zh") ? ["阅读器出错了", "重新载入"] : ["The reader has failed", "Reload"];
let isBroken = false;
const broken = () => {
  if (isBroken) return;
  isBroken = true;
  const box = document.createElement("p");
  const says = document.createElement("span");
  const button = document.createElement("button");
  box.className = "notice broken";
  box.setAttribute("role", "alert");
  says.textContent = SAYS;
  button.type = "button";
  button.textContent = RELOAD;
  button.addEventListener("click", () => location.reload());
  box.append(says, button);
  // Nothing comes any more.
  document.querySelector("main .skeleton")?.remove();
  document.body.append(box);
};
const look = (error) => error instanceof WebAssembly.RuntimeError && broken();
addEventListener("error", ({ error }) => look(error));
addEventListener("unhandledrejection", ({ reason }) => look(reason));

// A page that was rendered ahead is read without the program, too.
const isShell = !document.querySelector("[data-page]");
const [WASM_FILE, WASM_INTEGRITY] = WASM;
// With its checksum: a byte that is another can make a program that does anything.
const program = (cache) => ({
  module_or_path: fetch(new URL(WASM_FILE, import.meta.url), { cache, integrity: WASM_INTEGRITY, signal: AbortSignal.timeout(PATIENCE) }),
});
const done = () => document.querySelector(".late")?.remove();
// What the browser holds of it may be damaged. A program that came to its end while it began does not begin again.
const isOver = (error) => error instanceof WebAssembly.RuntimeError;
const anew = (error) => {
  if (isOver(error) || error.name === "TimeoutError") throw error;
  return start(program("reload"));
};
start(program("default")).catch(anew).then(done, (error) => {
  console.warn(`the program has not come: ${error}`);
  done();
  if (isShell || isOver(error)) broken();
});

// The service worker. An update is offered to the viewer, which asks the reader; the page is loaded anew when one takes over.
const script = "sw.js";
const policy = globalThis.trustedTypes?.createPolicy("finews", { createScriptURL: () => script });
const offer = (registration) => {
  const { waiting } = registration;
  if (!waiting || !navigator.serviceWorker.controller) return;
  globalThis.finewsUpdate = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("update");
  };
  document.dispatchEvent(new Event("finews-update"));
};
const register = async () => {
  const registration = await navigator.serviceWorker.register(policy ? policy.createScriptURL("") : script);
  offer(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => offer(registration));
  });
};
// A browser that allows none, or a page without its own host, reads all the same.
const quietly = () => navigator.serviceWorker?.register && register().catch(() => {});
if (document.readyState === "complete") quietly();
else addEventListener("load", quietly, { once: true });

// Keeps files for reading without the network: those that are kept already are not fetched again, and where these are `all`, others
// go. An origin may have several sites, so a cache bears its site's folder.
const kept = `finews-saved${new URL(document.baseURI).pathname}`;
globalThis.finewsSave = async (urls, all) => {
  const cache = await caches.open(kept);
  const there = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const missing = urls.filter((url) => !there.has(url));
  const take = async () => {
    for (let url = missing.pop(); url; url = missing.pop()) {
      const ask = (cache) => fetch(url, { integrity: integrityOf(url), cache, signal: AbortSignal.timeout(PATIENCE) });
      // What the browser holds of it may be damaged.
      const response = await ask("force-cache").catch(() => ask("reload"));
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      await cache.put(url, response);
    }
  };
  await Promise.all([take(), take(), take(), take()]);
  if (all) await Promise.all([...there].filter((path) => !urls.includes(path)).map((path) => cache.delete(path)));
};
