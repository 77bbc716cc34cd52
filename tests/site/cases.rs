//! Posts and the articles they become: every folder of `tests/fixtures/cases` has a `post.md` and the
//! expected `article.json` with its warnings. If the post's file name matters, it is in a file `name`.
//!
//! `UPDATE_CASES=1 cargo test --test site cases` writes the actual results; check the difference before
//! committing it.

use std::fs;
use std::path::Path;

use posts::TimeZone;
use serde_json::{Value, json};

fn check(case: &Path, zone: &TimeZone, differences: &mut Vec<String>) {
    let bytes = fs::read(case.join("post.md")).unwrap();
    let name =
        fs::read_to_string(case.join("name")).unwrap_or_else(|_| "2022-03-01-202203012292649174.md".into());
    let post = posts::read(name.trim(), &bytes, &posts::Context::new(zone));
    let warnings: Vec<String> = post
        .warnings
        .iter()
        .map(|warning| format!("{}: {}: {}", warning.line, warning.kind, warning.message))
        .collect();
    let found = json!({ "article": post.article, "warnings": warnings });
    let path = case.join("article.json");
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(&path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        return;
    }
    let expected: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    if found != expected {
        differences.push(format!("{}:\nexpected {expected:#}\nfound {found:#}", case.display()));
    }
}

#[test]
fn every_case_becomes_the_expected_article() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let mut differences = Vec::new();
    let mut cases: Vec<_> =
        fs::read_dir("tests/fixtures/cases").unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 20, "only {} cases were found", cases.len());
    for case in &cases {
        check(case, &zone, &mut differences);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
