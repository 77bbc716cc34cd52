//! Strict policies, pinned scripts, and hostile bundles.

use super::stage::*;
use serde_json::{Value, json};
use testkit::sites::build_with_options;
use testkit::{Engine, Fault, Host, in_every_engine};

in_every_engine!(
    a_strict_page_with_trusted_types_reports_no_violation[sampled],
    a_pinned_script_runs_and_a_changed_program_does_not[sampled],
    a_hostile_bundle_links_only_to_its_site[sampled],
);

/// The policy that docs/widget.md recommends for strict pages, plus permission for this test's own script.
fn strict_policy(site: &str) -> String {
    let documented = repository_file("docs/widget.md");
    let line = documented
        .lines()
        .find(|line| line.starts_with("Content-Security-Policy: "))
        .expect("docs/widget.md has a policy");
    line.trim_start_matches("Content-Security-Policy: ")
        .replace("https://news.example", site)
        .replace("script-src", "script-src 'nonce-notes'")
}

async fn a_strict_page_with_trusted_types_reports_no_violation(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let policy = strict_policy(&stage.site.url);
    assert!(
        policy.contains("require-trusted-types-for 'script'") && policy.contains("default-src 'none'"),
        "{policy}"
    );
    let url = stage.pages.put(
        "/",
        &policy,
        &stage.script(),
        "<finews-headlines category=\"emnews\" summary></finews-headlines>",
    );
    stage.browser.client.goto(&url).await.unwrap();
    stage.wait_for_headlines("finews-headlines", 5).await;
    let section_display = "getComputedStyle(document.querySelector('finews-headlines').shadowRoot.querySelector('section')).display";
    assert_eq!(
        stage.browser.script(&format!("return {section_display}")).await,
        json!("flex"),
        "the widget's styles apply"
    );
    stage.end().await;
    assert!(!policy.contains("unsafe"), "{policy}");
    // A page that allows the element's script, but not what it loads, shows the element's own content.
    let stage = Stage::sample(engine).await;
    let script_source = format!("script-src 'nonce-notes' {}/widget.js", stage.site.url);
    let url = stage.pages.put(
        "/",
        &strict_policy(&stage.site.url)
            .replace(&format!("script-src 'nonce-notes' {}", stage.site.url), &script_source),
        &stage.script(),
        PLAIN,
    );
    stage.browser.client.goto(&url).await.unwrap();
    stage.browser.until("events.length === 1").await;
    assert_eq!(stage.events("finews-error").await[0]["reason"], "program");
    assert_eq!(
        stage
            .browser
            .script("return document.querySelector('finews-headlines a').getBoundingClientRect().height > 0")
            .await,
        json!(true)
    );
}

async fn a_pinned_script_runs_and_a_changed_program_does_not(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let Pinned { url, integrity } = pinned(&stage.site);
    let head = format!(
        "<script type=\"module\" src=\"{url}\" integrity=\"{integrity}\" crossorigin=\"anonymous\"></script>"
    );
    let open = async || {
        let url = stage.pages.put("/", "", &head, PLAIN);
        stage.browser.client.goto(&url).await.unwrap();
    };
    open().await;
    stage.wait_for_headlines("finews-headlines", 5).await;
    // If the program differs by a byte, none of it runs. (The browser has no copy of it from this host.)
    let other = Host::sample().await;
    other.fail("/assets/headlines-", Fault::Damage);
    let Pinned { url, integrity } = pinned(&other);
    let head = format!(
        "<script type=\"module\" src=\"{url}\" integrity=\"{integrity}\" crossorigin=\"anonymous\"></script>"
    );
    let url = stage.pages.put("/", "", &head, PLAIN);
    stage.browser.client.goto(&url).await.unwrap();
    stage.browser.until("events.length === 1").await;
    assert_eq!(stage.events("finews-error").await[0]["reason"], "program");
    assert_eq!(
        stage.browser.script(&format!("return {}", headline_count_script("finews-headlines"))).await,
        json!(0)
    );
}

async fn a_hostile_bundle_links_only_to_its_site(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    write_post(&posts, 1, "\"<img src=x onerror=errors.push(1)>\"");
    build_with_options(&posts, &site, &["--prerender", "0"]);
    let path = site.join("bundle/manifest.json");
    let mut manifest: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for name in ["base", "isList", "__proto__", "element"] {
        manifest[name] = json!("javascript:errors.push(2)//");
    }
    manifest["site"]["lang"] = json!({ "toString": 1 });
    manifest["site"]["title"] = json!("<script>errors.push(3)</script>");
    manifest["settings"]["poll"] = json!("1e999");
    manifest["settings"]["accent"] = json!(["url(javascript:errors.push(4))", "red; } * { display: none"]);
    manifest["newest"][0]["slug"] = json!("../../javascript:errors.push(5)//");
    manifest["newest"][0]["category"] = json!(["javascript:errors.push(6)//", "\u{202e}<b>"]);
    std::fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
    let stage = Stage::new(engine, Host::serve(&site).await).await;
    stage.open(PLAIN).await;
    stage.browser.until("events.length === 1").await;
    // An invalid language may prevent the widget from drawing. With a valid one, every value is drawn as text
    // and every link is to the site.
    manifest["site"]["lang"] = json!("zh");
    std::fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
    stage.open(PLAIN).await;
    stage.wait_for_headlines("finews-headlines", 1).await;
    let links = "return [...document.querySelector('finews-headlines').shadowRoot.querySelectorAll('section a')].map(a => a.origin)";
    assert_eq!(stage.browser.script(links).await, json!([stage.site.url, stage.site.url]));
    let inside = "return document.querySelector('finews-headlines').shadowRoot.querySelectorAll('img, script, b').length";
    assert_eq!(stage.browser.script(inside).await, json!(0));
    assert_eq!(stage.texts("finews-headlines", "headline").await, ["<img src=x onerror=errors.push(1)>"]);
    stage.browser.script("document.querySelector('finews-headlines').shadowRoot.querySelectorAll('section a').forEach(a => { a.target = 'nowhere'; a.addEventListener('click', e => e.preventDefault()); a.click() })").await;
    stage.end().await;
}
