//! What strangers wrote is text: through the builder, and as a stranger's bundle straight into the viewer and
//! the widget.
//!
//! `tests/hostile` has the attacks, `tests/hostile/watch.js` sees what they come to.

use std::path::Path;
use std::sync::LazyLock;

use bundle::{Article, Folder, Label, Time};
use serde_json::{Value, json};
use testkit::corpus::{Attack, PAGE, STORY, attacks};

use testkit::folder::files;
use testkit::sites::{build_bare, build_for};
use testkit::{Browser, BundleFixture, DESKTOP, Engine, Host, in_every_engine, injected_scripts};

in_every_engine!(
    posts_in_the_viewer_are_text_and_lose_no_word[sampled],
    pages_rendered_ahead_are_text_and_lose_no_word,
    a_strangers_articles_are_text_and_lose_no_word[sampled],
    a_strangers_lists_are_text,
    a_strangers_headlines_in_the_widget_are_text[sampled],
    no_json_breaks_the_viewer,
    no_json_breaks_the_page_of_a_widget,
);

static ATTACKS: LazyLock<Vec<Attack>> = LazyLock::new(|| attacks());

/// The attacks' posts, and the site that the builder makes of them with every page rendered ahead.
static BUILT: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("posts");
    std::fs::create_dir(&posts).unwrap();
    for attack in ATTACKS.iter() {
        std::fs::write(posts.join(format!("2026-05-01-{}.md", attack.name)), attack.post()).unwrap();
    }
    build_for(&posts, &folder.path().join("ahead"), &["--prerender", "all"]);
    build_bare(&posts, &folder.path().join("bare"));
    folder
});

/// The elements that a whole page is made of.
fn whole() -> Value {
    json!(format!("{STORY} {PAGE}"))
}

/// Sees to it that pages are watched, and come from the host.
fn watch(host: &Host) {
    let script = std::fs::read_to_string("tests/fixtures/hostile/watch.js").unwrap();
    host.plant(&[&script, injected_scripts::NO_WORKER].concat());
}

/// The address of an attack's post, by its slug.
fn path_of(attack: &Attack) -> String {
    let slug = attack.text.lines().find_map(|line| line.strip_prefix("slug: ")).filter(|_| attack.is_post);
    format!("/2026/05/01/{}.html", bundle::slugify(slug.unwrap_or(&attack.name)))
}

/// Goes to articles by links, and tells what is wrong with each: what does not belong there, and which words
/// are lost.
async fn wrong_with(browser: &Browser, home: &str, articles: &[(String, Vec<String>)]) -> Vec<String> {
    let visit = "
        const [articles, story, page] = arguments, done = arguments[arguments.length - 1];
        const moment = () => new Promise((next) => setTimeout(next, 1));
        (async () => {
            const wrong = [];
            for (const [path, words] of articles) {
                const before = document.querySelector('main > *'), link = document.createElement('a');
                link.href = path;
                document.querySelector('main').append(link);
                link.click();
                const end = performance.now() + 20000;
                const isThere = () => location.pathname === path && document.querySelector('main > *') !== before && !document.querySelector('main [aria-busy]');
                while (!isThere() && performance.now() < end) await moment();
                const main = document.querySelector('main');
                if (!document.querySelector('article.story')) wrong.push(`${path} shows ${main.innerText.slice(0, 100)}`);
                const shown = wordsBelow(main);
                for (const word of words) if (!shown.includes(word)) wrong.push(`${path} has lost “${word}”, and shows ${main.innerText.slice(0, 200)}`);
                for (const what of [...wrongBelow(main, story), ...wrongBelow(document, page)]) wrong.push(`${path}: ${what}`);
            }
            return wrong;
        })().then(done, (error) => done([`${error}`]))";
    let mut wrong = Vec::new();
    for articles in articles.chunks(60) {
        // A page may not add to its history without end: 100 entries in 30 seconds are Safari's limit, 200 in
        // 10 the others'.
        browser.goto(home).await;
        browser.until("document.querySelector('.headline')").await;
        let said = browser.client.execute_async(visit, vec![json!(articles), json!(STORY), whole()]).await;
        let Ok(Value::Array(said)) = said else { panic!("{said:?} of {articles:?}") };
        wrong.extend(said.iter().map(|what| what.as_str().unwrap_or_default().to_owned()));
    }
    wrong
}

