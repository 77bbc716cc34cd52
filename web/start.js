// Starts the viewer. `cargo xtask build` bundles this with what wasm-bindgen wrote, and fills in WASM and MARKDOWN, the names
// of files beside it.
import start from "./finews-viewer.js";

// A reader's choice of light or dark does not wait for the program.
try {
  const theme = localStorage.getItem("finews-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has no choice to show.
}

// The program that reads Markdown, loaded when the viewer first asks for it; a failed load is tried again.
let markdown;
const load = async () => {
  const program = await import(MARKDOWN);
  await program.default();
  return program;
};
globalThis.finewsMarkdown = async (text) => {
  markdown ??= load();
  try {
    return (await markdown).outline(text);
  } catch (error) {
    markdown = undefined;
    throw error;
  }
};

start({ module_or_path: new URL(WASM, import.meta.url) });
