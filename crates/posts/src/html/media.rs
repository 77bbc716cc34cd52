//! Reads pictures, charts, videos, sounds, and players of other hosts.

use bundle::Secid;
use bundle::href::Href;
use markup5ever_rcdom::{Handle, NodeData};
use percent_encoding::percent_decode_str;

use super::inlines::size_from_file_name;
use super::node::{attribute, is_hidden, name};
use super::{Walk, bounded};
use crate::security;
use crate::tree::{Block, Image, Inline, Mark, Media};

impl Walk {
    pub(super) fn picture(&mut self, node: &Handle) {
        let src = picture_address(node);
        if !src.is_empty() && src == self.without_script {
            self.without_script.clear();
            return;
        }
        let alt = attribute(node, "alt").unwrap_or_default();
        let code = attribute(node, "data-code");
        let is_chart = code.is_some() || src.contains("GetPic.aspx");
        if is_chart {
            if let Some(secid) = security::from_chart(&src, code.as_deref()) {
                let alt = alt.trim().trim_end_matches("_0").to_owned();
                return self.chart(secid, alt);
            }
            self.found.unidentified.push(alt.clone());
        }
        if !src.trim().is_empty() {
            self.last_picture.clone_from(&src);
            let title = attribute(node, "title").unwrap_or_default();
            let size: Option<(u32, u32)> = size_from_file_name(&src).or_else(|| {
                Some((attribute(node, "width")?.parse().ok()?, attribute(node, "height")?.parse().ok()?))
            });
            let size =
                size.filter(|(width, height)| (1..20_000).contains(width) && (1..20_000).contains(height));
            self.push_inline(Inline::Image(Image { src, alt, title, size, widths: Vec::new() }));
        }
    }

    /// Reads the pictures of a `noscript`, which a script would have put there, and no script runs here. Its words are
    /// mostly about the missing scripts. A picture just before or after it with the same address, which waits in an
    /// attribute for a script, is not repeated. Only the site's own pictures are read.
    pub(super) fn pictures_without_scripts(&mut self, node: &Handle) {
        let html: String = (node.children.borrow().iter())
            .filter_map(|child| match &child.data {
                NodeData::Text { contents } => Some(contents.borrow().to_string()),
                _ => None,
            })
            .collect();
        if !html.contains('<') {
            return;
        }
        let (dom, _) = bounded::parse(&html);
        let mut stack = vec![dom.document.clone()];
        while let Some(node) = stack.pop() {
            if is_hidden(&node) {
                continue;
            }
            // A pixel only counts readers.
            let is_pixel = || {
                ["width", "height"]
                    .iter()
                    .any(|side| matches!(attribute(&node, side).as_deref(), Some("0" | "1")))
            };
            let src = picture_address(&node);
            // Counters of readers are on other hosts, mostly.
            let is_own = || matches!(Href::parse(&src), Some(Href::Internal(_) | Href::Relative(_)));
            if name(&node) == "img" && is_own() && !is_pixel() && src != self.last_picture {
                self.picture(&node);
                self.without_script = src;
            }
            stack.extend(node.children.borrow().iter().rev().cloned());
        }
    }

    fn chart(&mut self, secid: Secid, alt: String) {
        if self.in_cell {
            return self.push_inline(Inline::Chart(secid, alt));
        }
        self.end_paragraph();
        self.push(Block::Paragraph(vec![Inline::Chart(secid, alt)]));
    }

    /// A video or a sound to play, or a card that leads to a player. Returns `false` if it has no address for that.
    pub(super) fn media(&mut self, node: &Handle, element: &str) -> bool {
        let own = attribute(node, if element == "object" { "data" } else { "src" });
        let inner = || {
            let children = node.children.borrow();
            children.iter().filter(|child| name(child) == "source").find_map(|child| attribute(child, "src"))
        };
        let Some(address) = own.or_else(inner).filter(|address| !address.trim().is_empty()) else {
            return false;
        };
        let title = attribute(node, "title").unwrap_or_default();
        let (mark, words) = match element {
            "video" => (Mark::Media(Media::Video, address), title),
            "audio" => (Mark::Media(Media::Audio, address), title),
            _ => {
                let (mark, words) = match Href::parse(&address) {
                    Some(Href::External(address)) => {
                        let (host, page) = page_of_player(&address);
                        (Mark::Media(Media::Player, page), host)
                    }
                    // A document of the site, or a page of its own.
                    Some(Href::Internal(_) | Href::Relative(_)) => {
                        let path = address.split(['?', '#']).next().unwrap_or_default();
                        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                        let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
                        (Mark::Link(address), name)
                    }
                    _ => return false,
                };
                (mark, if title.trim().is_empty() { words } else { title })
            }
        };
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = if words.is_empty() { Vec::new() } else { vec![Inline::Text(words)] };
        self.push_inline(Inline::Marked(mark, words));
        true
    }
}

