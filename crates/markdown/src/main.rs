//! The program in the browser that parses Markdown. It exports what the library marks for export.

use markdown as _;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("This program runs in a browser: “cargo xtask serve” builds it and shows the sample site.");
}
