// @ts-check

/** How long a program, or a file that is saved, may take to come, in milliseconds: 190 KB at 3.2 KB/s. */
export const PATIENCE = 60000;

/** How long the host may take to say what is the matter, in milliseconds. */
export const ASKED = 20000;
