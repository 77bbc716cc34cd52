// @ts-check
// The element finews-headlines, which shows a site's headlines on any page. A page loads only this file until an element comes near the
// viewport. Trunk's hook defines ELEMENT_STYLES, a style sheet, and chooses widget-host: hosted.js or packaged.js.
import { importProgram, siteUrl } from "widget-host";

const TEXT_ATTRIBUTES = ["category", "quote", "tag", "theme", "target", "src"];
const MAX_LIMIT = 50;

const elementStyles = new CSSStyleSheet();
elementStyles.replaceSync(ELEMENT_STYLES);

// The program, shared by all elements.
/** @typedef {typeof import("./program.js")} Program */
/** @type {Program | undefined} */
let program;
/** @type {Promise<void> | undefined} */
let loading;
const load = async () => {
  // The page's own work comes first.
  await new Promise((done) => self.requestIdleCallback?.(done, { timeout: 2000 }) ?? setTimeout(done, 200));
  program = await importProgram();
};

const set = (/** @type {Element} */ element, /** @type {string} */ name, /** @type {any} */ value) =>
  value == null ? element.removeAttribute(name) : element.setAttribute(name, value);

/** @typedef {InstanceType<typeof Headlines>} HeadlinesElement */
class Headlines extends HTMLElement {
  static observedAttributes = [...TEXT_ATTRIBUTES, "lang", "limit", "refresh", "summary"];
  // Watches the elements that have not been near the viewport yet.
  static #observer = new IntersectionObserver(
    (entries) =>
      entries.forEach(({ target, isIntersecting }) => {
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
    root.addEventListener("click", (event) => program?.onClick(this, event));
    box.className = "box";
    this.#body.className = "body";
    // If the element has no content, a link to the site is better than an empty box.
    link.part = "fallback";
    link.href = /** @type {any} */ (siteUrl);
    link.textContent = siteUrl.host;
    slot.append(link);
    this.#body.append(slot);
    box.append(this.#body);
    root.append(box);
  }

  connectedCallback() {
    try {
      /** @type {ShadowRoot} */ (this.shadowRoot).adoptedStyleSheets = [elementStyles];
    } catch {
      // The element is in another document, which does not accept this style sheet; its content is shown there.
    }
    // Applies properties that were set before the element was defined.
    for (const name of Headlines.observedAttributes) {
      if (Object.hasOwn(this, name)) {
        const value = /** @type {any} */ (this)[name];
        delete (/** @type {any} */ (this)[name]);
        /** @type {any} */ (this)[name] = value;
      }
    }
    this.#reserve();
    // If everything is loaded, the element is shown immediately, without a request.
    if (program?.showLoaded(this, this.#body, siteUrl)) this.#isNear = true;
    else if (this.#isNear) this.#show();
    else Headlines.#observer.observe(this);
  }

  disconnectedCallback() {
    Headlines.#observer.unobserve(this);
    program?.unregister(this);
  }

  attributeChangedCallback() {
    this.#reserve();
    if (this.#isChanged || !this.#isNear) return;
    // Attributes that change together cause one update.
    this.#isChanged = true;
    queueMicrotask(() => this.#show());
  }

  get limit() {
    return Math.min(
      MAX_LIMIT,
      Math.max(1, parseInt(/** @type {string} */ (this.getAttribute("limit")), 10) || 5),
    );
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

  // Reserves space for `limit` rows. The height does not depend on what has loaded, so that the page around
  // the element does not move.
  #reserve() {
    this.#body.style.setProperty("--rows", /** @type {any} */ (this.limit));
  }

  // Shows what the attributes ask for. If the program cannot be loaded, the page keeps working, and the
  // element's own content stays visible.
  async #show() {
    this.#isNear = true;
    this.#isChanged = false;
    Headlines.#observer.unobserve(this);
    try {
      if (!program) {
        loading ??= load().catch(load);
        await loading;
      }
      if (this.isConnected) /** @type {Program} */ (program).show(this, this.#body, siteUrl);
    } catch (error) {
      // The next attempt loads the program again.
      loading = undefined;
      this.dispatchEvent(
        new CustomEvent("finews-error", {
          bubbles: true,
          detail: { reason: "program", message: error?.message ?? "The program could not be loaded" },
        }),
      );
    }
  }
}

for (const name of TEXT_ATTRIBUTES) {
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
