// @ts-check
// The functions that the viewer imports: `#[wasm_bindgen(module = "finews-page")]`.
export { parseMarkdown } from "./markdown.js";
export { save } from "./saved.js";
export { openSearch } from "./search.js";
export { onUpdate, takeUpdate } from "./update.js";
