//! Whatever a network or a host does to whatever file: what was read stays, the message is true, there is a
//! way on and a way back.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::json;
use tempfile::TempDir;
use tokio::io::AsyncBufReadExt as _;

use testkit::folder::copy;
use testkit::sites::{build_bare, sample_with_pictures};
use testkit::{Browser, DESKTOP, Engine, Fault, Host, Start, in_every_engine, injected_scripts};

in_every_engine!(
    a_host_that_hangs_up,
    a_host_that_is_switched_off_and_on_again,
    a_host_that_has_not_the_file[sampled],
    a_host_that_forbids,
    a_host_that_fails,
    a_host_that_answers_a_page_instead,
    a_file_that_ends_early,
    a_connection_that_breaks,
    a_byte_that_is_another[sampled],
    a_network_that_is_lost_after_it_has_damaged_a_file,
    a_host_that_falls_silent[sampled],
    a_network_of_fifty_bytes_a_second,
    a_network_that_sends_elsewhere,
    a_network_that_wants_a_password_first,
    answers_that_come_in_another_order,
    faults_behind_the_service_worker[sampled],
    a_part_of_a_page_that_does_not_come_says_why[sampled],
    a_page_whose_manifest_does_not_come_is_joined_to_it_when_the_network_is_back,
    a_manifest_that_does_not_come[sampled],
    a_program_that_does_not_come[sampled],
    another_half_of_the_program_that_does_not_come,
    a_program_that_ends_says_so[sampled],
    a_stale_manifest_beside_new_files,
    a_new_manifest_beside_missing_files[sampled],
    a_network_that_is_lost_and_found[sampled],
    looks_for_news_that_fail_come_more_seldom,
);

