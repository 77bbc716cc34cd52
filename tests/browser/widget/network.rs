//! The widget's requests, and its messages when the site does not answer.

use super::stage::*;
use serde_json::json;
use testkit::sites::build_with_options;
use testkit::{Engine, Fault, Host, in_every_engine};

in_every_engine!(
    every_fault_of_a_host_is_reported_and_news_loads_afterwards[sampled],
    only_the_script_is_loaded_before_an_element_is_near_the_viewport,
    twenty_elements_share_one_download,
    news_is_polled_while_the_page_is_visible,
    the_src_attribute_chooses_another_site,
);

async fn every_fault_of_a_host_is_reported_and_news_loads_afterwards(engine: Engine) {
    let stage = Stage::sample(engine).await;
    for (fault, manifest, list) in [
        (Fault::Refuse, "offline", "offline"),
        (Fault::Private, "offline", "offline"),
        (Fault::Status(404), "gone", "gone"),
        (Fault::Status(403), "refused", "refused"),
        (Fault::Status(503), "refused", "refused"),
        (Fault::Page, "gone", "gone"),
        (Fault::Portal, "gone", "gone"),
        (Fault::Redirect, "gone", "gone"),
        (Fault::Truncate, "damaged", "damaged"),
        (Fault::Damage, "damaged", "damaged"),
        (Fault::DamageAndRefuse(1), "damaged", "offline"),
        (Fault::DamageAndRefuse(2), "damaged", "offline"),
        (Fault::DamageAndRefuse(3), "damaged", "offline"),
        (Fault::Cut, "offline", "offline"),
        (Fault::Stall, "offline", "offline"),
        (Fault::Trickle, "offline", "offline"),
    ] {
        for (part, reason) in [("manifest.json", manifest), ("/lists/", list)] {
            // Cached files of an earlier run would hide the fault.
            let site = Host::sample().await;
            site.fail(part, fault);
            let head = script_with_short_timeouts(&site);
            let body = "<finews-headlines category=\"emnews\"><a href=\"https://news.example/\">News</a></finews-headlines>";
            stage.browser.client.goto(&stage.pages.put("/", "", &head, body)).await.unwrap();
            stage.browser.until("events.length === 1").await;
            assert_eq!(stage.events("finews-error").await[0]["reason"], reason, "{part}: {fault:?}");
            assert_eq!(
                stage.browser.script(&format!("return {OWN_CONTENT_IS_VISIBLE_SCRIPT}")).await,
                json!(true),
                "{part}: {fault:?}"
            );
            site.heal();
            stage.browser.script("document.querySelector('finews-headlines').limit = 2").await;
            stage.wait_for_headlines("finews-headlines", 2).await;
            assert_eq!(
                stage.browser.script("return [...errors, ...violations]").await,
                json!([]),
                "{part}: {fault:?}"
            );
        }
    }
    stage.browser.close().await;
}

async fn only_the_script_is_loaded_before_an_element_is_near_the_viewport(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage
        .open(&format!("<p style=\"height: 5000px\">Words</p>{PLAIN}<p style=\"height: 2000px\"></p>"))
        .await;
    stage.browser.until("customElements.get('finews-headlines') && document.readyState === 'complete'").await;
    // Waits for two frames, after which observers have been notified.
    stage
        .browser
        .until_async(
            "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
        )
        .await;
    assert_eq!(
        (
            stage.site.requests_for("/assets/"),
            stage.site.requests_for("/bundle/"),
            stage.site.requests_for("/widget.js")
        ),
        (0, 0, 1)
    );
    stage.browser.script("scrollTo(0, 4500)").await;
    stage.wait_for_headlines("finews-headlines", 5).await;
    // The site's newest stories need only the manifest, and no link or style element is left in the page.
    assert_eq!((stage.site.requests_for("/assets/"), stage.site.requests_for("/bundle/")), (1, 1));
    assert_eq!(
        stage.browser.script("return document.querySelectorAll('link, style').length").await,
        json!(0)
    );
    stage.end().await;
}

async fn twenty_elements_share_one_download(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let elements: String = (0..20)
        .map(|at| {
            format!(
                "<finews-headlines id=\"n{at}\" category=\"emnews\" limit=\"{}\"></finews-headlines>",
                at % 3 + 1
            )
        })
        .collect();
    stage.open(&format!("<div style=\"display: grid; grid-template-columns: repeat(7, 180px); zoom: 0.3\">{elements}</div>")).await;
    for at in 0..20 {
        stage.wait_for_headlines(&format!("#n{at}"), at % 3 + 1).await;
    }
    // One request each for the program (preloaded with its checksum, then imported), the manifest, and the
    // list's directory.
    assert_eq!(
        (
            stage.site.requests_for("/assets/headlines-"),
            stage.site.requests_for("manifest.json"),
            stage.site.requests_for("/lists/")
        ),
        (1, 1, 1)
    );
    assert_eq!(stage.site.requests_for(".wasm"), 0);
    stage.end().await;
}

