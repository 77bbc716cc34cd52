//! Kinds of elements, as the HTML standard defines them.

/// Formatting elements: <https://html.spec.whatwg.org/#formatting>
pub(super) fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}

/// Elements without content: <https://html.spec.whatwg.org/#void-elements>
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Elements whose text is not parsed as markup: <https://html.spec.whatwg.org/#parsing-main-inbody>
pub(super) fn is_raw(name: &str) -> bool {
    matches!(
        name,
        "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
            | "plaintext"
            | "script"
            | "style"
            | "textarea"
            | "title"
            | "xmp"
    )
}

/// The name in the bundle's Markdown of an element that Markdown has no signs for.
pub(super) fn construct(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 14] =
        ["cite", "dfn", "ins", "kbd", "mark", "q", "rt", "ruby", "samp", "small", "sub", "sup", "u", "var"];
    NAMES.into_iter().find(|known| *known == name)
}
