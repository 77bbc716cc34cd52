//! Watches pages while they show attacks.

use serde_json::{Value, json};
use std::sync::LazyLock;
use testkit::corpus::{Attack, PAGE_ELEMENTS, STORY_ELEMENTS, attacks};
use testkit::{Browser, Host, injected_scripts};

pub(super) static ATTACKS: LazyLock<Vec<Attack>> = LazyLock::new(attacks);

/// Injects the watching script into a host's pages, and turns the service worker off, so that pages come from
/// the host.
pub(super) fn watch(host: &Host) {
    let script = std::fs::read_to_string("tests/fixtures/hostile/watch.js").unwrap();
    host.inject(&[&script, injected_scripts::NO_WORKER].concat());
}

/// A watched page of another origin with two widgets.
pub(super) async fn page_with_widget(site: &Host) -> (tempfile::TempDir, Host) {
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page</title><script type=\"module\" src=\"{0}/widget.js\"></script></head>
         <body style=\"display: flex\"><finews-headlines limit=\"50\" summary></finews-headlines><finews-headlines category=\"attacks\" limit=\"50\"></finews-headlines></body></html>",
        site.url
    );
    std::fs::write(folder.path().join("404.html"), &page).unwrap();
    let host = Host::serve(folder.path()).await;
    let script = std::fs::read_to_string("tests/fixtures/hostile/watch.js").unwrap();
    host.inject(&format!(
        "{script}
         window.otherOrigins = [\"{}\"];
         window.reported = [];
         for (const name of ['finews-load', 'finews-error']) addEventListener(name, ({{ detail }}) => reported.push({{ name, ...detail }}));",
        site.url
    ));
    (folder, host)
}

/// Describes what is wrong in the widgets of a page: what `wrongBelow` (`watch.js`) finds, and links that
/// leave the site.
pub(super) async fn problems_in_widgets(browser: &Browser, site: &Host) -> Vec<String> {
    let inspect = "return [...document.querySelectorAll('finews-headlines')].flatMap((news) => [
        ...wrongBelow(news.shadowRoot, 'style div section header footer ol ul li a p h2 h3 time span slot'),
        ...[...news.shadowRoot.querySelectorAll('section a')].filter((a) => a.origin !== arguments[0]).map((a) => a.outerHTML),
    ])";
    let problems = browser.client.execute(inspect, vec![json!(site.url)]).await.unwrap();
    // `wrongBelow` reports every attribute `name`, which the widget's own slots may have.
    problems
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|what| !what.starts_with("<slot name="))
        .map(str::to_owned)
        .collect()
}

/// The elements that a page may have.
pub(super) fn allowed_elements() -> Value {
    json!(format!("{STORY_ELEMENTS} {PAGE_ELEMENTS}"))
}

/// Opens articles by links, and describes what is wrong with each: that it does not open, lost words, and
/// what `wrongBelow` (`watch.js`) finds.
pub(super) async fn problems_in_articles(
    browser: &Browser,
    home: &str,
    articles: &[(String, Vec<String>)],
) -> Vec<String> {
    let visit = "
        const [articles, story, page] = arguments, done = arguments[arguments.length - 1];
        const moment = () => new Promise((next) => setTimeout(next, 1));
        (async () => {
            const problems = [];
            for (const [path, words] of articles) {
                const before = document.querySelector('main > *'), link = document.createElement('a');
                link.href = path;
                document.querySelector('main').append(link);
                link.click();
                const end = performance.now() + 20000;
                const isShown = () => location.pathname === path && document.querySelector('main > *') !== before && !document.querySelector('main [aria-busy]');
                while (!isShown() && performance.now() < end) await moment();
                const main = document.querySelector('main');
                if (!document.querySelector('article.story')) problems.push(`${path} shows ${main.innerText.slice(0, 100)}`);
                const shown = wordsBelow(main);
                for (const word of words) if (!shown.includes(word)) problems.push(`${path} has lost “${word}”, and shows ${main.innerText.slice(0, 200)}`);
                for (const what of [...wrongBelow(main, story), ...wrongBelow(document, page)]) problems.push(`${path}: ${what}`);
            }
            return problems;
        })().then(done, (error) => done([`${error}`]))";
    let mut problems = Vec::new();
    for articles in articles.chunks(60) {
        // Browsers limit new history entries: Safari to 100 in 30 seconds, others to 200 in 10. So the page
        // is loaded again after every 60 articles.
        browser.goto(home).await;
        browser.until("document.querySelector('.headline')").await;
        let found = browser
            .client
            .execute_async(visit, vec![json!(articles), json!(STORY_ELEMENTS), allowed_elements()])
            .await;
        let Ok(Value::Array(found)) = found else { panic!("{found:?} of {articles:?}") };
        problems.extend(found.iter().map(|what| what.as_str().unwrap_or_default().to_owned()));
    }
    problems
}
