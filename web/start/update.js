// @ts-check
// The service worker. An update is offered to the viewer, which asks the reader; the page is loaded anew when one takes over.

const SCRIPT = "sw.js";
const policy = globalThis.trustedTypes?.createPolicy("finews", { createScriptURL: () => SCRIPT });

/** @type {ServiceWorker | undefined} */
let update;
/** @type {() => void} */
let offer = () => {};

/** @param {ServiceWorkerRegistration} registration */
const look = ({ waiting }) => {
  if (!waiting || !navigator.serviceWorker.controller) return;
  update = waiting;
  offer();
};

/** Registers the service worker, and looks for updates of it. */
export const register = async () => {
  const script = /** @type {string} */ (policy ? policy.createScriptURL("") : SCRIPT);
  const registration = await navigator.serviceWorker.register(script);
  look(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => look(registration));
  });
};

/**
 * Calls back when there is a newer version of the program, also if there is one already.
 *
 * @param {() => void} callback
 */
export const onUpdate = (callback) => {
  offer = callback;
  if (update) callback();
};

/** Lets the newer version take over, and loads the page anew. */
export const takeUpdate = () => {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  update?.postMessage("update");
};
