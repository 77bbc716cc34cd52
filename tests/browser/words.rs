//! No word is lost: an article's summary, body and source together contain the text that a browser shows of
//! the post's body, except what finews removes on purpose (see `SHOWN_TEXT_SCRIPT`).

use std::path::PathBuf;

use markdown::MarkdownOp;
use posts::TimeZone;
use pulldown_cmark::{Options, Parser};
use serde_json::{Value, json};

use testkit::{Browser, DESKTOP, Engine, in_every_engine};

in_every_engine!(every_word_of_every_post_is_in_its_article,);

fn html(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(
        &mut html,
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH),
    );
    html
}

/// The elements of an article's body without their attributes.
fn article_html(body: &str) -> String {
    let (mut html, mut open) = (String::new(), Vec::new());
    for op in markdown::parse(body) {
        match op {
            MarkdownOp::Open(name) => {
                html.push_str(&format!("<{name}>"));
                open.push(name);
            }
            MarkdownOp::OpenLink { .. } => {
                html.push_str("<a href='#'>");
                open.push("a".to_owned());
            }
            MarkdownOp::Close => html.push_str(&format!("</{}>", open.pop().unwrap())),
            MarkdownOp::Text(text) => html.push_str(&escape(&text)),
            MarkdownOp::Code(text) => html.push_str(&format!("<code>{}</code>", escape(&text))),
            MarkdownOp::CodeBlock { text, .. } => html.push_str(&format!("<pre>{}</pre>", escape(&text))),
            MarkdownOp::LineBreak => html.push_str("<br>"),
            MarkdownOp::Attribute { .. } | MarkdownOp::Rule | MarkdownOp::Image { .. } => {}
        }
    }
    html
}

/// The text after the front matter, found independently of the parser.
///
/// It begins after the second line of three hyphens or, if there is none, after the first blank line. A post
/// without front matter is all text.
fn body(post: &str) -> String {
    let post = post.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let lines: Vec<&str> = post.trim_start().lines().collect();
    let is_fence = |line: &&str| line.trim_end() == "---";
    if !lines.first().is_some_and(is_fence) {
        return post;
    }
    let closed = lines
        .iter()
        .skip(1)
        .position(is_fence)
        .or_else(|| lines.iter().skip(1).position(|line| line.is_empty()));
    lines[closed.unwrap_or(0) + 2..].join("\n")
}

/// A script that returns the text that a browser shows of a body. It leaves out navigation, the original's
/// address, advertisements, and the words around the source, and moves the source to the end.
const SHOWN_TEXT_SCRIPT: &str = r"
    const page = document.createElement('div');
    page.innerHTML = arguments[0];
    document.body.replaceChildren(page);
    for (const e of page.querySelectorAll('.toplink, .em_xuangu')) e.remove();
    const isBack = p => p.tagName === 'P' && p.querySelector('a') && [...p.querySelectorAll('a')].every(a => a.innerText.startsWith('返回')) && /^(返回[^｜\n]*[｜\n]?)+$/.test(p.innerText.trim());
    while (page.lastElementChild && isBack(page.lastElementChild)) page.lastElementChild.remove();
    const last = page.lastElementChild;
    if (last && (last.innerText.trim() === '<>' || (last.querySelector('a') && last.innerText.trim() === decodeURI(last.querySelector('a').getAttribute('href'))))) last.remove();
    const isSource = e => e && /^[（(]文章来源[：:].*[）)]$/.test(e.innerText.trim());
    const media = page.querySelector('.em_media') ?? (isSource(page.lastElementChild) ? page.lastElementChild : null);
    if (media) { const source = document.createElement('p'); source.textContent = media.innerText.trim().replace(/^[（(]文章来源[：:]\s*(.*)[）)]$/, '$1'); media.remove(); page.append(source); }
    return page.innerText.replace(/\s/g, '')";

fn files() -> Vec<PathBuf> {
    let mut folders =
        vec![PathBuf::from("tests/fixtures/site/_posts"), PathBuf::from("tests/fixtures/site/old_post")];
    folders.extend(std::env::var_os("FINEWS_POSTS").map(PathBuf::from));
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    files.extend(
        std::fs::read_dir("tests/fixtures/cases").unwrap().map(|case| case.unwrap().path().join("post.md")),
    );
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files
}

async fn every_word_of_every_post_is_in_its_article(engine: Engine) {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto("about:blank").await;
    let mut lost = Vec::new();
    let files = files();
    for file in &files {
        // WebKit shows nothing that is nested deeper than 512 elements.
        if engine == Engine::WebKit && file.ends_with("deep/post.md") {
            println!("skipped in WebKit: {}", file.display());
            continue;
        }
        let bytes = std::fs::read(file).unwrap();
        // The only sample that is not UTF-8 is in GB18030.
        let text = String::from_utf8(bytes.clone())
            .unwrap_or_else(|_| encoding_rs::GB18030.decode(&bytes).0.into_owned());
        // The cases are EastMoney's, whose names have ids.
        let name = file.file_name().unwrap().to_string_lossy();
        let name = if name == "post.md" { "2022-03-01-202203012292649174.md" } else { &name };
        let article = posts::read(name, &bytes, &posts::Context::new(&zone)).article;
        let ours = format!(
            "<p>{}</p>{}<p>{}</p>",
            escape(&article.summary),
            article_html(&article.body),
            escape(&article.source)
        );
        let shown = |html: String| browser.client.execute(SHOWN_TEXT_SCRIPT, vec![json!(html)]);
        let (theirs, ours) = (shown(html(&body(&text))).await.unwrap(), shown(ours).await.unwrap());
        // A digest that only repeats the story's beginning is left out.
        let is_digest = |digest: &str| !digest.is_empty() && text_of(&ours).starts_with(digest);
        let is_repeated = article.summary.is_empty()
            && text_of(&theirs).strip_suffix(text_of(&ours)).is_some_and(is_digest);
        if theirs != ours && !is_repeated {
            lost.push(format!(
                "{}\n  the post: {}\n  article: {}",
                file.display(),
                text_of(&theirs),
                text_of(&ours)
            ));
        }
    }
    browser.close().await;
    println!("words compared in {} posts", files.len());
    assert!(lost.is_empty(), "words differ in {} posts:\n{}", lost.len(), lost.join("\n"));
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