/// A view, the part of the bundle that it is read from, and what it shows then.
type View = (&'static str, &'static str, &'static str);

const VIEWS: [View; 8] = [
    ("/emnews/", "/lists/", ".headline"),
    ("/emnews/?before=1774000000-x", "/lists/", ".headline"),
    ("/quote/1.000001", "/lists/", ".headline"),
    ("/category/", "/names/", ".names"),
    ("/archive/2026/04", "/months/", ".calendar"),
    ("/archive/2026/04/16", "/months/", ".headline"),
    ("/archive/2026/05/26", "/pages/", ".headline"),
    ("/emnews/2026/03/02/202603020823007919.html", "/shards/", "article.story"),
];

/// Has a host's pages in a hurry, and take note of errors.
fn hurried(host: Host) -> Host {
    host.plant(&[injected_scripts::ERRORS, injected_scripts::NO_WORKER, injected_scripts::HURRY].concat());
    host
}

/// A site whose first page is open in a browser that is in a hurry.
async fn opened(browser: &Browser) -> Host {
    let host = hurried(Host::bare().await);
    browser.goto(&host.url).await;
    browser.until("document.querySelector('.block h2')").await;
    host
}

/// Follows a link to a path of the site.
async fn follow(browser: &Browser, path: &str) {
    let script = format!(
        "const link = document.createElement('a'); link.href = {path:?}; link.textContent = link.id = 'way'; document.querySelector('main').prepend(link)"
    );
    browser.script(&script).await;
    browser.click("#way").await;
}

/// Lets a fault happen to what a view is read from: the view says what is expected (or, where nothing is,
/// shows itself all the same), the page before is there by the way back, and all is well when the fault is
/// over.
async fn view_with(
    browser: &Browser,
    host: &Host,
    (path, part, shows): View,
    fault: Fault,
    expected: Option<(&str, &str)>,
) {
    let before = host.asked(part);
    host.fail(part, fault);
    follow(browser, path).await;
    if let Some((class, says)) = expected {
        let class = &format!(".message.{class}");
        let said = browser.text(class).await;
        assert!(said.contains(says), "{path} says {said} with {fault:?}");
        // Firefox itself asks ten times a host that hangs up.
        let most = if browser.engine == Engine::Firefox
            && matches!(fault, Fault::Refuse | Fault::DamageAndRefuse(_))
        {
            60
        } else {
            12
        };
        assert!(
            host.asked(part) - before <= most,
            "{path} asked {} times with {fault:?}",
            host.asked(part) - before
        );
        assert_eq!(
            browser.script("return document.querySelectorAll('[aria-busy], .skeleton').length").await,
            json!(0),
            "{path} with {fault:?}"
        );
        browser.client.back().await.unwrap();
        browser.until("document.querySelector('.newest .headline')").await;
        browser.client.forward().await.unwrap();
        browser.until(&format!("document.querySelector({class:?})")).await;
        host.heal();
        browser.click(".retry").await;
    }
    browser.until(&format!("document.querySelector({shows:?})")).await;
    assert_eq!(browser.script("return errors").await, json!([]), "{path} with {fault:?}");
}

/// The same of every view. A host for each: what an earlier one has left at hand would hide the fault.
async fn every_view_with(engine: Engine, fault: Fault, expected: Option<(&str, &str)>) {
    let browser = Browser::open(engine, DESKTOP).await;
    for view in VIEWS {
        let host = opened(&browser).await;
        view_with(&browser, &host, view, fault, expected).await;
    }
    browser.close().await;
}

/// The service worker stands between the page and its host, and hides no fault.
async fn faults_behind_the_service_worker(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (fault, class, says) in [
        (Fault::Refuse, "offline", "网络连接不上"),
        (Fault::Status(404), "gone", "网站正在更新"),
        (Fault::Status(500), "refused", "500"),
        (Fault::Page, "gone", "还没有就位"),
        (Fault::Truncate, "damaged", "已损坏"),
        (Fault::Damage, "damaged", "已损坏"),
        (Fault::Cut, "offline", "网络连接不上"),
        (Fault::Stall, "offline", "网络连接不上"),
    ] {
        for view in [VIEWS[0], VIEWS[3], VIEWS[4], VIEWS[7]] {
            let host = Host::bare().await;
            host.plant(&[injected_scripts::ERRORS, injected_scripts::HURRY].concat());
            browser.goto(&host.url).await;
            browser.until("document.querySelector('.block h2') && navigator.serviceWorker.controller?.state === 'activated'").await;
            view_with(&browser, &host, view, fault, Some((class, says))).await;
        }
    }
    browser.close().await;
}

/// A host whose port nobody listens at any more, until it is there again.
async fn a_host_that_is_switched_off_and_on_again(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    build_bare(&testkit::setup::sample_posts(), site.path());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let switched_on = || {
        let mut serve = tokio::process::Command::new(testkit::setup::finews());
        serve.arg("serve").arg(site.path()).args(["--port", &port]).stdout(Stdio::piped()).kill_on_drop(true);
        serve.spawn().unwrap()
    };
    let ready = async |host: &mut tokio::process::Child| {
        let mut said = tokio::io::BufReader::new(host.stdout.take().unwrap()).lines();
        while !said.next_line().await.unwrap().unwrap().contains("http://") {}
    };
    let browser = Browser::open(engine, DESKTOP).await;
    // Views of different files, for what was read before is at hand.
    for (path, _, shows) in [VIEWS[0], VIEWS[3], VIEWS[4], VIEWS[7]] {
        let mut host = switched_on();
        ready(&mut host).await;
        browser.goto(&format!("http://127.0.0.1:{port}/")).await;
        browser.until("document.querySelector('.block h2')").await;
        host.kill().await.unwrap();
        follow(&browser, path).await;
        assert!(browser.text(".message.offline").await.contains("网络连接不上"), "{path}");
        let mut host = switched_on();
        ready(&mut host).await;
        browser.click(".retry").await;
        browser.until(&format!("document.querySelector({shows:?})")).await;
        host.kill().await.unwrap();
    }
    browser.close().await;
}

async fn a_host_that_hangs_up(engine: Engine) {
    every_view_with(engine, Fault::Refuse, Some(("offline", "网络连接不上"))).await;
}

async fn a_host_that_has_not_the_file(engine: Engine) {
    every_view_with(engine, Fault::Status(404), Some(("gone", "网站正在更新"))).await;
}

async fn a_host_that_forbids(engine: Engine) {
    every_view_with(engine, Fault::Status(403), Some(("refused", "403"))).await;
}

async fn a_host_that_fails(engine: Engine) {
    every_view_with(engine, Fault::Status(500), Some(("refused", "500"))).await;
}

async fn a_host_that_answers_a_page_instead(engine: Engine) {
    every_view_with(engine, Fault::Page, Some(("gone", "还没有就位"))).await;
}

async fn a_file_that_ends_early(engine: Engine) {
    every_view_with(engine, Fault::Truncate, Some(("damaged", "已损坏"))).await;
}

async fn a_connection_that_breaks(engine: Engine) {
    every_view_with(engine, Fault::Cut, Some(("offline", "网络连接不上"))).await;
}

async fn a_byte_that_is_another(engine: Engine) {
    every_view_with(engine, Fault::Damage, Some(("damaged", "已损坏"))).await;
}

/// What came was damaged, and whether it lies damaged cannot be known any more.
async fn a_network_that_is_lost_after_it_has_damaged_a_file(engine: Engine) {
    for answers in 1..=3 {
        every_view_with(engine, Fault::DamageAndRefuse(answers), Some(("offline", "网络连接不上"))).await;
    }
}

async fn a_host_that_falls_silent(engine: Engine) {
    every_view_with(engine, Fault::Stall, Some(("offline", "网络连接不上"))).await;
}

async fn a_network_of_fifty_bytes_a_second(engine: Engine) {
    every_view_with(engine, Fault::Trickle, Some(("offline", "网络连接不上"))).await;
}

async fn a_network_that_sends_elsewhere(engine: Engine) {
    every_view_with(engine, Fault::Redirect, Some(("gone", "公共网络"))).await;
}

async fn a_network_that_wants_a_password_first(engine: Engine) {
    every_view_with(engine, Fault::Portal, Some(("gone", "公共网络"))).await;
}

async fn answers_that_come_in_another_order(engine: Engine) {
    every_view_with(engine, Fault::Reorder, None).await;
}

/// The parts that come after their page: each says what is the matter, and comes when the network does or
/// when it is asked for.
async fn a_part_of_a_page_that_does_not_come_says_why(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&posts).unwrap();
    let tags: Vec<String> = (0..5000).map(|at| format!("标签{at}")).collect();
    std::fs::write(
        posts.join("2026-05-01-one.md"),
        format!("---\ntitle: 一\ncategories: a\ntags: [{}]\n---\n正文\n", tags.join(", ")),
    )
    .unwrap();
    build_bare(&posts, &site);
    let browser = Browser::open(engine, DESKTOP).await;
    for (fault, says) in [
        (Fault::Refuse, "网络连接不上"),
        (Fault::Status(404), "网站正在更新"),
        (Fault::Status(500), "服务器没有给出内容"),
        (Fault::Damage, "收到的文件已损坏"),
        (Fault::Portal, "公共网络"),
    ] {
        for by_itself in [true, false] {
            let again = async |host: &Host, button: &str| {
                host.heal();
                if by_itself {
                    browser.script("dispatchEvent(new Event('online'))").await;
                } else {
                    browser.click(button).await;
                }
            };
            let host = hurried(Host::bare().await);
            host.fail("/front/", fault);
            browser.goto(&host.url).await;
            let said = browser.text(".blocks .failed").await;
            assert!(said.contains(says), "{fault:?} says {said}");
            again(&host, ".blocks .retry").await;
            browser.until("document.querySelector('.block h2') && !document.querySelector('.failed')").await;
            host.fail("/months/", fault);
            host.fail("/pages/", fault);
            browser.click(".more a").await;
            let said = browser.text(".newest .failed").await;
            assert!(said.contains(says), "{fault:?} says {said}");
            assert_eq!(browser.text(".more a").await, "重试");
            assert_eq!(browser.texts(".newest .headline").await.len(), 50, "what was read is still there");
            again(&host, ".more a").await;
            browser
                .until("document.querySelector('.older .headline') && !document.querySelector('.failed')")
                .await;
            assert_eq!(browser.script("return errors").await, json!([]), "{fault:?}");
            let host = hurried(Host::of(&site).await);
            browser.goto(&format!("{}/tag/", host.url)).await;
            browser.until("document.querySelector('.names')").await;
            host.fail("/names/", fault);
            // Among all of them, which are more than the page begins with.
            browser.script("const filter = document.querySelector('.filter'); filter.value = '标签4999'; filter.dispatchEvent(new Event('input'))").await;
            let said = browser.text("main .failed").await;
            assert!(said.contains(says), "{fault:?} says {said}");
            again(&host, "main .retry").await;
            browser.until("document.querySelectorAll('.names li').length === 1").await;
            assert_eq!(browser.script("return errors").await, json!([]), "{fault:?}");
        }
    }
    browser.close().await;
}

