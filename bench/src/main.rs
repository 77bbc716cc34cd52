//! Measures finews. `cargo xtask bench` runs this and prepares what is measured.

mod archive;
mod beside;
mod beside_jekyll;
mod built;
mod dom;
mod host;
mod jekyll;
mod load;
mod open;
mod pagefind;
mod pairs;
mod phone;
mod process;
mod same;
mod search;
mod stories;
mod widget;
mod zola;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["open", site, driver] => open::run(site, driver),
        ["jekyll", finews, script, folder, sites @ ..] => {
            jekyll::run(finews.as_ref(), script.as_ref(), folder.as_ref(), sites)
        }
        ["same", finews, script, folder, sites @ ..] => {
            same::run(finews.as_ref(), script.as_ref(), folder.as_ref(), sites)
        }
        ["built", finews, folder, site, built, element] => {
            built::run(finews.as_ref(), folder.as_ref(), site.as_ref(), built.as_ref(), element)
        }
        ["zola", finews, folder, site] => zola::run(finews.as_ref(), folder.as_ref(), site.as_ref()),
        ["pairs", finews, other, xtask, folder] => {
            pairs::run([finews.as_ref(), other.as_ref()], xtask.as_ref(), folder.as_ref())
        }
        ["search", finews, xtask, folder, driver, count, cut] => {
            let (finews, xtask, folder) = (finews.as_ref(), xtask.as_ref(), folder.as_ref());
            search::run(&load::Tools { finews, xtask, folder, driver }, count.parse()?, cut)
        }
        [what, finews, xtask, folder, driver, last] => {
            let (finews, xtask, folder) = (finews.as_ref(), xtask.as_ref(), folder.as_ref());
            let tools = load::Tools { finews, xtask, folder, driver };
            match *what {
                "load" => load::run(&tools, last.as_ref()),
                "beside" => beside::run(&tools, last.as_ref()),
                "pagefind" => pagefind::run(&tools, last.as_ref()),
                _ => bail!("run this with “cargo xtask bench”"),
            }
        }
        ["widget", site, pages, driver] => widget::run(site.as_ref(), pages.as_ref(), driver),
        ["archive", finews, xtask, folder, count] => {
            archive::run(finews.as_ref(), xtask.as_ref(), folder.as_ref(), count.parse()?)
        }
        _ => bail!("run this with “cargo xtask bench”"),
    }
}
