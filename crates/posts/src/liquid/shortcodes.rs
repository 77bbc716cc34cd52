//! Shortcodes of Hugo (<https://gohugo.io/shortcodes/>) and Zola
//! (<https://www.getzola.org/documentation/content/shortcodes/>). Those that Hugo itself has are carried out, and those
//! for pictures and players that Zola's documentation shows; of others, nothing is shown but the words between a
//! shortcode and its end.

use std::fmt::Write as _;

use super::filters::Site;
use super::tags::{escape, player};
use super::{Reader, push_code};

/// A shortcode as it is written.
struct Shortcode<'a> {
    name: &'a str,
    /// Whether it ends what one of this name began.
    is_end: bool,
    /// Its arguments, with their names.
    arguments: Vec<(&'a str, &'a str)>,
    source: &'a str,
}

impl<'a> Shortcode<'a> {
    fn argument(&self, name: &str) -> Option<&'a str> {
        self.arguments.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    fn positional(&self) -> Vec<&'a str> {
        self.arguments.iter().filter(|(name, _)| name.is_empty()).map(|(_, value)| *value).collect()
    }
}

/// What begins a text: a shortcode, or one that is only shown.
enum Found<'a> {
    Shortcode(Shortcode<'a>),
    /// `{{</* name */>}}`
    Shown(String),
}

/// Splits a text that begins with a shortcode after it.
fn split(text: &str) -> Option<(Found<'_>, &str)> {
    let (begin, end) =
        [("{{<", ">}}"), ("{{%", "%}}")].into_iter().find(|(begin, _)| text.starts_with(begin))?;
    let inner = &text[begin.len()..];
    let length = inner.find(end)?;
    let (markup, after) = (&inner[..length], &inner[length + end.len()..]);
    let source = &text[..text.len() - after.len()];
    let trimmed = markup.trim();
    if let Some(shown) = trimmed.strip_prefix("/*").and_then(|markup| markup.strip_suffix("*/")) {
        return Some((Found::Shown(format!("{begin}{shown}{end}")), after));
    }
    let is_end = trimmed.starts_with('/');
    let trimmed = trimmed.trim_matches('/').trim();
    let (name, rest) = trimmed.split_at(trimmed.find(char::is_whitespace).unwrap_or(trimmed.len()));
    let arguments = arguments(rest, &HUGO);
    Some((Found::Shortcode(Shortcode { name, is_end, arguments, source }), after))
}

/// What one of Zola's tags is: `{{ name(key="value") }}`, `{% name(key="value") %}` or `{% end %}`; `None` if it is only
/// text.
fn zola_shortcode(source: &str) -> Option<Found<'_>> {
    let sign = &source[..2];
    let markup = source[2..source.len() - 2].trim_matches('-').trim();
    if let Some(shown) = markup.strip_prefix("/*").and_then(|markup| markup.strip_suffix("*/")) {
        return Some(Found::Shown(format!("{sign}{shown}{}", &source[source.len() - 2..])));
    }
    if sign == "{%" && markup == "end" {
        return Some(Found::Shortcode(Shortcode { name: "", is_end: true, arguments: Vec::new(), source }));
    }
    let (name, inner) = markup.strip_suffix(')')?.split_once('(')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':'));
    let arguments = arguments(inner, &ZOLA);
    is_name.then_some(Found::Shortcode(Shortcode { name, is_end: false, arguments, source }))
}

/// How arguments are written.
struct Syntax {
    quotes: &'static [char],
    separators: &'static [char],
}

const HUGO: Syntax = Syntax { quotes: &['"', '`'], separators: &[' ', '\t', '\n'] };
const ZOLA: Syntax = Syntax { quotes: &['"', '`', '\''], separators: &[' ', '\t', '\n', ','] };

