//! Drawings: their sizes, and whether they only draw.

use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attribute;
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

/// The size at which browsers show a drawing: its own in pixels, or else its proportions.
/// <https://www.w3.org/TR/SVG2/coords.html#SizingSVGInCSS>
pub(super) fn drawing_size(svg: &str) -> Option<(u32, u32)> {
    let mut reader = quick_xml::Reader::from_str(svg);
    let root = loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) => break element,
            Event::Eof => return None,
            _ => {}
        }
    };
    let attribute = |name: &str| {
        root.attributes().flatten().find(|attribute| attribute.key.as_ref() == name).map(|found| found.value)
    };
    let pixels = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok();
    let own = |name: &str| attribute(name).and_then(|value| pixels(&value));
    let view = attribute("viewBox").unwrap_or_default();
    let view: Vec<f64> = view.split([' ', ',']).filter_map(pixels).collect();
    let proportions = || if let [_, _, width, height] = *view { Some((width, height)) } else { None };
    let size = match (own("width"), own("height")) {
        (Some(width), Some(height)) => (width, height),
        (width, height) => {
            let (across, down) = proportions()?;
            match (width, height) {
                (Some(width), _) => (width, width / across * down),
                (_, Some(height)) => (height / down * across, height),
                _ => (across, down),
            }
        }
    };
    let whole = |length: f64| (1.0..1e6).contains(&length).then(|| format!("{length:.0}").parse().ok());
    Some((whole(size.0)??, whole(size.1)??))
}

/// Whether an SVG file, or another file of XML, only draws or describes: no scripts, and nothing from elsewhere.
///
/// A browser shows a drawing as a picture without them, but also as a page of the site to whoever opens its address.
/// Elements and attributes of other languages, such as an editor's notes, mean nothing to a browser.
pub(super) fn only_draws(xml: &str, is_svg: bool) -> bool {
    let mut reader = NsReader::from_str(xml);
    let mut in_style = false;
    // How many parts the words of a style have had: only the first is read as it is written.
    let mut parts = 0;
    loop {
        if !in_style {
            parts = 0;
        }
        let is_harmless = match reader.read_event() {
            Ok(Event::Eof) => return true,
            // The words of a style are all that it contains.
            Ok(Event::Start(_) | Event::Empty(_) | Event::Comment(_) | Event::PI(_)) if in_style => false,
            Ok(ref event @ (Event::Start(ref element) | Event::Empty(ref element))) => {
                let (namespace, name) = reader.resolver().resolve_element(element.name());
                let name = name.as_ref().to_lowercase();
                in_style = name == "style" && matches!(event, Event::Start(_));
                let known = match namespace {
                    ResolveResult::Unbound if !is_svg => None,
                    // A drawing without namespaces may be read as one that has them.
                    ResolveResult::Unbound | ResolveResult::Bound(Namespace(SVG)) => Some(&DRAWING[..]),
                    ResolveResult::Bound(Namespace(XHTML)) => Some(&TEXT[..]),
                    ResolveResult::Bound(Namespace(XSLT | MATH_ML)) | ResolveResult::Unknown(_) => {
                        Some(&[][..])
                    }
                    ResolveResult::Bound(_) => None,
                };
                let is_text = matches!(namespace, ResolveResult::Bound(Namespace(XHTML)));
                let element_name = name.clone();
                let is_harmless = |attribute: Result<Attribute<'_>, _>| {
                    attribute.is_ok_and(|attribute| {
                        let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
                        let is_foreign = match namespace {
                            ResolveResult::Bound(Namespace(namespace)) => !matches!(namespace, XLINK | XML),
                            _ => false,
                        };
                        let name = name.as_ref().to_lowercase();
                        attribute.key.as_namespace_binding().is_some()
                            || is_foreign
                            || ((!is_text || TEXT_ATTRIBUTES.contains(&&*name))
                                && attribute.normalized_value(XmlVersion::Implicit1_0).is_ok_and(|value| {
                                    is_harmless_attribute(&element_name, &name, &value.to_lowercase())
                                }))
                    })
                };
                known.is_none_or(|known| known.contains(&&*name) && element.attributes().all(is_harmless))
            }
            Ok(Event::Text(text)) => {
                parts += 1;
                (!in_style || parts == 1) && stays_inside(&text.to_lowercase())
            }
            Ok(Event::CData(text)) => {
                parts += 1;
                (!in_style || parts == 1) && stays_inside(&text.to_lowercase())
            }
            Ok(Event::DocType(text)) => !text.contains("<!"),
            // A character that is written as a number might be part of a word that is looked for.
            Ok(Event::GeneralRef(_)) => !in_style,
            Ok(Event::PI(instruction)) => !instruction.target().eq_ignore_ascii_case("xml-stylesheet"),
            Ok(Event::End(_)) => {
                in_style = false;
                true
            }
            Err(_) => false,
            Ok(_) => true,
        };
        if !is_harmless {
            return false;
        }
    }
}

