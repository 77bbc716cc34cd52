//! Extracts security ids from EastMoney's markup: from addresses, and from `data-code` in its several forms.

use bundle::Secid;

/// The security of an element that EastMoney marks as a quote link.
pub(crate) fn from_link(href: Option<&str>, code: Option<&str>) -> Option<Secid> {
    code.and_then(from_code).or_else(|| href.and_then(from_address)).or_else(|| href.and_then(after_r))
}

/// The security of a chart.
pub(crate) fn from_chart(src: &str, code: Option<&str>) -> Option<Secid> {
    let nid =
        src.split(['?', '&']).find_map(|pair| pair.strip_prefix("nid=")).and_then(|nid| nid.parse().ok());
    nid.or_else(|| code.and_then(from_code))
}

/// `https://quote.eastmoney.com/unify/r/106.BABA`
fn after_r(href: &str) -> Option<Secid> {
    let (_, rest) = href.rsplit_once("/r/")?;
    rest.split(['?', '#', '/']).next()?.parse().ok()
}

/// The security whose page on EastMoney's quote site has this address. Returns `None` for any other address, also
/// for American stocks, whose addresses do not tell the exchange ([`american_code`]).
pub(crate) fn from_address(href: &str) -> Option<Secid> {
    let path = quote_path(href)?;
    if let Some(rest) = path.strip_prefix("unify/") {
        return after_r(&format!("/{rest}"));
    }
    let (folder, page) = path.rsplit_once('/').unwrap_or(("", path));
    let name = page.strip_suffix(".html").unwrap_or(page);
    let of = |market: &str, code: &str| format!("{market}.{code}").parse().ok();
    let is_code = |code: &str| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
    let exchange = |name: &str| match name.split_at_checked(2)? {
        ("sh", code) if is_code(code) => of("1", code),
        ("sz" | "bj", code) if is_code(code) => of("0", code),
        // Indices: those of Shenzhen begin with 399.
        ("zs", code) if is_code(code) => of(if code.starts_with("399") { "0" } else { "1" }, code),
        _ => None,
    };
    match folder {
        "" | "concept" | "stock" => exchange(name),
        "kcb" if is_code(name) => of("1", name),
        "bj" if is_code(name) => of("0", name),
        "hk" if name.len() == 5 && name.bytes().all(|b| b.is_ascii_digit()) => of("116", name),
        "bk" | "q" => name.parse().ok(),
        "gb" => of("100", name.strip_prefix("zs")?),
        _ => None,
    }
}

/// The code of the American stock whose page on EastMoney's quote site has this address, such as
/// `https://quote.eastmoney.com/us/BABA.html`.
pub(crate) fn american_code(href: &str) -> Option<&str> {
    let page = quote_path(href)?.strip_prefix("us/")?;
    let code = page.strip_suffix(".html").unwrap_or(page);
    let is_code = !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_code.then_some(code)
}

/// The markets of American exchanges: NASDAQ, NYSE, AMEX.
const AMERICAN_MARKETS: [&str; 3] = ["105", "106", "107"];

/// What an American stock's key begins with as long as its exchange is not known: `us.BABA`.
const UNKNOWN_EXCHANGE: &str = "us.";

/// The key of an American stock whose exchange is not known.
pub(crate) fn american_key(code: &str) -> String {
    format!("{UNKNOWN_EXCHANGE}{code}")
}

/// The possible secids of a security with a key such as `us.BABA`, which the posts together or the site's names may
/// decide. Returns `None` for any other key.
pub fn american_secids(key: &str) -> Option<[String; 3]> {
    let code = key.strip_prefix(UNKNOWN_EXCHANGE)?;
    Some(AMERICAN_MARKETS.map(|market| format!("{market}.{code}")))
}

/// Makes links to the page of an American stock, with a key such as `us.BABA`, quote links in a body's Markdown.
pub fn link_american_stock(markdown: &str, key: &str, secid: &str) -> String {
    let mut linked = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("](") {
        let address = after.split([')', ' ', '\n']).next().unwrap_or_default();
        linked.push_str(before);
        linked.push_str("](");
        rest = after;
        if american_code(address).is_some_and(|code| american_key(code) == key) {
            linked.push_str("quote:");
            linked.push_str(secid);
            rest = &after[address.len()..];
        }
    }
    linked + rest
}

/// The path of an address on EastMoney's quote site.
fn quote_path(href: &str) -> Option<&str> {
    let href = href.trim();
    let rest = ["https://", "http://", "//"].iter().find_map(|scheme| href.strip_prefix(scheme))?;
    let path = rest.strip_prefix("quote.eastmoney.com/")?;
    path.split(['?', '#']).next()
}

