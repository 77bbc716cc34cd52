//! The damaged files of a bundle.

use bundle::Folder;
use serde_json::{Value, json};

/// A damaged file of a hostile bundle: its folder (`None` for the manifest), a description, and the change.
pub(super) type BrokenFile = (Option<Folder>, &'static str, fn(Vec<u8>) -> Vec<u8>);

/// Makes a damaged file by changing the value of its JSON.
macro_rules! edit {
    ($folder:expr, $name:literal, |$value:ident| $change:expr) => {
        (
            $folder,
            $name,
            (|json| {
                let mut $value: Value = serde_json::from_slice(&json).unwrap();
                let () = $change;
                serde_json::to_vec(&$value).unwrap()
            }) as fn(Vec<u8>) -> Vec<u8>,
        )
    };
}

const MANIFEST: Option<Folder> = None;

const FRONT: Option<Folder> = Some(Folder::Front);

const LISTS: Option<Folder> = Some(Folder::Lists);

const MONTHS: Option<Folder> = Some(Folder::Months);

const NAMES: Option<Folder> = Some(Folder::Names);

const PAGES: Option<Folder> = Some(Folder::Pages);

const SHARDS: Option<Folder> = Some(Folder::Shards);

pub(super) fn every_broken_file() -> Vec<BrokenFile> {
    let mut broken = broken_manifests();
    broken.extend(broken_files());
    for folder in [MANIFEST, FRONT, LISTS, MONTHS, NAMES, PAGES, SHARDS] {
        broken.extend([
            (folder, "an empty file", (|_| Vec::new()) as fn(Vec<u8>) -> Vec<u8>),
            (folder, "null", |_| b"null".to_vec()),
            (folder, "a number", |_| b"1e999".to_vec()),
            (folder, "unclosed brackets", |_| b"[".repeat(200_000)),
            (folder, "brackets nested a hundred thousand deep", |_| {
                [b"[".repeat(100_000), b"]".repeat(100_000)].concat()
            }),
            (folder, "bytes that are not text", |_| b"\xff\xfe{\"format\":1}\x00".to_vec()),
            (folder, "a page", |_| b"<!DOCTYPE html><script>alert(1)</script>".to_vec()),
            (folder, "duplicate fields, or a second value", |json| {
                let text = String::from_utf8(json).unwrap();
                if text.starts_with('{') {
                    text.replacen('{', "{\"format\":7,\"blocks\":0,\"lists\":0,\"days\":0,", 1).into_bytes()
                } else {
                    format!("{text}{text}").into_bytes()
                }
            }),
            (folder, "lone surrogates", |json| {
                String::from_utf8(json).unwrap().replace("一篇", "\\ud800一篇\\udc00").into_bytes()
            }),
        ]);
    }
    broken
}

fn broken_manifests() -> Vec<BrokenFile> {
    vec![
        edit!(MANIFEST, "a field named __proto__", |json| json["__proto__"] =
            json!({ "format": 9, "newest": 1 })),
        edit!(
            MANIFEST,
            "huge numbers",
            |json| json["counts"] = json!({ "articles": 1e308, "days": -1, "categories": 1.5, "tags": 9_007_199_254_740_993_i64, "securities": 0 })
        ),
        edit!(MANIFEST, "strings instead of numbers", |json| json["counts"]["articles"] = json!("many")),
        edit!(MANIFEST, "no newest headlines", |json| json["newest"] = Value::Null),
        edit!(MANIFEST, "newest as an object", |json| json["newest"] = json!({ "0": 1, "length": 1e9 })),
        edit!(MANIFEST, "newest without content", |json| json["newest"] = json!([null, [], {}, 1])),
        edit!(MANIFEST, "twenty thousand newest headlines", |json| json["newest"] =
            json!(vec![json["newest"][0].clone(); 20_000])),
        edit!(MANIFEST, "an invalid time", |json| json["newest"][0]["time"] =
            json!("9999-99-99T99:99:99+99:99")),
        edit!(MANIFEST, "the latest possible time", |json| json["newest"][0]["time"] =
            json!("9999-12-31T23:59:59-23:59")),
        edit!(MANIFEST, "a slug that points elsewhere", |json| json["newest"][0]["slug"] =
            json!("../../../../\\evil.example/")),
        edit!(MANIFEST, "a category that points elsewhere", |json| json["newest"][0]["category"] =
            json!(["/\\evil.example", "javascript:alert(1)"])),
        edit!(MANIFEST, "a title as an object", |json| json["site"]["title"] = json!({ "toString": "x" })),
        edit!(MANIFEST, "a title with markup", |json| json["site"]["title"] =
            json!("</title><script>alert(1)</script>")),
        edit!(MANIFEST, "an invalid language", |json| json["site"]["lang"] =
            json!("\"><script>alert(1)</script>")),
        edit!(MANIFEST, "an address with a script", |json| json["site"]["url"] =
            json!("javascript:alert(1)")),
        edit!(
            MANIFEST,
            "chart addresses with scripts",
            |json| json["settings"] = json!({ "chart": "javascript:alert(1)//{secid}", "intraday": "data:image/svg+xml,<svg onload=alert(1)>", "quote": "javascript:alert('{secid}')" })
        ),
        edit!(MANIFEST, "a chart of impossible size", |json| json["settings"]["chart_size"] =
            json!([1e300, -1])),
        edit!(MANIFEST, "a chart four billion pixels wide", |json| json["settings"]["chart_size"] =
            json!([4_294_967_295_u32, 0])),
        edit!(MANIFEST, "a negative polling interval", |json| json["settings"]["poll"] = json!(-1)),
        edit!(MANIFEST, "colours with further CSS", |json| json["settings"]["accent"] =
            json!(["red; } * { display: none", "url(https://evil.example/x)"])),
        edit!(
            MANIFEST,
            "invalid months",
            |json| json["months"] = json!([{ "month": "2026-99", "count": 1, "file": "0" }, { "month": "x", "count": 0, "file": "" }])
        ),
        edit!(MANIFEST, "files that point elsewhere", |json| {
            json["months"][0]["file"] = json!("../../../../etc/passwd");
            json["front"] = json!("//evil.example/x");
            json["lists"]["open"] = json!(["https://evil.example/x"]);
        }),
        edit!(MANIFEST, "hashes of missing files", |json| {
            json["front"] = json!("0".repeat(64));
            json["lists"]["open"] = json!(["0".repeat(64)]);
        }),
        edit!(MANIFEST, "a hash that is not hexadecimal", |json| json["front"] = json!("é".repeat(32))),
        edit!(MANIFEST, "ten thousand directories", |json| json["lists"]["open"] =
            json!(vec!["0".repeat(64); 10_000])),
        edit!(MANIFEST, "no directories", |json| json["lists"] = json!({})),
        edit!(MANIFEST, "an unknown store", |json| json["store"] = json!("brotli")),
        edit!(MANIFEST, "another store", |json| json["store"] = json!("gzip")),
        edit!(MANIFEST, "a newer format", |json| json["format"] = json!(3)),
        edit!(MANIFEST, "a huge format number", |json| json["format"] = json!(1e300)),
        edit!(MANIFEST, "a format as a string", |json| json["format"] = json!("1")),
    ]
}

fn broken_files() -> Vec<BrokenFile> {
    vec![
        edit!(FRONT, "invalid blocks", |json| json["blocks"] =
            json!([1, null, { "category": [], "rows": {} }])),
        edit!(FRONT, "a thousand blocks", |json| json["blocks"] =
            json!(vec![json["blocks"][0].clone(); 1000])),
        edit!(LISTS, "invalid lists", |json| json["lists"] = json!([])),
        edit!(
            LISTS,
            "a list with a missing page",
            |json| json["lists"]["category/attacks"] = json!({ "count": 9e15, "pages": [{ "file": "1".repeat(64), "index": 9e15, "oldest": "-9223372036854775808-" }] })
        ),
        edit!(LISTS, "a list with an index beyond its file", |json| {
            json["lists"]["category/attacks"]["newest"] = json!([]);
            json["lists"]["category/attacks"]["pages"][0]["index"] = json!(7);
        }),
        edit!(LISTS, "finer directories that are missing", |json| json["finer"] =
            json!(vec!["2".repeat(64); 3])),
        edit!(MONTHS, "invalid days", |json| json["days"] = json!([{ "date": "2026-02-30", "list": {} }])),
        edit!(MONTHS, "unsorted days", |json| {
            let day = json["days"][0].clone();
            json["days"] = json!([{ "date": "9999-12-31", "list": day["list"] }, day, { "date": "0001-01-01", "list": { "count": 0 } }]);
        }),
        edit!(MONTHS, "no shards", |json| json["shards"] = json!([])),
        (PAGES, "invalid pages", |_| b"{\"0\":[]}".to_vec()),
        (PAGES, "empty pages", |_| b"[[]]".to_vec()),
        edit!(SHARDS, "an article without a title", |json| json[0]
            .as_object_mut()
            .unwrap()
            .remove("title")
            .map(drop)
            .unwrap_or_default()),
        edit!(SHARDS, "a body as a number", |json| json[0]["body"] = json!(1)),
        edit!(SHARDS, "a body of one word", |json| json[0]["body"] = json!("PLACE")),
        edit!(SHARDS, "ten thousand articles", |json| {
            let article = json[0].clone();
            json.as_array_mut().unwrap().resize(10_000, article);
        }),
        (NAMES, "invalid names", |_| b"[[],[1,2,3],[\"a\",\"b\"]]".to_vec()),
        (NAMES, "twenty thousand names", |_| {
            let names: Vec<String> = (0..20_000).map(|at| format!("[\"n{at}\",\"名{at}\",{at}]")).collect();
            format!("[{}]", names.join(",")).into_bytes()
        }),
    ]
}
