//! Tags of Jekyll and of plugins that many sites have, and Hexo's.
//!
//! Jekyll's: <https://jekyllrb.com/docs/liquid/tags/>; Hexo's: <https://hexo.io/docs/tag-plugins>.

use std::borrow::Cow;
use std::fmt::Write as _;

use liquid_core::Value;
use liquid_core::model::Object;

use super::markup::{Tag, parameters, split_outside_quotes, split_tag};
use super::value::printed;
use super::{Block, Reader, Stop, Variable, push_code};
use crate::fingerprint;

impl Reader<'_> {
    /// Carries out a tag, and returns the text after it; `None` if the tag is not known.
    pub(super) fn jekyll_tag<'t>(&mut self, tag: &Tag<'_>, after: &'t str) -> Option<&'t str> {
        let markup = tag.markup.trim();
        match tag.name {
            "include" | "include_cached" => self.include(tag),
            "include_relative" => self.include_relative(tag),
            "break" | "continue" if self.loops > 0 => {
                self.stop = Some(if tag.name == "break" { Stop::Loop } else { Stop::Iteration });
            }
            "increment" => {
                let at = self.counters.entry(markup.to_owned()).or_default();
                *at += 1;
                let shown = (*at - 1).to_string();
                self.text(&shown);
            }
            "decrement" => {
                let at = self.counters.entry(markup.to_owned()).or_default();
                *at -= 1;
                let shown = at.to_string();
                self.text(&shown);
            }
            "cycle" => self.cycle(markup),
            "post_url" => {
                let name = self.shown_within(markup);
                let name = name.trim().trim_start_matches('/');
                let address = self.names.scope.surroundings.and_then(|rest| rest.address_of_post(name));
                self.link(tag, address);
            }
            "link" => self.link_tag(tag, markup),
            "post_link" => {
                let (name, words) = markup.split_once(char::is_whitespace).unwrap_or((markup, ""));
                let name = unquoted(name);
                let words = unquoted(words.trim_end_matches("true").trim_end_matches("false").trim());
                let rest = self.names.scope.surroundings;
                match rest.and_then(|rest| rest.address_of_post(name)) {
                    Some(address) => {
                        let title =
                            rest.filter(|_| words.is_empty()).and_then(|rest| rest.title_of_post(name));
                        let words = title.as_deref().unwrap_or(if words.is_empty() { name } else { words });
                        self.depends_on(&address);
                        self.depends_on(words);
                        self.text(&format!("<a href=\"{}\">{}</a>", escape(&address), escape(words)));
                    }
                    None => self.text(if words.is_empty() { name } else { words }),
                }
            }
            "post_path" => {
                let address =
                    self.names.scope.surroundings.and_then(|rest| rest.address_of_post(unquoted(markup)));
                self.link(tag, address);
            }
            "twitter" | "tweet" | "youtube" | "vimeo" | "gist" | "jsfiddle" | "iframe" => {
                let markup = self.shown_within(markup);
                let arguments: Vec<&str> = words(&markup).collect();
                match player(tag.name, &arguments) {
                    Some(player) => self.text(&player),
                    None => self.unsupported(tag.source),
                }
            }
            "img" | "asset_img" | "asset_image" => self.picture(markup),
            "asset_path" => self.text(markup),
            "asset_link" => {
                let (name, words) = markup.split_once(char::is_whitespace).unwrap_or((markup, markup));
                self.text(&format!("<a href=\"{}\">{}</a>", escape(name), escape(unquoted(words.trim()))));
            }
            "url_for" => {
                let mut parts = words(markup);
                let (words, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
                self.text(&format!("<a href=\"{}\">{}</a>", escape(path), escape(words)));
            }
            "blockquote" | "quote" | "pullquote" => {
                let author = if tag.name == "pullquote" { String::new() } else { markup.to_owned() };
                self.open.push(Block::Quote(self.output.len(), author));
            }
            "codeblock" | "code" => return self.code_block(tag.name, markup, after),
            // Those of well-known plugins.
            "math" => return self.code_block(tag.name, "lang:math", after),
            "spoiler" => self.text(&format!(
                "<details markdown=\"1\"><summary>{}</summary>\n\n",
                escape(unquoted(markup))
            )),
            "endspoiler" => self.text("\n\n</details>\n"),
            _ => return None,
        }
        Some(after)
    }

    /// Notes that the words depend on another file.
    pub(super) fn depends_on(&mut self, words: &str) {
        let outside = &mut self.kept_back.liquid.outside;
        *outside = (outside.rotate_left(1) ^ fingerprint(words)).max(1);
    }

    fn link(&mut self, tag: &Tag<'_>, address: Option<String>) {
        self.depends_on(address.as_deref().unwrap_or_default());
        match address {
            Some(address) => self.text(&address),
            None => self.unsupported(tag.source),
        }
    }

    /// Jekyll's link to a file of the site, or Hexo's link with its words before the address.
    fn link_tag(&mut self, tag: &Tag<'_>, markup: &str) {
        let markup = self.shown_within(markup);
        let parts: Vec<&str> = words(&markup).collect();
        let is_address = |part: &&&str| part.contains("://") || part.starts_with('/');
        match parts.iter().find(is_address) {
            Some(address) if parts.len() > 1 => {
                let words: Vec<&str> =
                    parts.iter().copied().take_while(|part| part != address).map(unquoted).collect();
                let words = if words.is_empty() { (*address).to_owned() } else { words.join(" ") };
                self.text(&format!("<a href=\"{}\">{}</a>", escape(address), escape(&words)));
            }
            _ => {
                let path = markup.trim().trim_start_matches('/');
                let address = self.names.scope.surroundings.and_then(|rest| rest.address(path));
                self.link(tag, address);
            }
        }
    }

    fn include(&mut self, tag: &Tag<'_>) {
        let markup = tag.markup.trim();
        let end = file_end(markup);
        let (name, rest) = markup.split_at(end);
        let name = self.shown_within(name);
        let text = self.names.scope.surroundings.and_then(|site| site.include(unquoted(name.trim())));
        self.include_text(tag, text, rest);
    }

    fn include_relative(&mut self, tag: &Tag<'_>) {
        let markup = tag.markup.trim();
        let (name, rest) = markup.split_at(file_end(markup));
        let name = self.shown_within(name);
        let folder = self.names.scope.path.rfind('/').map_or("", |at| &self.names.scope.path[..=at]);
        let path = format!("{folder}{}", name.trim());
        let text = self.names.scope.surroundings.and_then(|site| site.text(&path));
        self.depends_on(text.as_deref().unwrap_or_default());
        self.include_text(tag, text, rest);
    }

    fn include_text(&mut self, tag: &Tag<'_>, text: Option<String>, markup: &str) {
        let Some(text) = text else { return self.unsupported(tag.source) };
        let mut values = Object::new();
        for (name, value) in parameters(markup) {
            let value = self.operand(value).map_or(Value::Nil, Cow::into_owned);
            values.insert(name.to_owned().into(), value);
        }
        if self.is_exhausted(text.len()) {
            return;
        }
        let before = self.variables.insert("include".to_owned(), Variable::new(Value::Object(values)));
        self.read_within(&text);
        self.restore("include".to_owned(), before);
    }

    fn cycle(&mut self, markup: &str) {
        let (group, values) = match markup.split_once(':') {
            Some((group, values)) if !group.contains(',') => (group.trim(), values),
            _ => (markup, markup),
        };
        let values = split_outside_quotes(values, ',');
        let at = self.counters.entry(format!("cycle {group}")).or_default();
        let chosen = usize::try_from(*at).unwrap_or(0) % values.len().max(1);
        *at += 1;
        let value = values.get(chosen).and_then(|value| self.operand(value.trim()));
        self.text(&value.map(|value| printed(&value)).unwrap_or_default());
    }

    /// Hexo's picture: perhaps classes, its address, perhaps width and height, title and alternative text.
    fn picture(&mut self, markup: &str) {
        let parts: Vec<&str> = words(markup).collect();
        let is_address = |part: &&str| part.contains(['/', '.']);
        let Some(at) = parts.iter().position(is_address).or(parts.len().checked_sub(1)) else { return };
        let mut html = format!("<img src=\"{}\"", escape(parts[at]));
        let rest = &parts[at + 1..];
        let numbers = rest.iter().take_while(|part| part.parse::<u32>().is_ok()).count();
        for (name, value) in ["width", "height"].iter().zip(&rest[..numbers.min(2)]) {
            let _ = write!(html, " {name}=\"{value}\"");
        }
        let words = &rest[numbers..];
        let title = words.first().copied().unwrap_or_default();
        let alt = words.get(1).copied().unwrap_or(title);
        let _ = write!(html, " title=\"{}\" alt=\"{}\">", escape(title), escape(alt));
        self.text(&html);
    }

    /// Hexo's code, in which no tag means anything.
    fn code_block<'t>(&mut self, name: &str, markup: &str, after: &'t str) -> Option<&'t str> {
        if self.endless.contains(name) {
            return None;
        }
        let mut at = 0;
        while let Some(found) = after[at..].find("{%").map(|found| at + found) {
            let Some((tag, rest)) = split_tag(&after[found..]) else { break };
            if tag.name.strip_prefix("end") == Some(name) {
                let language =
                    markup.split_whitespace().find_map(|word| word.strip_prefix("lang:")).unwrap_or_default();
                let mut code = String::new();
                push_code(&mut code, language, &after[..found]);
                self.text(&code);
                return Some(rest);
            }
            at = found + 2;
        }
        self.endless.insert(name.to_owned());
        None
    }
}

