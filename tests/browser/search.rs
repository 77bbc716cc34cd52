//! Full-text search: its page finds what stories say, whatever the host can do.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;
use testkit::sites::build_with_options;
use testkit::{Browser, DESKTOP, Engine, Fault, Host, in_every_engine};

in_every_engine!(
    words_of_titles_and_bodies_are_found_newest_first[sampled],
    the_page_opens_by_the_masthead_and_back_restores_query_rows_and_place,
    the_newest_stories_are_shown_while_older_ones_are_searched,
    files_that_fail_to_load_are_told_and_can_be_searched_again,
    the_page_opens_once_after_one_that_is_left_before_it_is_painted,
    each_restriction_is_removed_by_its_own_button,
    what_a_search_needs_first_is_read_while_the_reader_types,
    names_are_suggested_while_typing_and_lead_to_their_lists,
    the_slash_key_opens_search_unless_it_is_switched_off,
);

/// A site with eighty stories of two years: each has a number, those that are divisible by three are about the quay.
async fn site(cut: &str) -> (tempfile::TempDir, Host) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&posts).unwrap();
    for number in 0..80 {
        let (year, month, day) = (2024 + number / 40, 1 + number % 40 / 4, 1 + number % 4 * 7);
        let mut text = format!(
            "---\ntitle: 第{number}号船\ncategories: ships\n---\n船在海上航行，编号 S{number:03}。\n"
        );
        if number == 7 {
            text.push_str(
                "<p><span id=\"stock_1.600519\"><a class=\"keytip\" data-code=\"1,600519\">贵州茅台</a></span>涨停。停板。</p>\n",
            );
        }
        if number % 3 == 0 {
            text.write_str("\n北向資金停靠**碼**頭。\n").unwrap();
        }
        std::fs::write(posts.join(format!("{year}-{month:02}-{day:02}-ship-{number}.md")), text).unwrap();
    }
    std::fs::write(posts.join("finews.toml"), "title = \"码头\"\nlang = \"zh-CN\"\n").unwrap();
    build_with_options(&posts, &site, &["--search", cut]);
    let host = Host::serve(Path::new(&site)).await;
    (folder, host)
}

/// Writes a story of 2019 and 120 of the newest month, which are in other segments of the index. All are about 证券.
pub(super) fn write_stories_of_two_seasons(posts: &Path) {
    std::fs::create_dir_all(posts).unwrap();
    std::fs::write(posts.join("2019-03-01-old.md"), "---\ntitle: 旧闻\n---\n证券\n").unwrap();
    for number in 0..120 {
        let name = format!("2026-05-{:02}-new-{number}.md", 1 + number / 5);
        std::fs::write(posts.join(name), format!("---\ntitle: 新闻{number}\n---\n证券\n")).unwrap();
    }
    std::fs::write(posts.join("finews.toml"), "lang = \"zh-CN\"\n").unwrap();
}

/// Opens a search and waits until it has ended.
async fn open(browser: &Browser, host: &Host, query: &str) {
    browser.goto(&format!("{}/search/?{query}", host.url)).await;
    browser.until("document.querySelector('main')?.dataset.search").await;
}

async fn titles(browser: &Browser) -> Vec<String> {
    browser.texts(".results .headline .title a").await
}

async fn total(browser: &Browser) -> serde_json::Value {
    browser
        .script("const { search, total } = document.querySelector('main').dataset; return [search, total]")
        .await
}

async fn words_of_titles_and_bodies_are_found_newest_first(engine: Engine) {
    for cut in ["range", "whole"] {
        let (_folder, host) = site(cut).await;
        let browser = Browser::open(engine, DESKTOP).await;
        // In simplified characters, across a word's border, and marked in part.
        open(&browser, &host, "q=金停靠码头").await;
        assert_eq!(total(&browser).await, json!(["done", "27"]), "{cut}");
        let shown = titles(&browser).await;
        assert_eq!((shown.len(), shown[0].as_str(), shown[1].as_str()), (15, "第78号船", "第75号船"));
        browser.click(".search-page .more button").await;
        browser.until("document.querySelectorAll('.results .headline').length === 27").await;
        assert_eq!(browser.texts(".search-years a").await, ["2025 13", "2024 14"]);
        browser.until("document.querySelector('.snippet')?.textContent.includes('北向資金停靠碼頭')").await;
        open(&browser, &host, "q=s042").await;
        assert_eq!(titles(&browser).await, ["第42号船"]);
        open(&browser, &host, "q=停靠+-资金").await;
        assert_eq!(browser.text(".search-status").await, "没有找到");
        open(&browser, &host, "q=资金&from=2024-01-01&to=2024-12-31&category=ships").await;
        assert_eq!(total(&browser).await, json!(["done", "14"]));
        open(&browser, &host, "q=资金&category=planes").await;
        assert!(titles(&browser).await.is_empty());
        open(&browser, &host, "q=海上&titles=1").await;
        assert!(titles(&browser).await.is_empty());
        // The story has all pairs of these characters, and they do not stand together.
        open(&browser, &host, "q=\"茅台涨停板\"").await;
        assert_eq!(total(&browser).await, json!(["done", "1"]));
        assert!(browser.text(".search-status").await.contains("近似"));
        browser.until("document.querySelector('.snippet')?.textContent.includes('并不相连')").await;
        browser.close().await;
    }
}

