//! Builds the sites that tests share, once per run.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use super::running::free_port;
use crate::generate;
use crate::package::headlines;

/// How the tests' sites are built.
pub(crate) struct Kind {
    store: &'static str,
    prerender: &'static str,
    /// The kind's name, and the name of its folder in `target/test-sites`.
    pub(crate) name: &'static str,
}

impl Kind {
    /// Like most sites.
    pub(crate) const USUAL: Self = Self { store: "plain", prerender: "500", name: "usual" };
    /// Stored compressed and without prerendered pages; it looks the same to readers.
    pub(crate) const OTHER: Self = Self { store: "gzip", prerender: "0", name: "other" };

    /// Finds a kind by its name; any other name means the usual one.
    pub(crate) fn named(name: &str) -> Self {
        if name == Self::OTHER.name { Self::OTHER } else { Self::USUAL }
    }
}

/// The sites of a kind.
pub(crate) struct Sites {
    /// The environment variables for tests (`crates/testkit/src/setup.rs`).
    pub(crate) environment: Vec<(&'static str, String)>,
    /// The sample's site.
    pub(crate) site: PathBuf,
    /// The port at which the site must be served, because its pictures' addresses contain it.
    pub(crate) port: u16,
}

/// The sample for tests. Unlike `sample/`, it never changes.
const SAMPLE: &str = "tests/fixtures/site";
/// The source of a page with the packaged widget.
const EMBEDDER: &str = "tests/fixtures/embedder";
/// The number of posts for tests of large archives.
const GENERATED: u64 = 12_000;

/// Builds the sites of a kind.
///
/// # Errors
/// Fails if a site cannot be built.
pub(crate) fn build(shell: &Shell, finews: &Path, kind: &Kind) -> Result<Sites> {
    let root = shell.current_dir();
    let folder = Path::new("target/test-sites").join(kind.name);
    let (posts, site, bare) = (folder.join("posts"), folder.join("site"), folder.join("bare"));
    // The host of the site also serves the sample's charts and pictures, so the port must be known first.
    let port = free_port()?;
    shell.remove_path(&folder)?;
    write_posts(shell, &posts, port)?;
    // A build does not touch files that it did not make.
    shell.write_file(
        site.join("picture.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg' width='578' height='276'><path d='M0 200L289 90L578 140' stroke='#333' fill='none'/></svg>\n",
    )?;
    let Kind { store, prerender, .. } = kind;
    for (site, prerender) in [(&site, *prerender), (&bare, "0")] {
        let now = "2026-06-01T00:00:00+08:00";
        cmd!(
            shell,
            "{finews} build {posts} --out {site} --store {store} --prerender {prerender} --now {now}"
        )
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()?;
    }
    let generated = root.join("target/test-sites/generated");
    shell.remove_path(&generated)?;
    generate::write(generated.clone(), GENERATED)?;
    let embedder = root.join("target/test-sites/embedder");
    headlines::bundle_page(shell, Path::new(EMBEDDER), &embedder)?;
    let path = |path: &Path| root.join(path).display().to_string();
    let environment = vec![
        ("FINEWS", finews.display().to_string()),
        ("FINEWS_AXE", path(Path::new("target/tools/node_modules/axe-core/axe.min.js"))),
        ("FINEWS_BARE_SITE", path(&bare)),
        ("FINEWS_EMBEDDER", path(&embedder)),
        ("FINEWS_GENERATED", path(&generated)),
        ("FINEWS_PRERENDER", kind.prerender.to_owned()),
        ("FINEWS_SAMPLE_POSTS", path(&posts)),
        ("FINEWS_SAMPLE_SITE", path(&site)),
        ("FINEWS_SAMPLE_URL", format!("http://127.0.0.1:{port}")),
        ("FINEWS_STORE", kind.store.to_owned()),
    ];
    Ok(Sites { environment, site: root.join(site), port })
}

/// Writes the sample's posts, changed so that the local host at this port serves all pictures and charts.
fn write_posts(shell: &Shell, posts: &Path, port: u16) -> Result<()> {
    let picture = format!("http://127.0.0.1:{port}/picture.svg");
    for folder in ["_posts", "old_post"] {
        for post in shell.read_dir(Path::new(SAMPLE).join(folder))? {
            let text =
                shell.read_file(&post)?.replace("https://dfscdn.dfcfw.com/download/", &format!("{picture}?"));
            let name = post.file_name().context("a post has no file name")?;
            shell.write_file(posts.join(folder).join(name), text)?;
        }
    }
    shell.copy_file(Path::new(SAMPLE).join("_config.yml"), posts.join("_config.yml"))?;
    let sample_configuration = shell.read_file(Path::new(SAMPLE).join("finews.toml"))?;
    let settings = format!(
        "[settings]\nchart = \"{picture}?nid={{secid}}&type={{period}}\"\nintraday = \"{picture}?nid={{secid}}&imageType=r\"\n"
    );
    shell.write_file(posts.join("finews.toml"), format!("{sample_configuration}\n{settings}"))?;
    Ok(())
}
