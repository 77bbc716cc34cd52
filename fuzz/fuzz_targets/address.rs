//! Any text parses as an address of this site. Formatted as text, an address that the viewer can show parses
//! as the same address again. Links of stories are http(s), paths of this site, or a security's quote page or
//! chart.
#![no_main]

use bundle::href::Href;
use bundle::{Base, address::Address};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (path, query) = text.split_once('\n').unwrap_or((text, ""));
    let address = Address::parse(path, query);
    let formatted = address.to_string();
    assert!(
        formatted.starts_with('/') && !formatted.starts_with("//") && !formatted.contains('\\'),
        "{formatted}"
    );
    if address != Address::Unknown {
        let (path, query) = formatted.split_once('?').unwrap_or((&formatted, ""));
        assert_eq!(Address::parse(path, query), address, "{formatted}");
    }
    let base = Base::new(path);
    let href = base.href(&address);
    assert!(href.starts_with('/') && !href.starts_with("//"), "{href}");
    if let Some(href) = Href::parse(text) {
        match href {
            Href::External(address) => {
                assert!(address.starts_with("http://") || address.starts_with("https://"), "{address}")
            }
            Href::Internal(path) => {
                assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'), "{path}")
            }
            Href::Relative(path) => {
                let first = path.split(['/', '?', '#']).next().unwrap_or_default();
                assert!(!path.starts_with('/') && !first.contains(':') && !path.contains('\\'), "{path}")
            }
            Href::Fragment(fragment) => assert!(fragment.starts_with('#'), "{fragment}"),
            Href::App(address) => {
                let (scheme, _) = address.split_once(':').expect("it has a scheme");
                assert!(!["javascript", "data", "vbscript", "blob"].contains(&scheme), "{address}")
            }
            Href::Quote(_) | Href::Chart(_) => {}
        }
    }
});
