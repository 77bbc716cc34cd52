// @ts-check

/**
 * The reason for a failure.
 *
 * @typedef {"offline" | "refused" | "gone" | "damaged" | "newer" | "unknown"} Reason
 */

/** A failure whose message is its reason. */
export class Failure extends Error {
  name = "Failure";
}
