//! The widget on a page of another origin: what it shows and says, its life, its manners, in three engines.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use fantoccini::Locator;
use serde_json::{Value, json};

use testkit::sites::build_for;
use testkit::{Browser, DESKTOP, Engine, Fault, Host, in_every_engine, injected_scripts};

in_every_engine!(
    each_attribute_and_property_changes_what_is_shown [sampled],
    events_tell_of_news_of_clicks_and_of_what_is_wrong,
    what_stands_inside_is_seen_until_the_news_is_there_and_when_it_cannot_be,
    whatever_a_host_does_is_said_and_news_come_when_it_is_over [sampled],
    nothing_is_loaded_before_an_element_is_near,
    twenty_elements_share_one_download,
    elements_are_added_moved_removed_and_made_late [sampled],
    a_strict_page_with_trusted_types_has_nothing_to_report [sampled],
    a_pinned_script_runs_and_what_was_changed_behind_it_does_not [sampled],
    a_hostile_style_sheet_does_not_reach_in,
    its_height_is_reserved_at_every_width,
    a_page_from_right_to_left_is_mirrored,
    news_comes_by_itself_to_who_sees_the_page,
    a_frame_shows_news_and_tells_its_height [sampled],
    other_sites_are_shown_by_their_address,
    a_hostile_bundle_leads_nowhere_but_to_its_site [sampled],
    another_document_shows_what_stands_inside,
    a_frame_without_scripts_can_be_read [lacking both "has no way for a test to switch JavaScript off"],
    ten_cycles_leave_no_node_and_no_listener_behind [lacking both "does not tell how many nodes and listeners a page has"],
    the_page_of_examples_gives_code_that_works,
    what_is_written_of_the_widget_is_so,
);

/// A host of pages that embed the widget: HTML by path, with a policy.
#[derive(Clone)]
struct Pages {
    url: String,
    pages: Arc<Mutex<BTreeMap<String, (String, String)>>>,
}

impl Pages {
    async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let pages = Self { url: format!("http://{}", listener.local_addr().unwrap()), pages: Arc::default() };
        let router = Router::new().fallback(page).with_state(pages.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        pages
    }

    /// Puts a page there and tells its address. It takes note of the widget's events, of errors and of
    /// violations of its policy.
    fn put(&self, path: &str, policy: &str, head: &str, body: &str) -> String {
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>A page of somebody's</title><script nonce=\"notes\">
                window.said = []; window.errors = []; window.violations = [];
                // Waits of seconds are for the next look for news.
                const wait = setTimeout;
                window.waits = 0;
                window.setTimeout = (what, time, ...more) => {{ if (time > 1000) waits++; return wait(what, time, ...more) }};
                window.hide = () => Object.defineProperty(document, 'visibilityState', {{ value: 'hidden', configurable: true }});
                window.later = (time) => {{ const now = Date.now; Date.now = () => now() + time }};
                window.unhide = () => delete document.visibilityState;
                for (const name of ['finews-load', 'finews-error', 'finews-open']) addEventListener(name, e => said.push({{ name, id: e.target.id, ...e.detail }}));
                addEventListener('error', e => errors.push(e.message));
                addEventListener('unhandledrejection', e => errors.push(`${{e.reason}}`));
                // The picture that browsers ask of a page's host by themselves is no doing of the widget's.
                addEventListener('securitypolicyviolation', e => e.blockedURI.endsWith('/favicon.ico') || violations.push(`${{e.violatedDirective}} ${{e.blockedURI}}`));
            </script>{head}<body>{body}"
        );
        self.pages.lock().unwrap().insert(path.to_owned(), (policy.to_owned(), html));
        format!("{}{path}", self.url)
    }
}