/// The page was rendered ahead and is read without the program's help; the program learns of the bundle when
/// it can.
async fn a_page_whose_manifest_does_not_come_is_joined_to_it_when_the_network_is_back(engine: Engine) {
    let (_site, host) = sample_with_pictures(&["--prerender", "500"]).await;
    let failures = "const ask = fetch; window.fetch = (...more) => ask(...more).catch((error) => { window.hasFailed = true; throw error });";
    host.plant(
        &[injected_scripts::ERRORS, injected_scripts::NO_WORKER, injected_scripts::HURRY, failures].concat(),
    );
    host.fail("manifest.json", Fault::Refuse);
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    assert_eq!(browser.texts(".newest .headline").await.len(), 50);
    browser.until("window.hasFailed").await;
    host.heal();
    browser.script("dispatchEvent(new Event('online'))").await;
    browser.quiet().await;
    // Older stories stand in place and not on another page.
    browser.click(".more a").await;
    browser.until("document.querySelector('.older .headline')").await;
    assert_eq!(browser.path().await, "/");
    assert_eq!(browser.script("return errors").await, json!([]));
    browser.close().await;
}

/// At every address, from the very first, and whatever is wrong with it.
async fn a_manifest_that_does_not_come(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (fault, class) in [
        (Fault::Refuse, "offline"),
        (Fault::Status(404), "gone"),
        (Fault::Status(403), "refused"),
        (Fault::Status(500), "refused"),
        (Fault::Page, "gone"),
        (Fault::Portal, "gone"),
        (Fault::Redirect, "gone"),
        (Fault::Truncate, "damaged"),
        (Fault::Damage, "damaged"),
        (Fault::Cut, "offline"),
        (Fault::Stall, "offline"),
        (Fault::Trickle, "offline"),
    ] {
        for (path, _, shows) in [VIEWS[0], VIEWS[7], ("/", "", ".newest")] {
            let host = hurried(Host::bare().await);
            host.fail("manifest.json", fault);
            browser.client.goto(&format!("{}{path}", host.url)).await.unwrap();
            browser
                .until(&format!(
                    "document.querySelector('.message.{class}') && !document.querySelector('.skeleton')"
                ))
                .await;
            host.heal();
            browser.click(".retry").await;
            browser.until(&format!("document.querySelector({shows:?})")).await;
            assert_eq!(browser.script("return errors").await, json!([]), "{fault:?} at {path}");
        }
    }
    browser.close().await;
}