/// Values, perhaps in quotation marks or backquotes, and perhaps with names.
fn arguments<'a>(markup: &'a str, syntax: &Syntax) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    let mut rest = markup.trim_start();
    while !rest.is_empty() {
        let length =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
        let named = rest[length..].trim_start().strip_prefix('=');
        let (name, value) = named.map_or(("", rest), |value| (&rest[..length], value.trim_start()));
        let quote = value.chars().next().filter(|c| syntax.quotes.contains(c));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(syntax.separators).unwrap_or(value.len())),
        };
        found.push((name, value));
        rest = after.trim_start_matches(syntax.separators);
    }
    found
}

impl Reader<'_> {
    /// Carries out the shortcode at the start of a text, and returns the text after it; `None` if the text does not
    /// begin with one.
    pub(super) fn shortcode<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        // Where no later shortcode ends either, the rest of the text is not searched again.
        let sign = rest.get(..3).filter(|sign| matches!(*sign, "{{<" | "{{%"))?;
        if self.endless.contains(sign) {
            return None;
        }
        let Some((found, after)) = split(rest) else {
            self.endless.insert(sign.to_owned());
            return None;
        };
        let shortcode = match found {
            Found::Shown(text) => {
                self.text(&text);
                return Some(after);
            }
            Found::Shortcode(shortcode) => shortcode,
        };
        let arguments = shortcode.positional();
        match (shortcode.name, shortcode.is_end) {
            ("comment", false) => {
                let (comment, after) = split_at_end(after, "comment").unwrap_or_else(|| {
                    self.kept_back.unclosed("the shortcode “comment”");
                    (after, "")
                });
                self.kept_back.add(comment);
                return Some(after);
            }
            ("highlight", false) => {
                let is_endless = self.endless.contains("highlight");
                let split = if is_endless { None } else { split_at_end(after, "highlight") };
                if split.is_none() {
                    self.endless.insert("highlight".to_owned());
                }
                if let Some((code, after)) = split {
                    let mut html = String::new();
                    push_code(&mut html, arguments.first().copied().unwrap_or_default(), code);
                    self.text(&html);
                    return Some(after);
                }
            }
            ("details", false) => {
                let summary = shortcode.argument("summary").unwrap_or("Details");
                let open = if shortcode.argument("open") == Some("true") { " open" } else { "" };
                let summary = self.site.markdown_line(summary);
                self.text(&format!("<details{open} markdown=\"1\"><summary>{summary}</summary>\n\n"));
            }
            ("details", true) => self.text("\n\n</details>"),
            ("figure", false) => {
                let html = figure(shortcode.argument("src").unwrap_or_default(), &shortcode, &self.site);
                self.text(&html);
            }
            ("ref" | "relref", false) => {
                let path =
                    arguments.first().copied().or_else(|| shortcode.argument("path")).unwrap_or_default();
                self.reference(path, &shortcode);
            }
            ("youtube" | "vimeo" | "gist" | "tweet" | "twitter" | "x" | "instagram", false) => {
                let user = shortcode.argument("user");
                let named = user.into_iter().chain(shortcode.argument("id"));
                let arguments: Vec<&str> = arguments.iter().copied().chain(named).collect();
                match player(shortcode.name, &arguments) {
                    Some(player) => self.text(&player),
                    None => self.unknown(&shortcode),
                }
            }
            (_, true) => self.kept_back.add(shortcode.source),
            _ => match shortcode.argument("src").filter(|src| is_picture(src)) {
                // A site's own shortcode for pictures.
                Some(src) => {
                    let html = figure(src, &shortcode, &self.site);
                    self.text(&html);
                }
                None => self.unknown(&shortcode),
            },
        }
        Some(after)
    }

    /// Carries out the tag of Zola at the start of a text, and returns the text after it.
    pub(super) fn zola_tag<'t>(&mut self, rest: &'t str) -> &'t str {
        let sign = &rest[..2];
        let is_endless = self.endless.contains(sign);
        let end = if sign == "{{" { "}}" } else { "%}" };
        let Some(length) = (!is_endless).then(|| rest[2..].find(end)).flatten() else {
            self.endless.insert(sign.to_owned());
            self.text(sign);
            return &rest[2..];
        };
        let (source, after) = rest.split_at(length + 4);
        match zola_shortcode(source) {
            None => self.text(source),
            Some(Found::Shown(text)) => self.text(&text),
            Some(Found::Shortcode(shortcode)) if shortcode.is_end => self.kept_back.add(source),
            Some(Found::Shortcode(shortcode)) => {
                let argument = |names: [&str; 3]| names.into_iter().find_map(|name| shortcode.argument(name));
                let picture = argument(["src", "path", "url"]).filter(|address| is_picture(address));
                let html = picture.map(|src| figure(src, &shortcode, &self.site));
                let id = argument(["id", "url", "src"]);
                match html.or_else(|| player(shortcode.name, &[id?])) {
                    Some(html) => self.text(&html),
                    None => self.unknown(&shortcode),
                }
            }
        }
        after
    }

    fn unknown(&mut self, shortcode: &Shortcode<'_>) {
        if self.visible {
            self.kept_back.liquid.unsupported(shortcode.source, false);
        }
        self.kept_back.add(shortcode.source);
    }

    /// The address of another post.
    fn reference(&mut self, path: &str, shortcode: &Shortcode<'_>) {
        let (path, fragment) = path.split_once('#').map_or((path, None), |(path, id)| (path, Some(id)));
        let surroundings = self.names.scope.surroundings;
        let address = match path {
            "" => Some(String::new()),
            path => surroundings.and_then(|rest| rest.address_of_post(path.trim_start_matches('/'))),
        };
        self.depends_on(address.as_deref().unwrap_or_default());
        match address {
            Some(address) => {
                self.text(&address);
                if let Some(id) = fragment {
                    self.text("#");
                    self.text(id);
                }
            }
            None => self.unknown(shortcode),
        }
    }
}

