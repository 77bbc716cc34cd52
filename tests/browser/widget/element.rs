//! The element itself: its attributes, its events, and its lifecycle.

use super::stage::*;
use serde_json::json;
use testkit::{Engine, Fault, Host, in_every_engine};

in_every_engine!(
    each_attribute_and_property_changes_what_is_shown [sampled],
    events_report_news_clicks_and_errors,
    the_element_s_own_content_is_visible_until_the_news_is_loaded_and_after_failures,
    elements_are_added_moved_removed_and_defined_late [sampled],
    in_another_document_the_element_s_own_content_is_visible,
    ten_cycles_leave_no_node_and_no_listener_behind [lacking both "does not report how many nodes and listeners a page has"],
);

async fn each_attribute_and_property_changes_what_is_shown(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.open("<finews-headlines limit=\"4\"></finews-headlines>").await;
    stage.wait_for_headlines("finews-headlines", 4).await;
    assert_eq!(stage.texts("finews-headlines", "title").await, ["临江新闻"]);
    let set = async |script: &str, until: &str| {
        stage
            .browser
            .script(&format!("const news = document.querySelector('finews-headlines'); {script}"))
            .await;
        stage.browser.until(&format!("(news => {until})(document.querySelector('finews-headlines'))")).await;
    };
    let title = "news.shadowRoot.querySelector('[part=title]').textContent";
    set("news.setAttribute('category', 'EMNEWS')", &format!("{title} === '东财滚动新闻'")).await;
    set("news.tag = 'shipping'", &format!("{title} === 'shipping'")).await;
    let link = "news.shadowRoot.querySelector('[part=title]').href";
    set("news.quote = '1.000001'", &format!("{link}.endsWith('/quote/1.000001')")).await;
    set(
        "news.removeAttribute('quote'); news.removeAttribute('tag'); news.limit = 7",
        "news.shadowRoot.querySelectorAll('li').length === 7",
    )
    .await;
    assert_eq!(stage.texts("finews-headlines", "summary").await, Vec::<String>::new());
    // The rows of a category have no summaries; these come from the days.
    set("news.summary = true", "news.shadowRoot.querySelectorAll('[part=summary]').length >= 6").await;
    set("news.target = '_blank'", "news.shadowRoot.querySelector('[part=headline]').target === '_blank'")
        .await;
    let date = "news.shadowRoot.querySelector('time').textContent";
    set("news.lang = 'en-GB'", &format!("{date} === '26 May'")).await;
    // A language that no browser knows gives dates in ISO form.
    set("news.lang = 'no such language'", &format!("{date} === '2026-05-26'")).await;
    let background = "getComputedStyle(news.shadowRoot.querySelector('section')).backgroundColor";
    set("news.theme = 'dark'", &format!("{background} === 'rgb(21, 23, 26)'")).await;
    set("news.theme = 'light'", &format!("{background} === 'rgb(251, 250, 246)'")).await;
    // Properties reflect the attributes.
    let properties = stage.browser.script(
        "const news = document.querySelector('finews-headlines');
        return [news.category, news.tag, news.quote, news.limit, news.theme, news.lang, news.summary, news.refresh ?? null, news.target, news.src]",
    );
    assert_eq!(
        properties.await,
        json!(["EMNEWS", "", "", 7, "light", "no such language", true, null, "_blank", ""])
    );
    for (limit, expected) in [("0", 5), ("-3", 1), ("1000", 50), ("x", 5)] {
        let set = format!(
            "const news = document.querySelector('finews-headlines'); news.setAttribute('limit', {limit:?}); return news.limit"
        );
        assert_eq!(stage.browser.script(&set).await, json!(expected), "limit={limit}");
    }
    stage.end().await;
}

async fn events_report_news_clicks_and_errors(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage
        .open("<finews-headlines id=\"a\" limit=\"3\" summary></finews-headlines><finews-headlines id=\"b\" category=\"no such\">Fallback</finews-headlines>")
        .await;
    stage.wait_for_headlines("#a", 3).await;
    stage.browser.until("events.length === 2").await;
    assert_eq!(
        stage.events("finews-load").await,
        [json!({ "name": "finews-load", "id": "a", "title": "临江新闻", "count": 3 })]
    );
    let error = &stage.events("finews-error").await[0];
    assert_eq!((&error["id"], &error["reason"]), (&json!("b"), &json!("unknown")));
    assert!(error["message"].as_str().unwrap().contains("no such category"));
    // A click that the page cancels does not navigate.
    stage.browser.script("document.querySelector('#a').addEventListener('finews-open', e => e.preventDefault(), { once: true })").await;
    let link = stage
        .browser
        .script("return document.querySelector('#a').shadowRoot.querySelectorAll('[part=headline]')[1].href")
        .await;
    stage
        .browser
        .script("document.querySelector('#a').shadowRoot.querySelectorAll('[part=headline]')[1].click()")
        .await;
    let opened = stage.events("finews-open").await;
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0]["url"], link);
    assert!(opened[0]["time"].as_str().unwrap().starts_with("2026-05-26T"), "{opened:?}");
    assert!(
        ["title", "category", "summary"].iter().all(|name| !opened[0][name].as_str().unwrap().is_empty()),
        "{opened:?}"
    );
    assert!(stage.browser.client.current_url().await.unwrap().as_str().starts_with(&stage.pages.url));
    assert_eq!(stage.browser.script("return [...errors, ...violations]").await, json!([]));
    // The browser handles any other click.
    stage
        .browser
        .script("document.querySelector('#a').shadowRoot.querySelectorAll('[part=headline]')[1].click()")
        .await;
    stage.browser.until(&format!("location.origin === {:?}", stage.site.url)).await;
    stage.browser.close().await;
}

