// @ts-check

/**
 * What is wrong with a file, in a word.
 *
 * @typedef {"offline" | "refused" | "gone" | "damaged" | "newer" | "unknown"} Reason
 */

/** A failure whose message is its reason. */
export class Failure extends Error {
  name = "Failure";
}
