//! The widget's own pages and its documentation.

use super::stage::*;
use fantoccini::Locator;
use serde_json::{Value, json};
use testkit::{Engine, in_every_engine};

in_every_engine!(
    a_frame_shows_news_and_reports_its_height [sampled],
    a_frame_without_scripts_can_be_read [lacking both "has no way for a test to switch JavaScript off"],
    the_examples_page_gives_code_that_works,
    the_widget_s_documentation_matches_the_code,
);

async fn a_frame_shows_news_and_reports_its_height(engine: Engine) {
    let (_folder, stage) = Stage::sample_with_base_url(engine).await;
    let frame = |sandbox: &str| {
        format!(
            "<iframe src=\"{}/embed/?category=emnews&limit=4&theme=dark\" title=\"News\" sandbox=\"{sandbox}\" width=\"480\" height=\"420\"></iframe>
            <script nonce=\"notes\">
                window.heights = [];
                addEventListener('message', ({{ data }}) => data?.type === 'finews-height' && heights.push(data.height));
                const ask = () => {{ document.querySelector('iframe').contentWindow.postMessage('finews-height', '*'); if (!heights.length) setTimeout(ask, 50) }};
                ask();
            </script>",
            stage.site.url
        )
    };
    let policy = format!("default-src 'none'; script-src 'nonce-notes'; frame-src {}", stage.site.url);
    let url = stage.pages.put("/", &policy, "", &frame("allow-scripts allow-popups"));
    stage.browser.client.goto(&url).await.unwrap();
    stage.browser.until("heights.length").await;
    let iframe = stage.browser.client.find(Locator::Css("iframe")).await.unwrap();
    let height = stage.browser.script("return heights.at(-1)").await;
    iframe.enter_frame().await.unwrap();
    stage.wait_for_headlines("finews-headlines", 4).await;
    assert_eq!(stage.texts("finews-headlines", "title").await, ["东财滚动新闻"]);
    let measured = stage.browser.script("const news = document.querySelector('finews-headlines'); return [news.getBoundingClientRect().height, news.theme, news.shadowRoot.querySelector('[part=headline]').target]").await;
    assert!((measured[0].as_f64().unwrap() - height.as_f64().unwrap()).abs() < 1.0, "{measured} {height}");
    assert_eq!((&measured[1], &measured[2]), (&json!("dark"), &json!("_blank")));
    stage.browser.client.clone().enter_parent_frame().await.unwrap();
    assert_eq!(stage.browser.script("return violations").await, json!([]));
}

/// Without scripts, the frame shows the newest headlines if pages are prerendered, otherwise a link to the site.
async fn a_frame_without_scripts_can_be_read(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let url = stage.pages.put(
        "/",
        "",
        "",
        &format!(
            "<iframe src=\"{}/embed/\" title=\"News\" sandbox=\"allow-popups\"></iframe>",
            stage.site.url
        ),
    );
    stage.browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    stage.browser.client.goto(&url).await.unwrap();
    stage.browser.client.find(Locator::Css("iframe")).await.unwrap().enter_frame().await.unwrap();
    let links = stage.browser.client.find_all(Locator::Css("finews-headlines a")).await.unwrap();
    let expected = if testkit::setup::prerender() == "0" { 1 } else { 10 };
    assert_eq!(links.len(), expected);
}

/// A reader chooses options, sees the widget, and copies the code.
async fn the_examples_page_gives_code_that_works(engine: Engine) {
    let (_folder, stage) = Stage::sample_with_base_url(engine).await;
    stage.browser.client.goto(&format!("{}/embed/examples/", stage.site.url)).await.unwrap();
    stage.wait_for_headlines("finews-headlines", 5).await;
    stage.browser.script(
        "const form = document.forms[0]; form.list.value = 'category'; form.limit.value = 3; form.theme.value = 'dark'; form.summary.checked = true; form.pinned.checked = true;
        form.dispatchEvent(new Event('input'))",
    ).await;
    stage.wait_for_headlines("finews-headlines", 3).await;
    stage.browser.until("document.querySelector('#script').textContent.includes('limit=\"3\"')").await;
    let [script, frame] =
        ["#script", "#frame"].map(|code| format!("return document.querySelector({code:?}).textContent"));
    let (script, frame) = (stage.browser.script(&script).await, stage.browser.script(&frame).await);
    let (script, frame) = (script.as_str().unwrap(), frame.as_str().unwrap());
    let (head, body) = script.split_once('\n').unwrap();
    assert!(
        head.contains("integrity=\"sha256-")
            && body.contains("category=\"emnews\"")
            && body.contains("theme=\"dark\" summary"),
        "{script}"
    );
    let url = stage.pages.put("/", "", head, &format!("{body}{frame}"));
    stage.browser.client.goto(&url).await.unwrap();
    stage.wait_for_headlines("finews-headlines", 3).await;
    stage.browser.client.find(Locator::Css("iframe")).await.unwrap().enter_frame().await.unwrap();
    stage.wait_for_headlines("finews-headlines", 3).await;
    stage.browser.client.clone().enter_parent_frame().await.unwrap();
    stage.end().await;
}

