// @ts-check
// Tells on which rows the reader stays.

/** How long a row must be in view, in milliseconds. */
const STAY = 500;

/**
 * Calls back for each element once, when it has been in view for a while.
 *
 * @param {(element: Element) => void} callback
 */
export const whenStayedOn = (callback) => {
  /** @type {Map<Element, number>} */
  const timers = new Map();
  return new IntersectionObserver((entries, observer) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(timers.get(target));
      if (!isIntersecting) continue;
      const stayed = () => {
        observer.unobserve(target);
        callback(target);
      };
      timers.set(target, setTimeout(stayed, STAY));
    }
  });
};