async fn page(State(pages): State<Pages>, request: Request) -> Response {
    let found = pages.pages.lock().unwrap().get(request.uri().path()).cloned();
    let Some((policy, html)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = Html(html).into_response();
    if !policy.is_empty() {
        response.headers_mut().insert(
            HeaderName::from_static("content-security-policy"),
            HeaderValue::from_str(&policy).unwrap(),
        );
    }
    response
}

/// A site, a page of another origin, and a browser that has opened it.
struct Stage {
    site: Host,
    pages: Pages,
    browser: Browser,
}

impl Stage {
    async fn of(engine: Engine, site: Host) -> Self {
        Self { site, pages: Pages::new().await, browser: Browser::open(engine, DESKTOP).await }
    }

    async fn sample(engine: Engine) -> Self {
        Self::of(engine, Host::sample().await).await
    }

    /// The sample site, built with its address: in a frame without an origin Safari needs it.
    async fn addressed(engine: Engine) -> (tempfile::TempDir, Self) {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::of(folder.path()).await;
        build_for(&testkit::setup::sample_posts(), folder.path(), &["--base-url", &format!("{}/", host.url)]);
        (folder, Self::of(engine, host).await)
    }

    /// The line that a page has in its head.
    fn script(&self) -> String {
        format!("<script type=\"module\" src=\"{}/widget.js\"></script>", self.site.url)
    }

    /// Opens a page with this body.
    async fn open(&self, body: &str) {
        let url = self.pages.put("/", "", &self.script(), body);
        self.browser.client.goto(&url).await.unwrap();
    }

    /// The texts of a part of an element, by the element's selector.
    async fn texts(&self, element: &str, part: &str) -> Vec<String> {
        let script = format!(
            "return [...document.querySelector({element:?}).shadowRoot.querySelectorAll('[part={part}]')].map(e => e.textContent)"
        );
        serde_json::from_value(self.browser.script(&script).await).unwrap()
    }

    /// Waits until an element shows so many headlines.
    async fn shows(&self, element: &str, count: usize) {
        self.browser.until(&format!("{} === {count}", headlines(element))).await;
    }

    /// What the page was told by events of a name.
    async fn said(&self, name: &str) -> Vec<Value> {
        let said = self.browser.script(&format!("return said.filter(said => said.name === {name:?})")).await;
        said.as_array().cloned().unwrap_or_default()
    }

    /// Closes the browser, in which nothing has gone wrong.
    async fn end(self) {
        assert_eq!(self.browser.script("return [...errors, ...violations]").await, json!([]));
        self.browser.close().await;
    }
}

/// How many headlines an element shows, as a script counts them.
fn headlines(element: &str) -> String {
    format!("document.querySelector({element:?}).shadowRoot.querySelectorAll('[part=headline]').length")
}

/// The line that a page in a hurry has in its head.
fn hurried_script(site: &Host) -> String {
    format!(
        "<script nonce=\"notes\">{{{}}}</script><script type=\"module\" src=\"{}/widget.js\"></script>",
        injected_scripts::HURRY,
        site.url
    )
}

/// Whether what stands in an element is seen.
const IS_SEEN: &str = "document.querySelector('finews-headlines a').getBoundingClientRect().height > 0";

const PLAIN: &str = "<finews-headlines><a href=\"https://news.example/\">News</a></finews-headlines>";

async fn each_attribute_and_property_changes_what_is_shown(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.open("<finews-headlines limit=\"4\"></finews-headlines>").await;
    stage.shows("finews-headlines", 4).await;
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
    // A category's rows have no summaries of their own: they are read of the days.
    set("news.summary = true", "news.shadowRoot.querySelectorAll('[part=summary]').length >= 6").await;
    set("news.target = '_blank'", "news.shadowRoot.querySelector('[part=headline]').target === '_blank'")
        .await;
    let date = "news.shadowRoot.querySelector('time').textContent";
    set("news.lang = 'en-GB'", &format!("{date} === '26 May'")).await;
    // What no browser knows is told as the standard writes it.
    set("news.lang = 'no such language'", &format!("{date} === '2026-05-26'")).await;
    let paper = "getComputedStyle(news.shadowRoot.querySelector('section')).backgroundColor";
    set("news.theme = 'dark'", &format!("{paper} === 'rgb(21, 23, 26)'")).await;
    set("news.theme = 'light'", &format!("{paper} === 'rgb(251, 250, 246)'")).await;
    // Properties say what attributes do.
    let properties = stage.browser.script(
        "const news = document.querySelector('finews-headlines');
        return [news.category, news.tag, news.quote, news.limit, news.theme, news.lang, news.summary, news.refresh ?? null, news.target, news.src]",
    );
    assert_eq!(
        properties.await,
        json!(["EMNEWS", "", "", 7, "light", "no such language", true, null, "_blank", ""])
    );
    for (limit, is) in [("0", 5), ("-3", 1), ("1000", 50), ("x", 5)] {
        let set = format!(
            "const news = document.querySelector('finews-headlines'); news.setAttribute('limit', {limit:?}); return news.limit"
        );
        assert_eq!(stage.browser.script(&set).await, json!(is), "limit={limit}");
    }
    stage.end().await;
}

async fn events_tell_of_news_of_clicks_and_of_what_is_wrong(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage
        .open("<finews-headlines id=\"a\" limit=\"3\" summary></finews-headlines><finews-headlines id=\"b\" category=\"no such\">Fallback</finews-headlines>")
        .await;
    stage.shows("#a", 3).await;
    stage.browser.until("said.length === 2").await;
    assert_eq!(
        stage.said("finews-load").await,
        [json!({ "name": "finews-load", "id": "a", "title": "临江新闻", "count": 3 })]
    );
    let wrong = &stage.said("finews-error").await[0];
    assert_eq!((&wrong["id"], &wrong["reason"]), (&json!("b"), &json!("unknown")));
    assert!(wrong["message"].as_str().unwrap().contains("no such category"));
    // A click that the page deals with leads nowhere.
    stage.browser.script("document.querySelector('#a').addEventListener('finews-open', e => e.preventDefault(), { once: true })").await;
    let link = stage
        .browser
        .script("return document.querySelector('#a').shadowRoot.querySelectorAll('[part=headline]')[1].href")
        .await;
    stage
        .browser
        .script("document.querySelector('#a').shadowRoot.querySelectorAll('[part=headline]')[1].click()")
        .await;
    let opened = stage.said("finews-open").await;
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0]["url"], link);
    assert!(opened[0]["time"].as_str().unwrap().starts_with("2026-05-26T"), "{opened:?}");
    assert!(
        ["title", "category", "summary"].iter().all(|name| !opened[0][name].as_str().unwrap().is_empty()),
        "{opened:?}"
    );
    assert!(stage.browser.client.current_url().await.unwrap().as_str().starts_with(&stage.pages.url));
    assert_eq!(stage.browser.script("return [...errors, ...violations]").await, json!([]));
    // Any other is the browser's.
    stage
        .browser
        .script("document.querySelector('#a').shadowRoot.querySelectorAll('[part=headline]')[1].click()")
        .await;
    stage.browser.until(&format!("location.origin === {:?}", stage.site.url)).await;
    stage.browser.close().await;
}

