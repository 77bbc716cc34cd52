//! Decides which addresses a story's links and pictures may have: http(s), a path of the site, a relative path, a place of the page,
//! `mailto:` and the like, `quote:` or `chart:`. No other module decides this.

use std::fmt::Write as _;

use crate::secid::Secid;

/// A permitted target of a story's link or picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Href {
    /// Another site, over http or https.
    External(String),
    /// A page of this site: a path from its root that begins with one slash.
    Internal(String),
    /// A path relative to the page's own address. It may lead to the page's host only.
    Relative(String),
    /// A place of the same page: `#` and its id.
    Fragment(String),
    /// What another program opens, such as a mailbox or a telephone: `mailto:`, `tel:`, ….
    App(String),
    /// A security's quote page: `quote:116.09988`.
    Quote(Secid),
    /// A security's chart: `chart:116.09988`.
    Chart(Secid),
}

impl Href {
    /// Parses an address from a story. Returns `None` if it is not allowed: if it has another scheme, such as
    /// `javascript:` or `data:`, or lacks a host.
    ///
    /// Treats white space and control characters as a browser does
    /// (<https://url.spec.whatwg.org/#url-parsing>): removes them at both ends, and tabs and newlines
    /// everywhere. Replaces backslashes with slashes, because browsers treat both alike in paths.
    /// Percent-encodes the white space and control characters that remain, and quotation marks, angle
    /// brackets and backquotes.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .collect();
        let text = escape(&text.replace('\\', "/"));
        if let Some(secid) = text.strip_prefix("quote:") {
            return secid.parse().ok().map(Self::Quote);
        }
        if let Some(secid) = text.strip_prefix("chart:") {
            return secid.parse().ok().map(Self::Chart);
        }
        if text.starts_with("//") {
            // However many slashes there are.
            let rest = text.trim_start_matches('/');
            return has_host(rest).then(|| Self::External(format!("https://{rest}")));
        }
        if text.starts_with('/') {
            return Some(Self::Internal(text));
        }
        if text.starts_with('#') {
            return Some(Self::Fragment(text));
        }
        let path = text.split(['/', '?', '#']).next().unwrap_or_default();
        if !path.contains(':') {
            return (!text.is_empty()).then_some(Self::Relative(text));
        }
        let (scheme, rest) = text.split_once(':')?;
        if APP_SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
            return (!rest.is_empty()).then_some(Self::App(text));
        }
        let rest = rest.strip_prefix("//")?;
        let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        (web && has_host(rest)).then(|| Self::External(format!("{}://{rest}", scheme.to_ascii_lowercase())))
    }

    /// Returns the parsed address if it is [`Href::External`].
    pub fn external(text: &str) -> Option<String> {
        match Self::parse(text) {
            Some(Self::External(address)) => Some(address),
            _ => None,
        }
    }
}

/// The schemes of [`Href::App`]: none of them runs scripts.
const APP_SCHEMES: [&str; 10] =
    ["ftp", "geo", "irc", "ircs", "mailto", "matrix", "rsync", "sms", "tel", "xmpp"];

fn has_host(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    host.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '[')
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\'' | '<' | '>' | '`' | ' ' | '\0'..='\x1f' | '\x7f' => {
                let _ = write!(escaped, "%{:02X}", c as u32);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_and_our_own_pages_are_allowed() {
        let check = |text: &str, expected: Option<&str>| {
            let found = Href::parse(text).map(|href| match href {
                Href::External(address)
                | Href::Internal(address)
                | Href::Relative(address)
                | Href::Fragment(address)
                | Href::App(address) => address,
                Href::Quote(secid) => format!("quote:{secid}"),
                Href::Chart(secid) => format!("chart:{secid}"),
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("http://data.eastmoney.com/bbsj/", Some("http://data.eastmoney.com/bbsj/"));
        check(" HTTPS://例子.cn/a b\"c ", Some("https://例子.cn/a%20b%22c"));
        check("//host.cn/x", Some("https://host.cn/x"));
        check("////host.cn/x", Some("https://host.cn/x"));
        check("/emnews/", Some("/emnews/"));
        check("/\\evil.example/", Some("https://evil.example/"));
        check("ht\ntp://a.b", Some("http://a.b"));
        check("quote:116.09988", Some("quote:116.09988"));
        check("chart:1.000001", Some("chart:1.000001"));
        check(" #第一节 a", Some("#第一节%20a"));
        check("MailTo:a@b.c", Some("MailTo:a@b.c"));
        check("tel:+8610", Some("tel:+8610"));
        check("a/b:c", Some("a/b:c"));
        check("..\\a 'b", Some("../a%20%27b"));
        check("?x:", Some("?x:"));
        check("irc://irc.example/a", Some("irc://irc.example/a"));
        for bad in [
            "",
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "//",
            "////",
            "http://",
            "https:///x",
            "mailto:",
            "intent:1",
            "chart:x",
            "quote:\u{1}1.2 x",
            "vbscript://h",
            "file:///etc",
        ] {
            check(bad, None);
        }
    }
}
