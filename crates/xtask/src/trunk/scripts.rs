//! Scripts and style sheets, bundled and minified by esbuild.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

use super::WORK;

pub(super) struct Bundler<'a> {
    pub(super) shell: &'a Shell,
    pub(super) minify: bool,
}

impl Bundler<'_> {
    /// A script with what it imports.
    pub(super) fn script(&self, entry: &str, options: &[String]) -> Result<String> {
        self.bundle(entry, "esm", self.minify, options)
    }

    /// The same, for a program that is optimised next.
    pub(super) fn unminified(&self, entry: &str, options: &[String]) -> Result<String> {
        self.bundle(entry, "esm", false, options)
    }

    /// What [`Bundler::unminified`] gave, with its names filled in.
    pub(super) fn finished(&self, script: &str) -> Result<String> {
        let entry = format!("{WORK}/unfinished.js");
        self.shell.write_file(&entry, script)?;
        self.script(&entry, &[])
    }

    /// A service worker, which is no module.
    pub(super) fn worker(&self, entry: &str) -> Result<String> {
        self.bundle(entry, "iife", self.minify, &[])
    }

    /// A style sheet with what it imports. Minified even while developing: its hash stands in the policy.
    pub(super) fn style(&self, entry: &str) -> Result<String> {
        Ok(self.bundle(entry, "esm", true, &[])?.trim_end().to_owned())
    }

    /// The widget's style sheet: what is drawn, and the site's palette for the widget's own root.
    pub(super) fn widget_style(&self) -> Result<String> {
        // It has no charts.
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

/// A text as a constant for a script that is bundled.
pub(super) fn define(name: &str, text: &str) -> Result<String> {
    Ok(format!("--define:{name}={}", serde_json::to_string(text)?))
}