/// Neither the script nor the wasm: the page says that nothing comes, and does not wait for ever.
async fn a_program_that_does_not_come(engine: Engine) {
    let browser = Browser::open_as(engine, DESKTOP, Start::Unwaiting).await;
    for fault in [
        Fault::Refuse,
        Fault::Status(404),
        Fault::Truncate,
        Fault::Damage,
        Fault::Cut,
        Fault::Stall,
        Fault::Portal,
    ] {
        let host = hurried(Host::bare().await);
        host.fail(".wasm", fault);
        println!("{fault:?}");
        browser.client.goto(&host.url).await.unwrap();
        browser
            .until("document.querySelector('.notice.broken button') && !document.querySelector('.skeleton')")
            .await;
        host.heal();
        browser.click(".notice.broken button").await;
        browser.until("document.querySelector('.newest .headline')").await;
    }
    for fault in [Fault::Refuse, Fault::Status(404), Fault::Stall] {
        let host = Host::bare().await;
        host.fail("/viewer-", fault);
        browser.client.goto(&host.url).await.unwrap();
        browser.until("document.querySelector('.late')").await;
        // Without waiting the twenty seconds.
        browser.script("document.getAnimations().forEach((animation) => animation.animationName === 'late' && animation.finish())").await;
        browser.until("getComputedStyle(document.querySelector('.late')).visibility === 'visible'").await;
        host.heal();
        browser.client.goto(&host.url).await.unwrap();
        browser
            .until("document.querySelector('.newest .headline') && !document.querySelector('.late')")
            .await;
    }
    browser.close().await;
}

