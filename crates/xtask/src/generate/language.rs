//! Text like news: words of a real list, one after another as classes of words follow each other in news.

use fastrand::Rng;

/// The words of each class with their frequencies, most frequent first, from the dictionary of jieba 0.42
/// (<https://github.com/fxsjy/jieba>, MIT).
const WORDS: &str = include_str!("words.txt");

/// The classes of words, as jieba names them.
const CLASSES: [&str; 17] =
    ["n", "v", "a", "d", "m", "q", "r", "p", "c", "u", "f", "t", "s", "b", "nr", "ns", "nt"];

/// How often, in thousandths, each class is followed by a comma or a full stop, and by each class; first at the beginning
/// of a clause. Counted in EastMoney's news with jieba's tagger.
const FOLLOWING: [[u16; 18]; 18] = [
    [0, 283, 205, 33, 49, 71, 0, 61, 79, 61, 2, 16, 41, 8, 12, 14, 45, 20],
    [171, 332, 234, 24, 50, 15, 10, 2, 36, 11, 66, 12, 8, 2, 7, 5, 13, 2],
    [194, 293, 173, 27, 36, 59, 2, 10, 50, 16, 68, 12, 10, 12, 5, 0, 10, 23],
    [109, 236, 291, 27, 55, 27, 0, 0, 9, 0, 164, 18, 0, 0, 36, 27, 0, 1],
    [43, 178, 350, 92, 110, 37, 0, 31, 123, 6, 6, 0, 6, 0, 12, 0, 0, 6],
    [215, 238, 122, 39, 6, 182, 6, 0, 17, 0, 83, 22, 33, 0, 28, 0, 6, 3],
    [45, 455, 409, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 45, 0, 0, 0, 1],
    [31, 385, 215, 15, 123, 62, 46, 0, 31, 15, 31, 0, 0, 0, 15, 0, 15, 16],
    [29, 456, 146, 18, 18, 82, 23, 41, 6, 0, 6, 12, 35, 12, 18, 29, 47, 22],
    [118, 221, 309, 15, 44, 29, 0, 59, 74, 59, 0, 0, 15, 0, 0, 44, 13, 0],
    [92, 554, 196, 11, 5, 60, 0, 16, 11, 0, 0, 0, 5, 11, 16, 11, 11, 1],
    [310, 95, 310, 71, 24, 71, 0, 0, 0, 24, 71, 0, 0, 0, 24, 0, 0, 0],
    [291, 127, 182, 73, 18, 127, 0, 18, 55, 36, 18, 18, 18, 18, 0, 0, 0, 1],
    [0, 800, 0, 0, 0, 120, 0, 0, 0, 0, 0, 0, 0, 0, 80, 0, 0, 0],
    [0, 619, 214, 0, 24, 24, 0, 0, 24, 48, 0, 0, 0, 0, 47, 0, 0, 0],
    [38, 269, 346, 0, 115, 77, 0, 0, 77, 0, 0, 0, 0, 78, 0, 0, 0, 0],
    [16, 541, 230, 16, 0, 33, 0, 49, 66, 0, 49, 0, 0, 0, 0, 0, 0, 0],
    [27, 108, 595, 27, 27, 54, 0, 0, 54, 0, 81, 0, 0, 0, 0, 0, 27, 0],
];

/// A story is about something: this part of its nouns and verbs, in hundredths, is of a few dozen words.
const TOPICAL: u8 = 55;
/// The number of words of a topic, of each of both classes.
const TOPIC_WORDS: u64 = 16;

/// A word is followed by one of its usual followers in this part of the cases, in hundredths.
const USUAL: u8 = 55;
/// The number of a word's usual followers.
const FOLLOWERS: u64 = 3;

/// What news says again and again: this part of the steps, in hundredths, is a phrase of a few words, half of them of the
/// story's topic, half of those that all stories share.
const REPEATED: u8 = 18;
/// The number of phrases of a topic, and of all.
const PHRASES: [u64; 2] = [6, 600];

/// Words of other scripts, the more frequent ones first.
const FOREIGN: [&str; 24] = [
    "ETF", "AI", "IPO", "GDP", "A股", "CPI", "LPR", "5G", "H股", "MSCI", "PMI", "CEO", "VR", "OPEC", "IMF",
    "B2B", "Wind", "iPhone", "SaaS", "QFII", "NFT", "OLED", "Meta", "ChiNext",
];

