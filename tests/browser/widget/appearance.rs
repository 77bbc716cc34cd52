//! The widget's appearance on a page.

use super::stage::*;
use serde_json::json;
use testkit::{Engine, Fault, in_every_engine};

in_every_engine!(
    a_hostile_style_sheet_does_not_affect_the_widget,
    the_widget_s_height_is_reserved_at_every_width,
    on_a_right_to_left_page_the_widget_is_mirrored,
);

async fn a_hostile_style_sheet_does_not_affect_the_widget(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let hostile = "<style>
        * { all: unset !important; color: red !important; font: 40px/3 cursive !important; letter-spacing: 9px !important; text-transform: uppercase !important;
            margin: 30px !important; padding: 30px !important; border: 9px solid red !important; background: lime !important; text-align: right !important; }
        a { display: none !important; } li { float: left !important; } html { font-size: 4px !important; line-height: 0; visibility: visible; cursor: wait }
    </style>";
    let computed_styles = "(() => {
        const inside = document.querySelector('finews-headlines').shadowRoot;
        return [...inside.querySelectorAll('section, section [part]')].map(element => {
            const { color, fontSize, fontFamily, lineHeight, letterSpacing, textTransform, textAlign, display, float, margin, padding, borderTopWidth, backgroundColor, cursor } = getComputedStyle(element);
            return [element.part.value, color, fontSize, fontFamily, lineHeight, letterSpacing, textTransform, textAlign, display, float, margin, padding, borderTopWidth, backgroundColor, cursor];
        });
    })()";
    let mut seen = Vec::new();
    for head in ["", hostile] {
        let url = stage.pages.put("/", "", &format!("{}{head}", stage.script()), PLAIN);
        stage.browser.client.goto(&url).await.unwrap();
        // The style sheet makes the page's scripts visible as text above the widget, which may push it out of
        // view.
        stage.browser.script("document.querySelector('finews-headlines').scrollIntoView()").await;
        stage.wait_for_headlines("finews-headlines", 5).await;
        seen.push(stage.browser.script(&format!("return {computed_styles}")).await);
    }
    for (without, with) in seen[0].as_array().unwrap().iter().zip(seen[1].as_array().unwrap()) {
        assert_eq!(without, with);
    }
    assert_eq!(seen[0].as_array().unwrap().len(), seen[1].as_array().unwrap().len());
    // A page may set variables and style parts.
    let page_style = "<style>finews-headlines { --finews-ink: rgb(1, 2, 3); --finews-size: 20px } finews-headlines::part(title) { color: rgb(4, 5, 6) }</style>";
    let url = stage.pages.put("/", "", &format!("{}{page_style}", stage.script()), PLAIN);
    stage.browser.client.goto(&url).await.unwrap();
    stage.wait_for_headlines("finews-headlines", 5).await;
    let style = |part: &str, name: &str| {
        format!(
            "getComputedStyle(document.querySelector('finews-headlines').shadowRoot.querySelector('[part={part}]')).{name}"
        )
    };
    let styles_script = format!(
        "return [{}, {}, {}]",
        style("headline", "color"),
        style("headline", "fontSize"),
        style("title", "color")
    );
    assert_eq!(stage.browser.script(&styles_script).await, json!(["rgb(1, 2, 3)", "20px", "rgb(4, 5, 6)"]));
    stage.end().await;
}

async fn the_widget_s_height_is_reserved_at_every_width(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let widths = [160, 220, 300, 420, 800, 1200];
    let column = |width: &i32| {
        format!(
            "<div style=\"width: {width}px\"><finews-headlines limit=\"4\"></finews-headlines><finews-headlines summary></finews-headlines></div>"
        )
    };
    let body: String = widths.iter().map(column).collect();
    stage.site.fail("manifest.json", Fault::Hold);
    stage.open(&body).await;
    let heights =
        "[...document.querySelectorAll('finews-headlines')].map(e => e.getBoundingClientRect().height)";
    stage.browser.until("[...document.querySelectorAll('finews-headlines')].every(e => e.shadowRoot)").await;
    stage
        .browser
        .until("performance.getEntriesByType('resource').some(e => e.name.includes('/assets/headlines-'))")
        .await;
    let before = stage.browser.script(&format!("return {heights}")).await;
    stage.site.heal();
    for at in 0..2 * widths.len() {
        stage
            .browser
            .script(&format!("document.querySelectorAll('finews-headlines')[{at}].scrollIntoView()"))
            .await;
        stage.browser.until(&format!("document.querySelectorAll('finews-headlines')[{at}].shadowRoot.querySelector('[part=headline]')")).await;
    }
    assert_eq!(stage.browser.script(&format!("return {heights}")).await, before);
    // Everything fits, and no headline is cut within a line.
    let overflowing = "[...document.querySelectorAll('finews-headlines')].flatMap(e => {
        const body = e.shadowRoot.querySelector('.body');
        const cut = [...e.shadowRoot.querySelectorAll('li')].filter(li => li.scrollHeight > li.clientHeight + 1).map(li => `${e.clientWidth}: ${li.textContent} ${li.scrollHeight} > ${li.clientHeight}`);
        return body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth ? [`${e.clientWidth}: ${body.scrollHeight} > ${body.clientHeight}`, ...cut] : cut;
    })";
    assert_eq!(stage.browser.script(&format!("return {overflowing}")).await, json!([]));
    // A flex container, which sizes the element by its content, gives it at least the supported 160 pixels.
    stage.open(&format!("<div style=\"display: flex\">{PLAIN}</div>")).await;
    stage.wait_for_headlines("finews-headlines", 5).await;
    let width = stage.browser.script("return document.querySelector('finews-headlines').clientWidth").await;
    assert!(width.as_f64().unwrap() >= 160.0, "{width}");
    stage.end().await;
}

async fn on_a_right_to_left_page_the_widget_is_mirrored(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.open(&format!("<div dir=\"rtl\" style=\"width: 500px\">{PLAIN}</div>")).await;
    stage.wait_for_headlines("finews-headlines", 5).await;
    let order = "const [time, headline] = ['time', 'headline'].map(part => document.querySelector('finews-headlines').shadowRoot.querySelector(`[part=${part}]`).getBoundingClientRect());
        return time.left > headline.left";
    assert_eq!(stage.browser.script(order).await, json!(true));
    stage.end().await;
}