async fn another_half_of_the_program_that_does_not_come(engine: Engine) {
    // A page that waits for it is not loaded.
    let browser = Browser::open_as(engine, DESKTOP, Start::Unwaiting).await;
    for (fault, class) in [
        (Fault::Refuse, "offline"),
        (Fault::Status(404), "newer"),
        (Fault::Status(503), "refused"),
        (Fault::Page, "newer"),
        (Fault::Stall, "offline"),
    ] {
        let host = hurried(Host::bare().await);
        host.fail("/markdown-", fault);
        let story = format!("{}{}", host.url, VIEWS[7].0);
        browser.client.goto(&story).await.unwrap();
        browser.until(&format!("document.querySelector('.message.{class}')")).await;
        host.heal();
        browser.click(".retry").await;
        browser.until("document.querySelector('article.story')").await;
        assert_eq!(browser.script("return errors").await, json!([]), "{fault:?}");
    }
    browser.close().await;
}

/// A panic is a trap of the program, which then answers nothing any more: the page says so, keeps what it
/// shows, and can be loaded anew.
async fn a_program_that_ends_says_so(engine: Engine) {
    let host = Host::bare().await;
    // More memory than there is.
    host.plant(
        &[
            injected_scripts::EXPORTED,
            "window.trap = () => setTimeout(() => exported.__wbindgen_export(-1, -1));",
        ]
        .concat(),
    );
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}{}", host.url, VIEWS[7].0)).await;
    browser.until("document.querySelector('article.story')").await;
    let words = browser.text("article.story").await;
    browser.script("trap()").await;
    browser.until("document.querySelector('.notice.broken')").await;
    assert_eq!(browser.text(".notice.broken span").await, "阅读器出错了");
    assert_eq!(browser.text("article.story").await, words);
    browser.script("window.stillHere = true").await;
    browser.click(".notice.broken button").await;
    browser.until("!window.stillHere && document.querySelector('article.story') && !document.querySelector('.notice.broken')").await;
    browser.close().await;
}

/// A site of three posts, and the same of five.
fn old_and_new() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("posts");
    std::fs::create_dir(&posts).unwrap();
    std::fs::write(posts.join("finews.toml"), "title = \"试\"\n").unwrap();
    let [old, new] = [("old", 1..=3), ("new", 4..=5)].map(|(name, posted)| {
        for at in posted {
            let text = format!("---\ntitle: 第{at}篇\ncategories: a\ndate: 2026-05-01 10:{at:02}:00 +0800\n---\n第{at}篇的正文\n");
            std::fs::write(posts.join(format!("2026-05-01-p{at}.md")), text).unwrap();
        }
        let site = folder.path().join(name);
        build_bare(&posts, &site);
        site
    });
    (folder, old, new)
}