/// Splits the text after a shortcode at its end.
fn split_at_end<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let mut at = 0;
    while let Some(found) = text[at..].find("{{").map(|found| at + found) {
        match split(&text[found..]) {
            Some((Found::Shortcode(end), after)) if end.is_end && end.name == name => {
                return Some((&text[..found], after));
            }
            // Where this one does not end, no later one does.
            None if text[found..].starts_with("{{<") || text[found..].starts_with("{{%") => return None,
            _ => at = found + 2,
        }
    }
    None
}

/// Whether an address is that of a picture, by its extension.
fn is_picture(address: &str) -> bool {
    const KNOWN: [&str; 7] = ["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"];
    address
        .rsplit_once('.')
        .is_some_and(|(_, extension)| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

/// A picture with its caption, whose words are Markdown.
fn figure(src: &str, shortcode: &Shortcode<'_>, site: &Site<'_>) -> String {
    let argument = |name| shortcode.argument(name).map(escape);
    let markdown = |name| shortcode.argument(name).map(|text| site.markdown_line(text));
    let mut html = String::from("<figure>");
    let link = argument("link");
    if let Some(link) = &link {
        let _ = write!(html, "<a href=\"{link}\">");
    }
    let _ = write!(html, "<img src=\"{}\"", escape(src));
    for name in ["alt", "width", "height"] {
        let value = argument(name)
            .or_else(|| markdown("caption").filter(|_| name == "alt").map(|html| without_tags(&html)));
        if let Some(value) = value {
            let _ = write!(html, " {name}=\"{value}\"");
        }
    }
    html.push('>');
    if link.is_some() {
        html.push_str("</a>");
    }
    let title = argument("title").map(|title| format!("<strong>{title}</strong>"));
    let source = markdown("attr").map(|attr| match argument("attrlink") {
        Some(link) => format!("<a href=\"{link}\">{attr}</a>"),
        None => attr,
    });
    let caption: Vec<String> = title.into_iter().chain(markdown("caption")).chain(source).collect();
    if !caption.is_empty() {
        let _ = write!(html, "<figcaption>{}</figcaption>", caption.join(" "));
    }
    html.push_str("</figure>");
    html
}

/// The text of a line of HTML, as the value of an attribute.
fn without_tags(html: &str) -> String {
    let mut parts = html.split('<');
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once('>').map_or("", |(_, text)| text));
    std::iter::once(first).chain(rest).collect::<String>().replace('"', "&quot;")
}
