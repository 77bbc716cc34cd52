//! The functions that the page's start script (`web/start/page.js`) exports to the viewer: parsing Markdown,
//! saving files, and updates.

use markdown::MarkdownOp;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen(module = "finews-page")]
extern "C" {
    #[wasm_bindgen(catch, js_name = parseMarkdown)]
    async fn parse_markdown_js(text: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = save)]
    async fn save_files(urls: &js_sys::Array, is_complete: bool) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = openSearch)]
    async fn open_search_js(
        root: &HtmlElement,
        show: &JsValue,
        batches: u32,
        y: i32,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = onUpdate)]
    fn on_update_js(callback: &JsValue);

    /// Activates the waiting version of the program and reloads the page.
    #[wasm_bindgen(js_name = takeUpdate)]
    pub(super) fn take_update();
}

#[wasm_bindgen]
extern "C" {
    /// `web/shared/failure.js`.
    type Failure;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Failure) -> u16;
}

/// Parses Markdown with a separate program, which is loaded on the first call.
///
/// If the program cannot be loaded, the error is the status of the host's response, or 0 without a response.
/// If the program crashes, the error is 200.
pub(super) async fn parse_markdown(text: &str) -> Result<Vec<MarkdownOp>, u16> {
    let ops = parse_markdown_js(text).await.map_err(|error| error.unchecked_into::<Failure>().status())?;
    Ok(js_sys::Array::from(&ops).iter().filter_map(|op| MarkdownOp::decode(&op.as_string()?)).collect())
}

/// Loads the program that parses Markdown.
pub(super) fn load_markdown() {
    // If this fails, parsing a body tries again and reports the failure.
    wasm_bindgen_futures::spawn_local(async { drop(parse_markdown_js("").await) });
}

/// Opens the program of search in the element of its page. `show` shows headlines in an element, and is told how many
/// batches of them are shown then; `batches` are shown at first, and `y` is the position. Returns what leaves the
/// page.
pub(super) async fn open_search(
    root: &HtmlElement,
    show: &JsValue,
    batches: u32,
    y: i32,
) -> Result<js_sys::Function, archive::Failure> {
    let stop = open_search_js(root, show, batches, y).await;
    stop.map(JsCast::unchecked_into).map_err(|_| archive::Failure::Offline)
}

/// Saves files for offline reading. Returns whether they are saved.
///
/// If `is_complete`, these are all files that should be saved, and any others are deleted.
pub(super) async fn save(urls: &[String], is_complete: bool) -> bool {
    let urls: js_sys::Array = urls.iter().map(JsValue::from).collect();
    save_files(&urls, is_complete).await.is_ok()
}

/// Calls `callback` when a newer version of the program is waiting, at once if one already is.
pub(super) fn on_update(callback: impl FnMut() + 'static) {
    on_update_js(&Closure::new(callback).into_js_value());
}