/// The address of a picture: where scripts load it when it is about to be seen, that is another attribute than `src`.
fn picture_address(node: &Handle) -> String {
    let is_address =
        |address: &String| !address.trim().is_empty() && !address.trim_start().starts_with("data:");
    let late = ["data-original", "data-src", "data-lazy-src"];
    let of = |name: &str| attribute(node, name).filter(is_address);
    late.into_iter()
        .find_map(of)
        .or_else(|| of("src"))
        .or_else(|| largest(&attribute(node, "srcset").or_else(|| attribute(node, "data-srcset"))?))
        .unwrap_or_default()
}

/// The address with the largest width or density in a `srcset`:
/// <https://html.spec.whatwg.org/#parse-a-srcset-attribute>.
fn largest(srcset: &str) -> Option<String> {
    let mut candidates = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
        let (address, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        if address.is_empty() {
            break;
        }
        let (size, after) =
            if address.ends_with(',') { ("", after) } else { after.split_once(',').unwrap_or((after, "")) };
        let size = size.trim().trim_end_matches(['w', 'x', 'h']).parse().unwrap_or(1.0_f64);
        candidates.push((size, address.trim_end_matches(',')));
        rest = after;
    }
    candidates
        .into_iter()
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, address)| address.to_owned())
}

/// The name of a player's host, and the page where a reader would play it.
fn page_of_player(address: &str) -> (String, String) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.trim_start_matches("www.");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parameter = |wanted: &str| {
        query
            .split(['&', '#'])
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == wanted))
            .map(|(_, value)| value)
    };
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let known = match host {
        "youtube.com" | "youtube-nocookie.com" if path.starts_with("embed/") || path.starts_with("v/") => {
            ("YouTube", Some(format!("https://www.youtube.com/watch?v={last}")))
        }
        "youtu.be" | "youtube.com" => ("YouTube", None),
        "player.vimeo.com" => ("Vimeo", Some(format!("https://vimeo.com/{last}"))),
        "player.bilibili.com" => {
            let video = parameter("bvid").map(str::to_owned);
            let video = video.or_else(|| parameter("aid").map(|number| format!("av{number}")));
            ("哔哩哔哩", video.map(|video| format!("https://www.bilibili.com/video/{video}")))
        }
        "v.qq.com" => {
            ("腾讯视频", parameter("vid").map(|video| format!("https://v.qq.com/x/page/{video}.html")))
        }
        "open.spotify.com" => ("Spotify", Some(address.replacen("/embed/", "/", 1))),
        "gist.github.com" => ("Gist", Some(address.trim_end_matches(".js").to_owned())),
        host => (host, None),
    };
    (known.0.to_owned(), known.1.unwrap_or_else(|| address.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_player_s_card_leads_to_the_page_where_it_plays() {
        for (address, host, page) in [
            ("https://www.youtube.com/embed/a-b_c?rel=0", "YouTube", "https://www.youtube.com/watch?v=a-b_c"),
            ("https://www.youtube-nocookie.com/embed/x/", "YouTube", "https://www.youtube.com/watch?v=x"),
            ("https://player.vimeo.com/video/12?h=1", "Vimeo", "https://vimeo.com/12"),
            (
                "https://player.bilibili.com/player.html?aid=7&bvid=BV1x&page=1",
                "哔哩哔哩",
                "https://www.bilibili.com/video/BV1x",
            ),
            (
                "https://player.bilibili.com/player.html?aid=7",
                "哔哩哔哩",
                "https://www.bilibili.com/video/av7",
            ),
            ("https://v.qq.com/txp/iframe/player.html?vid=z1", "腾讯视频", "https://v.qq.com/x/page/z1.html"),
            ("https://maps.example/embed?q=1", "maps.example", "https://maps.example/embed?q=1"),
        ] {
            assert_eq!(page_of_player(address), (host.to_owned(), page.to_owned()), "{address}");
        }
    }

    #[test]
    fn the_largest_picture_of_a_set_is_taken() {
        assert_eq!(largest("/a.jpg 320w, /b,c.jpg 1200w,\n /d.jpg 640w").as_deref(), Some("/b,c.jpg"));
        assert_eq!(largest("/a.jpg, /b.jpg 2x").as_deref(), Some("/b.jpg"));
        assert_eq!(largest("/a.jpg").as_deref(), Some("/a.jpg"));
    }
}
