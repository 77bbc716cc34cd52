// The constants that Trunk's hook (`crates/xtask/src/trunk`) defines, and APIs that TypeScript does not declare.

/** The name of the viewer's WebAssembly file, and its checksum. */
declare const WASM: [file: string, integrity: string];
/** The name of the style sheet that the first paint does not need. */
declare const LATER_STYLES: string;
/** The names of the Markdown program's script and WebAssembly file, and the checksum of the latter. */
declare const MARKDOWN: [script: string, wasm: string, integrity: string];
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

// https://www.w3.org/TR/trusted-types/
declare var trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): unknown };
    }
  | undefined;
