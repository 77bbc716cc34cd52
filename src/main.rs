//! Starts the viewer in the browser.

fn main() {
    #[cfg(target_arch = "wasm32")]
    viewer::browser::start();
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("This program runs in a browser: “cargo xtask serve” builds it and shows the sample site.");
}
