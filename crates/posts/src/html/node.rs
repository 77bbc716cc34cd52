//! Queries on nodes of the tree: name, attributes, text, and whether a browser shows them.

use html5ever::Attribute;
use markup5ever_rcdom::{Handle, NodeData};

use crate::kramdown;

/// The text below a node without its hidden elements, and with a line break for each `br`. Uses a stack
/// instead of recursion, since nodes may be nested thousands of levels deep.
pub(super) fn text_of(node: &Handle) -> String {
    let mut text = String::new();
    let mut stack = vec![node.clone()];
    while let Some(node) = stack.pop() {
        match &node.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            NodeData::Element { .. } => {
                let name = name(&node);
                if &*name == "br" {
                    text.push('\n');
                }
                if !is_hidden(&node) && !is_left_out(&node, &name) {
                    stack.extend(node.children.borrow().iter().rev().cloned());
                }
            }
            _ => {}
        }
    }
    text
}

pub(super) fn name(node: &Handle) -> String {
    match &node.data {
        NodeData::Element { name, .. } => name.local.to_string(),
        _ => String::new(),
    }
}

pub(super) fn attribute(node: &Handle, name: &str) -> Option<String> {
    of_attribute(node, name, str::to_owned)
}

/// What `read` makes of an attribute's value; `None` if the node has no such attribute.
fn of_attribute<T>(node: &Handle, name: &str, read: impl FnOnce(&str) -> T) -> Option<T> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let attributes = attrs.borrow();
    let attribute = attributes.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(read(&attribute.value))
}

pub(super) fn has_class(node: &Handle, class: &str) -> bool {
    let has = |classes: &str| classes.split_ascii_whitespace().any(|found| found == class);
    of_attribute(node, "class", has).unwrap_or_default()
}

pub(super) fn is_quote(node: &Handle) -> bool {
    (has_class(node, "keytip") || has_class(node, "em_stock_key_common"))
        && (attribute(node, "data-code").is_some() || attribute(node, "href").is_some())
}

/// Whether an element's author hides it, by an attribute or its style.
pub(super) fn is_hidden(node: &Handle) -> bool {
    matches!(&node.data, NodeData::Element { attrs, .. } if hides(&attrs.borrow()))
}

/// Whether an attribute hides its element. What a reader can open, such as a dialog or a popover, is not hidden.
pub(super) fn hides(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &*attribute.name.local {
        "hidden" => true,
        "style" => style_hides(&attribute.value),
        // SVG's.
        "display" => attribute.value.trim() == "none",
        _ => false,
    })
}

/// Whether a style hides an element.
fn style_hides(style: &str) -> bool {
    let has = |word: &[u8]| style.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    if !has(b"none") && !has(b"hidden") {
        return false;
    }
    let mut plain = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain.retain(|c| !c.is_whitespace() && c != '\\');
    plain.make_ascii_lowercase();
    // The last rule of a property counts.
    let value = |property: &str| {
        let mut values = plain.split(';').filter_map(|rule| rule.strip_prefix(property)?.strip_prefix(':'));
        values.next_back().unwrap_or_default().trim_end_matches("!important")
    };
    value("display") == "none" || value("visibility") == "hidden" || value("content-visibility") == "hidden"
}

/// Whether an element is left out: a browser does not show its content as part of the text, or it is one of
/// EastMoney's advertisements.
pub(super) fn is_left_out(node: &Handle, name: &str) -> bool {
    // The standard's list (https://html.spec.whatwg.org/#hidden-elements), and elements whose content is a
    // fallback, an input, or data of SVG or MathML.
    let by_kind = matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "datalist"
            | "head"
            | "link"
            | "meta"
            | "noembed"
            | "noframes"
            | "noscript"
            | "param"
            | "rp"
            | "script"
            | "style"
            | "template"
            | "title"
            | "iframe"
            | "object"
            | "embed"
            | "video"
            | "audio"
            | "canvas"
            | "desc"
            | "metadata"
            | "defs"
            | "annotation"
            | "annotation-xml"
    );
    by_kind || has_class(node, "toplink") || has_class(node, "em_xuangu")
}

/// Whether an element plays something, here or at another host.
pub(super) fn is_media(node: &Handle, name: &str) -> bool {
    match name {
        "video" | "audio" | "iframe" | "embed" | "object" => true,
        "script" => of_attribute(node, "src", |src| src.contains("//gist.github.com/")).unwrap_or_default(),
        _ => false,
    }
}

/// Whether an element loses more than its looks.
pub(super) fn is_lost(node: &Handle, name: &str) -> bool {
    match name {
        "button" | "canvas" | "form" | "map" | "math" | "meter" | "progress" | "script" | "select"
        | "style" | "svg" | "template" | "textarea" => !is_media(node, name),
        "input" => {
            !of_attribute(node, "type", |kind| kind.eq_ignore_ascii_case("checkbox")).unwrap_or_default()
        }
        name => name.contains('-') && !matches!(name, kramdown::CONTENTS | kramdown::NOT_IN_CONTENTS),
    }
}

pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "nav"
            | "optgroup"
            | "option"
            | "p"
            | "search"
            | "section"
            | "summary"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
    )
}