async fn the_page_opens_by_the_masthead_and_back_restores_query_rows_and_place(engine: Engine) {
    let (_folder, host) = site("range").await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/", host.url)).await;
    browser.script("const field = document.querySelector('.masthead input[type=search]'); field.value = '资金'; field.form.requestSubmit()").await;
    browser.until("document.querySelectorAll('.results .headline').length === 15").await;
    assert_eq!(browser.script("return new URLSearchParams(location.search).get('q')").await, "资金");
    browser.script("document.querySelector('.search-page .more button').click()").await;
    browser.until("document.querySelectorAll('.results .headline').length === 27").await;
    // Snippets of rows that the reader stays on make these taller.
    browser.until("document.querySelectorAll('.snippet').length > 2").await;
    browser.script("document.querySelector('.results .headline:last-child a').scrollIntoView()").await;
    browser.until("document.querySelector('.results .headline:last-child .snippet')").await;
    let place = "document.querySelector('.results .headline:last-child').getBoundingClientRect().top";
    let before = browser.script(&format!("return {place}")).await;
    browser.script("document.querySelector('.results .headline:last-child .title a').click()").await;
    browser.until("document.querySelector('article.story')").await;
    browser.client.back().await.unwrap();
    browser
        .until(&format!(
            "document.querySelectorAll('.results .headline').length >= 27 && Math.abs({place} - {before}) < 40"
        ))
        .await;
    assert_eq!(browser.script("return document.querySelector('.search-page input').value").await, "资金");
    browser.close().await;
}

async fn the_newest_stories_are_shown_while_older_ones_are_searched(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    write_stories_of_two_seasons(&posts);
    build_with_options(&posts, &site, &["--search", "range"]);
    // The oldest segment has the smallest file of terms.
    let terms = testkit::folder::files(&site)
        .into_values()
        .filter(|file| file.to_string_lossy().ends_with("-t0.bin"));
    let oldest = terms.min_by_key(|file| std::fs::metadata(file).unwrap().len()).unwrap();
    let host = Host::serve(&site).await;
    host.fail(&oldest.file_name().unwrap().to_string_lossy(), Fault::Hold);
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/search/?q=证券", host.url)).await;
    browser.until("document.querySelectorAll('.results .headline').length === 15").await;
    assert_eq!(titles(&browser).await[0], "新闻119");
    browser
        .until(
            "document.querySelector('.search-status').textContent === '超过 105 篇 · 2019–2026 年尚未搜索'",
        )
        .await;
    assert_eq!(total(&browser).await, json!([null, "105"]));
    host.heal();
    browser.until("document.querySelector('main').dataset.search === 'done'").await;
    assert_eq!(total(&browser).await, json!(["done", "121"]));
    assert_eq!(titles(&browser).await.len(), 15);
    browser.close().await;
}

async fn files_that_fail_to_load_are_told_and_can_be_searched_again(engine: Engine) {
    let (_folder, host) = site("range").await;
    host.fail("-t0.bin", Fault::Status(500));
    let browser = Browser::open(engine, DESKTOP).await;
    open(&browser, &host, "q=资金").await;
    assert_eq!(total(&browser).await[0], "failed");
    host.heal();
    browser.click(".search-page .more button").await;
    browser.until("document.querySelector('main').dataset.search === 'done'").await;
    assert_eq!(total(&browser).await, json!(["done", "27"]));
    browser.close().await;
}

async fn the_page_opens_once_after_one_that_is_left_before_it_is_painted(engine: Engine) {
    let (_folder, host) = site("range").await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser.until("document.querySelector('.newest .headline')").await;
    let hurry = "
        const done = arguments[arguments.length - 1];
        const until = async (holds) => { while (!holds()) await new Promise((next) => setTimeout(next)) };
        const isHome = () => document.querySelector('.newest .headline');
        const search = () => document.querySelector('.search-page');
        (async () => {
            const counts = [];
            for (let at = 0; at < 12; at++) {
                document.querySelector('.newest .title a').click();
                await until(() => document.querySelector('article.story'));
                history.back();
                await until(isHome);
                document.querySelector('.to-search').click();
                await until(() => search()?.querySelector('.search-options'));
                await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 20)));
                counts.push(search().querySelectorAll('.search-options').length);
                history.back();
                await until(isHome);
            }
            return counts;
        })().then(done)";
    let counts = browser.client.execute_async(hurry, Vec::new()).await.unwrap();
    assert_eq!(counts, json!(vec![1; 12]), "{engine:?}");
    browser.close().await;
}

