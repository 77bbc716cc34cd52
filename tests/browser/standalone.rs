//! A publisher's own pages and pictures: About in the menu, words above the home page's lists, files beside posts.

use std::fmt::Write as _;
use std::fs;

use tempfile::TempDir;
use testkit::sites::build_with_options;
use testkit::{Browser, DESKTOP, Engine, Host, PHONE, in_every_engine, picture_of_noise};

use crate::accessibility::violations_on_page;

in_every_engine!(
    a_standalone_page_opens_by_its_address_by_the_menu_and_by_links [sampled],
    pictures_of_any_size_shift_nothing [lacking both "does not measure layout shift"],
    small_pictures_stand_beside_headlines_and_shift_nothing [lacking both "does not measure layout shift"],
    a_browser_chooses_the_copy_of_a_picture_that_fits,
    pages_and_lists_with_pictures_violate_no_rule_of_axe [lacking WebKit "has no way for a test to choose a colour scheme"],
    pictures_load_from_the_publisher_s_assets_folder_and_the_worker_leaves_them_to_the_host,
);

/// How many pictures the story with pictures has.
const PICTURES: u32 = 20;

/// Builds the site, with or without prerendered pages, and serves it.
async fn served(prerender: &str) -> (TempDir, Host) {
    let folder = tempfile::tempdir().unwrap();
    let (source, site) = (folder.path().join("source"), folder.path().join("site"));
    let put = |path: &str, bytes: &[u8]| {
        let file = source.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    };
    put("_config.yml", b"title: The Harbour News\nlang: en\n");
    put("index.md", b"---\n---\nWelcome to [our paper](/about.html).\n");
    put("about.md", b"---\ntitle: About us\n---\nWe print. [Write](help/write.html) to us.\n");
    put("help/write.md", b"---\ntitle: Write to us\n---\nQuay 3.\n");
    put("finews.toml", b"[pictures]\nwidths = [200, 400]\n");
    let mut story = String::from(
        "---\ntitle: Twenty pictures\ncategories: Ships\nimage: /assets/ship-7.svg\n---\nSee [us](/about.html).\n\n",
    );
    for at in 0..PICTURES {
        write!(story, "![Ship {at}](assets/ship-{at}.svg)\n\nThe crane lifts a container.\n\n").unwrap();
        let (width, height) = (40 + 61 * at, 900 - 43 * at);
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"><rect width=\"100%\" height=\"100%\" fill=\"teal\"/></svg>"
        );
        put(&format!("assets/ship-{at}.svg"), svg.as_bytes());
    }
    put("_posts/2026-03-02-pictures.md", story.as_bytes());
    put("photograph.png", &picture_of_noise(800, 500));
    put(
        "_posts/2026-03-01-photograph.md",
        b"---\ntitle: A photograph\ncategories: Ships\nimage: /photograph.png\n---\nThe quay at noon.\n",
    );
    build_with_options(&source, &site, &["--prerender", prerender]);
    let host = Host::serve(&site).await;
    (folder, host)
}

async fn a_standalone_page_opens_by_its_address_by_the_menu_and_by_links(engine: Engine) {
    for prerender in ["500", "0"] {
        let (_folder, host) = served(prerender).await;
        let browser = Browser::open(engine, DESKTOP).await;
        let current =
            "[...document.querySelectorAll('.sections [aria-current]')].map(a => a.textContent).join()";
        let is_open = async |title: &str, menu: &str| {
            browser
                .until(&format!("document.querySelector('article.story h1')?.textContent === '{title}'"))
                .await;
            browser.until(&format!("{current} === '{menu}'")).await;
            browser.until(&format!("document.title === '{title} · The Harbour News'")).await;
        };
        for path in ["/about.html", "/about", "/About/"] {
            browser.goto(&format!("{}{path}", host.url)).await;
            is_open("About us", "About us").await;
        }
        browser.goto(&format!("{}/about.html", host.url)).await;
        browser.click(".body a").await;
        is_open("Write to us", "").await;
        browser.goto(&host.url).await;
        browser
            .until("document.querySelector('.home-words')?.innerText.includes('Welcome to our paper.')")
            .await;
        browser.until("document.querySelector('.newest .headline')").await;
        browser.click(".home-words a").await;
        is_open("About us", "About us").await;
        browser.click(".site-title a").await;
        browser.until("document.querySelector('.home-words')?.innerText.includes('Welcome')").await;
        browser.click(".headline .title a").await;
        browser.until("document.querySelector('article.story h1')?.textContent === 'Twenty pictures'").await;
        browser.click(".sections li:last-child a").await;
        is_open("About us", "About us").await;
        browser.client.back().await.unwrap();
        browser.until(&format!("document.querySelector('article.story h1')?.textContent === 'Twenty pictures' && {current} === ''")).await;
        browser.close().await;
    }
}

