//! The folder's files that are no posts and may be published as they are.

use std::collections::HashMap;
use std::path::Path;

use bundle::fingerprint;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attribute;
use unicode_normalization::UnicodeNormalization as _;

use super::story::Stamp;

/// Files by their paths from the root.
#[derive(Default)]
pub(crate) struct Others {
    stamps: HashMap<Box<str>, Stamp>,
    /// The paths by what they have in common with other ways to write them.
    by_folded: HashMap<String, Box<str>>,
}

impl Others {
    pub(super) fn new(files: Vec<(Box<str>, Stamp)>) -> Self {
        // Of paths that differ only in this, the first one is found.
        let by_folded = files.iter().rev().map(|(path, _)| (folded(path), path.clone())).collect();
        Self { stamps: files.into_iter().collect(), by_folded }
    }

    /// The path of a file as it is written, and its stamp.
    pub(crate) fn find(&self, path: &str) -> Option<(&str, Stamp)> {
        let (path, stamp) = match self.stamps.get_key_value(path) {
            Some(found) => found,
            None => self.stamps.get_key_value(self.by_folded.get(&folded(path))?)?,
        };
        Some((path, *stamp))
    }

    /// A number that changes with a file; 0 if there is none.
    pub(crate) fn stamp(&self, path: &str) -> u64 {
        self.find(path).map_or(0, |(_, stamp)| number(stamp))
    }
}

/// A number for a stamp, which is never 0.
pub(super) fn number(stamp: Stamp) -> u64 {
    fingerprint(&format!("{} {} {}", stamp.size, stamp.modified, stamp.changed)).max(1)
}

/// A path whose letters are small and composed, as file systems may compare them.
fn folded(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).collect()
}

/// finews's own inputs in the root.
const INPUTS: [&str; 3] = ["feeds.toml", "finews.toml", "names.csv"];

/// Whether the name of a file and those of the folders above it allow to publish it as it is.
pub(super) fn is_public(path: &str) -> bool {
    let is_hidden = |name: &str| name.starts_with(['.', '_', '#', '~']) || name.ends_with('~');
    let extension = Path::new(path).extension().map_or("", |extension| extension.to_str().unwrap_or("exe"));
    !path.split('/').any(is_hidden)
        && !INPUTS.contains(&path)
        && !path.starts_with("prices/")
        && !extension.is_empty()
        && !posts::is_page_or_program(extension)
}

/// Whether an SVG file only draws: no scripts, and nothing from elsewhere.
///
/// A browser shows it as a picture without them, but also as a page of the site to whoever opens its address.
pub(super) fn only_draws(svg: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(svg);
    let mut in_style = false;
    loop {
        let is_harmless = match reader.read_event() {
            Ok(Event::Eof) => return true,
            Ok(Event::Start(element) | Event::Empty(element)) => {
                let name = element.local_name().as_ref().to_lowercase();
                in_style = name == "style";
                let is_harmless = |attribute: Result<Attribute<'_>, _>| {
                    attribute.is_ok_and(|attribute| {
                        let name = attribute.key.local_name().as_ref().to_lowercase();
                        is_harmless_attribute(&name, &attribute.value.to_lowercase())
                    })
                };
                DRAWING.contains(&&*name) && element.attributes().all(is_harmless)
            }
            Ok(Event::Text(text)) => stays_inside(&text.to_lowercase()),
            Ok(Event::CData(text)) => stays_inside(&text.to_lowercase()),
            Ok(Event::DocType(text)) => !text.contains("<!"),
            // A character that is written as a number might be part of a word that is looked for.
            Ok(Event::GeneralRef(_)) => !in_style,
            Ok(Event::PI(_)) | Err(_) => false,
            Ok(_) => true,
        };
        if !is_harmless {
            return false;
        }
    }
}

fn is_harmless_attribute(name: &str, value: &str) -> bool {
    let value = value.trim();
    let is_own = || value.starts_with('#') || value.starts_with("data:image/");
    !name.starts_with("on")
        && !value.contains("&#")
        && (!matches!(name, "href" | "src") || is_own())
        && stays_inside(value)
}

/// Whether a style, or an attribute that may be one, names nothing outside the file. An escaped character might.
fn stays_inside(style: &str) -> bool {
    let is_own = |(at, _): (usize, &str)| {
        let target = style[at + "url(".len()..].trim_start().trim_start_matches(['"', '\'']);
        target.starts_with('#') || target.starts_with("data:image/")
    };
    !style.contains("@import") && !style.contains('\\') && style.match_indices("url(").all(is_own)
}