/// Where the name of an included file ends: at white space outside `{{ }}`.
fn file_end(markup: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in markup.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() && depth == 0 => return at,
            _ => {}
        }
    }
    markup.len()
}

/// Words and texts in quotation marks.
fn words(markup: &str) -> impl Iterator<Item = &str> {
    let mut rest = markup.trim_start();
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_quote = matches!(first, '"' | '\'');
        let end =
            if is_quote { rest[1..].find(first).map(|at| at + 2) } else { rest.find(char::is_whitespace) };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after.trim_start();
        Some(unquoted(word))
    })
}

fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Text as HTML, also within an attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The frame of another host's player, for the arguments of a tag or a shortcode.
pub(super) fn player(name: &str, arguments: &[&str]) -> Option<String> {
    let first = arguments.first().copied().filter(|first| !first.is_empty())?;
    let is_address = first.contains("://");
    let address = match (name, arguments) {
        _ if is_address => first.to_owned(),
        ("youtube", _) => format!("https://www.youtube.com/embed/{first}"),
        ("vimeo", _) => format!("https://player.vimeo.com/video/{first}"),
        ("streamable", _) => format!("https://streamable.com/e/{first}"),
        ("gist", [user, id, ..]) if !id.contains('.') => format!("https://gist.github.com/{user}/{id}"),
        ("gist", _) => format!("https://gist.github.com/{first}"),
        ("jsfiddle", _) => format!("https://jsfiddle.net/{first}/embedded/"),
        ("instagram", _) => format!("https://www.instagram.com/p/{first}/"),
        ("twitter" | "tweet" | "x", [user, id, ..]) => format!("https://x.com/{user}/status/{id}"),
        ("twitter" | "tweet" | "x", _) => format!("https://x.com/i/status/{first}"),
        _ => return None,
    };
    Some(format!("<iframe src=\"{}\"></iframe>", escape(&address)))
}

/// Writes a quotation, and who says it below.
pub(super) fn push_quote(output: &mut String, words: &str, author: &str) {
    output.push('\n');
    for line in words.trim().lines() {
        let _ = writeln!(output, "> {line}");
    }
    if !author.is_empty() {
        let _ = writeln!(output, ">\n> — {author}");
    }
    output.push('\n');
}
