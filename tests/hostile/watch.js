// Runs before anything else of a page: takes note of scripts that run, of HTML sinks that are used, of errors, of violations of the
// policy; and tells what does not belong on a page.
(() => {
  performance.setResourceTimingBufferSize(100000);
  const watched = { ran: [], sinks: [], errors: [], violations: [] };
  window.watched = watched;
  const say = (kind, ...what) => void watched[kind].push(what.map(String).join(" ").slice(0, 300));
  for (const name of ["alert", "confirm", "prompt", "print", "msgbox", "open"]) window[name] = (...what) => say("ran", name, ...what);

  addEventListener("error", ({ message }) => message && say("errors", message), true);
  addEventListener("unhandledrejection", ({ reason }) => say("errors", "unhandled", reason));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => say("violations", violatedDirective, blockedURI));

  const setter = (owner, name) => {
    const described = owner && Object.getOwnPropertyDescriptor(owner.prototype, name);
    if (!described?.set) return;
    const set = function (value) {
      say("sinks", name, value);
      return described.set.call(this, value);
    };
    Object.defineProperty(owner.prototype, name, { ...described, set });
  };
  const method = (owner, name, isSink = () => true) => {
    const usual = owner?.prototype?.[name];
    if (!usual) return;
    owner.prototype[name] = function (...values) {
      if (isSink(...values)) say("sinks", name, ...values);
      return usual.apply(this, values);
    };
  };
  for (const owner of [Element, ShadowRoot]) for (const name of ["innerHTML", "outerHTML"]) setter(owner, name);
  for (const name of ["srcdoc", "src"]) setter(HTMLIFrameElement, name);
  for (const name of ["text", "textContent", "innerText"]) setter(HTMLScriptElement, name);
  for (const name of ["insertAdjacentHTML", "setHTMLUnsafe", "setHTML"]) method(Element, name);
  for (const name of ["write", "writeln", "execCommand"]) method(Document, name);
  method(DOMParser, "parseFromString");
  method(Range, "createContextualFragment");
  method(Element, "setAttribute", (name) => /^(on|srcdoc$|style$|formaction$)/i.test(name));
  for (const name of ["setTimeout", "setInterval"]) {
    const usual = window[name];
    window[name] = (what, ...more) => {
      if (typeof what === "string") say("sinks", name, what);
      return usual(what, ...more);
    };
  }

  const ATTRIBUTES = /^(on.*|style|srcdoc|srcset|ping|background|formaction|is|nonce|slot|name|usemap|contenteditable|accesskey|autofocus)$/;
  const ADDRESSES = ["href", "src", "action", "cite", "data", "poster", "xlink:href"];
  // What is wrong below a root: elements that are none of `elements` (names with spaces between), attributes that no page of ours has,
  // addresses that are not http(s).
  window.wrongBelow = (root, elements) => {
    const wrong = [], known = elements.split(" ");
    for (const element of root.querySelectorAll("*")) {
      const tag = element.localName;
      if (!known.includes(tag) || element.namespaceURI !== "http://www.w3.org/1999/xhtml") wrong.push(`<${tag}>`);
      for (const { name, value } of element.attributes) {
        const isOurs = ["meta", "form", "input", "select", "option", "output"].includes(tag) || (name === "style" && /^--(rows|accent-day|accent-night):[^;]*;( --accent-night:[^;]*;)?$/.test(value));
        if (ATTRIBUTES.test(name) && !isOurs) wrong.push(`<${tag} ${name}=${value.slice(0, 100)}>`);
        if (ADDRESSES.includes(name)) {
          const url = URL.canParse(value, document.baseURI) ? new URL(value, document.baseURI) : null;
          const isIcon = tag === "link" && value.startsWith("data:image/svg+xml,");
          if (url && !["http:", "https:"].includes(url.protocol) && !isIcon) wrong.push(`<${tag} ${name}=${value.slice(0, 100)}>`);
          if (url && url.origin !== location.origin && !["a", "img"].includes(tag) && !isIcon) wrong.push(`<${tag} ${name}=${value.slice(0, 100)}>`);
        }
      }
    }
    for (const { name, initiatorType } of performance.getEntriesByType("resource")) {
      if (!/^https?:/.test(name) && !name.startsWith("data:image/svg+xml,")) wrong.push(`a request for ${name.slice(0, 100)}`);
      if (!name.startsWith(location.origin) && initiatorType !== "img" && !window.otherOrigins?.some((origin) => name.startsWith(origin))) {
        wrong.push(`a ${initiatorType} request for ${name.slice(0, 100)}`);
      }
    }
    for (const [kind, said] of Object.entries(watched)) wrong.push(...said.splice(0).map((what) => `${kind}: ${what}`));
    return wrong;
  };
  // The words that can be read below a root, without white space.
  window.wordsBelow = (root) => {
    const alternatives = [...root.querySelectorAll("[alt]")].map((element) => element.alt);
    return [root.textContent, ...alternatives].join("").replace(/\s/g, "");
  };
})();
