//! The two readers of the bundle, the viewer's in Rust and the widget's in JavaScript, give the same
//! headlines.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use archive::Archive;
use bundle::address::Address;
use bundle::{Directory, Folder, ListId, ListKind, MANIFEST_PATH, Manifest, Store, partition};
use futures::executor::block_on;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use viewer::state::folder::SiteFolder;

use testkit::setup::finews;
use testkit::{Browser, DESKTOP, Engine, Host, in_every_engine};

in_every_engine!(both_readers_give_the_same_headlines_for_any_bundle, both_readers_refuse_the_same_damage);

/// Pseudo-random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn choose<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap()]
    }
}

const CATEGORIES: [&str; 7] = ["emnews", "Tech  Web", "quote", "a.html", "..", "市场’s", "ǅ"];
const TAGS: [&str; 6] = ["A股", "..", "x/y?z#", "ÄÖ ü", "tag", "𝒳 &"];
const SLUGS: [&str; 5] = ["a", "a-b", "ａ", "𝒳", "100%'"];

/// Forms of addresses; without one, addresses have the usual form.
const PERMALINKS: [&str; 4] =
    ["", "/:categories/:title/", "/blog/:year/:month/:day/:title.html", "/:year/:title:output_ext"];

/// Writes posts from sixty days, some of them with the same time, and some with an address of their own.
fn write_posts(folder: &Path, count: u64, permalink: &str, random: &mut Random) {
    fs::write(folder.join("_config.yml"), format!("title: 试\npermalink: {permalink:?}\n")).unwrap();
    fs::create_dir(folder.join("_posts")).unwrap();
    for at in 0..count {
        let (day, second) = (random.below(60), random.below(3) * 7000);
        let date = "2026-03-01".parse::<bundle::Date>().unwrap().plus(i64::try_from(day).unwrap());
        let tags: Vec<String> = (0..random.below(3)).map(|_| format!("{:?}", random.choose(&TAGS))).collect();
        let clock = format!(" {:02}:{:02}:00 +0800", second / 3600, second / 60 % 60);
        let clock = if random.below(5) == 0 { "" } else { &clock };
        let mut text = format!("---\ntitle: 第{at}篇\ndate: {date}{clock}\ntags: [{}]\n", tags.join(", "));
        if random.below(9) == 0 {
            writeln!(text, "permalink: /own/第 {at} 篇/").unwrap();
        }
        if random.below(9) > 0 {
            writeln!(text, "categories: [{:?}]", random.choose(&CATEGORIES)).unwrap();
        }
        writeln!(text, "slug: {:?}\n---\n第{at}篇的正文", format!("{}{at}", random.choose(&SLUGS))).unwrap();
        if random.below(2) == 0 {
            text += "，[上证指数](https://quote.eastmoney.com/unify/r/1.000001)";
        }
        fs::write(folder.join(format!("_posts/{date}-p{at}.md")), text).unwrap();
    }
}

/// Splits the directories of a site into two levels, as in archives with a hundred thousand names.
fn split_directories(site: &Path) {
    let path = site.join(MANIFEST_PATH);
    let mut manifest: Manifest = bundle::decode(&fs::read(&path).unwrap()).unwrap();
    let write = |directory: &Directory| {
        let json = bundle::encode(directory);
        let hash: String = hex::encode(Sha256::digest(&json));
        fs::write(site.join(Folder::Lists.path(&hash, Store::Plain)), json).unwrap();
        hash
    };
    for hashes in [&mut manifest.index.lists.open, &mut manifest.index.lists.closed] {
        let count = hashes.len();
        for (at, hash) in hashes.iter_mut().enumerate() {
            let whole: Directory =
                serde_json::from_slice(&fs::read(site.join(Folder::Lists.path(hash, Store::Plain))).unwrap())
                    .unwrap();
            let mut finer = vec![Directory::default(); 3];
            for (name, list) in whole.lists {
                let (kind, key) = name.split_once('/').unwrap();
                let kind = ListKind::ALL.into_iter().find(|known| known.word() == kind).unwrap();
                let part = partition(&ListId::new(kind, key), count * 3);
                assert_eq!(part % count, at);
                finer[part / count].lists.insert(name, list);
            }
            *hash = write(&Directory { finer: finer.iter().map(write).collect(), ..Directory::default() });
        }
    }
    fs::write(path, bundle::encode(&manifest)).unwrap();
}

