// The constants that Trunk's hook (`crates/xtask/src/trunk`) defines, and APIs that TypeScript does not declare.

/** The name of a program's WebAssembly file, and its checksum. */
declare const WASM: [file: string, integrity: string];
/** The name of the style sheet that the first paint does not need. */
declare const LATER_STYLES: string;
/** The names of the Markdown program's script and WebAssembly file, and the checksum of the latter. */
declare const MARKDOWN: [script: string, wasm: string, integrity: string];
/** The names of search's scripts. */
declare const SEARCH: [english: string, chinese: string];
/** The name of the script of search's worker. */
declare const WORKER: [script: string];
/** The name of the script of search's worker that reads stories. */
declare const STORIES: [script: string];
/** The words of search in the site's language. */
declare const WORDS: typeof import("../words/en.json").search;
/** The name of search's style sheet. */
declare const STYLES: string;
/** The style sheet of the widget's element, which reserves its space. */
declare const ELEMENT_STYLES: string;
/** The style sheet of the widget's content. */
declare const CONTENT_STYLES: string;
/** The name of the widget's program, and its checksum. */
declare const PROGRAM: [script: string, integrity: string];

/** How the widget's element finds its site and its program: `widget/hosted.js` or `widget/packaged.js`. */
declare module "widget-host" {
  export const siteUrl: URL;
  export const importProgram: () => Promise<typeof import("./widget/program.js")>;
}

/** The output of wasm-bindgen. */
declare module "finews-viewer" {
  export default function start(from: { module_or_path: Promise<Response> }): Promise<unknown>;
}

declare module "finews-search" {
  export function initSync(from: { module: ArrayBuffer }): unknown;
  /** A text as it is searched. */
  export function fold(text: string): string;
  /** The bytes of a part without its checksum; none if they are damaged. */
  export function content(bytes: Uint8Array): Uint8Array | undefined;
  export class Index {
    constructor(lang: string);
    addSegment(
      numbers: Uint32Array,
      firstDay: number,
      days: Uint32Array,
      masked: Uint32Array,
      lengths: Uint8Array,
    ): boolean;
    search(words: string, lists: string, from: number, to: number, inTitles: boolean): RunningSearch;
  }
  export class RunningSearch {
    readonly isApproximate: boolean;
    readonly hasCharacter: boolean;
    free(): void;
    needs(): Uint32Array;
    give(part: Uint32Array, bytes: Uint8Array | undefined): void;
    total(): number;
    /** The number of stories that are certainly the newest. */
    settled(): number;
    totalSince(day: number): number;
    rows(from: number, to: number): Uint32Array;
    /** The positions of the segments that are not searched yet, or that could not be searched. */
    missing(isFailed: boolean): Uint32Array;
    searchAll(): void;
    retry(): void;
    marks(text: string): Uint32Array;
  }
}

// https://www.w3.org/TR/trusted-types/
declare var trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): unknown };
    }
  | undefined;