async fn pictures_of_any_size_shift_nothing(engine: Engine) {
    for window in [PHONE, DESKTOP] {
        for prerender in ["500", "0"] {
            let (_folder, host) = served(prerender).await;
            let browser = Browser::open(engine, window).await;
            browser.goto(&format!("{}/ships/2026/03/02/pictures.html", host.url)).await;
            let count = format!("document.querySelectorAll('.body img').length === {PICTURES}");
            browser.until(&count).await;
            browser.measure_shift().await;
            for at in 0..PICTURES {
                browser
                    .script(&format!("document.querySelectorAll('.body img')[{at}].scrollIntoView()"))
                    .await;
                browser
                    .until(&format!("document.querySelectorAll('.body img')[{at}].naturalWidth > 0"))
                    .await;
            }
            let shift = browser.shift().await;
            println!(
                "layout shift of {PICTURES} pictures at {}×{}, prerender {prerender}: {shift:.4}",
                window.0, window.1
            );
            assert!(shift < 0.005, "{window:?}, prerender {prerender}: {shift}");
            browser.close().await;
        }
    }
}

async fn small_pictures_stand_beside_headlines_and_shift_nothing(engine: Engine) {
    for (window, prerender) in [(PHONE, "500"), (PHONE, "0"), (DESKTOP, "500"), (DESKTOP, "0")] {
        let (_folder, host) = served(prerender).await;
        let browser = Browser::open(engine, window).await;
        for path in ["/", "/ships/", "/archive/2026/03/02"] {
            browser.goto(&format!("{}{path}", host.url)).await;
            browser.until("document.querySelector('.headline > img')").await;
            browser.measure_shift().await;
            browser.until("[...document.querySelectorAll('.headline > img')].every(picture => picture.naturalWidth > 0)").await;
            let shift = browser.shift().await;
            assert!(shift < 0.005, "{path} {window:?}, prerender {prerender}: {shift}");
            let is_beside = browser.script("return [...document.querySelectorAll('.headline > img')].every(picture => {
                const [box, row, title] = [picture, picture.parentElement, picture.parentElement.querySelector('.title')].map(e => e.getBoundingClientRect());
                return box.left >= title.right && box.right <= row.right && box.bottom <= row.bottom && Math.abs(box.width / box.height - 4 / 3) < 0.02 && title.width > 100;
            })").await;
            assert_eq!(is_beside, true, "{path} {window:?}");
        }
        browser.close().await;
    }
}

async fn a_browser_chooses_the_copy_of_a_picture_that_fits(engine: Engine) {
    let (_folder, host) = served("500").await;
    for (window, copy) in [(PHONE, "photograph.400w.png"), (DESKTOP, "photograph.png")] {
        let browser = Browser::open(engine, window).await;
        browser.goto(&format!("{}/ships/2026/03/01/photograph.html", host.url)).await;
        browser.until("document.querySelector('.body img')?.currentSrc").await;
        let ratio = browser.script("return devicePixelRatio").await.as_f64().unwrap();
        let chosen = browser.script("return document.querySelector('.body img').currentSrc").await;
        let chosen = chosen.as_str().unwrap().rsplit('/').next().unwrap();
        assert!(chosen == copy || ratio > 1.0, "{window:?}: {chosen}, {ratio}");
        browser.goto(&format!("{}/ships/", host.url)).await;
        browser.until("document.querySelector('.headline > img[src$=\"photograph.200w.png\"]')?.naturalWidth === 200").await;
        browser.close().await;
    }
}

async fn pages_and_lists_with_pictures_violate_no_rule_of_axe(engine: Engine) {
    let axe = fs::read_to_string(testkit::setup::axe()).expect("axe-core is installed");
    let (_folder, host) = served("500").await;
    for window in [PHONE, DESKTOP] {
        let browser = Browser::open(engine, window).await;
        for scheme in ["light", "dark"] {
            browser.set_color_scheme(scheme).await;
            for (path, ready) in [
                ("/", ".home-words"),
                ("/about.html", ".story"),
                ("/ships/", ".headline > img"),
                ("/ships/2026/03/01/photograph.html", ".body img"),
            ] {
                browser.goto(&format!("{}{path}", host.url)).await;
                browser.until(&format!("document.querySelector('{ready}')")).await;
                let found = violations_on_page(&browser, &axe).await;
                assert!(found.is_empty(), "{path} {scheme} {window:?}: {found:#?}");
            }
        }
        browser.close().await;
    }
}

async fn pictures_load_from_the_publisher_s_assets_folder_and_the_worker_leaves_them_to_the_host(
    engine: Engine,
) {
    let (_folder, host) = served("500").await;
    let browser = Browser::open(engine, DESKTOP).await;
    let url = format!("{}/ships/2026/03/02/pictures.html", host.url);
    browser.goto(&url).await;
    browser.until("navigator.serviceWorker.controller?.state === 'activated'").await;
    browser.goto(&url).await;
    browser.until("document.querySelector('.body img')?.naturalWidth > 0").await;
    // The program's files are kept; a publisher's picture in the same folder may change.
    browser.until_async("!(await Promise.all((await caches.keys()).map(async name => (await (await caches.open(name)).keys()).map(r => r.url)))).flat().some(url => url.includes('ship-'))").await;
    let before = host.requests_for("ship-0.svg");
    let fetched = "await fetch('assets/ship-0.svg', { cache: 'no-store' }).then(r => r.ok)";
    browser.until_async(fetched).await;
    assert!(host.requests_for("ship-0.svg") > before);
    browser.close().await;
}