/// Builds a bundle of posts, and adds a page that can import the widget's reader.
fn build(posts: &Path, site: &Path) {
    let built = Command::new(finews())
        .arg("build")
        .arg(posts)
        .arg("--out")
        .arg(site)
        .args(["--bundle-only", "--now", "2026-06-01T00:00:00Z"])
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    for script in ["shared/failure.js", "widget/archive.js"] {
        fs::create_dir_all(site.join(script).parent().unwrap()).unwrap();
        fs::copy(Path::new("web").join(script), site.join(script)).unwrap();
    }
    fs::write(site.join("plain.html"), "<!DOCTYPE html><title>Two readers</title>").unwrap();
}

/// The answer of the viewer's reader.
fn viewer_answer(
    site: &SiteFolder,
    manifest: &Manifest,
    kind: &str,
    name: &str,
    limit: usize,
    summary: bool,
) -> Value {
    let archive = Archive::new(site, &manifest.index);
    let path = |address: &Address| address.path().trim_start_matches('/').to_owned();
    let to_json = |row: &bundle::Headline| {
        let category = row.category.as_ref().map_or("", |category| &category.title);
        json!([
            row.title,
            path(&row.address(&manifest.settings.permalink)),
            row.datetime(),
            category,
            if summary { &row.summary } else { "" }
        ])
    };
    if name.is_empty() {
        return json!(["", "", manifest.newest.iter().take(limit).map(to_json).collect::<Vec<_>>()]);
    }
    let kind = ListKind::ALL.into_iter().find(|known| known.word() == kind).unwrap();
    let id = ListId::new(kind, if kind == ListKind::Quote { name.to_owned() } else { bundle::fold(name) });
    let Some((title, mut rows)) = block_on(archive.newest(&id, limit)).unwrap() else {
        return json!("unknown");
    };
    if summary {
        for row in &mut rows {
            row.summary = block_on(archive.with_summary(row)).unwrap().unwrap().summary;
        }
    }
    json!([title, path(&Address::List { id, before: None }), rows.iter().map(to_json).collect::<Vec<_>>()])
}

/// A script that returns the answers of the widget's reader to all questions.
const WIDGET_READER_SCRIPT: &str = "
    const [questions] = arguments, done = arguments[arguments.length - 1];
    (async () => {
        const { headlines } = await import('/widget/archive.js');
        const read = async (path) => (await fetch(`/${path}`)).json();
        const manifest = await read('bundle/manifest.json'), files = new Map();
        const answer = async (question) => {
            for (;;) {
                const { missing, title, path, rows } = headlines(manifest, files, ...question);
                if (rows) return [title, path, rows.map(({ title, path, time, category, summary }) => [title, path, time, category, summary])];
                for (const path of missing) files.set(path, await read(path));
            }
        };
        const answers = [];
        for (const question of questions) answers.push(await answer(question).catch(({ message }) => message));
        return answers;
    })().then(done, (error) => done(`${error.stack}`))";

async fn both_readers_give_the_same_headlines_for_any_bundle(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    let mut random = Random(7);
    let mut compared = 0;
    let sites = [(0, false), (1, false), (40, false), (40, true), (300, false), (700, true)];
    for ((count, is_split), permalink) in sites.into_iter().zip(PERMALINKS.into_iter().cycle()) {
        let folder = tempfile::tempdir().unwrap();
        let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
        fs::create_dir(&posts).unwrap();
        write_posts(&posts, count, permalink, &mut random);
        if count == 0 {
            // Only a site that has lost its last story has none.
            let last = posts.join("_posts/2026-01-01-last.md");
            fs::write(&last, "---\ntitle: last\n---\n").unwrap();
            build(&posts, &site);
            fs::remove_file(last).unwrap();
        }
        build(&posts, &site);
        if is_split {
            split_directories(&site);
        }
        let names =
            CATEGORIES.iter().map(|name| ("category", *name)).chain(TAGS.iter().map(|name| ("tag", *name)));
        let names: Vec<_> = names
            .chain([
                ("", ""),
                ("quote", "1.000001"),
                ("quote", "no such"),
                ("category", "no such"),
                ("tag", " ä ö"),
                ("category", "TECH web"),
            ])
            .collect();
        let questions: Vec<_> = names
            .iter()
            .flat_map(|(kind, name)| {
                [(1, true), (5, false), (50, true), (50, false)]
                    .map(|(limit, summary)| (*kind, *name, limit, summary))
            })
            .collect();
        let host = Host::serve(&site).await;
        browser.client.goto(&format!("{}/plain.html", host.url)).await.unwrap();
        let answers =
            browser.client.execute_async(WIDGET_READER_SCRIPT, vec![json!(questions)]).await.unwrap();
        let answers = answers.as_array().unwrap_or_else(|| panic!("{answers}"));
        let source = SiteFolder::new(&site);
        let manifest = source.manifest().unwrap();
        for ((kind, name, limit, summary), answer) in questions.iter().zip(answers) {
            assert_eq!(
                *answer,
                viewer_answer(&source, &manifest, kind, name, *limit, *summary),
                "{kind} {name:?}, {limit}, of {count} posts"
            );
            compared += usize::from(answer[2].as_array().is_some_and(|rows| !rows.is_empty()));
        }
    }
    assert!(compared > 100, "{compared} lists had stories");
    browser.close().await;
}

