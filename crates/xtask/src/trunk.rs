//! Trunk's two hooks: they bundle style sheets and scripts, optimise the programs, and name files by their
//! hashes.
//!
//! Trunk runs them for `trunk serve` and `trunk build` alike, so both give the same document, policy, styles
//! and start script. A release is optimised. A development build adds the sample's bundle, and a script that
//! reloads the page.

mod program;
mod scripts;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};
use xshell::{Shell, cmd};

use self::program::Program;
use self::scripts::Bundler;
use crate::tools;

/// The folder for intermediate files.
const WORK: &str = "target/trunk";

/// Runs before Trunk reads index.html: installs the tools, and makes the style sheet that is inlined there.
pub(crate) fn pre_build(shell: &Shell) -> Result<()> {
    tools::ensure_build_tools(shell)?;
    shell.create_dir(WORK)?;
    let style = Bundler { shell, minify: true }.style("style/critical.css")?;
    shell.write_file(Path::new(WORK).join("critical.css"), style)?;
    Ok(())
}

/// Runs after Trunk's build: turns the staging folder into what a static host serves.
pub(crate) fn post_build(shell: &Shell) -> Result<()> {
    let staging = PathBuf::from(
        std::env::var_os("TRUNK_STAGING_DIR")
            .context("TRUNK_STAGING_DIR is not set; only Trunk can run this hook")?,
    );
    let is_release = std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    tools::ensure_build_tools(shell)?;
    let mut dist = Dist {
        shell,
        bundler: Bundler { shell, minify: is_release },
        staging,
        is_release,
        assets: Vec::new(),
    };
    let markdown = dist.markdown()?;
    let search = dist.search()?;
    let viewer = dist.viewer(&markdown, &search)?;
    dist.widget()?;
    dist.widget_pages()?;
    dist.document(&viewer)?;
    dist.service_worker()?;
    if !is_release {
        dist.sample_bundle()?;
    }
    Ok(())
}

/// The scripts of the package `@finews/headlines`: the element, and its program `program.js`.
pub(crate) fn packaged_widget(shell: &Shell) -> Result<(String, String)> {
    shell.create_dir(WORK)?;
    let bundler = Bundler { shell, minify: true };
    let element = bundler.widget_element("packaged", &["--external:./program.js".to_owned()])?;
    Ok((element, bundler.widget_program()?))
}

/// The names of a script and its WebAssembly file in `assets`, and the checksum of the latter.
struct ProgramFiles {
    script: String,
    wasm: String,
    integrity: String,
}

/// Trunk's staging folder.
struct Dist<'a> {
    shell: &'a Shell,
    bundler: Bundler<'a>,
    staging: PathBuf,
    is_release: bool,
    /// The paths of all files in `assets`.
    assets: Vec<String>,
}