async fn what_stands_inside_is_seen_until_the_news_is_there_and_when_it_cannot_be(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.site.fail("manifest.json", Fault::Hold);
    let body = format!("{PLAIN}<finews-headlines id=\"empty\"></finews-headlines>");
    stage.open(&body).await;
    let own = "document.querySelector('#empty').shadowRoot.querySelector('[part=fallback]')";
    stage.browser.until("document.querySelector('finews-headlines').shadowRoot").await;
    assert_eq!(
        stage.browser.script(&format!("return [{IS_SEEN}, {own}.getBoundingClientRect().height > 0]")).await,
        json!([true, true])
    );
    assert_eq!(
        stage.browser.script(&format!("return {own}.href")).await,
        json!(format!("{}/", stage.site.url))
    );
    stage.site.heal();
    stage.shows("finews-headlines", 5).await;
    assert_eq!(stage.browser.script(&format!("return {IS_SEEN}")).await, json!(false));
    // A question without an answer brings it back; what is shown stays when the network goes.
    stage.browser.script("document.querySelector('finews-headlines').category = 'no such'").await;
    stage.browser.until(IS_SEEN).await;
    stage.browser.script("document.querySelector('finews-headlines').removeAttribute('category')").await;
    stage.shows("finews-headlines", 5).await;
    assert_eq!(stage.browser.script("return [...errors, ...violations]").await, json!([]));
    // The program itself, of hosts that the browser has nothing of. A failed load is tried again when it is
    // next wanted.
    for (part, fault) in [
        ("/assets/headlines-", Fault::Refuse),
        ("/assets/headlines-", Fault::Stall),
        ("/assets/headlines-", Fault::Damage),
    ] {
        let other = Host::sample().await;
        other.fail(part, fault);
        let head = hurried_script(&other);
        stage.browser.client.goto(&stage.pages.put("/", "", &head, PLAIN)).await.unwrap();
        stage.browser.until("said.length === 1").await;
        let said = &stage.said("finews-error").await[0];
        assert_eq!(said["reason"], "program", "{part}: {fault:?}");
        assert!(!said["message"].as_str().unwrap().contains("[object"), "{said}");
        assert_eq!(
            stage.browser.script(&format!("return {IS_SEEN}")).await,
            json!(true),
            "{part}: {fault:?}"
        );
        other.heal();
        stage.browser.script("document.querySelector('finews-headlines').limit = 2").await;
        stage.shows("finews-headlines", 2).await;
    }
    stage.browser.close().await;
}

async fn whatever_a_host_does_is_said_and_news_come_when_it_is_over(engine: Engine) {
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
            // What an earlier one has left at hand would hide the fault.
            let site = Host::sample().await;
            site.fail(part, fault);
            let head = hurried_script(&site);
            let body = "<finews-headlines category=\"emnews\"><a href=\"https://news.example/\">News</a></finews-headlines>";
            stage.browser.client.goto(&stage.pages.put("/", "", &head, body)).await.unwrap();
            stage.browser.until("said.length === 1").await;
            assert_eq!(stage.said("finews-error").await[0]["reason"], reason, "{part}: {fault:?}");
            assert_eq!(
                stage.browser.script(&format!("return {IS_SEEN}")).await,
                json!(true),
                "{part}: {fault:?}"
            );
            site.heal();
            stage.browser.script("document.querySelector('finews-headlines').limit = 2").await;
            stage.shows("finews-headlines", 2).await;
            assert_eq!(
                stage.browser.script("return [...errors, ...violations]").await,
                json!([]),
                "{part}: {fault:?}"
            );
        }
    }
    stage.browser.close().await;
}

