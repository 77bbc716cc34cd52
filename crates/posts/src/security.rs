//! Extracts security ids from EastMoney's markup: from addresses, and from `data-code` in its several forms.

use bundle::Secid;

/// The security of a quote link.
pub(crate) fn from_link(href: Option<&str>, code: Option<&str>) -> Option<Secid> {
    code.and_then(from_code).or_else(|| href.and_then(from_href))
}

/// The security of a chart.
pub(crate) fn from_chart(src: &str, code: Option<&str>) -> Option<Secid> {
    let nid =
        src.split(['?', '&']).find_map(|pair| pair.strip_prefix("nid=")).and_then(|nid| nid.parse().ok());
    nid.or_else(|| code.and_then(from_code))
}

/// `https://quote.eastmoney.com/unify/r/106.BABA`
fn from_href(href: &str) -> Option<Secid> {
    let (_, rest) = href.rsplit_once("/r/")?;
    rest.split(['?', '#', '/']).next()?.parse().ok()
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
    fn a_chart_s_address_takes_precedence_over_its_code() {
        let src = "https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid=106.NIO&imageType=k&at=1";
        assert_eq!(from_chart(src, Some("K NIO|106|7")).unwrap().as_str(), "106.NIO");
        assert_eq!(from_chart("https://x/GetPic.aspx", Some("K 09988|116|5")).unwrap().as_str(), "116.09988");
    }
}