async fn each_restriction_is_removed_by_its_own_button(engine: Engine) {
    let (_folder, host) = site("range").await;
    let browser = Browser::open(engine, DESKTOP).await;
    open(&browser, &host, "q=资金&category=ships&category=planes&from=2025-01-01").await;
    assert_eq!(total(&browser).await, json!(["done", "0"]));
    let buttons = "[...document.querySelectorAll('.search-options button')]";
    browser
        .script(&format!("{buttons}.find(button => button.textContent.startsWith('planes')).click()"))
        .await;
    browser.until("document.querySelector('main').dataset.total === '13'").await;
    let left = browser.script(&format!("return {buttons}.map(button => button.textContent)")).await;
    assert_eq!(left, json!(["ships ✕", "2025-01-01 ✕"]));
    // Lists are told by the names that are found.
    open(&browser, &host, "q=海上&quote=1.600519").await;
    browser.until(&format!("{buttons}[0]?.textContent === '贵州茅台 ✕'")).await;
    browser.close().await;
}

async fn what_a_search_needs_first_is_read_while_the_reader_types(engine: Engine) {
    let (folder, host) = site("range").await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/search/", host.url)).await;
    browser.until("document.querySelector('.search-page input')?.role === 'combobox'").await;
    browser.click(".search-page input").await;
    assert_eq!(host.requests_for("-t0.bin"), 0);
    browser.script("const field = document.querySelector('.search-page input'); field.value = 's042'; field.dispatchEvent(new InputEvent('input'))").await;
    // A part of each segment's file.
    let files = testkit::folder::files(&folder.path().join("site")).into_values();
    let segments = files.filter(|file| file.to_string_lossy().ends_with("-t0.bin")).count();
    host.until_requested("-t0.bin", segments).await;
    browser.script("document.querySelector('.search-page form').requestSubmit()").await;
    browser.until("document.querySelector('main').dataset.search === 'done'").await;
    assert_eq!(total(&browser).await, json!(["done", "1"]));
    assert_eq!(host.requests_for("-t0.bin"), segments);
    browser.close().await;
}

/// Types into the field that has the focus.
async fn type_keys(browser: &Browser, keys: &str) {
    browser.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
}

async fn names_are_suggested_while_typing_and_lead_to_their_lists(engine: Engine) {
    const DOWN: &str = "\u{e015}";
    const ENTER: &str = "\u{e007}";
    let (_folder, host) = site("range").await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/search/", host.url)).await;
    browser.until("document.querySelector('.search-page input')?.role === 'combobox'").await;
    browser.click(".search-page input").await;
    for text in ["gzmt", "茅台", "600519", "SH600519", "600519.sh", "貴州"] {
        browser
            .script(
                "const field = document.querySelector('.search-page input'); field.value = ''; field.focus()",
            )
            .await;
        type_keys(&browser, text).await;
        browser
            .until("document.querySelector('.search-page [role=option]')?.textContent === '贵州茅台 600519'")
            .await;
    }
    let field = ".search-page input";
    assert_eq!(browser.attribute(field, "aria-expanded").await, "true", "{engine:?}");
    type_keys(&browser, DOWN).await;
    let active = browser.attribute(field, "aria-activedescendant").await;
    assert_eq!(browser.attribute(&format!("#{active}"), "aria-selected").await, "true");
    type_keys(&browser, ENTER).await;
    browser.until("location.pathname === '/quote/1.600519'").await;
    // Nothing is suggested before an input method has finished.
    browser.goto(&format!("{}/search/", host.url)).await;
    browser.until("document.querySelector('.search-page input')?.role === 'combobox'").await;
    let composing =
        "const field = document.querySelector('.search-page input'); field.focus(); field.value = 'gzmt';
        field.dispatchEvent(new InputEvent('input', { isComposing: true }));";
    browser.script(composing).await;
    browser.script("document.querySelector('.search-page input').dispatchEvent(new CompositionEvent('compositionend'))").await;
    browser.until("document.querySelector('.search-page [role=option]')").await;
    // Where nothing is found, names like the words are the next step.
    open(&browser, &host, "q=茅台酒厂").await;
    browser.until("document.querySelector('.search-page .more a')?.pathname === '/quote/1.600519'").await;
    browser.close().await;
}

async fn the_slash_key_opens_search_unless_it_is_switched_off(engine: Engine) {
    let (_folder, host) = site("whole").await;
    let browser = Browser::open(engine, DESKTOP).await;
    let active = "return document.activeElement.matches('.search input')";
    browser.goto(&format!("{}/", host.url)).await;
    browser.until_idle().await;
    type_keys(&browser, "/").await;
    assert_eq!(browser.script(active).await, true, "{engine:?}");
    // It is a character like others in the field.
    type_keys(&browser, "/").await;
    assert_eq!(browser.script("return document.activeElement.value").await, "/");
    browser.goto(&format!("{}/search/?q=x", host.url)).await;
    browser.until("document.querySelector('.slash input')").await;
    browser.click(".slash input").await;
    browser.goto(&format!("{}/", host.url)).await;
    browser.until_idle().await;
    type_keys(&browser, "/").await;
    assert_eq!(browser.script(active).await, false);
    browser.close().await;
}
