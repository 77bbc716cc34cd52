//! The browser's deserializer behaves like `serde_json`: it accepts the same documents, refuses the same
//! documents, and reads the same values. `cargo xtask test` runs this as WebAssembly in Node.
//!
//! The documents avoid two differences of `JSON.parse`: it reads `1.0` as the number 1, and uses the last of
//! duplicate keys. Also, serde accepts an array for a struct, with the fields in order; writers never do
//! that, and our deserializer refuses it.

#![cfg(target_arch = "wasm32")]

use bundle::{Article, Document, Front, Headline, Manifest, Month, NameFile, PageFile, ShardFile};
use fastrand::Rng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

const TEXTS: [&str; 12] = [
    "",
    "a",
    "甲",
    "𝒳\u{0}",
    "2022-03",
    "2022-03-01",
    "2022-03-01T12:51:18+08:00",
    "1646110278-a",
    "gzip",
    "0",
    "\"<>&",
    "ǅ",
];
const NUMBERS: [&str; 12] = [
    "0",
    "1",
    "-1",
    "1.5",
    "1e-7",
    "4294967295",
    "4294967296",
    "9007199254740991",
    "9007199254740992",
    "18446744073709551615",
    "1e300",
    "-9e15",
];

fn text(random: &mut Rng) -> Value {
    json!(TEXTS[random.usize(..TEXTS.len())])
}

/// Makes a random JSON value, nested at most `depth` levels deep.
fn any_json(random: &mut Rng, depth: usize) -> Value {
    match random.usize(..if depth == 0 { 5 } else { 7 }) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => serde_json::from_str(NUMBERS[random.usize(..NUMBERS.len())]).unwrap(),
        3 | 4 => text(random),
        5 => (0..random.usize(..4)).map(|_| any_json(random, depth - 1)).collect(),
        _ => (0..random.usize(..4)).map(|at| (format!("k{at}"), any_json(random, depth - 1))).collect(),
    }
}

fn headline(random: &mut Rng) -> Value {
    let mut row = json!({ "slug": text(random), "title": text(random), "time": "2022-03-01T12:51:18+08:00" });
    if random.bool() {
        row["category"] = json!([text(random), text(random)]);
        row["securities"] = (0..random.usize(..3)).map(|_| json!([text(random), text(random)])).collect();
    }
    if random.bool() {
        row["date_only"] = json!(random.bool());
        row["path"] = text(random);
    }
    row
}

fn headlines(random: &mut Rng) -> Value {
    (0..random.usize(..4)).map(|_| headline(random)).collect()
}

fn list(random: &mut Rng) -> Value {
    let pages: Value = (0..random.usize(..3))
        .map(|_| json!({ "file": text(random), "index": random.u32(..), "oldest": "1646110278-a" }))
        .collect();
    json!({ "title": text(random), "names": [text(random)], "count": random.u32(..9), "newest": headlines(random), "pages": pages })
}

fn manifest(random: &mut Rng) -> Value {
    json!({
        "format": 2,
        "store": if random.bool() { "gzip" } else { "plain" },
        "site": { "title": text(random), "lang": text(random), "timezone": text(random) },
        "settings": { "quote": text(random), "chart_size": [random.u32(..), 276], "poll": random.u32(..90), "accent": ["#123456", ""], "permalink": text(random) },
        "counts": { "articles": random.u32(..), "days": 1, "categories": 1, "tags": 0, "securities": 3 },
        "newest": headlines(random),
        "front": text(random),
        "months": [{ "month": "2022-03", "count": 1, "file": text(random) }],
        "lists": { "open": [text(random)], "closed": [] },
        "paths": [text(random)],
    })
}

fn month(random: &mut Rng) -> Value {
    json!({ "days": [{ "date": "2022-03-01", "list": list(random) }], "shards": [{ "file": text(random), "date": "2022-03-01", "slug": text(random) }] })
}

fn front(random: &mut Rng) -> Value {
    json!({ "blocks": [{ "category": [text(random), text(random), 3], "rows": headlines(random) }], "names": { "category": [text(random)], "tag": [], "quote": [] } })
}

fn shard(random: &mut Rng) -> Value {
    let article = |random: &mut Rng| {
        let mut article = headline(random);
        article["body"] = text(random);
        article["categories"] = json!([[text(random), text(random)]]);
        if random.bool() {
            article["shared"] = json!(random.bool());
            article["updated"] = text(random);
            article["authors"] = json!([text(random), text(random)]);
        }
        article
    };
    (0..random.usize(1..4)).map(|_| article(random)).collect()
}

