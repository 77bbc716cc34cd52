// @ts-check
// Registers the service worker. When a newer version is waiting, the viewer offers it to the reader.

const SCRIPT = "sw.js";
const policy = globalThis.trustedTypes?.createPolicy("finews", { createScriptURL: () => SCRIPT });

/** @type {ServiceWorker | undefined} */
let update;
/** @type {() => void} */
let offer = () => {};

/** @param {ServiceWorkerRegistration} registration */
const offerWaiting = ({ waiting }) => {
  if (!waiting || !navigator.serviceWorker.controller) return;
  update = waiting;
  offer();
};

/** Registers the service worker, and checks for newer versions. */
export const register = async () => {
  const script = /** @type {string} */ (policy ? policy.createScriptURL("") : SCRIPT);
  const registration = await navigator.serviceWorker.register(script);
  offerWaiting(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => offerWaiting(registration));
  });
};

/**
 * Calls back when a newer version is waiting, even if that is already the case.
 *
 * @param {() => void} callback
 */
export const onUpdate = (callback) => {
  offer = callback;
  if (update) callback();
};

/** Activates the newer version and reloads the page. */
export const takeUpdate = () => {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  update?.postMessage("update");
};
