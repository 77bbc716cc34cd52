// @ts-check
// Takes the place of the site's service worker during `finews dev`: removes itself and what an earlier one saved.
addEventListener("install", () => /** @type {any} */ (self).skipWaiting());
addEventListener("activate", (/** @type {any} */ event) => {
  const clear = async () => {
    for (const name of await caches.keys()) if (name.startsWith("finews-")) await caches.delete(name);
    await /** @type {any} */ (self).registration.unregister();
  };
  event.waitUntil(clear());
});
