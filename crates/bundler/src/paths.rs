//! Maps addresses to files.

use bundle::address::Address;
use percent_encoding::percent_decode_str;

/// The extensions of the files that finews writes next to folders.
const EXTENSIONS: [&str; 11] =
    ["br", "css", "gz", "htm", "html", "js", "json", "png", "svg", "webmanifest", "xml"];

/// The file with which hosts answer an address. Returns `None` if a part of the address is not a valid file
/// name on some system or host, or if its first folder is finews's own; the program then shows the page.
pub(crate) fn file(address: &Address) -> Option<String> {
    let path = address.to_string();
    let mut parts: Vec<String> = path
        .split('/')
        .skip(1)
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let (last, folders) = parts.split_last_mut()?;
    let is_plain = |part: &String| {
        let is_forbidden = |c: char| c.is_control() || "/\\<>:\"|?*%#".contains(c);
        let stem = part.split('.').next().unwrap_or_default();
        // Device names on Windows.
        let is_device = matches!(stem, "con" | "prn" | "aux" | "nul")
            || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
        !is_device
            && !part.is_empty()
            && part.len() <= 200
            && !part.contains(is_forbidden)
            && !part.starts_with(['.', '_', ' '])
            && !part.ends_with(['.', ' '])
    };
    // A folder named like a file of finews could collide with one. Folders named like a reserved first segment
    // are finews's own.
    let is_folder = |part: &String| {
        is_plain(part) && part.rsplit_once('.').is_none_or(|(_, extension)| !EXTENSIONS.contains(&extension))
    };
    let is_ours = folders.first().is_some_and(|first| bundle::address::RESERVED.contains(&first.as_str()));
    if last.is_empty() {
        "index.html".clone_into(last);
    } else if matches!(address, Address::Path(_)) && !last.ends_with(".html") && !last.ends_with(".htm") {
        // As in Jekyll; hosts answer the address with this file.
        last.push_str(".html");
    }
    (!is_ours && folders.iter().all(is_folder) && is_plain(last)).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_every_host_accepts_unchanged_have_a_file() {
        let file_of = |path: &str| file(&Address::parse(path, ""));
        assert_eq!(file_of("/").as_deref(), Some("index.html"));
        assert_eq!(file_of("/emnews/").as_deref(), Some("emnews/index.html"));
        assert_eq!(file_of("/emnews/2026/03/02/a.html").as_deref(), Some("emnews/2026/03/02/a.html"));
        assert_eq!(
            file_of("/%E5%B8%82%E5%9C%BA/2026/03/02/%E5%A4%B4.html").as_deref(),
            Some("市场/2026/03/02/头.html")
        );
        assert_eq!(file_of("/news/a-story").as_deref(), Some("news/a-story.html"));
        assert_eq!(file_of("/news/a-story/").as_deref(), Some("news/a-story/index.html"));
        assert_eq!(file_of("/news/v1.0").as_deref(), Some("news/v1.0.html"));
        assert_eq!(file_of("/2026/leap-15.4/").as_deref(), Some("2026/leap-15.4/index.html"));
        assert_eq!(file_of("/v1.0/2026/03/02/a.html").as_deref(), Some("v1.0/2026/03/02/a.html"));
        for odd in [
            "/a.html/b/",
            "/bundle/2026/03/02/a.html",
            "/feed.xml/2026/03/02/a.html",
            "/_a/2026/03/02/a.html",
            "/a%3Fb/",
            "/category/tag.html",
            "/x/bundle%2Fy/",
            "/con%2Fx/",
            "/con/",
            "/aux/2026/03/02/a.html",
        ] {
            assert_eq!(file_of(odd), None, "{odd}");
        }
    }
}