async fn the_element_s_own_content_is_visible_until_the_news_is_loaded_and_after_failures(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.site.fail("manifest.json", Fault::Hold);
    let body = format!("{PLAIN}<finews-headlines id=\"empty\"></finews-headlines>");
    stage.open(&body).await;
    let fallback = "document.querySelector('#empty').shadowRoot.querySelector('[part=fallback]')";
    stage.browser.until("document.querySelector('finews-headlines').shadowRoot").await;
    assert_eq!(
        stage
            .browser
            .script(&format!(
                "return [{OWN_CONTENT_IS_VISIBLE_SCRIPT}, {fallback}.getBoundingClientRect().height > 0]"
            ))
            .await,
        json!([true, true])
    );
    assert_eq!(
        stage.browser.script(&format!("return {fallback}.href")).await,
        json!(format!("{}/", stage.site.url))
    );
    stage.site.heal();
    stage.wait_for_headlines("finews-headlines", 5).await;
    assert_eq!(stage.browser.script(&format!("return {OWN_CONTENT_IS_VISIBLE_SCRIPT}")).await, json!(false));
    // If the site has no such list, the element's own content is visible again. (If the network fails, drawn
    // headlines stay: see `network.rs`.)
    stage.browser.script("document.querySelector('finews-headlines').category = 'no such'").await;
    stage.browser.until(OWN_CONTENT_IS_VISIBLE_SCRIPT).await;
    stage.browser.script("document.querySelector('finews-headlines').removeAttribute('category')").await;
    stage.wait_for_headlines("finews-headlines", 5).await;
    assert_eq!(stage.browser.script("return [...errors, ...violations]").await, json!([]));
    // The program itself fails to load. Each host is new, so no copy is cached. After a failure, the program
    // is loaded again when next needed.
    for (part, fault) in [
        ("/assets/headlines-", Fault::Refuse),
        ("/assets/headlines-", Fault::Stall),
        ("/assets/headlines-", Fault::Damage),
    ] {
        let other = Host::sample().await;
        other.fail(part, fault);
        let head = script_with_short_timeouts(&other);
        stage.browser.client.goto(&stage.pages.put("/", "", &head, PLAIN)).await.unwrap();
        stage.browser.until("events.length === 1").await;
        let event = &stage.events("finews-error").await[0];
        assert_eq!(event["reason"], "program", "{part}: {fault:?}");
        assert!(!event["message"].as_str().unwrap().contains("[object"), "{event}");
        assert_eq!(
            stage.browser.script(&format!("return {OWN_CONTENT_IS_VISIBLE_SCRIPT}")).await,
            json!(true),
            "{part}: {fault:?}"
        );
        other.heal();
        stage.browser.script("document.querySelector('finews-headlines').limit = 2").await;
        stage.wait_for_headlines("finews-headlines", 2).await;
    }
    stage.browser.close().await;
}

