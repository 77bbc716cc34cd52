// What the hook behind Trunk (`crates/xtask/src/trunk`) fills in, and what TypeScript does not know of browsers.

/** A file beside the script, and its checksum. */
declare const WASM: [file: string, integrity: string];
/** The style sheet for what only the program shows. */
declare const LATER: string;
/** The script and the WebAssembly that read Markdown, and the checksum of the latter. */
declare const MARKDOWN: [script: string, wasm: string, integrity: string];
/** The style sheet of the widget's room. */
declare const ROOM: string;
/** The style sheet of what the widget draws. */
declare const LOOK: string;
/** The widget's program, and its checksum. */
declare const PROGRAM: [script: string, integrity: string];

/** What wasm-bindgen wrote. */
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