/// A change to each file in a folder of the bundle, or to the manifest if the folder is `None`.
type Damage = (Option<Folder>, fn(&mut Value));

const DAMAGES: [Damage; 16] = [
    (None, |json| json["newest"][0]["title"] = json!(7)),
    (None, |json| json["newest"][0]["time"] = json!(["2026-03-01T00:00:00Z"])),
    (None, |json| json["newest"][0]["time"] = json!("2026-02-30T00:00:00Z")),
    (None, |json| json["newest"][0]["category"] = json!(["a", "b", "c"])),
    (None, |json| json["newest"][0]["category"] = json!("ab")),
    (None, |json| json["newest"][0]["category"] = json!(null)),
    (None, |json| json["newest"] = json!({})),
    (None, |json| json["format"] = json!(3)),
    (None, |json| json["store"] = json!("zip")),
    (Some(Folder::Lists), |json| *json = json!(null)),
    (Some(Folder::Lists), |json| *json = json!(0)),
    (Some(Folder::Lists), |json| json["lists"]["category/emnews"] = json!("no list")),
    (Some(Folder::Lists), |json| json["lists"]["category/emnews"]["newest"] = json!([null])),
    (Some(Folder::Lists), |json| json["finer"] = json!("no hashes")),
    (Some(Folder::Months), |json| *json = json!(null)),
    (Some(Folder::Months), |json| json["days"] = json!(3)),
];

/// Damages files of a site. They can keep their names, because nothing in this test verifies hashes.
fn damage(site: &Path, (folder, change): Damage) {
    let paths = match folder {
        None => vec![site.join(MANIFEST_PATH)],
        Some(folder) => fs::read_dir(site.join("bundle").join(folder.name()))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect(),
    };
    for path in paths {
        let mut json: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut json);
        fs::write(path, json.to_string()).unwrap();
    }
}

async fn both_readers_refuse_the_same_damage(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (at, damaged) in DAMAGES.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
        fs::create_dir(&posts).unwrap();
        fs::write(posts.join("2026-05-01-a.md"), "---\ntitle: 甲\ncategories: emnews\n---\n正文\n").unwrap();
        build(&posts, &site);
        damage(&site, damaged);
        let host = Host::serve(&site).await;
        browser.client.goto(&format!("{}/plain.html", host.url)).await.unwrap();
        let answers = browser
            .client
            .execute_async(
                WIDGET_READER_SCRIPT,
                vec![json!([["", "", 5, false], ["category", "emnews", 5, true]])],
            )
            .await
            .unwrap();
        let source = SiteFolder::new(&site);
        let manifest =
            fs::read(site.join(MANIFEST_PATH)).map(|bytes| bundle::decode::<Manifest>(&bytes)).unwrap();
        for (name, answer) in [("", &answers[0]), ("emnews", &answers[1])] {
            let expected = match &manifest {
                Err(bundle::DecodeError::Format(_)) => json!("newer"),
                // The widget checks only the parts of a manifest that a query needs, so it may still show a
                // list if the newest headlines are damaged.
                Err(bundle::DecodeError::Json(_))
                    if name.is_empty() || damaged.0.is_none() && answer == "damaged" =>
                {
                    json!("damaged")
                }
                Err(bundle::DecodeError::Json(_)) => continue,
                Ok(manifest) => match block_on(
                    Archive::new(&source, &manifest.index)
                        .newest(&ListId::new(ListKind::Category, "emnews"), 5),
                ) {
                    Err(_) if !name.is_empty() => json!("damaged"),
                    _ => {
                        assert!(answer.is_array(), "damage {at}, {name:?}: {answer}");
                        continue;
                    }
                },
            };
            assert_eq!(*answer, expected, "damage {at}, {name:?}");
        }
    }
    browser.close().await;
}