async fn posts_in_the_viewer_are_text_and_lose_no_word(engine: Engine) {
    let host = Host::of(&BUILT.path().join("bare")).await;
    watch(&host);
    let browser = Browser::open(engine, DESKTOP).await;
    let articles: Vec<_> = ATTACKS.iter().map(|attack| (path_of(attack), attack.words.clone())).collect();
    let wrong = wrong_with(&browser, &host.url, &articles).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

async fn pages_rendered_ahead_are_text_and_lose_no_word(engine: Engine) {
    let site = BUILT.path().join("ahead");
    let host = Host::of(&site).await;
    watch(&host);
    let browser = Browser::open(engine, DESKTOP).await;
    let is_page =
        |path: &String| path.ends_with(".html") && path != "404.html" && !path.starts_with("embed/");
    let pages: Vec<String> = files(&site).into_keys().filter(is_page).collect();
    let mut wrong = Vec::new();
    for page in &pages {
        let url = url::Url::parse(&host.url).unwrap().join(page).unwrap();
        browser.client.goto(url.as_str()).await.unwrap();
        // Taken over by the program.
        browser.until("history.state !== null || !document.querySelector('#app')").await;
        let attack = ATTACKS.iter().find(|attack| page.ends_with(&format!("/{}.html", attack.name)));
        let words = attack.map(|attack| attack.words.clone()).unwrap_or_default();
        let look = "const [words, elements] = arguments, shown = wordsBelow(document.body);
            return [...wrongBelow(document, elements), ...words.filter((word) => !shown.includes(word)).map((word) => `lost ${word}`)]";
        let said = browser.client.execute(look, vec![json!(words), whole()]).await.unwrap();
        wrong.extend(said.as_array().into_iter().flatten().map(|what| format!("{page}: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(pages.len() > 400, "{} pages", pages.len());
    browser.close().await;
}

/// The attacks as somebody's bundle, which no builder has looked at: in every place where a bundle has text.
fn strangers() -> Vec<Article> {
    let article = |(at, attack): (i64, &Attack)| {
        // A name of a megabyte is no attack on anything but patience.
        let short: String = attack.text.chars().take(2000).collect();
        let label = Label { key: short.clone(), title: short.clone() };
        Article {
            slug: format!("a{at:04}"),
            title: short.clone(),
            time: Time { unix: 1_777_600_000 + at, offset: 480 },
            categories: vec![Label::spelled("attacks"), label.clone()],
            tags: vec![label.clone()],
            summary: short.clone(),
            source: short.clone(),
            original: short.clone(),
            securities: vec![label],
            body: attack.text.clone(),
        }
    };
    (0..).zip(ATTACKS.iter()).map(article).collect()
}

/// A site whose bundle is the strangers'.
async fn forged() -> (tempfile::TempDir, Host) {
    let site = tempfile::tempdir().unwrap();
    build_bare(Path::new("tests/fixtures/site"), site.path());
    BundleFixture::at(site.path(), |_, json| json).write_articles(&strangers());
    let host = Host::of(site.path()).await;
    watch(&host);
    (site, host)
}

async fn a_strangers_articles_are_text_and_lose_no_word(engine: Engine) {
    let (_site, host) = forged().await;
    let browser = Browser::open(engine, DESKTOP).await;
    let date = strangers()[0].time.date().to_string().replace('-', "/");
    let articles: Vec<_> = ATTACKS
        .iter()
        .enumerate()
        .map(|(at, attack)| (format!("/attacks/{date}/a{at:04}.html"), attack.words.clone()))
        .collect();
    let wrong = wrong_with(&browser, &host.url, &articles).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

async fn a_strangers_lists_are_text(engine: Engine) {
    let (_site, host) = forged().await;
    let browser = Browser::open(engine, DESKTOP).await;
    let date = strangers()[0].time.date().to_string().replace('-', "/");
    let mut wrong = Vec::new();
    for (path, ready) in [
        ("/".to_owned(), ".block h2"),
        ("/attacks/".to_owned(), ".headline"),
        ("/category/".to_owned(), ".names"),
        ("/tag/".to_owned(), ".names"),
        ("/quote/".to_owned(), ".names"),
        (format!("/archive/{date}"), ".headline"),
    ] {
        browser.goto(&format!("{}{path}", host.url)).await;
        browser.until(&format!("document.querySelector({ready:?})")).await;
        let said =
            browser.client.execute("return wrongBelow(document, arguments[0])", vec![whole()]).await.unwrap();
        wrong.extend(said.as_array().into_iter().flatten().map(|what| format!("{path}: {what}")));
        // Whatever a list is called, its name leads to its own page.
        let links = browser
            .script(
                "return [...document.querySelectorAll('main a')].filter((a) => a.origin !== location.origin && a.target !== '_blank').map((a) => a.outerHTML)",
            )
            .await;
        assert_eq!(links, json!([]), "{path}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

/// A page of another origin with a widget in it, watched.
async fn page_with_widget(site: &Host) -> (tempfile::TempDir, Host) {
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page</title><script type=\"module\" src=\"{0}/widget.js\"></script></head>
         <body style=\"display: flex\"><finews-headlines limit=\"50\" summary></finews-headlines><finews-headlines category=\"attacks\" limit=\"50\"></finews-headlines></body></html>",
        site.url
    );
    std::fs::write(folder.path().join("404.html"), &page).unwrap();
    let host = Host::of(folder.path()).await;
    let script = std::fs::read_to_string("tests/fixtures/hostile/watch.js").unwrap();
    host.plant(&format!(
        "{script}
         window.otherOrigins = [\"{}\"];
         window.told = [];
         for (const name of ['finews-load', 'finews-error']) addEventListener(name, ({{ detail }}) => told.push({{ name, ...detail }}));",
        site.url
    ));
    (folder, host)
}

/// What does not belong into the widgets of a page: elements, and links that lead from the headlines to
/// elsewhere than the site.
async fn wrong_in_widgets(browser: &Browser, site: &Host) -> Vec<String> {
    let look = "return [...document.querySelectorAll('finews-headlines')].flatMap((news) => [
        ...wrongBelow(news.shadowRoot, 'style div section header footer ol ul li a p h2 h3 time span slot'),
        ...[...news.shadowRoot.querySelectorAll('section a')].filter((a) => a.origin !== arguments[0]).map((a) => a.outerHTML),
    ])";
    let wrong = browser.client.execute(look, vec![json!(site.url)]).await.unwrap();
    // A slot has a name.
    wrong
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|what| !what.starts_with("<slot name="))
        .map(str::to_owned)
        .collect()
}

async fn a_strangers_headlines_in_the_widget_are_text(engine: Engine) {
    let (_site, host) = forged().await;
    host.plant("");
    let (_page, page) = page_with_widget(&host).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.client.goto(&page.url).await.unwrap();
    browser
        .until("[...document.querySelectorAll('finews-headlines')].every((news) => news.shadowRoot?.querySelectorAll('[part=headline]').length === 50)")
        .await;
    let wrong = wrong_in_widgets(&browser, &host).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The newest of them, word for word.
    let titles = browser.script("return [...document.querySelector('finews-headlines').shadowRoot.querySelectorAll('[part=headline]')].map((a) => a.textContent.replace(/\\s/g, ''))").await;
    for (shown, article) in titles.as_array().unwrap().iter().zip(strangers().iter().rev()) {
        let title: String =
            article.title.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect();
        assert_eq!(shown.as_str().unwrap(), title);
    }
    browser.close().await;
}

/// What a hostile bundle has in place of the JSON of a file: the folder (none is the manifest), what is said
/// of it, and how it is changed.
type Broken = (Option<Folder>, &'static str, fn(Vec<u8>) -> Vec<u8>);

/// A change of the value of a file's JSON.
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

fn broken() -> Vec<Broken> {
    let mut broken = broken_manifests();
    broken.extend(broken_files());
    for folder in [MANIFEST, FRONT, LISTS, MONTHS, NAMES, PAGES, SHARDS] {
        broken.extend([
            (folder, "a file of nothing", (|_| Vec::new()) as fn(Vec<u8>) -> Vec<u8>),
            (folder, "null", |_| b"null".to_vec()),
            (folder, "a number", |_| b"1e999".to_vec()),
            (folder, "brackets without end", |_| b"[".repeat(200_000)),
            (folder, "brackets a hundred thousand deep", |_| {
                [b"[".repeat(100_000), b"]".repeat(100_000)].concat()
            }),
            (folder, "bytes that are no text", |_| b"\xff\xfe{\"format\":1}\x00".to_vec()),
            (folder, "a page", |_| b"<!DOCTYPE html><script>alert(1)</script>".to_vec()),
            (folder, "every field twice", |json| {
                let text = String::from_utf8(json).unwrap();
                if text.starts_with('{') {
                    text.replacen('{', "{\"format\":7,\"blocks\":0,\"lists\":0,\"days\":0,", 1).into_bytes()
                } else {
                    format!("{text}{text}").into_bytes()
                }
            }),
            (folder, "half a character", |json| {
                String::from_utf8(json).unwrap().replace("一篇", "\\ud800一篇\\udc00").into_bytes()
            }),
        ]);
    }
    broken
}

fn broken_manifests() -> Vec<Broken> {
    vec![
        edit!(MANIFEST, "a field named __proto__", |json| json["__proto__"] =
            json!({ "format": 9, "newest": 1 })),
        edit!(
            MANIFEST,
            "numbers beyond all",
            |json| json["counts"] = json!({ "articles": 1e308, "days": -1, "categories": 1.5, "tags": 9_007_199_254_740_993_i64, "securities": 0 })
        ),
        edit!(MANIFEST, "words for numbers", |json| json["counts"]["articles"] = json!("many")),
        edit!(MANIFEST, "no news", |json| json["newest"] = Value::Null),
        edit!(MANIFEST, "news that are an object", |json| json["newest"] = json!({ "0": 1, "length": 1e9 })),
        edit!(MANIFEST, "news that are nothing", |json| json["newest"] = json!([null, [], {}, 1])),
        edit!(MANIFEST, "a hundred thousand news", |json| json["newest"] =
            json!(vec![json["newest"][0].clone(); 20_000])),
        edit!(MANIFEST, "a time that is none", |json| json["newest"][0]["time"] =
            json!("9999-99-99T99:99:99+99:99")),
        edit!(MANIFEST, "a time at the end of all", |json| json["newest"][0]["time"] =
            json!("9999-12-31T23:59:59-23:59")),
        edit!(MANIFEST, "a slug that leads elsewhere", |json| json["newest"][0]["slug"] =
            json!("../../../../\\evil.example/")),
        edit!(MANIFEST, "a category that leads elsewhere", |json| json["newest"][0]["category"] =
            json!(["/\\evil.example", "javascript:alert(1)"])),
        edit!(MANIFEST, "a title that is an object", |json| json["site"]["title"] =
            json!({ "toString": "x" })),
        edit!(MANIFEST, "a title that is markup", |json| json["site"]["title"] =
            json!("</title><script>alert(1)</script>")),
        edit!(MANIFEST, "a language that is none", |json| json["site"]["lang"] =
            json!("\"><script>alert(1)</script>")),
        edit!(MANIFEST, "an address that runs", |json| json["site"]["url"] = json!("javascript:alert(1)")),
        edit!(
            MANIFEST,
            "charts that run",
            |json| json["settings"] = json!({ "chart": "javascript:alert(1)//{secid}", "intraday": "data:image/svg+xml,<svg onload=alert(1)>", "quote": "javascript:alert('{secid}')" })
        ),
        edit!(MANIFEST, "charts without end", |json| json["settings"]["chart_size"] = json!([1e300, -1])),
        edit!(MANIFEST, "charts of four thousand million pixels", |json| json["settings"]["chart_size"] =
            json!([4_294_967_295_u32, 0])),
        edit!(MANIFEST, "a look for news without rest", |json| json["settings"]["poll"] = json!(-1)),
        edit!(MANIFEST, "colours that are more", |json| json["settings"]["accent"] =
            json!(["red; } * { display: none", "url(https://evil.example/x)"])),
        edit!(
            MANIFEST,
            "months that are none",
            |json| json["months"] = json!([{ "month": "2026-99", "count": 1, "file": "0" }, { "month": "x", "count": 0, "file": "" }])
        ),
        edit!(MANIFEST, "files that lead elsewhere", |json| {
            json["months"][0]["file"] = json!("../../../../etc/passwd");
            json["front"] = json!("//evil.example/x");
            json["lists"]["open"] = json!(["https://evil.example/x"]);
        }),
        edit!(MANIFEST, "files that are none", |json| {
            json["front"] = json!("0".repeat(64));
            json["lists"]["open"] = json!(["0".repeat(64)]);
        }),
        edit!(MANIFEST, "hashes in other letters", |json| json["front"] = json!("é".repeat(32))),
        edit!(MANIFEST, "ten thousand directories", |json| json["lists"]["open"] =
            json!(vec!["0".repeat(64); 10_000])),
        edit!(MANIFEST, "no directories", |json| json["lists"] = json!({})),
        edit!(MANIFEST, "a store that is none", |json| json["store"] = json!("brotli")),
        edit!(MANIFEST, "a store that is another", |json| json["store"] = json!("gzip")),
        edit!(MANIFEST, "a format of the future", |json| json["format"] = json!(2)),
        edit!(MANIFEST, "a format beyond all", |json| json["format"] = json!(1e300)),
        edit!(MANIFEST, "a format that is a word", |json| json["format"] = json!("1")),
    ]
}

fn broken_files() -> Vec<Broken> {
    vec![
        edit!(FRONT, "blocks that are none", |json| json["blocks"] =
            json!([1, null, { "category": [], "rows": {} }])),
        edit!(FRONT, "a thousand blocks", |json| json["blocks"] =
            json!(vec![json["blocks"][0].clone(); 1000])),
        edit!(LISTS, "lists that are none", |json| json["lists"] = json!([])),
        edit!(
            LISTS,
            "a list with a page that is not there",
            |json| json["lists"]["category/attacks"] = json!({ "count": 9e15, "pages": [{ "file": "1".repeat(64), "index": 9e15, "oldest": "-9223372036854775808-" }] })
        ),
        edit!(LISTS, "a list with an index beyond its file", |json| {
            json["lists"]["category/attacks"]["newest"] = json!([]);
            json["lists"]["category/attacks"]["pages"][0]["index"] = json!(7);
        }),
        edit!(LISTS, "directories within themselves", |json| json["finer"] = json!(vec!["2".repeat(64); 3])),
        edit!(MONTHS, "days that are none", |json| json["days"] =
            json!([{ "date": "2026-02-30", "list": {} }])),
        edit!(MONTHS, "days in disorder", |json| {
            let day = json["days"][0].clone();
            json["days"] = json!([{ "date": "9999-12-31", "list": day["list"] }, day, { "date": "0001-01-01", "list": { "count": 0 } }]);
        }),
        edit!(MONTHS, "no shards", |json| json["shards"] = json!([])),
        (PAGES, "pages that are none", |_| b"{\"0\":[]}".to_vec()),
        (PAGES, "pages of nothing", |_| b"[[]]".to_vec()),
        edit!(SHARDS, "an article without words", |json| json[0]
            .as_object_mut()
            .unwrap()
            .remove("title")
            .map(drop)
            .unwrap_or_default()),
        edit!(SHARDS, "a body that is a number", |json| json[0]["body"] = json!(1)),
        edit!(SHARDS, "a body of half a character", |json| json[0]["body"] = json!("PLACE")),
        edit!(SHARDS, "ten thousand articles", |json| {
            let article = json[0].clone();
            json.as_array_mut().unwrap().resize(10_000, article);
        }),
        (NAMES, "names that are none", |_| b"[[],[1,2,3],[\"a\",\"b\"]]".to_vec()),
        (NAMES, "twenty thousand names", |_| {
            let names: Vec<String> = (0..20_000).map(|at| format!("[\"n{at}\",\"名{at}\",{at}]")).collect();
            format!("[{}]", names.join(",")).into_bytes()
        }),
    ]
}

/// Two articles that nothing is wrong with.
fn harmless() -> Vec<Article> {
    let article = |at: i64| Article {
        slug: format!("n{at}"),
        title: format!("第{at}篇，一篇"),
        time: Time { unix: 1_777_600_000 + at, offset: 480 },
        categories: vec![Label::spelled("attacks")],
        securities: vec![Label { key: "1.000001".into(), title: "上证指数".into() }],
        body: "正文，一篇 [上证](quote:1.000001)\n\n![图](chart:1.000001)".into(),
        ..Article::default()
    };
    vec![article(1), article(2)]
}

async fn no_json_breaks_the_viewer(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    build_bare(Path::new("tests/fixtures/site"), site.path());
    let host = Host::of(site.path()).await;
    watch(&host);
    let browser = Browser::open(engine, DESKTOP).await;
    let date = harmless()[0].time.date().to_string().replace('-', "/");
    let (list, quote, day) = ("/attacks/", "/quote/1.000001", format!("/archive/{date}"));
    let (month, article) = (format!("/archive/{}", &date[..7]), format!("/attacks/{date}/n1.html"));
    // The views that read a file.
    let views = |changed: Option<Folder>| match changed {
        None => vec!["/", list, quote, &article],
        Some(Folder::Front) => vec!["/", "/category/"],
        Some(Folder::Names) => vec!["/category/"],
        Some(Folder::Lists) => vec![list, quote],
        Some(Folder::Months) => vec![day.as_str(), &month, &article],
        Some(Folder::Pages) => vec![list, day.as_str()],
        Some(Folder::Shards) => vec![article.as_str()],
    };
    let mut wrong = Vec::new();
    for (changed, name, change) in broken() {
        BundleFixture::at(
            site.path(),
            move |folder, json| if folder == changed { change(json) } else { json },
        )
        .write_articles(&harmless());
        for path in views(changed) {
            browser.client.goto(&format!("{}{path}", host.url)).await.unwrap();
            // Neither the program nor the reader waits for ever: something is shown, and nothing is busy.
            browser.until("document.querySelector('main')?.innerText.trim() && !document.querySelector('[aria-busy]')").await;
            browser.until("!document.querySelector('main .skeleton')").await;
            let said = browser
                .client
                .execute("return wrongBelow(document, arguments[0])", vec![whole()])
                .await
                .unwrap();
            wrong.extend(
                said.as_array()
                    .into_iter()
                    .flatten()
                    .map(|what| format!("{changed:?}, {name}, {path}: {what}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

async fn no_json_breaks_the_page_of_a_widget(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    build_bare(Path::new("tests/fixtures/site"), site.path());
    let host = Host::of(site.path()).await;
    let (_page, page) = page_with_widget(&host).await;
    let browser = Browser::open(engine, DESKTOP).await;
    let mut wrong = Vec::new();
    for (changed, name, change) in broken() {
        if matches!(changed, Some(Folder::Front | Folder::Names)) {
            // It reads none of these.
            continue;
        }
        BundleFixture::at(
            site.path(),
            move |folder, json| if folder == changed { change(json) } else { json },
        )
        .write_articles(&harmless());
        browser.client.goto(&page.url).await.unwrap();
        browser.until("told.length >= 2").await;
        wrong.extend(
            wrong_in_widgets(&browser, &host)
                .await
                .into_iter()
                .map(|what| format!("{changed:?}, {name}: {what}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}
