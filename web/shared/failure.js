// @ts-check
// What is wrong with a file, in a word.

/** @typedef {"offline" | "refused" | "gone" | "damaged" | "newer" | "unknown"} Reason */

/** A failure whose message is its reason. */
export class Failure extends Error {
  name = "Failure";
  /** What the host answered; 0 if it does not answer. */
  status = 0;

  /** @param {Reason} reason */
  // biome-ignore lint/complexity/noUselessConstructor: it says which reasons there are.
  constructor(reason) {
    super(reason);
  }
}