/// The elements that draw (<https://www.w3.org/TR/SVG2/eltindex.html>, without links, scripts, animations, which could
/// set attributes, and what contains other languages), and those that editors describe a drawing with.
const DRAWING: [&str; 62] = [
    "circle",
    "clippath",
    "defs",
    "desc",
    "ellipse",
    "feblend",
    "fecolormatrix",
    "fecomponenttransfer",
    "fecomposite",
    "feconvolvematrix",
    "fediffuselighting",
    "fedisplacementmap",
    "fedistantlight",
    "fedropshadow",
    "feflood",
    "fefunca",
    "fefuncb",
    "fefuncg",
    "fefuncr",
    "fegaussianblur",
    "feimage",
    "femerge",
    "femergenode",
    "femorphology",
    "feoffset",
    "fepointlight",
    "fespecularlighting",
    "fespotlight",
    "fetile",
    "feturbulence",
    "filter",
    "g",
    "image",
    "line",
    "lineargradient",
    "marker",
    "mask",
    "metadata",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialgradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textpath",
    "title",
    "tspan",
    "use",
    "view",
    "namedview",
    "rdf",
    "work",
    "format",
    "type",
    "grid",
    "page",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_hidden_files_pages_and_programs_are_not_public() {
        for path in ["a.jpg", "pictures/harbour 1.JPG", "files/报告.pdf", "prices.png", "docs/finews.toml"]
        {
            assert!(is_public(path), "{path}");
        }
        for path in [
            "finews.toml",
            "names.csv",
            "feeds.toml",
            "prices/600519.csv",
            ".git/a.png",
            "_drafts/a.png",
            "a/_b/c.png",
            "a/.b.png",
            "a.png~",
            "a.html",
            "a.PHP",
            "a.js",
            "README.md",
            "LICENSE",
            "sub/.env",
            "#a#.png",
        ] {
            assert!(!is_public(path), "{path}");
        }
    }

    #[test]
    fn a_file_is_found_however_its_letters_are_written() {
        let stamp = |size| Stamp { size, modified: 1, changed: 1 };
        let others = Others::new(vec![
            ("A/Harbour.JPG".into(), stamp(1)),
            ("caf\u{e9}.png".into(), stamp(2)),
            ("x.png".into(), stamp(3)),
            ("X.png".into(), stamp(4)),
        ]);
        let find = |path| others.find(path).map(|(path, stamp)| (path.to_owned(), stamp.size));
        assert_eq!(find("a/harbour.jpg"), Some(("A/Harbour.JPG".into(), 1)));
        assert_eq!(find("cafe\u{301}.png"), Some(("caf\u{e9}.png".into(), 2)));
        assert_eq!(find("X.png"), Some(("X.png".into(), 4)));
        assert_eq!(find("y.png"), None);
        assert_ne!(others.stamp("x.png"), others.stamp("X.png"));
        assert_eq!(others.stamp("y.png"), 0);
    }

    #[test]
    fn only_drawings_are_published_as_svg() {
        for svg in [
            "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\"><svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\" fill=\"url(#a)\"/><use href='#b'/></svg>",
            "<svg><image href=\"data:image/png;base64,AA\"/><text>one = on = 1</text></svg>",
        ] {
            assert!(only_draws(svg), "{svg}");
        }
        for svg in [
            "<svg><script>alert(1)</script></svg>",
            "<svg onload=\"alert(1)\"></svg>",
            "<svg a=\"b\" onLoad=\"alert(1)\"></svg>",
            "<svg><animate attributeName=\"href\" to=\"javascript:alert(1)\"/></svg>",
            "<svg><use href=\"java&#115;cript:alert(1)\"/></svg>",
            "<svg><style>p { fill: u&#114;l(https://x.example/) }</style></svg>",
            "<svg><path style=\"fill: u&#114;l(https://x.example/)\"/></svg>",
            "<svg><style>p { background: u\\72l(https://x.example/) }</style></svg>",
            "<?xml-stylesheet href=\"https://x.example/a.css\"?><svg/>",
            "<svg><html:iframe xmlns:html=\"http://www.w3.org/1999/xhtml\"/></svg>",
            "<svg/onload=alert(1)>",
            "<svg onload = 'alert(1)'>",
            "<svg><a href=\" javascript:alert(1)\"></a></svg>",
            "<svg><a xlink:href=\"https://x.example/\"></a></svg>",
            "<svg><image href='//x.example/a.png'/></svg>",
            "<svg><style>@import 'x'</style></svg>",
            "<svg><path fill=\"url(https://x.example/#a)\"/></svg>",
            "<svg><foreignObject></foreignObject></svg>",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
        ] {
            assert!(!only_draws(svg), "{svg}");
        }
    }
}
