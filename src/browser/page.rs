//! What the script that starts us gives us (`web/start/page.js`): the program that reads Markdown, saved files,
//! newer versions.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "finews-page")]
extern "C" {
    #[wasm_bindgen(catch, js_name = outline)]
    async fn markdown_outline(text: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = save)]
    async fn save_files(urls: &js_sys::Array, all: bool) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = onUpdate)]
    fn on_update_js(callback: &JsValue);

    /// Lets the version of the program take over that is waiting, and loads the page anew.
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

/// The outline of a text, by a program of its own, which is loaded on the first call. If it cannot be loaded, the
/// status that its host gave, or 0 if that does not answer.
pub(super) async fn outline(text: &str) -> Result<Vec<String>, u16> {
    let outline = markdown_outline(text).await.map_err(|error| error.unchecked_into::<Failure>().status())?;
    Ok(js_sys::Array::from(&outline).iter().filter_map(|step| step.as_string()).collect())
}

/// Loads the program that reads Markdown.
pub(super) fn load_markdown() {
    // Whether it came shows when it is asked for an outline.
    wasm_bindgen_futures::spawn_local(async { drop(markdown_outline("").await) });
}

/// Saves files of the site for reading without the network, and lets go of all others if these are `all`; true
/// if they are saved.
pub(super) async fn save(urls: &[String], all: bool) -> bool {
    let urls: js_sys::Array = urls.iter().map(JsValue::from).collect();
    save_files(&urls, all).await.is_ok()
}

/// Calls back when there is a newer version of the program, also if there is one already.
pub(super) fn on_update(callback: impl FnMut() + 'static) {
    on_update_js(&Closure::new(callback).into_js_value());
}
