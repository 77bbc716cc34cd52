// @ts-check

/**
 * The `integrity` of a file named by its SHA-256; empty for any other name.
 *
 * @param {string} url
 */
export const integrityOf = (url) => {
  const hash = /([0-9a-f]{64})\.\w+$/.exec(url)?.[1];
  const bytes = hash?.match(/../g)?.map((byte) => parseInt(byte, 16));
  return bytes ? `sha256-${btoa(String.fromCharCode(...bytes))}` : "";
};