/// docs/widget.md, custom-elements.json and the type definitions agree with the code.
async fn the_widget_s_documentation_matches_the_code(engine: Engine) {
    let manifest: Value =
        serde_json::from_str(&repository_file("public/embed/custom-elements.json")).unwrap();
    let element = &manifest["modules"][0]["declarations"][0];
    let names = |list: &str| -> Vec<String> {
        element[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let (docs, types) =
        (repository_file("docs/widget.md"), repository_file("public/embed/finews-headlines.d.ts"));
    let in_table = |begin: &str| -> Vec<String> {
        let rows = docs
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
            .filter(|name| name.starts_with(begin));
        rows.map(str::to_owned).collect()
    };
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names.dedup();
        names
    };
    // Attributes and properties, from the element itself.
    let stage = Stage::sample(engine).await;
    stage.open("<finews-headlines summary></finews-headlines><div style=\"width: 1000px\"><finews-headlines></finews-headlines></div>").await;
    stage.wait_for_headlines("finews-headlines", 5).await;
    stage.wait_for_headlines("div finews-headlines", 5).await;
    let observed =
        stage.browser.script("return customElements.get('finews-headlines').observedAttributes").await;
    let observed: Vec<String> = serde_json::from_value(observed).unwrap();
    assert_eq!(sorted(names("attributes")), sorted(observed.clone()));
    let section = docs.split_once("## Attributes").and_then(|(_, rest)| rest.split("\n## ").next()).unwrap();
    let documented =
        section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).map(str::to_owned);
    assert_eq!(sorted(documented.collect()), sorted(observed.clone()));
    for name in &observed {
        let is_property = stage
            .browser
            .script(&format!("return {name:?} in document.querySelector('finews-headlines')"))
            .await;
        assert_eq!(is_property, json!(true), "{name}");
        assert!(name == "lang" || types.contains(&format!("  {name}: ")), "{name} is not among the types");
    }
    assert_eq!(sorted(names("members")), sorted(observed));
    // Events, from the scripts.
    let scripts = ["element", "program", "site", "archive", "view"]
        .map(|name| repository_file(&format!("web/widget/{name}.js")))
        .concat();
    let sent: Vec<String> = scripts
        .split('"')
        .filter(|text| text.starts_with("finews-") && *text != "finews-headlines")
        .map(str::to_owned)
        .collect();
    assert_eq!(sorted(names("events")), sorted(sent.clone()));
    assert_eq!(sorted(in_table("finews-")), sorted(sent.clone()));
    assert!(sent.iter().all(|name| types.contains(&format!("\"{name}\": CustomEvent"))));
    // Variables, from the style sheets.
    let sheets = ["element", "widget"].map(|name| repository_file(&format!("style/{name}.css"))).concat();
    let used: Vec<String> = sheets
        .split("var(")
        .skip(1)
        .filter_map(|text| text.split([',', ')']).next())
        .filter(|name| name.starts_with("--finews-"))
        .map(str::to_owned)
        .collect();
    assert_eq!(sorted(names("cssProperties")), sorted(used.clone()));
    assert_eq!(sorted(in_table("--finews-")), sorted(used));
    // Parts, from the shadow tree.
    let parts = "return [...document.querySelectorAll('finews-headlines')].flatMap(e => [...e.shadowRoot.querySelectorAll('[part]')]).map(e => e.part.value)";
    let parts: Vec<String> = serde_json::from_value(stage.browser.script(parts).await).unwrap();
    assert_eq!(sorted(names("cssParts")), sorted(parts.clone()));
    let section = docs.split_once("## Parts").and_then(|(_, rest)| rest.split("\n## ").next()).unwrap();
    let documented =
        section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).map(str::to_owned);
    assert_eq!(sorted(documented.collect()), sorted(parts));
    stage.end().await;
}