/// Damages a value somewhere: removes, replaces or adds something. Returns whether that was possible.
fn damage(value: &mut Value, random: &mut Rng) -> bool {
    let inner: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(fields) => fields.values_mut().collect(),
        _ => Vec::new(),
    };
    if !inner.is_empty() && random.usize(..4) > 0 {
        let at = random.usize(..inner.len());
        return inner.into_iter().nth(at).is_some_and(|inner| damage(inner, random));
    }
    match (value, random.usize(..3)) {
        (Value::Object(fields), 0) => {
            let key = fields.keys().nth(random.usize(..fields.len().max(1))).cloned();
            key.is_some_and(|key| fields.remove(&key).is_some())
        }
        (Value::Object(fields), 1) => fields.insert("unknown".into(), any_json(random, 2)).is_none(),
        (Value::Array(items), 0) => items.pop().is_some(),
        (Value::Array(items), 1) => {
            items.push(any_json(random, 2));
            true
        }
        (value, _) => {
            let other = any_json(random, 2);
            // Never an array for a struct, which only serde_json accepts; see the top of this file.
            let is_array_for_struct = value.is_object() && other.is_array();
            if !is_array_for_struct {
                *value = other;
            }
            !is_array_for_struct
        }
    }
}

/// Compares both deserializers on intact and damaged documents of a type.
fn compare<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(make: fn(&mut Rng) -> Value) {
    let (mut read, mut refused) = (0, 0);
    for seed in 0..1500 {
        let mut random = Rng::with_seed(seed);
        let mut value = make(&mut random);
        for _ in 0..seed % 4 {
            damage(&mut value, &mut random);
        }
        let json = value.to_string();
        let expected = serde_json::from_str::<T>(&json).ok();
        let found = Document::parse(json.as_bytes()).unwrap().read::<T>().ok();
        assert_eq!(found, expected, "{json}");
        *if found.is_some() { &mut read } else { &mut refused } += 1;
    }
    assert!(read > 300 && refused > 300, "{read} were read, {refused} refused");
}

#[wasm_bindgen_test]
fn manifests_are_read_as_serde_json_reads_them() {
    compare::<Manifest>(manifest);
}

#[wasm_bindgen_test]
fn months_are_read_as_serde_json_reads_them() {
    compare::<Month>(month);
}

#[wasm_bindgen_test]
fn fronts_and_names_are_read_as_serde_json_reads_them() {
    compare::<Front>(front);
    compare::<NameFile>(|random| {
        (0..random.usize(1..4)).map(|_| json!([text(random), text(random), random.u32(..)])).collect()
    });
}

#[wasm_bindgen_test]
fn pages_and_shards_are_read_as_serde_json_reads_them() {
    compare::<PageFile>(|random| (0..random.usize(1..3)).map(|_| headlines(random)).collect());
    compare::<ShardFile>(shard);
}

#[wasm_bindgen_test]
fn finding_one_value_gives_the_same_as_reading_the_whole_file() {
    #[derive(serde::Deserialize)]
    struct Slug {
        slug: String,
    }
    for seed in 0..500 {
        let mut random = Rng::with_seed(seed);
        let (shard, slug) = (shard(&mut random), text(&mut random));
        let document = Document::parse(shard.to_string().as_bytes()).unwrap();
        let all: ShardFile = document.read().unwrap();
        let found: Option<Article> = document.find(|article: &Slug| article.slug == slug).unwrap();
        assert_eq!(found.as_ref(), all.articles.iter().find(|article| article.slug == slug));
    }
    let document = Document::parse(
        br#"{"lists":{"a/b":{"slug":"a","title":"b","time":"2022-03-01T12:51:18Z"},"constructor":1}}"#,
    )
    .unwrap();
    assert!(document.at::<Headline>(&["lists", "a/b"]).unwrap().is_some());
    assert!(
        document.at::<Headline>(&["lists", "toString"]).unwrap().is_none(),
        "an inherited property is not part of the file"
    );
    assert!(document.at::<Headline>(&["lists", "constructor"]).is_err());
    assert!(document.at::<Headline>(&["nothing", "a"]).unwrap().is_none());
}

#[wasm_bindgen_test]
fn invalid_json_is_refused() {
    for bytes in [&b""[..], b"[", b"{\"a\":}", b"\xff\xfe{}", b"<!DOCTYPE html>"] {
        assert!(Document::parse(bytes).is_err(), "{bytes:?}");
    }
}
