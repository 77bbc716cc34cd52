// @ts-check
// Fetches parts of the search index (docs/bundle-format.md). Hosts that send parts of files are asked for parts; of
// others, whole files are kept, because the next part may be in the same one.
import { Failure } from "../../shared/failure.js";
import { fetchVerified } from "../../shared/verified.js";

const TIMEOUT = 20000;
/** The letters of the kinds of files. */
const KINDS = "tlr";

/**
 * A segment as the index's head describes it.
 *
 * @typedef {{ id: string, rows: number, pages: number, pages_per_file: number, gap_parameter: number, apart_above?: number, row_pages_per_file: number, first_day: number, days: number[], masked?: number[] }} SegmentHead
 */
/** @typedef {{ cut: "range" | "whole", lang: string, names: string, segments: SegmentHead[], whole?: SegmentHead[] }} Head */
/** @typedef {{ file: string, from: number, length: number }} Part */

/**
 * @param {string} url
 * @param {RequestInit} options
 */
const send = async (url, options) => {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT) }).catch(() => {
    throw new Failure("offline");
  });
  if (response.status === 404 || response.status === 410) throw new Failure("gone");
  // 416: a host takes a part of a compressed copy, which is shorter than the file.
  if (!response.ok && response.status !== 416) throw new Failure("refused");
  return response;
};

/** @param {Response} response */
const bytesOf = async (response) => {
  const bytes = await response.arrayBuffer().catch(() => {
    throw new Failure("offline");
  });
  return new Uint8Array(bytes);
};

/**
 * The value of a key, which is made once, and again if that fails.
 *
 * @template T
 * @param {Map<string, Promise<T>>} values
 * @param {string} key
 * @param {() => Promise<T>} make
 */
export const once = (values, key, make) => {
  const value = values.get(key) ?? make();
  values.set(key, value);
  value.catch(() => values.delete(key));
  return value;
};

/** Files that were read whole. @type {Map<string, Promise<Uint8Array>>} */
const whole = new Map();
/** Whether the host sends parts; it may turn out not to. */
let sendsParts = true;

/**
 * @param {string} file
 * @param {RequestCache} cache
 */
export const readWhole = (file, cache) => {
  const isAnew = cache === "reload";
  if (isAnew) whole.delete(file);
  return once(whole, file, async () => bytesOf(await send(file, { cache: isAnew ? cache : "force-cache" })));
};

/**
 * Requests a part of a file. An answer that the host has compressed, or that is not the part that was asked for, is not used.
 *
 * @param {Part} part
 * @param {RequestCache} cache
 */
const requestPart = async ({ file, from, length }, cache) => {
  const to = from + length - 1;
  const response = await send(file, { cache, headers: { range: `bytes=${from}-${to}` } });
  const { status, headers } = response;
  const range = headers.get("content-range") ?? `bytes ${from}-${to}/`;
  const isPart =
    status === 206 && !headers.get("content-encoding") && range.startsWith(`bytes ${from}-${to}/`);
  if (isPart) {
    const bytes = await bytesOf(response);
    if (bytes.length === length) return bytes;
  }
  sendsParts = false;
  await response.body?.cancel().catch(() => {});
  return undefined;
};

/** Whether the host sends parts of a file. @param {string} file */
export const sendsPartsOf = async (file) => {
  // Of a file that it has whole, the browser would answer a part itself.
  if (sendsParts) await requestPart({ file, from: 0, length: 4 }, "no-store");
  return sendsParts;
};

/**
 * The bytes of a part of a file.
 *
 * @param {Part} part
 * @param {Head["cut"]} cut
 * @param {RequestCache} cache
 */
const read = async (part, cut, cache) => {
  const bytes = cut === "range" && sendsParts ? await requestPart(part, cache) : undefined;
  if (bytes) return bytes;
  const { file, from, length } = part;
  return (await readWhole(file, cache)).subarray(from, from + length);
};

/**
 * The bytes of a part that `verify` accepts. A damaged part may be damaged in the browser's cache, so that it is loaded once
 * more.
 *
 * @template T
 * @param {Part} part
 * @param {Head["cut"]} cut
 * @param {(bytes: Uint8Array) => T | undefined} verify
 * @returns {Promise<T>}
 */
export const readPart = async (part, cut, verify) => {
  for (const cache of /** @type {const} */ (["default", "reload"])) {
    const verified = verify(await read(part, cut, cache));
    if (verified !== undefined) return verified;
    whole.delete(part.file);
  }
  throw new Failure("damaged");
};

/**
 * The address of a segment's file.
 *
 * @param {URL} folder
 * @param {SegmentHead} segment
 * @param {string} name
 */
export const fileOf = (folder, segment, name) => new URL(`${segment.id}-${name}.bin`, folder).href;

/**
 * The name of a file of a kind.
 *
 * @param {number} kind
 * @param {number} number
 */
export const nameOf = (kind, number) => `${KINDS[kind]}${number}`;

/**
 * Reads a JSON file of the bundle that is named by its hash.
 *
 * @param {URL} folder
 * @param {{ store?: string }} manifest
 * @param {string} hash
 */
export const readStored = async (folder, { store }, hash) => {
  const format = store === "gzip" ? "gzip" : undefined;
  const { href } = new URL(`${hash}.${format ? "gzipped" : "json"}`, folder);
  const bytes = await fetchVerified(href, async (url, options) => bytesOf(await send(url, options)));
  return jsonOf(bytes, format);
};

/**
 * The JSON in bytes, which may be compressed.
 *
 * @param {Uint8Array} bytes
 * @param {CompressionFormat} [format]
 */
export const jsonOf = async (bytes, format) =>
  JSON.parse(new TextDecoder().decode(format ? await inflate(bytes, format) : bytes));

/**
 * @param {Uint8Array} bytes
 * @param {CompressionFormat} format
 */
export const inflate = async (bytes, format) => {
  const { body } = new Response(/** @type {BodyInit} */ (bytes));
  const stream = /** @type {ReadableStream} */ (body).pipeThrough(new DecompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

/**
 * Reads the manifest, whose address alone has no hash.
 *
 * @param {URL} url
 * @param {RequestCache} cache
 */
export const readManifest = async (url, cache) => (await send(url.href, { cache })).json();
