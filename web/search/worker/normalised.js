// @ts-check
// The function that the index's program imports: `#[wasm_bindgen(module = "finews-normalised")]` (`crates/search/src/fold.rs`).

/** A text in normal form KC, in lower case and without diacritics. @param {string} text */
export const normalised = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase();
