//! Any text parses as some address, which prints to text with the same meaning and leads only to this site.
#![no_main]

use bundle::href::Href;
use bundle::{Base, address::Address};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (path, query) = text.split_once('\n').unwrap_or((text, ""));
    let address = Address::parse(path, query);
    let printed = address.to_string();
    assert!(printed.starts_with('/') && !printed.starts_with("//") && !printed.contains('\\'), "{printed}");
    if address != Address::Unknown {
        let (path, query) = printed.split_once('?').unwrap_or((&printed, ""));
        assert_eq!(Address::parse(path, query), address, "{printed}");
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
            Href::Quote(_) | Href::Chart(_) => {}
        }
    }
});
