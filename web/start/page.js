// @ts-check
// What the viewer takes from its page: `#[wasm_bindgen(module = "finews-page")]`.
export { outline } from "./markdown.js";
export { save } from "./saved.js";
export { onUpdate, takeUpdate } from "./update.js";
