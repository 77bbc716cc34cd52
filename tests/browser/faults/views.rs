//! Every view with every fault of its files.

use super::view::*;
use serde_json::json;
use std::process::Stdio;
use testkit::sites::build_bare;
use testkit::{Browser, DESKTOP, Engine, Fault, Host, in_every_engine, injected_scripts};
use tokio::io::AsyncBufReadExt as _;

in_every_engine!(
    faults_behind_the_service_worker[sampled],
    a_host_that_is_switched_off_and_on_again,
    a_host_that_closes_the_connection,
    a_host_without_the_file[sampled],
    a_host_that_forbids_access,
    a_host_with_an_internal_error,
    a_host_that_answers_with_a_page,
    a_file_that_ends_early,
    a_connection_that_breaks,
    a_changed_byte[sampled],
    a_network_that_is_lost_after_damaging_a_file,
    a_host_that_falls_silent,
    a_network_of_fifty_bytes_a_second,
    a_network_that_redirects,
    a_network_with_a_login_page,
    answers_in_another_order,
    a_part_of_a_page_that_fails_to_load_says_why,
);

/// Tests every view with a fault, each on its own host, because cached files would hide the fault.
async fn test_every_view(engine: Engine, fault: Fault, expected: Option<(&str, &str)>) {
    let browser = Browser::open(engine, DESKTOP).await;
    for view in VIEWS {
        let host = open_new_host(&browser).await;
        test_view_with_fault(&browser, &host, view, fault, expected).await;
    }
    browser.close().await;
}

/// The service worker between the page and its host hides no fault.
async fn faults_behind_the_service_worker(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (fault, class, expected_text) in [
        (Fault::Refuse, "offline", "无法连接网络"),
        (Fault::Status(404), "gone", "网站正在更新"),
        (Fault::Status(500), "refused", "500"),
        (Fault::Page, "gone", "尚未就绪"),
        (Fault::Truncate, "damaged", "已损坏"),
        (Fault::Damage, "damaged", "已损坏"),
        (Fault::Cut, "offline", "无法连接网络"),
        (Fault::Stall, "offline", "无法连接网络"),
    ] {
        for view in [VIEWS[0], VIEWS[3], VIEWS[4], VIEWS[7]] {
            let host = Host::bare().await;
            host.inject(&[injected_scripts::COLLECT_ERRORS, injected_scripts::SHORT_TIMEOUTS].concat());
            browser.goto(&host.url).await;
            browser.until("document.querySelector('.block h2') && navigator.serviceWorker.controller?.state === 'activated'").await;
            test_view_with_fault(&browser, &host, view, fault, Some((class, expected_text))).await;
        }
    }
    browser.close().await;
}

/// A host that stops listening, and starts again later.
async fn a_host_that_is_switched_off_and_on_again(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    build_bare(&testkit::setup::sample_posts(), site.path());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let start_host = || {
        let mut serve = tokio::process::Command::new(testkit::setup::finews());
        serve.arg("serve").arg(site.path()).args(["--port", &port]).stdout(Stdio::piped()).kill_on_drop(true);
        serve.spawn().unwrap()
    };
    let wait_for_host = async |host: &mut tokio::process::Child| {
        let mut message = tokio::io::BufReader::new(host.stdout.take().unwrap()).lines();
        while !message.next_line().await.unwrap().unwrap().contains("http://") {}
    };
    let browser = Browser::open(engine, DESKTOP).await;
    // Views with different files, because files read before are cached.
    for (path, _, selector) in [VIEWS[0], VIEWS[3], VIEWS[4], VIEWS[7]] {
        let mut host = start_host();
        wait_for_host(&mut host).await;
        browser.goto(&format!("http://127.0.0.1:{port}/")).await;
        browser.until("document.querySelector('.block h2')").await;
        host.kill().await.unwrap();
        follow(&browser, path).await;
        assert!(browser.text(".message.offline").await.contains("无法连接网络"), "{path}");
        let mut host = start_host();
        wait_for_host(&mut host).await;
        browser.click(".retry").await;
        browser.until(&format!("document.querySelector({selector:?})")).await;
        host.kill().await.unwrap();
    }
    browser.close().await;
}

async fn a_host_that_closes_the_connection(engine: Engine) {
    test_every_view(engine, Fault::Refuse, Some(("offline", "无法连接网络"))).await;
}

async fn a_host_without_the_file(engine: Engine) {
    test_every_view(engine, Fault::Status(404), Some(("gone", "网站正在更新"))).await;
}