async fn elements_are_added_moved_removed_and_defined_late(engine: Engine) {
    let stage = Stage::sample(engine).await;
    // An element is created before the script loads, with properties as a framework sets them. The script is
    // loaded twice, once under its pinned name.
    let pinned = pinned(&stage.site);
    let head = format!(
        "<script nonce=\"early\">const early = document.createElement('finews-headlines'); early.id = 'early'; early.limit = 2; early.category = 'emnews'; early.summary = false;
            addEventListener('DOMContentLoaded', () => document.body.append(early))</script>{}<script type=\"module\" src=\"{}\"></script>",
        stage.script(),
        pinned.url
    );
    let url = stage.pages.put("/", "", &head, "<div id=\"one\"></div><div id=\"two\"></div>");
    stage.browser.client.goto(&url).await.unwrap();
    stage.wait_for_headlines("#early", 2).await;
    assert_eq!(
        stage.browser.script("return [early.getAttribute('category'), early.hasAttribute('summary')]").await,
        json!(["emnews", false])
    );
    stage
        .browser
        .script("const late = document.createElement('finews-headlines'); late.id = 'late'; late.limit = 3; document.querySelector('#one').append(late)")
        .await;
    stage.wait_for_headlines("#late", 3).await;
    // An element that is moved, or removed and inserted again, shows its headlines without a new request.
    let requests_before = stage.site.requests_for("manifest.json");
    stage.browser.script("document.querySelector('#two').append(document.querySelector('#late'))").await;
    stage.wait_for_headlines("#late", 3).await;
    stage.browser.script("window.out = document.querySelector('#late'); out.remove(); out.limit = 4; document.querySelector('#one').append(out)").await;
    stage.wait_for_headlines("#late", 4).await;
    stage.browser.script("for (let at = 0; at < 50; at++) { out.remove(); document.querySelector('#two').append(out); out.limit = at % 5 + 1 }").await;
    stage.wait_for_headlines("#late", 5).await;
    stage
        .browser
        .script("const copy = out.cloneNode(true); copy.id = 'copy'; document.body.append(copy)")
        .await;
    stage.wait_for_headlines("#copy", 5).await;
    assert_eq!(stage.site.requests_for("manifest.json"), requests_before);
    // A framework may set a property to `undefined` or `null`. These do not become text.
    stage.browser.script("for (const name of ['category', 'target', 'limit', 'refresh']) { out[name] = 'x'; out[name] = undefined; out[name] = null }").await;
    assert_eq!(
        stage.browser.script("return out.outerHTML.includes('undefined') || out.outerHTML.includes('null') || out.hasAttribute('category')").await,
        json!(false)
    );
    // An element may be removed before it is shown.
    stage.browser.script("const gone = document.createElement('finews-headlines'); document.body.append(gone); gone.limit = 9; gone.remove()").await;
    stage.browser.script("document.querySelector('#late').category = 'techweb'").await;
    stage.browser.until("document.querySelector('#late').shadowRoot.querySelector('[part=title]').href.endsWith('/techweb/')").await;
    stage.end().await;
}

async fn in_another_document_the_element_s_own_content_is_visible(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.open(&format!("{PLAIN}<iframe srcdoc=\"<p>\"></iframe>")).await;
    stage.wait_for_headlines("finews-headlines", 5).await;
    stage.browser.until("document.querySelector('iframe').contentDocument.querySelector('p')").await;
    stage.browser.script("window.news = document.querySelector('finews-headlines'); document.querySelector('iframe').contentDocument.body.append(news)").await;
    stage.browser.until("!news.shadowRoot.querySelector('section')").await;
    stage.browser.script("document.body.append(news)").await;
    stage.wait_for_headlines("finews-headlines", 5).await;
    let display = "getComputedStyle(news.shadowRoot.querySelector('section')).display + getComputedStyle(news.shadowRoot.querySelector('.box')).containerType";
    assert_eq!(stage.browser.script(&format!("return {display}")).await, json!("flexinline-size"));
    stage.end().await;
}

/// After ten cycles of adding and removing elements, Chromium counts as many nodes as before, no more
/// listeners, and less than 100 KB more heap.
async fn ten_cycles_leave_no_node_and_no_listener_behind(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.open("<div></div>").await;
    stage.browser.until("customElements.get('finews-headlines')").await;
    stage.browser.devtools("Performance.enable", json!({})).await;
    let cycle = async || {
        stage.browser.script("document.querySelector('div').innerHTML = '<finews-headlines category=\"emnews\"></finews-headlines><finews-headlines summary></finews-headlines>'").await;
        stage.wait_for_headlines("finews-headlines", 5).await;
        stage.wait_for_headlines("finews-headlines:last-child", 5).await;
        stage.browser.script("document.querySelector('div').replaceChildren(); events.length = 0").await;
    };
    let counts = async || {
        for _ in 0..3 {
            stage.browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
        }
        let metrics = stage.browser.ask_devtools("Performance.getMetrics", json!({})).await;
        let metric = |name: &str| {
            metrics["metrics"].as_array().unwrap().iter().find(|metric| metric["name"] == name).unwrap()["value"].as_f64().unwrap()
        };
        (metric("Nodes"), metric("JSEventListeners"), metric("JSHeapUsedSize"))
    };
    for _ in 0..2 {
        cycle().await;
    }
    let (nodes, listeners, heap) = counts().await;
    for _ in 0..10 {
        cycle().await;
    }
    let (nodes_after, listeners_after, heap_after) = counts().await;
    println!(
        "after ten cycles: {} more nodes, {} more listeners, {:.0} KB more heap",
        nodes_after - nodes,
        listeners_after - listeners,
        (heap_after - heap) / 1000.0
    );
    // There may be fewer listeners: those of the first requests' timeouts are removed after twenty seconds.
    assert_eq!((nodes_after - nodes, (listeners_after - listeners).max(0.0)), (0.0, 0.0));
    assert!(heap_after - heap < 100_000.0, "{heap} bytes of heap became {heap_after}");
    stage.end().await;
}