/// The words of a class.
struct Class {
    words: Vec<&'static str>,
    /// The sum of the frequencies up to each word.
    sums: Vec<u32>,
}

/// A language.
pub(super) struct Language {
    classes: Vec<Class>,
}

impl Language {
    pub(super) fn new() -> Self {
        let class = |name: &&str| {
            let line = WORDS.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            let mut parts = line.unwrap_or_default().split(' ');
            let (mut class, mut sum) = (Class { words: Vec::new(), sums: Vec::new() }, 0);
            while let (Some(word), Some(frequency)) = (parts.next(), parts.next()) {
                sum += frequency.parse().unwrap_or(1);
                class.words.push(word);
                class.sums.push(sum);
            }
            class
        };
        Self { classes: CLASSES.iter().map(class).collect() }
    }

    /// A sentence of about this many bytes about a topic, sometimes with a number.
    pub(super) fn sentence(&self, rng: &mut Rng, bytes: usize, topic: u64) -> String {
        use std::fmt::Write as _;

        let mut text = String::with_capacity(bytes + 16);
        let mut word = Word::default();
        while text.len() < bytes {
            if rng.u8(..100) < REPEATED {
                word = self.phrase(rng, topic, &mut text);
                continue;
            }
            word = self.word_after(rng, word, topic);
            text.push_str(self.text(word));
            if rng.u8(..40) == 0 {
                text.push_str(FOREIGN[rng.usize(..FOREIGN.len()).min(rng.usize(..FOREIGN.len()))]);
            }
            if rng.u8(..24) == 0 {
                let _ = write!(text, "{}.{:02}%", rng.u8(..100), rng.u8(..100));
            }
        }
        text
    }

    /// Adds a phrase, which is always the same few words, and returns the last one.
    fn phrase(&self, rng: &mut Rng, topic: u64, text: &mut String) -> Word {
        let [of_topic, of_all] = PHRASES;
        let number = if rng.bool() {
            topic * of_topic + rng.u64(..of_topic) + of_all
        } else {
            rng.u64(..of_all).min(rng.u64(..of_all))
        };
        let own = &mut Rng::with_seed(number);
        let mut word = Word::default();
        for _ in 0..own.u8(3..6) {
            word = self.word_after(own, word, topic);
            text.push_str(self.text(word));
        }
        word
    }

    /// A word that follows another.
    fn word_after(&self, rng: &mut Rng, before: Word, topic: u64) -> Word {
        if before.class > 0 && rng.u8(..100) < USUAL {
            let number = (before.class as u64) << 32 | (before.index as u64) << 8;
            return self.drawn_word(&mut Rng::with_seed(number | rng.u64(..FOLLOWERS)), before.class, None);
        }
        self.drawn_word(rng, before.class, Some(topic))
    }

    fn drawn_word(&self, rng: &mut Rng, before: usize, topic: Option<u64>) -> Word {
        let class = match drawn(rng, &FOLLOWING[before]) {
            0 => drawn(rng, &FOLLOWING[0]),
            next => next,
        };
        let Class { words, sums } = &self.classes[class - 1];
        let all = sums.last().copied().unwrap_or(1);
        let chosen = match topic.filter(|_| class < 3 && rng.u8(..100) < TOPICAL) {
            Some(topic) => {
                // A topic's words are the same for all its stories.
                let number = topic * 131 + rng.u64(..TOPIC_WORDS) * 2 + class as u64;
                let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
                ((mixed * u64::from(all)) >> 32) as u32
            }
            None => rng.u32(..all),
        };
        Word { class, index: sums.partition_point(|sum| *sum <= chosen).min(words.len() - 1) }
    }

    fn text(&self, word: Word) -> &'static str {
        self.classes[word.class - 1].words[word.index]
    }
}

/// A word by its class, counted from 1, and its place there; class 0 is the beginning of a clause.
#[derive(Debug, Clone, Copy, Default)]
struct Word {
    class: usize,
    index: usize,
}

/// An index by weights.
fn drawn(rng: &mut Rng, weights: &[u16]) -> usize {
    let all: u32 = weights.iter().map(|weight| u32::from(*weight)).sum();
    let mut left = rng.u32(..all.max(1));
    for (at, weight) in weights.iter().enumerate() {
        match left.checked_sub(u32::from(*weight)) {
            Some(less) => left = less,
            None => return at,
        }
    }
    0
}
