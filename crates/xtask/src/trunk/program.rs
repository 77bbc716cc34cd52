//! Optimises a WebAssembly program together with the script that wasm-bindgen wrote for it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Result;
use xshell::{Shell, cmd};

use super::WORK;

/// A program as wasm-bindgen wrote it.
pub(super) struct Program {
    pub(super) script: PathBuf,
    pub(super) wasm: PathBuf,
}

/// The options of the first optimisation. They limit inlining, because it saves only bytes that compression would
/// save anyway, and makes the compressed program larger.
const FIRST: [&str; 2] = ["--always-inline-max-function-size=0", "--one-caller-inline-max-function-size=20"];
/// The options of the second one: of those tried, the limits with the smallest compressed program.
const SECOND: [&str; 5] = [
    "--always-inline-max-function-size=4",
    "--one-caller-inline-max-function-size=60",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// The WebAssembly features of browsers from recent years; `--all-features` would use newer ones.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

impl Program {
    /// Optimises the program and `script`, its bundled script, which is not minified yet.
    ///
    /// wasm-bindgen exports everything that crates mark for export, even if it is not used, such as the
    /// streams of Leptos's server functions. Exports that the script does not call are removed, so the
    /// optimiser can drop their code, and then the imports that only that code used are removed from the
    /// script.
    pub(super) fn optimised(&self, shell: &Shell, script: &str) -> Result<(String, Vec<u8>)> {
        let (text, built) = (format!("{WORK}/program.wat"), format!("{WORK}/optimised.wasm"));
        let wasm = &self.wasm;
        cmd!(shell, "wasm-dis {FEATURES...} {wasm} --output {text}").run()?;
        let program = without_dead_exports(&shell.read_file(&text)?, &words(script));
        shell.write_file(&text, &program)?;
        cmd!(shell, "wasm-opt -Oz {FIRST...} {FEATURES...} --output {built} {text}").run()?;
        cmd!(shell, "wasm-dis {FEATURES...} {built} --output {text}").run()?;
        let program = shell.read_file(&text)?;
        let script = without_dead_imports(script, &imports(&program));
        let short = short_names(&script);
        shell.write_file(&text, renamed(&program, &short))?;
        cmd!(shell, "wasm-opt -Oz {SECOND...} {FEATURES...} --output {built} {text}").run()?;
        Ok((renamed(&script, &short), shell.read_binary_file(built)?))
    }
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

fn words(script: &str) -> BTreeSet<&str> {
    script.split(|c| !is_word_char(c)).collect()
}

/// Removes from the program's text the exports that the script does not name.
fn without_dead_exports(program: &str, used: &BTreeSet<&str>) -> String {
    let name = |line: &str| {
        line.trim_start()
            .strip_prefix("(export \"")
            .and_then(|rest| rest.split('"').next().map(str::to_owned))
    };
    program
        .split_inclusive('\n')
        .filter(|line| name(line).is_none_or(|name| used.contains(name.as_str())))
        .collect()
}

/// The names of the program's imports.
fn imports(program: &str) -> BTreeSet<&str> {
    program
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("(import \"")?.split('"').nth(2))
        .collect()
}

/// Removes from the script the functions that the program does not import. Each function is a line with its
/// name, an indented body, and a closing line.
fn without_dead_imports(script: &str, imported: &BTreeSet<&str>) -> String {
    let mut kept = String::with_capacity(script.len());
    let mut dropped_at = None;
    for line in script.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if let Some(at) = dropped_at {
            if indent == at && line.trim_start().starts_with('}') {
                dropped_at = None;
            }
            continue;
        }
        let name = line.trim_start().split_once(": function(").map(|(name, _)| name);
        if name.is_some_and(|name| name.starts_with("__wb") && !imported.contains(name)) {
            dropped_at = Some(indent);
            continue;
        }
        kept.push_str(line);
    }
    kept
}

/// Maps the long names that the program and its script share to short ones.
///
/// Each long name ends in sixteen random digits, which do not compress.
fn short_names(script: &str) -> BTreeMap<String, String> {
    let is_hashed = |name: &&str| {
        let hash = name.get(name.len().saturating_sub(16)..).unwrap_or_default();
        name.len() > 16 && name.starts_with("__wb") && hash.bytes().all(|b| b.is_ascii_hexdigit())
    };
    words(script)
        .into_iter()
        .filter(is_hashed)
        .enumerate()
        .map(|(at, name)| (name.to_owned(), format!("_{at}")))
        .collect()
}

fn renamed(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut renamed = String::with_capacity(text.len());
    for part in text.split_inclusive(|c| !is_word_char(c)) {
        let name = part.trim_end_matches(|c| !is_word_char(c));
        renamed.push_str(names.get(name).map_or(name, String::as_str));
        renamed.push_str(&part[name.len()..]);
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = "(module\n (import \"./a\" \"__wbg_log_0123456789abcdef\" (func $log))\n (export \"used\" (func $a))\n (export \"dead\" (func $b))\n)\n";
    const SCRIPT: &str = "var imports = {\n  __wbg_log_0123456789abcdef: function(arg0) {\n    if (arg0) {\n    }\n  },\n  __wbg_dead_fedcba9876543210: function() {\n    return 1;\n  },\n};\nwasm.used();\n";

    #[test]
    fn exports_that_the_script_does_not_call_are_removed() {
        let program = without_dead_exports(PROGRAM, &words(SCRIPT));
        assert!(program.contains("\"used\"") && !program.contains("\"dead\""));
    }

    #[test]
    fn functions_that_the_program_does_not_import_are_removed_from_the_script() {
        let script = without_dead_imports(SCRIPT, &imports(PROGRAM));
        assert_eq!(
            script,
            "var imports = {\n  __wbg_log_0123456789abcdef: function(arg0) {\n    if (arg0) {\n    }\n  },\n};\nwasm.used();\n"
        );
    }

    #[test]
    fn shared_names_are_shortened_in_the_program_and_in_its_script() {
        let short = short_names(SCRIPT);
        assert!(
            renamed(PROGRAM, &short).contains("\"_1\" (func $log)")
                && renamed(SCRIPT, &short).contains("  _1: function(arg0)")
        );
        assert!(renamed(SCRIPT, &short).contains("wasm.used()"));
    }
}