async fn nothing_is_loaded_before_an_element_is_near(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage
        .open(&format!("<p style=\"height: 5000px\">Words</p>{PLAIN}<p style=\"height: 2000px\"></p>"))
        .await;
    stage.browser.until("customElements.get('finews-headlines') && document.readyState === 'complete'").await;
    // Two frames, in which whoever watches is told.
    stage
        .browser
        .until_async(
            "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
        )
        .await;
    assert_eq!(
        (stage.site.asked("/assets/"), stage.site.asked("/bundle/"), stage.site.asked("/widget.js")),
        (0, 0, 1)
    );
    stage.browser.script("scrollTo(0, 4500)").await;
    stage.shows("finews-headlines", 5).await;
    // The newest of all need the manifest alone; and nothing global is there but the element's name.
    assert_eq!((stage.site.asked("/assets/"), stage.site.asked("/bundle/")), (1, 1));
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
        stage.shows(&format!("#n{at}"), at % 3 + 1).await;
    }
    // The program, in JavaScript alone (asked for with its checksum before it is imported); the manifest and
    // the list's directory.
    assert_eq!(
        (
            stage.site.asked("/assets/headlines-"),
            stage.site.asked("manifest.json"),
            stage.site.asked("/lists/")
        ),
        (1, 1, 1)
    );
    assert_eq!(stage.site.asked(".wasm"), 0);
    stage.end().await;
}

async fn elements_are_added_moved_removed_and_made_late(engine: Engine) {
    let stage = Stage::sample(engine).await;
    // Made before the script has come, with what a framework sets on it then; and the script twice, once by
    // its other name.
    let pinned = pinned(&stage.site);
    let head = format!(
        "<script nonce=\"early\">const early = document.createElement('finews-headlines'); early.id = 'early'; early.limit = 2; early.category = 'emnews'; early.summary = false;
            addEventListener('DOMContentLoaded', () => document.body.append(early))</script>{}<script type=\"module\" src=\"{}\"></script>",
        stage.script(),
        pinned.url
    );
    let url = stage.pages.put("/", "", &head, "<div id=\"one\"></div><div id=\"two\"></div>");
    stage.browser.client.goto(&url).await.unwrap();
    stage.shows("#early", 2).await;
    assert_eq!(
        stage.browser.script("return [early.getAttribute('category'), early.hasAttribute('summary')]").await,
        json!(["emnews", false])
    );
    stage
        .browser
        .script("const late = document.createElement('finews-headlines'); late.id = 'late'; late.limit = 3; document.querySelector('#one').append(late)")
        .await;
    stage.shows("#late", 3).await;
    // Moved and taken out and put back, it shows what it showed, without asking again.
    let asked = stage.site.asked("manifest.json");
    stage.browser.script("document.querySelector('#two').append(document.querySelector('#late'))").await;
    stage.shows("#late", 3).await;
    stage.browser.script("window.out = document.querySelector('#late'); out.remove(); out.limit = 4; document.querySelector('#one').append(out)").await;
    stage.shows("#late", 4).await;
    stage.browser.script("for (let at = 0; at < 50; at++) { out.remove(); document.querySelector('#two').append(out); out.limit = at % 5 + 1 }").await;
    stage.shows("#late", 5).await;
    stage
        .browser
        .script("const copy = out.cloneNode(true); copy.id = 'copy'; document.body.append(copy)")
        .await;
    stage.shows("#copy", 5).await;
    assert_eq!(stage.site.asked("manifest.json"), asked);
    // A framework's nothing is no word.
    stage.browser.script("for (const name of ['category', 'target', 'limit', 'refresh']) { out[name] = 'x'; out[name] = undefined; out[name] = null }").await;
    assert_eq!(
        stage.browser.script("return out.outerHTML.includes('undefined') || out.outerHTML.includes('null') || out.hasAttribute('category')").await,
        json!(false)
    );
    // Gone before it could be shown.
    stage.browser.script("const gone = document.createElement('finews-headlines'); document.body.append(gone); gone.limit = 9; gone.remove()").await;
    stage.browser.script("document.querySelector('#late').category = 'techweb'").await;
    stage.browser.until("document.querySelector('#late').shadowRoot.querySelector('[part=title]').href.endsWith('/techweb/')").await;
    stage.end().await;
}

/// What docs/widget.md gives for a strict page, but for the word that lets this one's own notes through.
fn strict(site: &str) -> String {
    let documented = environment_file("docs/widget.md");
    let line = documented
        .lines()
        .find(|line| line.starts_with("Content-Security-Policy: "))
        .expect("docs/widget.md has a policy");
    line.trim_start_matches("Content-Security-Policy: ")
        .replace("https://news.example", site)
        .replace("script-src", "script-src 'nonce-notes'")
}

async fn a_strict_page_with_trusted_types_has_nothing_to_report(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let policy = strict(&stage.site.url);
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
    stage.shows("finews-headlines", 5).await;
    let paper = "getComputedStyle(document.querySelector('finews-headlines').shadowRoot.querySelector('section')).display";
    assert_eq!(stage.browser.script(&format!("return {paper}")).await, json!("flex"), "its styles are there");
    stage.end().await;
    assert!(!policy.contains("unsafe"), "{policy}");
    // A page that lets the element's own script run and nothing that it loads shows what stands in the
    // element.
    let stage = Stage::sample(engine).await;
    let only = format!("script-src 'nonce-notes' {}/widget.js", stage.site.url);
    let url = stage.pages.put(
        "/",
        &strict(&stage.site.url).replace(&format!("script-src 'nonce-notes' {}", stage.site.url), &only),
        &stage.script(),
        PLAIN,
    );
    stage.browser.client.goto(&url).await.unwrap();
    stage.browser.until("said.length === 1").await;
    assert_eq!(stage.said("finews-error").await[0]["reason"], "program");
    assert_eq!(
        stage
            .browser
            .script("return document.querySelector('finews-headlines a').getBoundingClientRect().height > 0")
            .await,
        json!(true)
    );
}