async fn a_host_that_forbids_access(engine: Engine) {
    test_every_view(engine, Fault::Status(403), Some(("refused", "403"))).await;
}

async fn a_host_with_an_internal_error(engine: Engine) {
    test_every_view(engine, Fault::Status(500), Some(("refused", "500"))).await;
}

async fn a_host_that_answers_with_a_page(engine: Engine) {
    test_every_view(engine, Fault::Page, Some(("gone", "尚未就绪"))).await;
}

async fn a_file_that_ends_early(engine: Engine) {
    test_every_view(engine, Fault::Truncate, Some(("damaged", "已损坏"))).await;
}

async fn a_connection_that_breaks(engine: Engine) {
    test_every_view(engine, Fault::Cut, Some(("offline", "无法连接网络"))).await;
}

async fn a_changed_byte(engine: Engine) {
    test_every_view(engine, Fault::Damage, Some(("damaged", "已损坏"))).await;
}

/// The file arrives damaged, then the network fails. The viewer cannot know whether the host's copy is
/// intact, so it reports the network.
async fn a_network_that_is_lost_after_damaging_a_file(engine: Engine) {
    for answers in 1..=3 {
        test_every_view(engine, Fault::DamageAndRefuse(answers), Some(("offline", "无法连接网络"))).await;
    }
}

async fn a_host_that_falls_silent(engine: Engine) {
    test_every_view(engine, Fault::Stall, Some(("offline", "无法连接网络"))).await;
}

async fn a_network_of_fifty_bytes_a_second(engine: Engine) {
    test_every_view(engine, Fault::Trickle, Some(("offline", "无法连接网络"))).await;
}

async fn a_network_that_redirects(engine: Engine) {
    test_every_view(engine, Fault::Redirect, Some(("gone", "公共网络"))).await;
}

async fn a_network_with_a_login_page(engine: Engine) {
    test_every_view(engine, Fault::Portal, Some(("gone", "公共网络"))).await;
}

async fn answers_in_another_order(engine: Engine) {
    test_every_view(engine, Fault::Reorder, None).await;
}

/// Categories, older stories and further names load after their page. If they fail, they say what is wrong,
/// and they load when the network is back or when requested again.
async fn a_part_of_a_page_that_fails_to_load_says_why(engine: Engine) {
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
    for (fault, expected_text) in [
        (Fault::Refuse, "无法连接网络"),
        (Fault::Status(404), "网站正在更新"),
        (Fault::Status(500), "服务器返回错误"),
        (Fault::Damage, "文件已损坏"),
        (Fault::Portal, "公共网络"),
    ] {
        for is_automatic in [true, false] {
            let heal_and_retry = async |host: &Host, button: &str| {
                host.heal();
                if is_automatic {
                    browser.script("dispatchEvent(new Event('online'))").await;
                } else {
                    browser.click(button).await;
                }
            };
            let host = with_short_timeouts(Host::bare().await);
            host.fail("/front/", fault);
            browser.goto(&host.url).await;
            let message = browser.text(".blocks .failed").await;
            assert!(message.contains(expected_text), "{message} with {fault:?}");
            heal_and_retry(&host, ".blocks .retry").await;
            browser.until("document.querySelector('.block h2') && !document.querySelector('.failed')").await;
            host.fail("/months/", fault);
            host.fail("/pages/", fault);
            browser.click(".more a").await;
            let message = browser.text(".newest .failed").await;
            assert!(message.contains(expected_text), "{message} with {fault:?}");
            assert_eq!(browser.text(".more a").await, "重试");
            assert_eq!(browser.texts(".newest .headline").await.len(), 50, "what was read is still there");
            heal_and_retry(&host, ".more a").await;
            browser
                .until("document.querySelector('.older .headline') && !document.querySelector('.failed')")
                .await;
            assert_eq!(browser.script("return errors").await, json!([]), "{fault:?}");
            let host = with_short_timeouts(Host::serve(&site).await);
            browser.goto(&format!("{}/tag/", host.url)).await;
            browser.until("document.querySelector('.names')").await;
            host.fail("/names/", fault);
            // The page shows only some names at first. Typing loads the rest, which fails.
            browser.script("const filter = document.querySelector('.filter'); filter.value = '标签4999'; filter.dispatchEvent(new Event('input'))").await;
            let message = browser.text("main .failed").await;
            assert!(message.contains(expected_text), "{message} with {fault:?}");
            heal_and_retry(&host, "main .retry").await;
            browser.until("document.querySelectorAll('.names li').length === 1").await;
            assert_eq!(browser.script("return errors").await, json!([]), "{fault:?}");
        }
    }
    browser.close().await;
}
