//! The demo: the site that `.github/workflows/demo.yml` builds, in a sub-folder of a host.

use std::fs;
use std::process::{Command, Stdio};

use posts::Value;
use testkit::{Browser, Engine, PHONE, in_every_engine};
use tokio::io::{AsyncBufReadExt as _, BufReader};

in_every_engine!(the_demo_s_pages_and_the_page_of_its_widget_work_in_a_sub_folder,);

/// The command of a step of the workflow.
fn step(name: &str) -> String {
    let workflow = fs::read_to_string(testkit::setup::root().join(".github/workflows/demo.yml")).unwrap();
    let workflow = posts::read_yaml(&workflow).unwrap();
    let steps = workflow["jobs"].map().unwrap()["demo"].map().unwrap()["steps"].list();
    let is_named = |step: &&Value| step.map().unwrap().get("name").and_then(Value::text) == Some(name);
    steps.iter().find(is_named).expect("the workflow has the step").map().unwrap()["run"]
        .text()
        .unwrap()
        .to_owned()
}

async fn the_demo_s_pages_and_the_page_of_its_widget_work_in_a_sub_folder(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let url = format!("http://127.0.0.1:{port}/finews");
    std::os::unix::fs::symlink(testkit::setup::root().join("sample"), folder.path().join("sample")).unwrap();
    let built = Command::new("bash")
        .args(["-euc", &step("Build the sample")])
        .env("FINEWS", testkit::setup::finews())
        .env("BASE_URL", &url)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let mut serve = tokio::process::Command::new(testkit::setup::finews());
    serve.arg("serve").arg(folder.path().join("_site")).args(["--port", &port]);
    let mut host = serve.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(host.stdout.take().unwrap()).lines();
    assert_eq!(lines.next_line().await.unwrap().unwrap(), format!("{url}/"));

    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&format!("{url}/")).await;
    assert_eq!(browser.text(".site-title").await, "临江新闻");
    browser.click(".headline .title a").await;
    browser.until("document.querySelector('article.story')").await;
    assert!(browser.path().await.starts_with("/finews/"));
    let story = browser.path().await;
    browser.goto(&format!("http://127.0.0.1:{port}{story}")).await;
    browser.until("document.querySelector('article.story .body')").await;
    browser.goto(&format!("{url}/quote/1.000001")).await;
    browser.until("document.querySelector('img.chart[data-secid=\"1.000001\"]')").await;
    browser.goto(&format!("{url}/archive/2026/05")).await;
    browser.until("document.querySelector('.calendar')").await;
    browser.goto(&format!("{url}/embed/examples/")).await;
    browser
        .until("[...document.querySelectorAll('finews-headlines')].some(news => news.shadowRoot?.querySelector('[part=headline]'))")
        .await;
    browser.close().await;
}
