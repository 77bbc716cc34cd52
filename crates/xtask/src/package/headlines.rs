//! The element finews-headlines as a package for npm.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use super::{PACKAGES, empty_folder, npm, version};
use crate::{tools, trunk};

/// Makes the package, and returns its path.
pub(crate) fn pack(shell: &Shell) -> Result<PathBuf> {
    tools::ensure_build_tools(shell)?;
    let folder = empty_folder(shell, Path::new(PACKAGES).join("headlines"))?;
    let (element, program) = trunk::packaged_widget(shell)?;
    shell.write_file(folder.join("index.js"), element)?;
    shell.write_file(folder.join("program.js"), program)?;
    // A server that renders pages has no elements to define.
    shell.write_file(folder.join("node.js"), "export {};\n")?;
    for (from, to) in
        [("finews-headlines.d.ts", "index.d.ts"), ("custom-elements.json", "custom-elements.json")]
    {
        let text = shell.read_file(Path::new("public/embed").join(from))?;
        // On a site, the element is in a script of the site's folder.
        let text = text
            .replace("\"widget.js\"", "\"index.js\"")
            .replace("the folder of the script", "the page's folder");
        shell.write_file(folder.join(to), text)?;
    }
    shell.write_file(folder.join("README.md"), include_str!("headlines.md"))?;
    npm::pack(shell, &folder, &include_str!("headlines.json").replace("VERSION", version()))
}

/// Bundles a page with the package, as embedders do: by esbuild and by Vite, into folders of these names.
///
/// # Errors
/// Fails if the package cannot be made or installed, or if a bundler refuses it.
pub(crate) fn bundle_page(shell: &Shell, source: &Path, folder: &Path) -> Result<()> {
    let package = pack(shell)?;
    tools::ensure_vite(shell)?;
    let folder = empty_folder(shell, folder)?;
    for page in shell.read_dir(source)? {
        shell.copy_file(page, &folder)?;
    }
    shell.write_file(folder.join("package.json"), "{ \"type\": \"module\" }\n")?;
    cmd!(shell, "npm install --no-audit --no-fund --offline --prefix {folder} {package}")
        .quiet()
        .ignore_stdout()
        .run()?;
    let script = folder.join("main.js");
    let esbuild = folder.join("esbuild");
    cmd!(
        shell,
        "esbuild {script} --bundle --splitting --format=esm --minify --outdir={esbuild} --log-level=warning"
    )
    .quiet()
    .run()?;
    shell.copy_file(folder.join("index.html"), &esbuild).context("the page has no index.html")?;
    let vite = folder.join("vite");
    cmd!(shell, "vite build {folder} --outDir {vite} --base ./ --logLevel warn").quiet().run()?;
    Ok(())
}
