//! Decodes a file's bytes: as UTF-8, as UTF-16 if they begin with its byte order mark, as GB18030 if they
//! appear to be Chinese, or else as UTF-8 with replacement characters.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8};

/// The text of a file that is not UTF-8.
pub(crate) struct NotUtf8 {
    /// The decoded text.
    pub(crate) text: String,
    /// The first line that is not UTF-8, counted from 1.
    pub(crate) line: usize,
    /// What is wrong, and what to do.
    pub(crate) message: String,
}

/// Decodes a file, without its byte order mark.
///
/// # Errors
/// Fails if the file is not UTF-8; the error has the text that was decoded nevertheless.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, NotUtf8> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes).filter(|(encoding, _)| *encoding != UTF_8) {
        return Err(read_as(encoding, encoding.decode(bytes).0, 1));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.into()),
        Err(error) => error,
    };
    let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
    if is_common_chinese(bytes)
        && let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes)
        && looks_chinese(&text)
    {
        return Err(read_as(GB18030, text, line));
    }
    Err(NotUtf8 {
        text: String::from_utf8_lossy(bytes).into_owned(),
        line,
        message:
            "not UTF-8 from here on; unreadable characters are shown as \u{fffd}. Save the file as UTF-8"
                .into(),
    })
}

fn read_as(encoding: &'static Encoding, text: Cow<'_, str>, line: usize) -> NotUtf8 {
    let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
    NotUtf8 {
        text: text.into_owned(),
        line,
        message: format!("read as {name}, which it appears to be. Save the file as UTF-8"),
    }
}

/// Whether at least 80 % of the non-ASCII characters, read as GB18030, are symbols or among the 3,755 most
/// frequent characters: rows 1 to 3 and 16 to 55 of GB/T 2312-1980. Rare characters do not count, because
/// any bytes may pass for them.
fn is_common_chinese(bytes: &[u8]) -> bool {
    let (mut all, mut common, mut at) = (0_usize, 0_usize, 0);
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            at += 1;
            continue;
        }
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        all += 1;
        common += usize::from(matches!(bytes[at], 0xb0..=0xd7 | 0xa1..=0xa3) && next >= 0xa1);
        // A sequence has four bytes if the second is a digit.
        at += if next.is_ascii_digit() { 4 } else { 2 };
    }
    common * 10 >= all * 8
}

/// Whether at least a hundredth of a text's non-ASCII characters are among the most frequent Chinese
/// characters and punctuation marks. Korean and Russian texts, whose own encodings use the same bytes, fail
/// this test. Also true for a text with fewer than 20 non-ASCII characters, which is too short to judge.
fn looks_chinese(text: &str) -> bool {
    let non_ascii: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    let common = non_ascii.iter().filter(|c| "的一是不了在人有，。、：".contains(**c)).count();
    non_ascii.len() < 20 || common * 100 >= non_ascii.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gb18030_is_distinguished_from_broken_utf_8() {
        let words = "国家标准编码的正文，人民币。";
        let (bytes, _, _) = GB18030.encode(words);
        assert!(text(&bytes).is_err_and(|read| read.text == words && read.message.contains("GB18030")));
        assert_eq!(text("\u{feff}正文".as_bytes()).ok().as_deref(), Some("正文"));
        let cut = &words.as_bytes()[..words.len() - 1];
        assert!(
            text(cut).is_err_and(|read| read.text.starts_with("国家标准") && read.text.ends_with('\u{fffd}'))
        );
        assert!(text(b"na\xefve caf\xe9 words").is_err_and(|read| read.text.contains("caf\u{fffd} words")));
        for (encoding, words) in [
            (encoding_rs::EUC_KR, "한국어로 쓴 뉴스 본문입니다 증권 시장은 오늘 상승 마감"),
            (encoding_rs::KOI8_R, "новости на русском языке и ещё немного слов"),
        ] {
            assert!(
                text(&encoding.encode(words).0).is_err_and(|read| read.message.contains("not UTF-8")),
                "{words}"
            );
        }
        assert!(
            text(b"\xff\xfeA\0").is_err_and(|read| read.text == "A" && read.message.contains("UTF-16LE"))
        );
    }
}