/// An older manifest came from a cache, and the files it names are gone from the host.
async fn a_stale_manifest_beside_new_files(engine: Engine) {
    let (_folder, old, new) = old_and_new();
    let stale = std::fs::read(old.join("bundle/manifest.json")).unwrap();
    let whole = std::fs::read(new.join("bundle/manifest.json")).unwrap();
    std::fs::write(new.join("bundle/manifest.json"), stale).unwrap();
    let host = hurried(Host::of(&new).await);
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/a/2026/05/01/p2.html", host.url)).await;
    browser.until("document.querySelector('.message.gone')").await;
    // The cache lets go of it.
    std::fs::write(new.join("bundle/manifest.json"), whole).unwrap();
    browser.click(".retry").await;
    browser.until("document.querySelector('article.story h1')?.innerText === '第2篇'").await;
    assert_eq!(browser.script("return errors").await, json!([]));
    browser.close().await;
}

/// A manifest was uploaded before its files.
async fn a_new_manifest_beside_missing_files(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (path, shows) in [("/a/", ".headline"), ("/a/2026/05/01/p5.html", "article.story")] {
        let (_folder, old, new) = old_and_new();
        std::fs::copy(new.join("bundle/manifest.json"), old.join("bundle/manifest.json")).unwrap();
        let host = hurried(Host::of(&old).await);
        browser.goto(&format!("{}{path}", host.url)).await;
        browser.until("document.querySelector('.message.gone')").await;
        // The rest arrives.
        copy(&new, &old);
        browser.click(".retry").await;
        browser.until(&format!("document.querySelector({shows:?})")).await;
        assert_eq!(browser.script("return errors").await, json!([]));
    }
    browser.close().await;
}

async fn a_network_that_is_lost_and_found(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    let host = opened(&browser).await;
    host.fail("/", Fault::Refuse);
    let offline = "document.querySelector('.message.offline')";
    follow(&browser, VIEWS[4].0).await;
    browser.until(offline).await;
    // What was read is still there.
    browser.client.back().await.unwrap();
    browser.until("document.querySelector('.newest .headline')").await;
    browser.client.forward().await.unwrap();
    browser.until(offline).await;
    host.heal();
    // A browser says when the network is there again; nobody has to press a button.
    browser.script("dispatchEvent(new Event('online'))").await;
    browser.until("document.querySelector('.calendar')").await;
    assert_eq!(browser.script("return errors").await, json!([]));
    browser.close().await;
}

async fn looks_for_news_that_fail_come_more_seldom(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&posts).unwrap();
    std::fs::write(posts.join("finews.toml"), "title = \"试\"\n[settings]\npoll = 60\n").unwrap();
    std::fs::write(posts.join("2026-05-01-one.md"), "---\ntitle: 第一篇\ncategories: a\n---\n正文\n")
        .unwrap();
    build_bare(&posts, &site);
    let host = Host::of(&site).await;
    host.plant(injected_scripts::CLOCK);
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser.until("document.querySelector('.headline') && window.minute").await;
    host.fail("manifest.json", Fault::Status(500));
    let before = host.asked("manifest.json");
    for _ in 0..60 {
        browser
            .client
            .execute_async("const done = arguments[0]; strike(); setTimeout(done, 30)", Vec::new())
            .await
            .unwrap();
    }
    // After 1, 3, 7, 15 and 15 turns, and so on.
    let asked = host.asked("manifest.json") - before;
    assert!((4..=8).contains(&asked), "{asked} looks in an hour");
    host.heal();
    browser.script("dispatchEvent(new Event('online')); strike()").await;
    let asked = host.asked("manifest.json");
    for _ in 0..3 {
        browser
            .client
            .execute_async("const done = arguments[0]; strike(); setTimeout(done, 100)", Vec::new())
            .await
            .unwrap();
    }
    assert!(host.asked("manifest.json") >= asked + 2, "they come every minute again");
    browser.close().await;
}