/// The script of this version, and its checksum.
struct Pinned {
    url: String,
    integrity: String,
}

fn pinned(site: &Host) -> Pinned {
    let page =
        std::fs::read_to_string(testkit::setup::sample_site().join("embed/examples/index.html")).unwrap();
    let value = |name: &str| {
        page.split_once(&format!("{name}=\""))
            .and_then(|(_, rest)| rest.split('"').next())
            .unwrap()
            .to_owned()
    };
    let file = page
        .split_once("name=\"pinned\" type=\"checkbox\" value=\"")
        .and_then(|(_, rest)| rest.split('"').next())
        .unwrap();
    Pinned { url: format!("{}/{file}", site.url), integrity: value("data-integrity") }
}

/// A file by its path, from the root of the repository.
fn environment_file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

async fn a_pinned_script_runs_and_what_was_changed_behind_it_does_not(engine: Engine) {
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
    stage.shows("finews-headlines", 5).await;
    // A byte more or less in what it loads, and nothing of it runs. (Past what the browser holds.)
    let other = Host::sample().await;
    other.fail("/assets/headlines-", Fault::Damage);
    let Pinned { url, integrity } = pinned(&other);
    let head = format!(
        "<script type=\"module\" src=\"{url}\" integrity=\"{integrity}\" crossorigin=\"anonymous\"></script>"
    );
    let url = stage.pages.put("/", "", &head, PLAIN);
    stage.browser.client.goto(&url).await.unwrap();
    stage.browser.until("said.length === 1").await;
    assert_eq!(stage.said("finews-error").await[0]["reason"], "program");
    assert_eq!(stage.browser.script(&format!("return {}", headlines("finews-headlines"))).await, json!(0));
}

async fn a_hostile_style_sheet_does_not_reach_in(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let hostile = "<style>
        * { all: unset !important; color: red !important; font: 40px/3 cursive !important; letter-spacing: 9px !important; text-transform: uppercase !important;
            margin: 30px !important; padding: 30px !important; border: 9px solid red !important; background: lime !important; text-align: right !important; }
        a { display: none !important; } li { float: left !important; } html { font-size: 4px !important; line-height: 0; visibility: visible; cursor: wait }
    </style>";
    let looks = "(() => {
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
        // The sheet shows the page's scripts as text, above it.
        stage.browser.script("document.querySelector('finews-headlines').scrollIntoView()").await;
        stage.shows("finews-headlines", 5).await;
        seen.push(stage.browser.script(&format!("return {looks}")).await);
    }
    for (without, with) in seen[0].as_array().unwrap().iter().zip(seen[1].as_array().unwrap()) {
        assert_eq!(without, with);
    }
    assert_eq!(seen[0].as_array().unwrap().len(), seen[1].as_array().unwrap().len());
    // What a page is to change, it can: by variables and parts.
    let own = "<style>finews-headlines { --finews-ink: rgb(1, 2, 3); --finews-size: 20px } finews-headlines::part(title) { color: rgb(4, 5, 6) }</style>";
    let url = stage.pages.put("/", "", &format!("{}{own}", stage.script()), PLAIN);
    stage.browser.client.goto(&url).await.unwrap();
    stage.shows("finews-headlines", 5).await;
    let style = |part: &str, name: &str| {
        format!(
            "getComputedStyle(document.querySelector('finews-headlines').shadowRoot.querySelector('[part={part}]')).{name}"
        )
    };
    let found = format!(
        "return [{}, {}, {}]",
        style("headline", "color"),
        style("headline", "fontSize"),
        style("title", "color")
    );
    assert_eq!(stage.browser.script(&found).await, json!(["rgb(1, 2, 3)", "20px", "rgb(4, 5, 6)"]));
    stage.end().await;
}

async fn its_height_is_reserved_at_every_width(engine: Engine) {
    let stage = Stage::sample(engine).await;
    let widths = [160, 220, 300, 420, 800, 1200];
    let of = |width: &i32| {
        format!(
            "<div style=\"width: {width}px\"><finews-headlines limit=\"4\"></finews-headlines><finews-headlines summary></finews-headlines></div>"
        )
    };
    let body: String = widths.iter().map(of).collect();
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
    // All of it is within, and no headline is cut off in a line.
    let over = "[...document.querySelectorAll('finews-headlines')].flatMap(e => {
        const body = e.shadowRoot.querySelector('.body');
        const cut = [...e.shadowRoot.querySelectorAll('li')].filter(li => li.scrollHeight > li.clientHeight + 1).map(li => `${e.clientWidth}: ${li.textContent} ${li.scrollHeight} > ${li.clientHeight}`);
        return body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth ? [`${e.clientWidth}: ${body.scrollHeight} > ${body.clientHeight}`, ...cut] : cut;
    })";
    assert_eq!(stage.browser.script(&format!("return {over}")).await, json!([]));
    // In a page that asks it for its width, too.
    stage.open(&format!("<div style=\"display: flex\">{PLAIN}</div>")).await;
    stage.shows("finews-headlines", 5).await;
    let width = stage.browser.script("return document.querySelector('finews-headlines').clientWidth").await;
    assert!(width.as_f64().unwrap() >= 160.0, "{width}");
    stage.end().await;
}

