//! Offline reading: visited and saved pages can be opened, old pages say so, and a newer program is offered.

use testkit::sites::{GrowingSite, build_with_options};
use testkit::{Browser, DESKTOP, Engine, Fault, Host, PHONE, in_every_engine};

in_every_engine!(
    visited_pages_can_be_opened_offline_and_say_that_they_are_old[sampled],
    a_saved_month_and_a_saved_category_open_offline,
    a_newer_program_is_offered_and_never_forced,
    cached_pages_keep_the_program_files_they_need_and_others_are_deleted,
    a_list_from_the_cache_on_a_slow_network_is_updated,
);

const STORY: &str = "/emnews/2026/03/05/202603051423023757.html";

/// Waits until the service worker has cached the page.
async fn wait_for_worker(browser: &Browser) {
    browser.until("navigator.serviceWorker.controller?.state === 'activated'").await;
    // It also caches pages that were open before it started.
    browser.until_async("(await caches.keys()).includes('finews-pages/') && (await (await caches.open('finews-pages/')).keys()).length > 0").await;
}

async fn visited_pages_can_be_opened_offline_and_say_that_they_are_old(engine: Engine) {
    let host = Host::sample().await;
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&host.url).await;
    wait_for_worker(&browser).await;
    browser.goto(&format!("{}{STORY}", host.url)).await;
    browser.until("document.querySelector('article.story')").await;
    browser.until_async("(await caches.match(location.href.replace(location.pathname, '/bundle/manifest.json'))) !== undefined").await;
    host.fail("/", Fault::Refuse);
    // By a load.
    browser.goto(&format!("{}{STORY}", host.url)).await;
    assert_eq!(browser.text("article h1").await, "三大指数早盘震荡 成交额较昨日放量");
    assert!(browser.text(".notice").await.contains("离线阅读，内容截至"));
    // By a link.
    browser.click(".site-title a").await;
    browser.until("document.querySelector('.newest .headline')").await;
    browser.close().await;
}

async fn a_saved_month_and_a_saved_category_open_offline(engine: Engine) {
    let host = Host::sample().await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    wait_for_worker(&browser).await;
    for path in ["/archive/2026/04", "/emnews/"] {
        browser.goto(&format!("{}{path}", host.url)).await;
        browser.click("button.keep").await;
        browser.until("document.querySelector('button.keep').innerText === '已保存，可离线阅读'").await;
    }
    // The calendar has no prerendered page. The program shows it from the saved files.
    host.fail("/", Fault::Refuse);
    // A damaged file takes nothing from the others.
    browser.until_async("(await (await caches.open('damaged')).put('/bundle/shards/0.json', new Response('[{}]'))) === undefined").await;
    for story in ["/21shiji/2026/04/12/202604121023134623.html", "/emnews/2026/05/20/202605202023213813.html"]
    {
        browser.goto(&format!("{}/archive/2026/04", host.url)).await;
        browser.until("document.querySelector('.calendar')").await;
        browser.script(&format!("document.querySelector('.calendar a').href = '{story}'; document.querySelector('.calendar a').click()")).await;
        browser.until("document.querySelector('article.story')").await;
    }
    // Without the index, what is saved is searched, and the page says that it is only that.
    browser.goto(&format!("{}/search/?q=证券", host.url)).await;
    browser.until("document.querySelector('.results .headline .title a')").await;
    let found = browser.script("return document.querySelector('main').dataset.search").await;
    assert_eq!(found, "failed", "{engine:?}");
    assert!(browser.text(".search-status").await.contains("仅搜索了本机保存的内容"));
    browser.close().await;
}

async fn a_newer_program_is_offered_and_never_forced(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&posts).unwrap();
    std::fs::write(posts.join("finews.toml"), "title = \"旧\"\n").unwrap();
    std::fs::write(posts.join("2026-05-01-one.md"), "---\ntitle: 第一篇\ncategories: a\n---\n正文\n")
        .unwrap();
    build_with_options(&posts, &site, &[]);
    let host = Host::serve(&site).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    wait_for_worker(&browser).await;
    // Another title makes another shell, and so another version.
    std::fs::write(posts.join("finews.toml"), "title = \"新\"\n").unwrap();
    build_with_options(&posts, &site, &[]);
    browser
        .script("window.stillHere = true; navigator.serviceWorker.getRegistration().then(r => r.update())")
        .await;
    assert!(browser.text(".notice").await.contains("网站有新版本"));
    assert_eq!(browser.script("return window.stillHere").await, true);
    browser.click(".notice button").await;
    browser
        .until("window.stillHere === undefined && document.querySelector('.site-title').innerText === '新'")
        .await;
    browser.close().await;
}

async fn cached_pages_keep_the_program_files_they_need_and_others_are_deleted(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    build_with_options(&testkit::setup::sample_posts(), site.path(), &[]);
    let host = Host::serve(site.path()).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    wait_for_worker(&browser).await;
    let add_old_files = "const program = await caches.open('finews-program/'), pages = await caches.open('finews-pages/');
        await program.put('/assets/markdown-00000000000000bb.js', new Response('markdown-00000000000000dd.wasm'));
        await program.put('/assets/markdown-00000000000000dd.wasm', new Response(''));
        await program.put('/assets/viewer-00000000000000aa.js', new Response('import \"./markdown-00000000000000bb.js\"'));
        await program.put('/assets/viewer-00000000000000cc.js', new Response(''));
        await pages.put('/old.html', new Response('<script src=\"assets/viewer-00000000000000aa.js\">'));
        return true";
    browser.until_async(&format!("await (async () => {{ {add_old_files} }})()")).await;
    // A new version deletes unused files when it becomes active.
    let worker = std::fs::read_to_string(site.path().join("sw.js")).unwrap();
    std::fs::write(site.path().join("sw.js"), format!("{worker}\n// another")).unwrap();
    browser.script("navigator.serviceWorker.getRegistration().then(r => r.update())").await;
    browser.click(".notice button").await;
    browser.until_async("(await caches.match('/assets/viewer-00000000000000cc.js')) === undefined").await;
    browser.until_async("(await caches.match('/assets/viewer-00000000000000aa.js')) !== undefined").await;
    for name in ["markdown-00000000000000bb.js", "markdown-00000000000000dd.wasm"] {
        browser.until_async(&format!("(await caches.match('/assets/{name}')) !== undefined")).await;
    }
    browser.close().await;
}

async fn a_list_from_the_cache_on_a_slow_network_is_updated(engine: Engine) {
    let growing_site = GrowingSite::new();
    let site = growing_site.site();
    growing_site.post("2026-05-01-one.md", "第一篇");
    let host = Host::serve(&site).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/a/", host.url)).await;
    wait_for_worker(&browser).await;
    growing_site.post("2026-05-02-two.md", "第二篇");
    host.fail("/a/", Fault::Hold);
    // After a while the cached list is shown.
    browser.goto(&format!("{}/a/", host.url)).await;
    browser.until("document.querySelectorAll('.headline').length === 2").await;
    host.heal();
    browser.close().await;
}