impl Dist<'_> {
    /// Writes a file named by its hash, and returns its name in `assets`.
    fn asset(&mut self, name: &str, extension: &str, bytes: impl AsRef<[u8]>) -> Result<String> {
        let name = format!("{name}-{}.{extension}", hash(bytes.as_ref()));
        self.shell.write_file(self.staging.join("assets").join(&name), bytes)?;
        self.assets.push(format!("assets/{name}"));
        Ok(name)
    }

    /// Moves one of Trunk's programs from the staging folder to the folder for intermediate files.
    fn take_program(&self, name: &str) -> Result<Program> {
        let (script, wasm) =
            (self.staging.join(format!("{name}.js")), self.staging.join(format!("{name}_bg.wasm")));
        for (file, suffix) in [(&script, "glue.js"), (&wasm, "program.wasm")] {
            self.shell.copy_file(file, Path::new(WORK).join(format!("{name}-{suffix}")))?;
            self.shell.remove_path(file)?;
        }
        Ok(Program {
            script: format!("{WORK}/{name}-glue.js").into(),
            wasm: format!("{WORK}/{name}-program.wasm").into(),
        })
    }

    /// Returns a program's script and WebAssembly, optimised in a release. `script` is the bundled script.
    fn optimised(&self, program: &Program, script: String) -> Result<(String, Vec<u8>)> {
        if self.is_release {
            program.optimised(self.shell, &script)
        } else {
            Ok((script, self.shell.read_binary_file(&program.wasm)?))
        }
    }

    /// Writes the program that parses Markdown.
    fn markdown(&mut self) -> Result<ProgramFiles> {
        let program = self.take_program("finews-markdown")?;
        let script = self.bundler.unminified(&program.script.to_string_lossy(), &[])?;
        let (script, wasm) = self.optimised(&program, script)?;
        let integrity = integrity(&wasm);
        let wasm = self.asset("markdown", "wasm", wasm)?;
        let script = self.bundler.minified(&script.replace("finews-markdown_bg.wasm", &wasm), &[])?;
        Ok(ProgramFiles { script: self.asset("markdown", "js", script)?, wasm, integrity })
    }

    /// Writes the program of search, and returns the names of its scripts: that with English words and that with Chinese.
    fn search(&mut self) -> Result<[String; 2]> {
        let program = self.take_program("finews-search")?;
        let style = self.bundler.style("style/search.css")?;
        let style = self.asset("search", "css", style)?;
        let stories = self.bundler.script("web/search/worker/stories.js", &[])?;
        let stories = self.asset("searchstories", "js", stories)?;
        let options = [
            format!("--alias:finews-search=./{}", program.script.display()),
            "--alias:finews-normalised=./web/search/worker/normalised.js".to_owned(),
            format!("--define:STORIES=[\"./{stories}\"]"),
        ];
        let worker = self.bundler.unminified("web/search/worker/worker.js", &options)?;
        let (worker, wasm) = self.optimised(&program, worker)?;
        let worker = self.bundler.minified(&worker, &[])?;
        let worker = self.asset("searchworker", "js", worker)?;
        let integrity = integrity(&wasm);
        let wasm = self.asset("search", "wasm", wasm)?;
        let options = [
            format!("--define:WASM=[\"{wasm}\",\"{integrity}\"]"),
            format!("--define:WORKER=[\"{worker}\"]"),
            scripts::define("STYLES", &style)?,
        ];
        let mut in_language = |lang: &str| -> Result<String> {
            let words = self.shell.read_file(format!("words/{lang}.json"))?;
            let words: serde_json::Value = serde_json::from_str(&words)?;
            let words = format!("--define:WORDS={}", words["search"]);
            let script =
                self.bundler.script("web/search/search.js", &[&options, [words].as_slice()].concat())?;
            self.asset("search", "js", script)
        };
        Ok([in_language("en")?, in_language("zh")?])
    }

    /// Writes the viewer and the script that starts it.
    fn viewer(&mut self, markdown: &ProgramFiles, search: &[String; 2]) -> Result<ProgramFiles> {
        let program = self.take_program("finews-viewer")?;
        let later = self.bundler.style("style/later.css")?;
        let later = self.asset("later", "css", later)?;
        let options = [
            format!("--alias:finews-viewer=./{}", program.script.display()),
            "--alias:finews-page=./web/start/page.js".to_owned(),
            "--define:WASM=[\"finews-viewer_bg.wasm\",\"finews-viewer-integrity\"]".to_owned(),
            scripts::define("LATER_STYLES", &later)?,
            format!("--define:SEARCH=[\"./{}\",\"./{}\"]", search[0], search[1]),
            format!(
                "--define:MARKDOWN=[\"./{}\",\"{}\",\"{}\"]",
                markdown.script, markdown.wasm, markdown.integrity
            ),
        ];
        let script = self.bundler.unminified("web/start/start.js", &options)?;
        let (script, wasm) = self.optimised(&program, script)?;
        let integrity = integrity(&wasm);
        let wasm = self.asset("viewer", "wasm", wasm)?;
        let script = self.bundler.minified(
            &script.replace("finews-viewer_bg.wasm", &wasm).replace("finews-viewer-integrity", &integrity),
            &[],
        )?;
        Ok(ProgramFiles { script: self.asset("viewer", "js", script)?, wasm, integrity })
    }

    /// Writes the widget's element, under a stable name and under one with its hash, and the program that
    /// it loads when the element comes near the viewport.
    fn widget(&mut self) -> Result<()> {
        let lazy = self.bundler.widget_program()?;
        let checksum = integrity(lazy.as_bytes());
        let lazy = self.asset("headlines", "js", lazy)?;
        let program = serde_json::json!([format!("assets/{lazy}"), checksum]);
        let element = self.bundler.widget_element("hosted", &[format!("--define:PROGRAM={program}")])?;
        self.shell
            .write_file(self.staging.join(format!("widget-{}.js", hash(element.as_bytes()))), &element)?;
        self.shell.write_file(self.staging.join("widget.js"), &element)?;
        Ok(())
    }

    /// Writes the scripts and style sheets for the pages that the builder makes for the widget.
    fn widget_pages(&mut self) -> Result<()> {
        for page in ["embed", "examples"] {
            let script = self.bundler.script(&format!("web/embed/{page}.js"), &[])?;
            self.asset(page, "js", script)?;
            let style = self.bundler.style(&format!("style/{page}-page.css"))?;
            self.asset(page, "css", style)?;
        }
        Ok(())
    }

    /// Fills in index.html: the names of files, the hash of its style sheet in its policy, and the messages
    /// for readers without the program, in both languages.
    fn document(&self, viewer: &ProgramFiles) -> Result<()> {
        let path = self.staging.join("index.html");
        let html = self.shell.read_file(&path)?;
        let (before, rest) = html
            .split_once("<style")
            .and_then(|(before, rest)| Some((before, rest.split_once('>')?.1)))
            .context("index.html has no style sheet")?;
        let (style, after) =
            rest.split_once("</style>").context("the style sheet in index.html has no end")?;
        let style = style.trim();
        let script = self.shell.read_binary_file(self.staging.join("assets").join(&viewer.script))?;
        let mut html = format!("{before}<style>{style}</style>{after}")
            .replace("'sha256-'", &format!("'{}'", integrity(style.as_bytes())))
            .replace(
                "\"finews-viewer.js\"",
                &format!("\"assets/{}\" integrity=\"{}\"", viewer.script, integrity(&script)),
            )
            .replace(
                "\"finews-viewer_bg.wasm\"",
                &format!("\"assets/{}\" integrity=\"{}\"", viewer.wasm, viewer.integrity),
            )
            .replace(
                "<p class=\"message\">",
                &format!("<p class=\"message\">{}", self.words("document", "no_script")?),
            )
            .replace("role=\"status\">", &format!("role=\"status\">{}", self.words("viewer", "late")?));
        if !self.is_release {
            self.shell.copy_file("web/dev/reload.js", self.staging.join("reload.js"))?;
            html = html.replace("</body>", "<script type=\"module\" src=\"reload.js\"></script>\n</body>");
        }
        self.shell.write_file(path, html)?;
        Ok(())
    }

    /// The interface's words for a key, in both languages.
    fn words(&self, section: &str, key: &str) -> Result<String> {
        let mut text = String::new();
        for language in ["zh", "en"] {
            let words: serde_json::Value =
                serde_json::from_str(&self.shell.read_file(format!("words/{language}.json"))?)?;
            let word = words[section][key].as_str();
            text += word.with_context(|| format!("words/{language}.json has no {section}.{key}"))?;
        }
        Ok(text)
    }

    /// Writes the service worker. Its first line describes the version; the builder keeps the list of files
    /// in this line, and sets the shell and the version for a site.
    fn service_worker(&self) -> Result<()> {
        let worker = self.bundler.worker("web/worker/worker.js")?;
        let shell = self.shell.read_file(self.staging.join("index.html"))?;
        let is_viewer_file = |path: &&String| {
            !["assets/headlines-", "assets/embed-", "assets/examples-", "assets/search"]
                .iter()
                .any(|other| path.starts_with(other))
        };
        let files: Vec<&String> = self.assets.iter().filter(is_viewer_file).collect();
        let version =
            serde_json::json!({ "shell": "index.html", "files": files, "version": hash(shell.as_bytes()) });
        self.shell.write_file(self.staging.join("sw.js"), format!("self.finews={version};\n{worker}"))?;
        Ok(())
    }

    /// Builds the sample's bundle, for a development build.
    fn sample_bundle(&self) -> Result<()> {
        let staging = &self.staging;
        let command = cmd!(
            self.shell,
            "cargo run --quiet --package finews -- build sample --out {staging} --bundle-only --cache target/sample-cache"
        );
        Ok(command.run()?)
    }
}

/// The hash in a file's name.
fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))[..16].to_owned()
}

/// A file's checksum for `integrity` or a policy.
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}
