//! Reads the footnotes that the Markdown parser renders.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use bundle::fingerprint;
use markup5ever_rcdom::Handle;
use percent_encoding::percent_decode_str;

use super::Walk;
use super::node::{attribute, has_class};
use crate::tree::{Block, Inline, visit_inlines};

impl Walk {
    /// Reads an element of a footnote: a reference to it, its text, or the link back from it. Returns `false` for any
    /// other element.
    pub(super) fn footnote(&mut self, node: &Handle, name: &str, depth: usize) -> bool {
        match name {
            "sup" if has_class(node, "footnote-ref") => {
                let address = node.children.borrow().iter().find_map(|child| attribute(child, "href"));
                let Some(note) =
                    address.as_deref().and_then(|address| note_name(address.strip_prefix("#fn-")?))
                else {
                    return false;
                };
                self.push_inline(Inline::Footnote(note));
            }
            "a" if has_class(node, "footnote-backref") => {}
            "section" if attribute(node, "data-footnotes").is_some() => {
                self.end_paragraph();
                for list in node.children.borrow().iter() {
                    for item in list.children.borrow().iter().filter(|item| super::name(item) == "li") {
                        let blocks = self.inner(item, depth, false);
                        let note = attribute(item, "id").and_then(|id| note_name(id.strip_prefix("fn-")?));
                        match note {
                            Some(note) => self.found.notes.push((note, blocks)),
                            None => blocks.into_iter().for_each(|block| self.push(block)),
                        }
                    }
                }
            }
            _ => return false,
        }
        true
    }
}

/// A footnote's name in the bundle: its author's, if that has only letters, digits, hyphens and underscores.
fn note_name(encoded: &str) -> Option<String> {
    let name = percent_decode_str(encoded).decode_utf8_lossy();
    if name.is_empty() {
        return None;
    }
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    Some(if is_plain { name.into_owned() } else { format!("{:x}", fingerprint(&name)) })
}

/// Appends the footnotes, and leaves only those and references that belong to each other: a footnote without a
/// reference becomes a part of the body, a reference without a footnote disappears.
pub(super) fn match_references(blocks: &mut Vec<Block>, notes: Vec<(String, Vec<Block>)>) {
    let mut referenced = BTreeSet::new();
    visit_inlines(blocks, &mut |inlines| collect(inlines, &mut referenced));
    if referenced.is_empty() && notes.is_empty() {
        return;
    }
    let mut unread: BTreeMap<String, Vec<Block>> = BTreeMap::new();
    let mut order = Vec::new();
    for (name, inner) in notes {
        match unread.entry(name.clone()) {
            Entry::Occupied(_) => blocks.extend(inner),
            Entry::Vacant(entry) => {
                entry.insert(inner);
                order.push(name);
            }
        }
    }
    let mut defined = BTreeSet::new();
    let mut waiting: Vec<String> = referenced.into_iter().rev().collect();
    let mut texts = BTreeMap::new();
    // A footnote may refer to another one.
    while let Some(name) = waiting.pop() {
        if let Some(mut inner) = unread.remove(&name) {
            let mut names = BTreeSet::new();
            visit_inlines(&mut inner, &mut |inlines| collect(inlines, &mut names));
            waiting.extend(names);
            defined.insert(name.clone());
            texts.insert(name, inner);
        }
    }
    let mut footnotes = Vec::new();
    for name in order {
        match texts.remove(&name) {
            Some(inner) => footnotes.push(Block::Footnote(name, inner)),
            None => blocks.extend(unread.remove(&name).unwrap_or_default()),
        }
    }
    blocks.append(&mut footnotes);
    visit_inlines(blocks, &mut |inlines| retain(inlines, &defined));
}

fn collect(inlines: &[Inline], names: &mut BTreeSet<String>) {
    for inline in inlines {
        match inline {
            Inline::Footnote(name) => drop(names.insert(name.clone())),
            Inline::Marked(_, inner) => collect(inner, names),
            _ => {}
        }
    }
}

fn retain(inlines: &mut Vec<Inline>, defined: &BTreeSet<String>) {
    inlines.retain_mut(|inline| match inline {
        Inline::Footnote(name) => defined.contains(name),
        Inline::Marked(_, inner) => {
            retain(inner, defined);
            true
        }
        _ => true,
    });
}
