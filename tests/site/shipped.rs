//! The scripts that ship.

use testkit::folder::files;
use testkit::setup::sample_site;

/// A bundle may be untrusted, so no script passes text to the browser as HTML, not even where Trusted Types
/// would prevent it.
#[test]
fn no_script_parses_html() {
    let scripts: Vec<_> =
        files(&sample_site()).into_iter().filter(|(path, _)| path.ends_with(".js")).collect();
    assert!(scripts.len() > 5, "{scripts:?}");
    for (path, file) in scripts {
        let text = std::fs::read_to_string(file).unwrap();
        for sink in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "createContextualFragment",
            "DOMParser",
            "setHTMLUnsafe",
            "eval(",
        ] {
            assert!(!text.contains(sink), "{path} uses {sink}");
        }
    }
}

#[test]
fn the_widget_reserves_the_same_segments_as_the_viewer() {
    let script = std::fs::read_to_string("web/widget/archive.js").unwrap();
    let reserved = script.split_once("RESERVED = [").and_then(|(_, rest)| rest.split(']').next()).unwrap();
    let reserved: Vec<&str> = reserved.split(", ").map(|word| word.trim_matches('"')).collect();
    assert_eq!(reserved, bundle::address::RESERVED);
}
