// @ts-check
// The element finews-headlines: a site's news on anybody's page. This file is all that a page loads before the first of them comes
// near. The hook behind Trunk fills in ROOM, a style sheet, and PROGRAM, the name and the checksum of what is loaded then.
const own = new URL(".", import.meta.url);
const TEXTS = ["category", "quote", "tag", "theme", "target", "src"];
const MOST = 50;

const room = new CSSStyleSheet();
room.replaceSync(ROOM);

// The program, one for all elements.
/** @typedef {typeof import("./program.js")} Program */
/** @type {Program | undefined} */
let program;
/** @type {Promise<void> | undefined} */
let loading;
let loads = 0;
const load = async () => {
  // The page comes first.
  await new Promise((done) => self.requestIdleCallback?.(done, { timeout: 2000 }) ?? setTimeout(done, 200));
  const [script, integrity] = PROGRAM;
  // Some browsers remember for ever that an import has failed, by its address; and what they hold may be damaged.
  const url = new URL(`${script}?${loads++}`, own).href;
  // An import cannot bear a checksum; what is loaded ahead of it can. (A browser that loads nothing ahead goes no further.)
  const ahead = document.createElement("link");
  await new Promise((/** @type {(value?: any) => void} */ onload, onerror) => {
    setTimeout(onerror, 20000);
    document.head.append(
      Object.assign(ahead, { rel: "modulepreload", href: url, integrity, onload, onerror }),
    );
  }).finally(() => ahead.remove());
  program = await import(url);
};

const set = (/** @type {Element} */ element, /** @type {string} */ name, /** @type {any} */ value) =>
  value == null ? element.removeAttribute(name) : element.setAttribute(name, value);

/** @typedef {InstanceType<typeof Headlines>} HeadlinesElement */
class Headlines extends HTMLElement {
  static observedAttributes = [...TEXTS, "lang", "limit", "refresh", "summary"];
  // Of elements that nobody has come near to yet.
  static #watch = new IntersectionObserver(
    (seen) =>
      seen.forEach(({ target, isIntersecting }) => {
        if (isIntersecting) /** @type {Headlines} */ (target).#show();
      }),
    { rootMargin: "50%" },
  );
  #body = document.createElement("div");
  #isNear = false;
  #isChanged = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const box = document.createElement("div");
    const slot = document.createElement("slot");
    const link = document.createElement("a");
    root.addEventListener("click", (event) => program?.open(this, event));
    box.className = "box";
    this.#body.className = "body";
    // Where nothing stands in the element, a link to the site is better than an empty box.
    link.part = "fallback";
    link.href = /** @type {any} */ (own);
    link.textContent = own.host;
    slot.append(link);
    this.#body.append(slot);
    box.append(this.#body);
    root.append(box);
  }

  connectedCallback() {
    try {
      /** @type {ShadowRoot} */ (this.shadowRoot).adoptedStyleSheets = [room];
    } catch {
      // Another document does not take this one's sheets; what stands in the element is seen there.
    }
    // What was set before the element had a class.
    for (const name of Headlines.observedAttributes) {
      if (Object.hasOwn(this, name)) {
        const value = /** @type {any} */ (this)[name];
        delete (/** @type {any} */ (this)[name]);
        /** @type {any} */ (this)[name] = value;
      }
    }
    this.#reserve();
    // With everything at hand it costs nothing to show it at once.
    if (program?.showAtHand(this, this.#body, own)) this.#isNear = true;
    else if (this.#isNear) this.#show();
    else Headlines.#watch.observe(this);
  }

  disconnectedCallback() {
    Headlines.#watch.unobserve(this);
    program?.leave(this);
  }

  attributeChangedCallback() {
    this.#reserve();
    if (this.#isChanged || !this.#isNear) return;
    // Attributes that change together are one change.
    this.#isChanged = true;
    queueMicrotask(() => this.#show());
  }

  get limit() {
    return Math.min(MOST, Math.max(1, parseInt(/** @type {string} */ (this.getAttribute("limit")), 10) || 5));
  }
  set limit(value) {
    set(this, "limit", value);
  }

  get refresh() {
    const value = parseInt(/** @type {string} */ (this.getAttribute("refresh")), 10);
    return value >= 0 ? value : undefined;
  }
  set refresh(value) {
    set(this, "refresh", value);
  }

  get summary() {
    return this.hasAttribute("summary");
  }
  set summary(value) {
    this.toggleAttribute("summary", value);
  }

  // The page around moves when the number of headlines does, and never else.
  #reserve() {
    this.#body.style.setProperty("--rows", /** @type {any} */ (this.limit));
  }

  // Draws what the attributes ask for. Whatever goes wrong, the page goes on, and what stands in the element is seen.
  async #show() {
    this.#isNear = true;
    this.#isChanged = false;
    Headlines.#watch.unobserve(this);
    try {
      if (!program) {
        loading ??= load().catch(load);
        await loading;
      }
      if (this.isConnected) /** @type {Program} */ (program).show(this, this.#body, own);
    } catch (error) {
      // What failed to load is loaded again when it is next wanted.
      loading = undefined;
      this.dispatchEvent(
        new CustomEvent("finews-error", {
          bubbles: true,
          detail: { reason: "program", message: error?.message ?? "it does not load" },
        }),
      );
    }
  }
}

for (const name of TEXTS) {
  Object.defineProperty(Headlines.prototype, name, {
    enumerable: true,
    get() {
      return this.getAttribute(name) ?? "";
    },
    set(value) {
      set(this, name, value);
    },
  });
}

if (!customElements.get("finews-headlines")) customElements.define("finews-headlines", Headlines);
