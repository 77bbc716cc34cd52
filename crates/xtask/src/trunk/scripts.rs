//! Bundles and minifies scripts and style sheets with esbuild.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

use super::WORK;

pub(super) struct Bundler<'a> {
    pub(super) shell: &'a Shell,
    pub(super) minify: bool,
}

impl Bundler<'_> {
    /// Bundles a script with its imports.
    pub(super) fn script(&self, entry: &str, options: &[String]) -> Result<String> {
        self.bundle(entry, "esm", self.minify, options)
    }

    /// Bundles a script without minifying it, for a program that is optimised next.
    pub(super) fn unminified(&self, entry: &str, options: &[String]) -> Result<String> {
        self.bundle(entry, "esm", false, options)
    }

    /// Bundles a script made from [`Bundler::unminified`]'s, and minifies it in a release.
    pub(super) fn minified(&self, script: &str, options: &[String]) -> Result<String> {
        let entry = format!("{WORK}/unfinished.js");
        self.shell.write_file(&entry, script)?;
        // What wasm-bindgen warns of does not happen here, and nothing is disposed of with “using”.
        let own = ["--pure:console.warn".to_owned(), "--define:Symbol.dispose=false".to_owned()];
        self.script(&entry, &[&own, options].concat())
    }

    /// Bundles a service worker, which is not a module.
    pub(super) fn worker(&self, entry: &str) -> Result<String> {
        self.bundle(entry, "iife", self.minify, &[])
    }

    /// Bundles a style sheet with its imports. It is minified even in development, so that the hash of the
    /// inlined style sheet, which the policy contains, is the same as in a release.
    pub(super) fn style(&self, entry: &str) -> Result<String> {
        Ok(self.bundle(entry, "esm", true, &[])?.trim_end().to_owned())
    }

    /// Bundles the widget's style sheet with the site's palette, adapted to the widget's root.
    pub(super) fn widget_style(&self) -> Result<String> {
        // The widget has no charts.
        let palette: String = self
            .shell
            .read_file("style/palette.css")?
            .split_inclusive('\n')
            .filter(|line| !line.contains("--chart-"))
            .collect();
        let palette = palette
            .replace(":root:not([data-theme=\"light\"])", ":host(:not([theme=\"light\"])) section")
            .replace(":root[data-theme=\"light\"]", ":host([theme=\"light\"]) section")
            .replace(":root[data-theme=\"dark\"]", ":host([theme=\"dark\"]) section")
            .replace(":root", "section");
        let entry = format!("{WORK}/widget.css");
        self.shell.write_file(&entry, self.shell.read_file("style/widget.css")? + &palette)?;
        self.style(&entry)
    }

    /// Bundles the widget's element. `host` names the script that finds its site and its program.
    pub(super) fn widget_element(&self, host: &str, options: &[String]) -> Result<String> {
        let style = self.style("style/element.css")?;
        let mut all =
            vec![define("ELEMENT_STYLES", &style)?, format!("--alias:widget-host=./web/widget/{host}.js")];
        all.extend_from_slice(options);
        self.script("web/widget/element.js", &all)
    }

    /// Bundles the widget's program.
    pub(super) fn widget_program(&self) -> Result<String> {
        self.script("web/widget/program.js", &[define("CONTENT_STYLES", &self.widget_style()?)?])
    }

    fn bundle(&self, entry: &str, format: &str, minify: bool, options: &[String]) -> Result<String> {
        let extension = Path::new(entry).extension().unwrap_or_default().to_string_lossy();
        let bundled = format!("{WORK}/bundled.{extension}");
        let minify: &[&str] = if minify { &["--minify"] } else { &[] };
        cmd!(self.shell, "esbuild {entry} --bundle --format={format} --charset=utf8 {minify...} {options...} --outfile={bundled} --log-level=warning")
            .quiet()
            .run()?;
        Ok(self.shell.read_file(bundled)?)
    }
}

/// An option that defines a constant for a bundled script.
pub(super) fn define(name: &str, text: &str) -> Result<String> {
    Ok(format!("--define:{name}={}", serde_json::to_string(text)?))
}