/// Parses `106,BABA`; `106.BABA`; `NIO|106|7` and `K NIO|106|7`; `002353|2` and `002353|2|` with the old
/// site's suffix for Shanghai (1) and Shenzhen (2). Returns `None` for a code alone, which is ambiguous, and
/// for a code with the old suffix 7, which stands for three American exchanges.
fn from_code(code: &str) -> Option<Secid> {
    let code = code.trim();
    let code = code.strip_prefix("K ").unwrap_or(code);
    if let Some((market, code)) = code.split_once(',') {
        return format!("{}.{}", market.trim(), code.trim()).parse().ok();
    }
    let parts: Vec<&str> = code.split('|').map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [secid] if secid.contains('.') => secid.parse().ok(),
        [code, "1"] => format!("1.{code}").parse().ok(),
        [code, "2"] => format!("0.{code}").parse().ok(),
        [code, market, _] => format!("{market}.{code}").parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_security_is_read_from_each_form_of_the_markup() {
        let check = |href: &str, code: &str, expected: Option<&str>| {
            let found = from_link(
                Some(href).filter(|href| !href.is_empty()),
                Some(code).filter(|code| !code.is_empty()),
            );
            assert_eq!(found.as_ref().map(Secid::as_str), expected, "{href} {code}");
        };
        check("http://quote.eastmoney.com/unify/r/106.BABA", "106,BABA", Some("106.BABA"));
        check("http://quote.eastmoney.com/unify/r/0.002353", "002353", Some("0.002353"));
        check("http://quote.eastmoney.com/unify/r/116.09988", "09988|116|5", Some("116.09988"));
        check("", "K NIO|106|7", Some("106.NIO"));
        check("", "002353|2", Some("0.002353"));
        check("", "600519|1|", Some("1.600519"));
        check("", "BABA|7", None);
        check("", "002353", None);
        check("http://example.com/", "<script>", None);
    }

    #[test]
    fn a_security_is_read_from_each_form_of_its_page_s_address() {
        for (path, expected) in [
            ("unify/r/0.399006", Some("0.399006")),
            ("unify/r/116.09988?from=a#b", Some("116.09988")),
            ("unify/cr/1.600519", None),
            ("sz000858.html", Some("0.000858")),
            ("sh600519.html", Some("1.600519")),
            ("bj430047.html", Some("0.430047")),
            ("zs000001.html", Some("1.000001")),
            ("zs399001.html", Some("0.399001")),
            ("concept/sz300059.html?x", Some("0.300059")),
            ("kcb/688981.html", Some("1.688981")),
            ("bj/430047.html", Some("0.430047")),
            ("hk/00700.html", Some("116.00700")),
            ("bk/90.BK0493.html", Some("90.BK0493")),
            ("gb/zsHSI.html", Some("100.HSI")),
            ("q/106.BABA.html", Some("106.BABA")),
            ("us/BABA.html", None),
            ("center/", None),
            ("", None),
            ("shabc.html", None),
        ] {
            for site in
                ["http://quote.eastmoney.com/", "https://quote.eastmoney.com/", "//quote.eastmoney.com/"]
            {
                let found = from_address(&format!("{site}{path}"));
                assert_eq!(found.as_ref().map(Secid::as_str), expected, "{site}{path}");
            }
            assert_eq!(from_address(&format!("https://example.com/{path}")), None);
        }
        assert_eq!(american_code("http://quote.eastmoney.com/us/BABA.html"), Some("BABA"));
        assert_eq!(american_code("http://quote.eastmoney.com/us/"), None);
        assert_eq!(
            link_american_stock(
                "[甲](https://quote.eastmoney.com/us/BABA.html)，[乙](http://quote.eastmoney.com/us/BABAX.html) [丙](/a) ](",
                "us.BABA",
                "106.BABA"
            ),
            "[甲](quote:106.BABA)，[乙](http://quote.eastmoney.com/us/BABAX.html) [丙](/a) ]("
        );
    }

    #[test]
    fn a_chart_s_address_takes_precedence_over_its_code() {
        let src = "https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid=106.NIO&imageType=k&at=1";
        assert_eq!(from_chart(src, Some("K NIO|106|7")).unwrap().as_str(), "106.NIO");
        assert_eq!(from_chart("https://x/GetPic.aspx", Some("K 09988|116|5")).unwrap().as_str(), "116.09988");
    }
}
