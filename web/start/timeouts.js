// @ts-check

/**
 * The time limit for loading a program or saving a file, in milliseconds.
 *
 * It is enough for the largest file, the viewer's WebAssembly (145 KB with gzip), at 2.5 KB/s.
 */
export const DOWNLOAD_TIMEOUT = 60000;

/** The time limit for asking the host for the status of a file, in milliseconds. */
export const STATUS_TIMEOUT = 20000;
