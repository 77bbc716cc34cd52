// @ts-check

/** The time limit for loading a program or saving a file, in milliseconds: enough for the program's 190 KB at 3.2 KB/s. */
export const DOWNLOAD_TIMEOUT = 60000;

/** The time limit for asking the host for the status of a file, in milliseconds. */
export const STATUS_TIMEOUT = 20000;
