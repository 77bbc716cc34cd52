//! Folding: what two spellings have in common that a reader means alike.

use std::sync::OnceLock;

use crate::terms::part;

/// Traditional characters with their simplified forms, packed by `build.rs` from `simplified.txt`. That is made of
/// `TSCharacters.txt` of `OpenCC` (<https://github.com/BYVoid/OpenCC>, Apache-2.0): those characters between `FIRST` and
/// `LAST` that are in use in traditional text alone and not rare (in the first level of Big5, or with simplified forms in
/// GB 2312), each followed by its simplified form.
const SIMPLIFIED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/simplified.bin"));

/// The first and the last character of the table below.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

/// The simplified form of each character between `FIRST` and `LAST`; 0 if it has none of its own.
fn unpacked() -> Vec<u16> {
    let mut table = vec![0; (LAST - FIRST + 1) as usize];
    // Distances between traditional characters, of which each ends in a byte below 128; then the upper bytes of the
    // simplified ones, then the lower bytes. `d + 2 n` bytes, of which `n` end a distance.
    let (mut at, mut place, mut count) = (0, 0, 0);
    let mut places = Vec::new();
    while at + 2 * count < SIMPLIFIED.len() {
        let (mut distance, mut shift) = (0, 0);
        while SIMPLIFIED[at] > 127 {
            distance |= usize::from(SIMPLIFIED[at] & 127) << shift;
            shift += 7;
            at += 1;
        }
        place += distance | usize::from(SIMPLIFIED[at]) << shift;
        at += 1;
        count += 1;
        places.push(place);
    }
    for (index, place) in places.into_iter().enumerate() {
        table[place] = u16::from_be_bytes([SIMPLIFIED[at + index], SIMPLIFIED[at + count + index]]);
    }
    table
}

/// A text as it is searched: in compatible forms (half width instead of full width, NFKC), in lower case, without
/// diacritics, in simplified Chinese.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match u32::from(c) {
            ..0x80 => folded.push(c.to_ascii_lowercase()),
            code @ FIRST..=LAST => push_han(&mut folded, code, c),
            // Full-width forms of ASCII, and what is between words.
            code @ 0xff01..=0xff5e => {
                folded.push(char::from(u8::try_from(code - 0xfee0).unwrap_or(b' ')).to_ascii_lowercase());
            }
            0x2010..=0x2027 | 0x3000..=0x3003 | 0x3008..=0x3011 => folded.push(' '),
            _ => {
                // Forms are normalised together with their neighbours, with which they may be composed.
                let is_plain = |c: char| c.is_ascii() || matches!(u32::from(c), FIRST..=LAST);
                while characters.peek().is_some_and(|(_, c)| !is_plain(*c)) {
                    characters.next();
                }
                let end = characters.peek().map_or(text.len(), |(end, _)| *end);
                for c in normalised(part(text, at..end)).chars() {
                    match u32::from(c) {
                        code @ FIRST..=LAST => push_han(&mut folded, code, c),
                        _ => folded.push(c),
                    }
                }
            }
        }
    }
    folded
}

fn push_han(folded: &mut String, code: u32, c: char) {
    static TABLE: OnceLock<Vec<u16>> = OnceLock::new();
    let simplified = TABLE.get_or_init(unpacked).get((code - FIRST) as usize).copied().unwrap_or(0);
    folded.push(if simplified == 0 { c } else { char::from_u32(u32::from(simplified)).unwrap_or(c) });
}

/// A text in normal form KC, in lower case and without diacritics: decomposed (NFKD), without the characters U+0300 to
/// U+036F, composed again (NFC), and in lower case.
#[cfg(not(target_arch = "wasm32"))]
fn normalised(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(all(target_arch = "wasm32", feature = "browser"))]
#[wasm_bindgen::prelude::wasm_bindgen(module = "finews-normalised")]
unsafe extern "C" {
    /// The same by the browser's own tables (`web/search/worker/normalised.js`).
    fn normalised(text: &str) -> String;
}

/// Without a browser there are no tables.
#[cfg(all(target_arch = "wasm32", not(feature = "browser")))]
fn normalised(text: &str) -> String {
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_that_a_reader_means_alike_are_the_same() {
        for (text, folded) in [
            ("ＡＢＣ　１２３", "abc 123"),
            ("Crème Brûlée", "creme brulee"),
            ("E\u{301}te\u{301}", "ete"),
            ("貴州茅臺", "贵州茅台"),
            ("ﾊﾟﾅｿﾆｯｸ", "パナソニック"),
            ("한국", "한국"),
            ("Ärzte-Straße", "arzte-straße"),
            ("ﬁnance ²", "finance 2"),
            ("北京，上海。", "北京,上海 "),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }
}