async fn a_page_from_right_to_left_is_mirrored(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.open(&format!("<div dir=\"rtl\" style=\"width: 500px\">{PLAIN}</div>")).await;
    stage.shows("finews-headlines", 5).await;
    let order = "const [time, headline] = ['time', 'headline'].map(part => document.querySelector('finews-headlines').shadowRoot.querySelector(`[part=${part}]`).getBoundingClientRect());
        return time.left > headline.left";
    assert_eq!(stage.browser.script(order).await, json!(true));
    stage.end().await;
}

/// A post of a site that grows.
fn post(posts: &Path, day: u8, title: &str) {
    let folder = posts.join("_posts");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "---\ntitle: {title}\ndate: 2026-05-{day:02} 08:00:00 +0800\ncategories: news\n---\n<p>{title}</p>\n"
    );
    std::fs::write(folder.join(format!("2026-05-{day:02}-n{day}.md")), text).unwrap();
}

async fn news_comes_by_itself_to_who_sees_the_page(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    post(&posts, 1, "First");
    build_for(&posts, &site, &["--prerender", "0"]);
    let stage = Stage::of(engine, Host::of(&site).await).await;
    stage.open("<finews-headlines id=\"eager\" refresh=\"1\"></finews-headlines><finews-headlines id=\"list\" category=\"news\" refresh=\"60\"></finews-headlines><finews-headlines id=\"still\" refresh=\"0\"></finews-headlines>").await;
    for id in ["#eager", "#list", "#still"] {
        stage.shows(id, 1).await;
    }
    post(&posts, 2, "Second");
    build_for(&posts, &site, &["--prerender", "0"]);
    // Who was told nothing asks again.
    let fault = Host::of(&site).await;
    fault.fail("manifest.json", Fault::Status(404));
    stage
        .browser
        .script(&format!(
            "document.body.insertAdjacentHTML('beforeend', '<finews-headlines id=\"late\" refresh=\"5\" src=\"{}\"></finews-headlines>')",
            fault.url
        ))
        .await;
    stage.browser.until("said.some(said => said.id === 'late' && said.reason === 'gone')").await;
    fault.heal();
    stage.shows("#late", 2).await;
    // One look is for all that look.
    stage.shows("#eager", 2).await;
    stage.shows("#list", 2).await;
    assert_eq!(stage.texts("#eager", "headline").await, ["Second", "First"]);
    stage.shows("#still", 1).await;
    // Who comes a minute later is told the news of then.
    post(&posts, 3, "Third");
    build_for(&posts, &site, &["--prerender", "0"]);
    stage.browser.script("later(61000); document.querySelector('#late').remove(); document.body.insertAdjacentHTML('afterbegin', '<finews-headlines id=\"new\" refresh=\"0\"></finews-headlines>')").await;
    stage.shows("#new", 3).await;
    // Nobody sees the page, nobody asks.
    stage.browser.script("hide()").await;
    let (asked, waits) = (stage.site.asked("manifest.json"), stage.browser.script("return waits").await);
    stage.browser.until(&format!("waits > {waits}")).await;
    assert_eq!(stage.site.asked("manifest.json"), asked);
    // A host that is gone is said, and what is shown stays.
    stage.browser.script("unhide()").await;
    stage.site.fail("manifest.json", Fault::Refuse);
    stage.browser.until("said.some(said => said.name === 'finews-error' && said.reason === 'offline')").await;
    stage.browser.until(&format!("{} >= 2", headlines("#eager"))).await;
    stage.end().await;
}

async fn a_frame_shows_news_and_tells_its_height(engine: Engine) {
    let (_folder, stage) = Stage::addressed(engine).await;
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
    let within = stage.browser.client.find(Locator::Css("iframe")).await.unwrap();
    let height = stage.browser.script("return heights.at(-1)").await;
    within.enter_frame().await.unwrap();
    stage.shows("finews-headlines", 4).await;
    assert_eq!(stage.texts("finews-headlines", "title").await, ["东财滚动新闻"]);
    let look = stage.browser.script("const news = document.querySelector('finews-headlines'); return [news.getBoundingClientRect().height, news.theme, news.shadowRoot.querySelector('[part=headline]').target]").await;
    assert!((look[0].as_f64().unwrap() - height.as_f64().unwrap()).abs() < 1.0, "{look} {height}");
    assert_eq!((&look[1], &look[2]), (&json!("dark"), &json!("_blank")));
    stage.browser.client.clone().enter_parent_frame().await.unwrap();
    assert_eq!(stage.browser.script("return violations").await, json!([]));
}

