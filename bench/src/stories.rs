//! The stories of a site as a plain scan reads them, and the queries that search is measured with.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use bundle::Article;
use index::fold::fold;
use index::query::Query;
use index::stem::Stemmer;
use index::terms::{Term, for_each_term};
use index::write::texts;
use rayon::prelude::*;

/// A story's day, time and slug, by which rows are sorted, and its folded texts.
type Story = (i64, i64, String, Vec<String>);

/// All stories, from the oldest to the newest, as rows are.
pub(crate) struct Stories {
    /// Their folded texts.
    texts: Vec<Vec<String>>,
    slugs: Vec<String>,
}

impl Stories {
    pub(crate) fn read(site: &Path) -> Result<Self> {
        let shards: Vec<PathBuf> = fs::read_dir(site.join("bundle/shards"))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        let read = |path: &PathBuf| -> Result<Vec<Story>> {
            let articles: Vec<Article> = serde_json::from_slice(&fs::read(path)?)?;
            let story = |article: Article| {
                let texts = texts(&article).iter().map(|(text, _)| fold(text)).collect();
                (article.time.date().days(), article.time.unix, article.slug, texts)
            };
            Ok(articles.into_iter().map(story).collect())
        };
        let mut all: Vec<_> =
            shards.par_iter().map(read).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
        all.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
        let (slugs, texts) = all.into_iter().map(|(_, _, slug, texts)| (slug, texts)).unzip();
        Ok(Self { texts, slugs })
    }

    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        self.slugs.iter().map(String::as_str)
    }

    /// The stories that have all words of a query, as they are written.
    pub(crate) fn scan(&self, words: &str) -> BTreeSet<u32> {
        let query = Query::parse(words, Stemmer::None);
        let has = |texts: &Vec<String>, clause: &index::query::Clause| {
            let is_word = clause.text.chars().all(|c| c.is_ascii_alphanumeric());
            texts
                .iter()
                .any(|text| if is_word { has_word(text, &clause.text) } else { text.contains(&clause.text) })
        };
        let is_found =
            |texts: &Vec<String>| query.clauses.iter().all(|clause| has(texts, clause) != clause.is_excluded);
        let found = self.texts.par_iter().enumerate().filter(|(_, texts)| is_found(texts));
        found.map(|(at, _)| at as u32).collect()
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + word.len()..].chars().next())
    })
}

/// Five queries of each of twelve kinds.
pub(crate) fn queries(stories: &Stories) -> Vec<(&'static str, String)> {
    let mut rng = fastrand::Rng::with_seed(1);
    // Pairs and words of a sample, by the number of stories that have them.
    let sample: Vec<&Vec<String>> =
        (0..4000).map(|_| &stories.texts[rng.usize(..stories.texts.len())]).collect();
    let (mut pairs, mut words): (HashMap<&str, usize>, HashMap<&str, usize>) = Default::default();
    for texts in &sample {
        let (mut own, mut own_words) = (BTreeSet::new(), BTreeSet::new());
        for text in texts.iter().take(3) {
            for_each_term(text, |term| match term {
                Term::Pair(pair) if pair.chars().all(|c| c >= '\u{4e00}') => drop(own.insert(pair)),
                Term::Word(word) if word.chars().all(|c| c.is_ascii_alphabetic()) && word.len() > 1 => {
                    own_words.insert(word);
                }
                _ => {}
            });
        }
        own.into_iter().for_each(|pair| *pairs.entry(pair).or_default() += 1);
        own_words.into_iter().for_each(|word| *words.entry(word).or_default() += 1);
    }
    let sorted = |counts: HashMap<&'_ str, usize>| -> Vec<String> {
        let counts: BTreeMap<_, _> =
            counts.into_iter().map(|(text, count)| ((usize::MAX - count, text), ())).collect();
        counts.into_keys().map(|(_, text)| text.to_owned()).collect()
    };
    let (pairs, mut words) = (sorted(pairs), sorted(words));
    // Generated posts may have no words of other scripts.
    words.push("etf".to_owned());
    let mut joined = String::new();
    sample.iter().flat_map(|texts| texts.iter()).for_each(|text| joined.extend([text.as_str(), "\n"]));
    let belongs_together = |text: &str| {
        let count = |part: &str| joined.matches(part).count();
        let ends: Vec<(usize, char)> = text.char_indices().collect();
        let rarest =
            ends.windows(2).map(|pair| count(&text[pair[0].0..pair[1].0 + pair[1].1.len_utf8()])).min();
        let whole = count(text);
        whole > 1 && rarest.is_some_and(|rarest| whole * 2 >= rarest)
    };
    let piece = |rng: &mut fastrand::Rng, length: usize| loop {
        let texts = sample[rng.usize(..sample.len())];
        let text: Vec<char> = texts[2].chars().collect();
        if text.len() <= length {
            continue;
        }
        let at = rng.usize(..text.len() - length);
        let piece: String = text[at..at + length].iter().collect();
        if piece.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && belongs_together(&piece) {
            return piece;
        }
    };
    let name = |rng: &mut fastrand::Rng, at: usize| loop {
        let texts = sample[rng.usize(..sample.len())];
        if let Some(name) = texts.get(3 + at).filter(|name| !name.is_empty()) {
            return name.clone();
        }
    };
    let mut all = Vec::new();
    for at in 0..5 {
        let common = |skip: usize| pairs[(at * 7 + skip).min(pairs.len() - 1)].clone();
        let rng = &mut rng;
        all.push(("very common", common(0)));
        all.push(("2 characters", pairs[(pairs.len() / 40 * (at + 1)).min(pairs.len() - 1)].clone()));
        all.push(("3 characters", piece(rng, 3)));
        all.push(("4 characters", piece(rng, 4)));
        all.push(("names", name(rng, 0)));
        all.push(("tickers", name(rng, 1)));
        all.push(("English", words[(at * 3).min(words.len() - 1)].clone()));
        all.push(("mixed", format!("{} {}", words[at.min(words.len() - 1)], piece(rng, 2))));
        all.push(("two common words", format!("{} {}", common(1), common(3))));
        all.push(("name and word", format!("{} {}", name(rng, 0), common(5))));
        all.push(("phrase", format!("\"{}\"", piece(rng, 6))));
        let nothing: String = piece(rng, 4).chars().rev().collect();
        all.push(("no hit", format!("{nothing}{}", piece(rng, 2))));
    }
    all.sort_by_key(|(kind, _)| *kind);
    all
}