async fn news_is_polled_while_the_page_is_visible(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    write_post(&posts, 1, "First");
    build_with_options(&posts, &site, &["--prerender", "0"]);
    let stage = Stage::new(engine, Host::serve(&site).await).await;
    stage.open("<finews-headlines id=\"eager\" refresh=\"1\"></finews-headlines><finews-headlines id=\"list\" category=\"news\" refresh=\"60\"></finews-headlines><finews-headlines id=\"still\" refresh=\"0\"></finews-headlines>").await;
    for id in ["#eager", "#list", "#still"] {
        stage.wait_for_headlines(id, 1).await;
    }
    write_post(&posts, 2, "Second");
    build_with_options(&posts, &site, &["--prerender", "0"]);
    // An element that has no headlines polls too.
    let failing_host = Host::serve(&site).await;
    failing_host.fail("manifest.json", Fault::Status(404));
    stage
        .browser
        .script(&format!(
            "document.body.insertAdjacentHTML('beforeend', '<finews-headlines id=\"late\" refresh=\"5\" src=\"{}\"></finews-headlines>')",
            failing_host.url
        ))
        .await;
    stage.browser.until("events.some(event => event.id === 'late' && event.reason === 'gone')").await;
    failing_host.heal();
    stage.wait_for_headlines("#late", 2).await;
    // One poll serves all elements.
    stage.wait_for_headlines("#eager", 2).await;
    stage.wait_for_headlines("#list", 2).await;
    assert_eq!(stage.texts("#eager", "headline").await, ["Second", "First"]);
    stage.wait_for_headlines("#still", 1).await;
    // An element added a minute later gets current news.
    write_post(&posts, 3, "Third");
    build_with_options(&posts, &site, &["--prerender", "0"]);
    stage.browser.script("advanceClock(61000); document.querySelector('#late').remove(); document.body.insertAdjacentHTML('afterbegin', '<finews-headlines id=\"new\" refresh=\"0\"></finews-headlines>')").await;
    stage.wait_for_headlines("#new", 3).await;
    // A hidden page does not poll.
    stage.browser.script("hide()").await;
    let (requests_before, waits) =
        (stage.site.requests_for("manifest.json"), stage.browser.script("return waits").await);
    stage.browser.until(&format!("waits > {waits}")).await;
    assert_eq!(stage.site.requests_for("manifest.json"), requests_before);
    // A host that does not answer is reported, and drawn headlines stay.
    stage.browser.script("unhide()").await;
    stage.site.fail("manifest.json", Fault::Refuse);
    stage
        .browser
        .until("events.some(event => event.name === 'finews-error' && event.reason === 'offline')")
        .await;
    stage.browser.until(&format!("{} >= 2", headline_count_script("#eager"))).await;
    stage.end().await;
}

async fn the_src_attribute_chooses_another_site(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site/below"));
    write_post(&posts, 1, "Elsewhere");
    build_with_options(
        &posts,
        &site,
        &["--prerender", "0", "--base-url", "https://elsewhere.example/below/"],
    );
    let other = Host::serve(&folder.path().join("site")).await;
    let stage = Stage::sample(engine).await;
    stage
        .open(&format!(
            "<finews-headlines src=\"{}/below/\"></finews-headlines><finews-headlines id=\"odd\" src=\"javascript:alert(1)\">Fallback</finews-headlines>",
            other.url
        ))
        .await;
    stage.wait_for_headlines("finews-headlines", 1).await;
    assert_eq!(stage.texts("finews-headlines", "headline").await, ["Elsewhere"]);
    let link = stage.browser.script("return document.querySelector('finews-headlines').shadowRoot.querySelector('[part=headline]').href").await;
    assert_eq!(link, json!(format!("{}/below/news/2026/05/01/n1.html", other.url)));
    stage.browser.until("events.some(event => event.id === 'odd' && event.reason === 'program')").await;
    // A site with a newer format is not misread.
    let later = Host::serve(&folder.path().join("site")).await;
    let manifest = site.join("bundle/manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap().replace("\"format\":2", "\"format\":3");
    std::fs::write(&manifest, text).unwrap();
    stage.browser.script(&format!("document.querySelector('#odd').src = '{}/below/'", later.url)).await;
    stage.browser.until("events.some(event => event.id === 'odd' && event.reason === 'newer')").await;
    stage.end().await;
}