async fn other_sites_are_shown_by_their_address(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site/below"));
    post(&posts, 1, "Elsewhere");
    build_for(&posts, &site, &["--prerender", "0", "--base-url", "https://elsewhere.example/below/"]);
    let other = Host::of(&folder.path().join("site")).await;
    let stage = Stage::sample(engine).await;
    stage
        .open(&format!(
            "<finews-headlines src=\"{}/below/\"></finews-headlines><finews-headlines id=\"odd\" src=\"javascript:alert(1)\">Fallback</finews-headlines>",
            other.url
        ))
        .await;
    stage.shows("finews-headlines", 1).await;
    assert_eq!(stage.texts("finews-headlines", "headline").await, ["Elsewhere"]);
    let link = stage.browser.script("return document.querySelector('finews-headlines').shadowRoot.querySelector('[part=headline]').href").await;
    assert_eq!(link, json!(format!("{}/below/news/2026/05/01/n1.html", other.url)));
    stage.browser.until("said.some(said => said.id === 'odd' && said.reason === 'program')").await;
    // A site of a later format is not misread.
    let later = Host::of(&folder.path().join("site")).await;
    let manifest = site.join("bundle/manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap().replace("\"format\":1", "\"format\":2");
    std::fs::write(&manifest, text).unwrap();
    stage.browser.script(&format!("document.querySelector('#odd').src = '{}/below/'", later.url)).await;
    stage.browser.until("said.some(said => said.id === 'odd' && said.reason === 'newer')").await;
    stage.end().await;
}

async fn a_hostile_bundle_leads_nowhere_but_to_its_site(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    post(&posts, 1, "\"<img src=x onerror=errors.push(1)>\"");
    build_for(&posts, &site, &["--prerender", "0"]);
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
    let stage = Stage::of(engine, Host::of(&site).await).await;
    stage.open(PLAIN).await;
    stage.browser.until("said.length === 1").await;
    // A language that is none may keep it from being shown; whatever is shown leads to the site alone, and is
    // text.
    manifest["site"]["lang"] = json!("zh");
    std::fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
    stage.open(PLAIN).await;
    stage.shows("finews-headlines", 1).await;
    let links = "return [...document.querySelector('finews-headlines').shadowRoot.querySelectorAll('section a')].map(a => a.origin)";
    assert_eq!(stage.browser.script(links).await, json!([stage.site.url, stage.site.url]));
    let inside = "return document.querySelector('finews-headlines').shadowRoot.querySelectorAll('img, script, b').length";
    assert_eq!(stage.browser.script(inside).await, json!(0));
    assert_eq!(stage.texts("finews-headlines", "headline").await, ["<img src=x onerror=errors.push(1)>"]);
    stage.browser.script("document.querySelector('finews-headlines').shadowRoot.querySelectorAll('section a').forEach(a => { a.target = 'nowhere'; a.addEventListener('click', e => e.preventDefault()); a.click() })").await;
    stage.end().await;
}

async fn another_document_shows_what_stands_inside(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.open(&format!("{PLAIN}<iframe srcdoc=\"<p>\"></iframe>")).await;
    stage.shows("finews-headlines", 5).await;
    stage.browser.until("document.querySelector('iframe').contentDocument.querySelector('p')").await;
    stage.browser.script("window.news = document.querySelector('finews-headlines'); document.querySelector('iframe').contentDocument.body.append(news)").await;
    stage.browser.until("!news.shadowRoot.querySelector('section')").await;
    stage.browser.script("document.body.append(news)").await;
    stage.shows("finews-headlines", 5).await;
    let display = "getComputedStyle(news.shadowRoot.querySelector('section')).display + getComputedStyle(news.shadowRoot.querySelector('.box')).containerType";
    assert_eq!(stage.browser.script(&format!("return {display}")).await, json!("flexinline-size"));
    stage.end().await;
}

/// Where no script runs at all, the frame's page has the newest headlines.
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

/// Ten times added and taken out, after a first time: what Chromium counts is what it was.
async fn ten_cycles_leave_no_node_and_no_listener_behind(engine: Engine) {
    let stage = Stage::sample(engine).await;
    stage.open("<div></div>").await;
    stage.browser.until("customElements.get('finews-headlines')").await;
    stage.browser.devtools("Performance.enable", json!({})).await;
    let cycle = async || {
        stage.browser.script("document.querySelector('div').innerHTML = '<finews-headlines category=\"emnews\"></finews-headlines><finews-headlines summary></finews-headlines>'").await;
        stage.shows("finews-headlines", 5).await;
        stage.shows("finews-headlines:last-child", 5).await;
        stage.browser.script("document.querySelector('div').replaceChildren(); said.length = 0").await;
    };
    let counts = async || {
        for _ in 0..3 {
            stage.browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
        }
        let metrics = stage.browser.ask_devtools("Performance.getMetrics", json!({})).await;
        let of = |name: &str| {
            metrics["metrics"].as_array().unwrap().iter().find(|metric| metric["name"] == name).unwrap()["value"].as_f64().unwrap()
        };
        (of("Nodes"), of("JSEventListeners"), of("JSHeapUsedSize"))
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
        "after ten cycles: {} nodes, {} listeners, {:.0} KB of heap more",
        nodes_after - nodes,
        listeners_after - listeners,
        (heap_after - heap) / 1000.0
    );
    // The time-outs of the first requests listen for twenty seconds, and may be over by now.
    assert_eq!((nodes_after - nodes, (listeners_after - listeners).max(0.0)), (0.0, 0.0));
    assert!(heap_after - heap < 100_000.0, "{heap} bytes of heap became {heap_after}");
    stage.end().await;
}

