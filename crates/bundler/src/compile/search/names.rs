//! The names that search suggests: of categories, tags and securities, with other spellings.

use std::collections::{BTreeSet, HashSet};

use ::search::fold::fold;
use bundle::ListKind;
use bundle::address::Address;
use pinyin::{Pinyin, ToPinyin as _, ToPinyinMulti as _};

use crate::compile::catalog_list::CatalogList;

/// As many names as fit in about 40 KB, compressed.
const MAX_NAMES: usize = 5000;
/// A name of several characters with several readings has at most so many spellings.
const MAX_SPELLINGS: usize = 8;

/// The suggestions: for each list its path in the site, its name, and other spellings of that. The names with the most
/// stories come first; which these are changes rarely, because only the number of binary digits of their counts is compared.
pub(super) fn write(lists: &[CatalogList]) -> Vec<u8> {
    let mut lists: Vec<&CatalogList> = lists.iter().filter(|list| !list.title.is_empty()).collect();
    let rank = |list: &CatalogList| list.stories.len().checked_ilog2();
    lists.sort_by(|a, b| (rank(b), &a.id.key, a.id.kind).cmp(&(rank(a), &b.id.key, b.id.kind)));
    // Many sites have a tag of the same name with each category.
    let categories: HashSet<&str> = lists
        .iter()
        .filter(|list| list.id.kind == ListKind::Category)
        .map(|list| list.title.as_str())
        .collect();
    let is_its_own =
        |list: &&CatalogList| list.id.kind != ListKind::Tag || !categories.contains(&*list.title);
    let entry = |list: &CatalogList| {
        let path = Address::List { id: list.id.clone(), before: None }.to_string();
        (path.trim_start_matches('/').to_owned(), list.title.clone(), spellings(&list.title))
    };
    let names: Vec<_> = lists.into_iter().filter(is_its_own).take(MAX_NAMES).map(entry).collect();
    bundle::encode(&names)
}

/// Other spellings of a name, separated by line breaks: the initials of its pinyin, and the folded name if lower case alone is
/// another.
fn spellings(name: &str) -> String {
    let folded = fold(name);
    let is_another = folded != name.to_lowercase();
    let initials = initials(&folded);
    let both = [initials.as_str(), if is_another { &folded } else { "" }];
    both.into_iter().filter(|spelling| !spelling.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The first letters of a folded name's pinyin in all readings, the usual one first, separated by line breaks; empty if it
/// has no Chinese characters.
fn initials(folded: &str) -> String {
    let letter = |reading: Pinyin| fold(reading.plain()).chars().next();
    let (mut usual, mut others) = (String::new(), BTreeSet::from([String::new()]));
    for c in folded.chars().filter(|c| c.is_alphanumeric()) {
        usual.push(c.to_pinyin().and_then(letter).unwrap_or(c));
        let readings: BTreeSet<char> = match c.to_pinyin_multi() {
            Some(readings) => readings.into_iter().filter_map(letter).collect(),
            None => BTreeSet::from([c]),
        };
        let longer = others.iter().flat_map(|other| readings.iter().map(move |c| format!("{other}{c}")));
        others = longer.take(MAX_SPELLINGS).collect();
    }
    if folded.chars().all(|c| c.to_pinyin().is_none()) {
        return String::new();
    }
    others.remove(&usual);
    [usual].into_iter().chain(others).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn a_name_has_the_initials_of_every_reading_and_its_folded_form() {
        let has = |name: &str, spelling: &str| spellings(name).lines().any(|other| other == spelling);
        assert!(spellings("贵州茅台").starts_with("gzmt"));
        assert!(has("貴州茅臺", "gzmt") && has("貴州茅臺", "贵州茅台"));
        assert!(has("重庆啤酒", "cqpj") && has("重庆啤酒", "zqpj"));
        assert_eq!(spellings("A股ETF"), "agetf");
        assert_eq!(spellings("Crédit Agricole"), "credit agricole");
        assert_eq!(spellings("Apple"), "");
    }
}