const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XSLT: &str = "http://www.w3.org/1999/XSL/Transform";
const MATH_ML: &str = "http://www.w3.org/1998/Math/MathML";

fn is_harmless_attribute(element: &str, name: &str, value: &str) -> bool {
    let value = value.trim();
    let is_own = || {
        value.starts_with('#') || (matches!(element, "image" | "feimage") && value.starts_with("data:image/"))
    };
    !name.starts_with("on")
        && name != "base"
        && (!matches!(name, "href" | "src") || is_own())
        && stays_inside(value)
}

/// Whether a style, or an attribute that may be one, names nothing outside the file. An escaped character might.
fn stays_inside(style: &str) -> bool {
    let is_own = |(at, _): (usize, &str)| {
        let target = style[at + "url(".len()..].trim_start().trim_start_matches(['"', '\'']);
        target.starts_with('#') || target.starts_with("data:image/")
    };
    let names_others = ["@import", "\\", "image-set(", "image(", "src(", "cross-fade("];
    !names_others.iter().any(|name| style.contains(name)) && style.match_indices("url(").all(is_own)
}

/// The elements that draw (<https://www.w3.org/TR/SVG2/eltindex.html>, without links, scripts, animations, which could
/// set attributes), and `format`, `type` of files without namespaces.
const DRAWING: [&str; 64] = [
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
    "font",
    "font-face",
    "font-face-src",
    "font-face-name",
    "foreignobject",
    "g",
    "glyph",
    "hkern",
    "image",
    "line",
    "lineargradient",
    "marker",
    "mask",
    "metadata",
    "missing-glyph",
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
    "vkern",
];

/// The elements of HTML that a drawing's text may consist of.
const TEXT: [&str; 24] = [
    "b", "body", "br", "code", "div", "em", "font", "html", "i", "li", "ol", "p", "pre", "s", "span",
    "strong", "sub", "sup", "table", "tbody", "td", "tr", "u", "ul",
];

/// The attributes of such elements that ask nobody for anything.
const TEXT_ATTRIBUTES: [&str; 12] =
    ["align", "class", "color", "dir", "face", "height", "id", "lang", "size", "style", "title", "width"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_its_own_size_or_its_proportions() {
        for (svg, size) in [
            ("<?xml version=\"1.0\"?><!-- a --><svg width=\"40.4\" height='30px'/>", Some((40, 30))),
            ("<svg viewBox=\"0 0 200 100\"/>", Some((200, 100))),
            ("<svg viewBox=\"0,0,200,100\" width=\"50\"/>", Some((50, 25))),
            ("<svg viewBox=\"0 0 200 100\" width=\"100%\" height=\"10\"/>", Some((20, 10))),
            ("<svg width=\"100%\"/>", None),
            ("<svg viewBox=\"0 0 0 0\" width=\"5\"/>", None),
            ("", None),
        ] {
            assert_eq!(drawing_size(svg), size, "{svg}");
        }
    }

    #[test]
    fn only_drawings_are_published_as_svg() {
        for svg in [
            "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\"><svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\" fill=\"url(#a)\"/><use href='#b'/></svg>",
            "<svg><image href=\"data:image/png;base64,AA\"/><text>one = on = 1</text></svg>",
            // As editors write them.
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:e=\"https://editor.example/\" e:export=\"C:\\a.png\"><e:view href=\"https://editor.example/\"/><style/><g/></svg>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><foreignObject><div xmlns=\"http://www.w3.org/1999/xhtml\" style=\"color: red\">words</div></foreignObject></svg>",
        ] {
            assert!(only_draws(svg, true), "{svg}");
        }
        assert!(only_draws("<?xml version=\"1.0\"?><users><user>08A1</user></users>", false));
        assert!(!only_draws("<a><script xmlns=\"http://www.w3.org/1999/xhtml\"/></a>", false));
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
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><foreignObject><iframe xmlns=\"http://www.w3.org/1999/xhtml\" src=\"#a\"/></foreignObject></svg>",
            "<svg><style>a<g/>u&#114;l(https://x.example/)</style></svg>",
            "<svg><g><style>a</style><style>@import 'x'</style></g></svg>",
            "<svg xml:base=\"https://x.example/\"><use href=\"#a\"/></svg>",
            "<x:stylesheet xmlns:x=\"http://www.w3.org/1999/XSL/Transform\"/>",
            "<e:g/>",
            "<svg><style>@im<!-- -->port 'https://x.example/a.css';</style></svg>",
            "<svg><style>@im<![CDATA[port 'https://x.example/a.css';]]></style></svg>",
            "<svg><style>u<?x y?>rl(https://x.example/)</style></svg>",
            "<svg style=\"background-image:image-set('https://x.example/a.png' 1x)\"/>",
            "<svg><use href=\"data:image/svg+xml;base64,AA#x\"/></svg>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><foreignObject><table xmlns=\"http://www.w3.org/1999/xhtml\" background=\"https://x.example/a.png\"/></foreignObject></svg>",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
        ] {
            assert!(!only_draws(svg, true), "{svg}");
        }
    }
}