/// A reader sets the options, sees the widget, and has the code.
async fn the_page_of_examples_gives_code_that_works(engine: Engine) {
    let (_folder, stage) = Stage::addressed(engine).await;
    stage.browser.client.goto(&format!("{}/embed/examples/", stage.site.url)).await.unwrap();
    stage.shows("finews-headlines", 5).await;
    stage.browser.script(
        "const form = document.forms[0]; form.list.value = 'category'; form.limit.value = 3; form.theme.value = 'dark'; form.summary.checked = true; form.pinned.checked = true;
        form.dispatchEvent(new Event('input'))",
    ).await;
    stage.shows("finews-headlines", 3).await;
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
    stage.shows("finews-headlines", 3).await;
    stage.browser.client.find(Locator::Css("iframe")).await.unwrap().enter_frame().await.unwrap();
    stage.shows("finews-headlines", 3).await;
    stage.browser.client.clone().enter_parent_frame().await.unwrap();
    stage.end().await;
}

/// What docs/widget.md, the manifest for editors and the types say is what the code has.
async fn what_is_written_of_the_widget_is_so(engine: Engine) {
    let manifest: Value =
        serde_json::from_str(&environment_file("public/embed/custom-elements.json")).unwrap();
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
        (environment_file("docs/widget.md"), environment_file("public/embed/finews-headlines.d.ts"));
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
    // Attributes and properties: the element itself says which it watches.
    let stage = Stage::sample(engine).await;
    stage.open("<finews-headlines summary></finews-headlines><div style=\"width: 1000px\"><finews-headlines></finews-headlines></div>").await;
    stage.shows("finews-headlines", 5).await;
    stage.shows("div finews-headlines", 5).await;
    let watched =
        stage.browser.script("return customElements.get('finews-headlines').observedAttributes").await;
    let watched: Vec<String> = serde_json::from_value(watched).unwrap();
    assert_eq!(sorted(names("attributes")), sorted(watched.clone()));
    let section = docs.split_once("## Attributes").and_then(|(_, rest)| rest.split("\n## ").next()).unwrap();
    let documented =
        section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).map(str::to_owned);
    assert_eq!(sorted(documented.collect()), sorted(watched.clone()));
    for name in &watched {
        let is_property = stage
            .browser
            .script(&format!("return {name:?} in document.querySelector('finews-headlines')"))
            .await;
        assert_eq!(is_property, json!(true), "{name}");
        assert!(name == "lang" || types.contains(&format!("  {name}: ")), "{name} is not among the types");
    }
    assert_eq!(sorted(names("members")), sorted(watched));
    // Events, by the scripts.
    let scripts = ["element", "program", "site", "archive", "view"]
        .map(|name| environment_file(&format!("web/widget/{name}.js")))
        .concat();
    let sent: Vec<String> = scripts
        .split('"')
        .filter(|text| text.starts_with("finews-") && *text != "finews-headlines")
        .map(str::to_owned)
        .collect();
    assert_eq!(sorted(names("events")), sorted(sent.clone()));
    assert_eq!(sorted(in_table("finews-")), sorted(sent.clone()));
    assert!(sent.iter().all(|name| types.contains(&format!("\"{name}\": CustomEvent"))));
    // Variables, by the style sheets.
    let sheets = ["element", "widget"].map(|name| environment_file(&format!("style/{name}.css"))).concat();
    let used: Vec<String> = sheets
        .split("var(")
        .skip(1)
        .filter_map(|text| text.split([',', ')']).next())
        .filter(|name| name.starts_with("--finews-"))
        .map(str::to_owned)
        .collect();
    assert_eq!(sorted(names("cssProperties")), sorted(used.clone()));
    assert_eq!(sorted(in_table("--finews-")), sorted(used));
    // Parts, by what stands in the shadow.
    let parts = "return [...document.querySelectorAll('finews-headlines')].flatMap(e => [...e.shadowRoot.querySelectorAll('[part]')]).map(e => e.part.value)";
    let parts: Vec<String> = serde_json::from_value(stage.browser.script(parts).await).unwrap();
    assert_eq!(sorted(names("cssParts")), sorted(parts.clone()));
    let section = docs.split_once("## Parts").and_then(|(_, rest)| rest.split("\n## ").next()).unwrap();
    let documented =
        section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).map(str::to_owned);
    assert_eq!(sorted(documented.collect()), sorted(parts));
    stage.end().await;
}
