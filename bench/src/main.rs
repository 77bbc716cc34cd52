//! Measures finews. Run by `cargo xtask bench`, which makes what is measured.

mod archive;
#[path = "../../tests/browser/devtools.rs"]
mod devtools;
mod open;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["open", site, driver] => open::run(site, driver),
        ["archive", finews, xtask, folder, count] => archive::run(finews.as_ref(), xtask.as_ref(), folder.as_ref(), count.parse()?),
        _ => bail!("run this by “cargo xtask bench”"),
    }
}
