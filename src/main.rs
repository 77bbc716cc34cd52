//! Starts the viewer in the browser.

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    #[cfg(target_arch = "wasm32")]
    viewer::browser::start();
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("This program runs in a browser: “cargo xtask serve” builds it and shows the sample site.");
}
