//! A tab that stays open: during deploys, and for a week.

use std::path::PathBuf;

use serde_json::{Value, json};

use testkit::folder::copy;
use testkit::sites::build_with_options;
use testkit::{Browser, DESKTOP, Engine, Fault, Host, Start, in_every_engine, injected_scripts};

in_every_engine!(
    a_deploy_in_the_listed_order_is_never_noticed,
    a_deploy_in_any_order_never_shows_a_mixed_or_broken_page [sampled],
    a_week_and_a_thousand_pages_leave_memory_and_listeners_as_they_were [lacking both "does not report the size of its heap"],
    failures_leave_memory_and_listeners_as_they_were [lacking both "does not report the size of its heap"],
);

/// Two builds of a site. The title and text of every story contain 甲 in the first and 乙 in the second.
struct Deploy {
    folder: tempfile::TempDir,
    /// The second build's new and changed files, in the order in which they are to be uploaded.
    files: Vec<String>,
}

impl Deploy {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (posts, built) = (folder.path().join("posts"), folder.path().join("built"));
        std::fs::create_dir(&posts).unwrap();
        std::fs::write(posts.join("finews.toml"), "title = \"试\"\n").unwrap();
        let changes = folder.path().join("changes");
        let build = |version: &str, count: u32| {
            for at in 0..count {
                let text = format!(
                    "---\ntitle: 第{at}篇{version}\ncategories: c{}\ndate: 2026-05-{:02} 10:00:00 +0800\n---\n第{at}篇的正文，{version}版\n",
                    at % 3,
                    at % 9 + 1
                );
                std::fs::write(posts.join(format!("2026-05-{:02}-p{at}.md", at % 9 + 1)), text).unwrap();
            }
            build_with_options(
                &posts,
                &built,
                &["--prerender", "10", "--changes", changes.to_str().unwrap()],
            );
        };
        build("甲", 30);
        copy(&built, &folder.path().join("live"));
        // If the old list still existed, the new one would include its entries.
        std::fs::remove_file(&changes).unwrap();
        build("乙", 40);
        let list = std::fs::read_to_string(&changes).unwrap();
        let files = list.lines().filter_map(|line| line.strip_prefix("+ ")).map(str::to_owned).collect();
        Self { folder, files }
    }

    fn live(&self) -> PathBuf {
        self.folder.path().join("live")
    }

    /// Copies a file to the host.
    fn upload(&self, file: &str) {
        let (from, to) = (self.folder.path().join("built").join(file), self.live().join(file));
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let staged = self.folder.path().join("staged");
        std::fs::copy(from, &staged).unwrap();
        std::fs::rename(staged, to).unwrap();
    }
}

const VIEWS: [&str; 7] = [
    "/",
    "/c1/",
    "/c1/2026/05/02/p1.html",
    "/archive/2026/05",
    "/archive/2026/05/02",
    "/category/",
    "/c2/2026/05/09/p8.html",
];

/// Uploads files one by one, and visits a view after each, by a link or by a load.
///
/// Returns how many views showed a message.
async fn visit_views_during_deploy(engine: Engine, deploy: &Deploy, files: &[String]) -> usize {
    let host = Host::serve(&deploy.live()).await;
    host.inject(&[injected_scripts::COLLECT_ERRORS, injected_scripts::NO_WORKER].concat());
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser.until("document.querySelector('.newest .headline')").await;
    let mut messages = 0;
    for (at, file) in files.iter().enumerate() {
        deploy.upload(file);
        let path = VIEWS[at % VIEWS.len()];
        if at % 5 == 4 {
            browser.client.goto(&format!("{}{path}", host.url)).await.unwrap();
        } else {
            let follow_link = format!(
                "const link = document.createElement('a'); link.href = {path:?}; document.querySelector('main').append(link); link.click()"
            );
            browser.script(&follow_link).await;
        }
        let content = "document.querySelector('main .headline, main article.story, main .calendar, main .names, main .message')";
        browser.until(&format!("location.pathname === {path:?} && {content} && !document.querySelector('main [aria-busy], main .skeleton')")).await;
        let seen = browser
            .script("const main = document.querySelector('main'); return [main.innerText, main.querySelector('.message')?.className ?? '', errors]")
            .await;
        let (text, message) = (seen[0].as_str().unwrap(), seen[1].as_str().unwrap());
        assert!(!(text.contains('甲') && text.contains('乙')), "{path} is mixed after {file}: {text}");
        assert!(message.is_empty() || message == "message gone", "{path} shows {message} after {file}");
        assert_eq!(seen[2], json!([]), "{path} after {file}");
        messages += usize::from(!message.is_empty());
    }
    // After the last file, the site shows the second build.
    browser.goto(&format!("{}{}", host.url, VIEWS[2])).await;
    browser.until("document.querySelector('article.story h1')?.innerText === '第1篇乙'").await;
    browser.close().await;
    messages
}

async fn a_deploy_in_the_listed_order_is_never_noticed(engine: Engine) {
    let deploy = Deploy::new();
    assert!(deploy.files.len() > 20, "{:?}", deploy.files);
    assert_eq!(
        visit_views_during_deploy(engine, &deploy, &deploy.files).await,
        0,
        "no view shows a message during the deploy"
    );
}

async fn a_deploy_in_any_order_never_shows_a_mixed_or_broken_page(engine: Engine) {
    let backwards = |files: &mut Vec<String>| files.reverse();
    let shuffled = |files: &mut Vec<String>| files.sort_by_key(|file| bundle::fingerprint(file));
    for order in [&backwards as &dyn Fn(&mut Vec<String>), &shuffled] {
        let deploy = Deploy::new();
        let mut files = deploy.files.clone();
        order(&mut files);
        let messages = visit_views_during_deploy(engine, &deploy, &files).await;
        println!("{messages} of {} views showed the message that the site is being updated", files.len());
    }
}

/// The memory of a page after garbage collection: the bytes of its heap and of the program's memory, and the
/// numbers of nodes and listeners.
struct MemoryUse {
    heap: f64,
    wasm: f64,
    nodes: f64,
    listeners: f64,
}

impl MemoryUse {
    async fn measure(browser: &Browser) -> Self {
        // The browser stores the timings of up to 250 requests, which would count as memory of the page.
        browser.script("performance.clearResourceTimings()").await;
        browser.devtools("Performance.enable", json!({})).await;
        for _ in 0..3 {
            browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
        }
        let metrics = browser.ask_devtools("Performance.getMetrics", json!({})).await;
        let metric = |name: &str| {
            metrics["metrics"].as_array().unwrap().iter().find(|metric| metric["name"] == name).unwrap()["value"].as_f64().unwrap()
        };
        let wasm = browser.script("return exported.memory.buffer.byteLength").await.as_f64().unwrap();
        Self {
            heap: metric("JSHeapUsedSize"),
            wasm,
            nodes: metric("Nodes"),
            listeners: metric("JSEventListeners"),
        }
    }

    fn assert_not_larger_than(&self, before: &Self, activity: &str) {
        println!(
            "{activity}: heap {:.2} MB before, {:.2} after ({:.3} times); wasm {:.2} MB, {:.2}; nodes {}, {}; listeners {}, {}",
            before.heap / 1e6,
            self.heap / 1e6,
            self.heap / before.heap,
            before.wasm / 1e6,
            self.wasm / 1e6,
            before.nodes,
            self.nodes,
            before.listeners,
            self.listeners
        );
        assert!(self.heap <= before.heap * 1.1, "{} bytes of heap became {}", before.heap, self.heap);
        assert!(
            self.wasm <= before.wasm * 1.1,
            "{} bytes of the program's memory became {}",
            before.wasm,
            self.wasm
        );
        assert!(self.nodes <= before.nodes * 1.02, "{} nodes became {}", before.nodes, self.nodes);
        assert!(
            self.listeners <= before.listeners,
            "{} listeners became {}",
            before.listeners,
            self.listeners
        );
    }
}

async fn a_week_and_a_thousand_pages_leave_memory_and_listeners_as_they_were(engine: Engine) {
    const POLLS: usize = 7 * 24 * 60;
    let host = Host::bare().await;
    let count_answers = "
        const ask = fetch;
        window.answers = 0;
        window.fetch = async (...more) => { try { return await ask(...more) } finally { answers++ } };";
    host.inject(
        &[
            injected_scripts::NO_WORKER,
            injected_scripts::MANUAL_CLOCK,
            injected_scripts::STORE_EXPORTS,
            count_answers,
        ]
        .concat(),
    );
    // This browser interprets scripts, because V8 keeps compiled code in the heap. According to heap
    // snapshots after 400 pages, compiled code is 0.2 MB of a heap of 1 MB.
    let browser = Browser::open_as(engine, DESKTOP, Start::Interpreting).await;
    browser.goto(&host.url).await;
    browser.until_idle().await;
    // Goes forward by links and back by history, because browsers allow only two hundred new history entries
    // in ten seconds.
    let visit_pages_script = "
        const [count] = arguments, done = arguments[arguments.length - 1];
        const links = () => [...document.querySelectorAll('.newest .title a, .block h2 a, .sections a')].filter((link) => link.pathname !== '/');
        const until = async (holds) => { const end = performance.now() + 10000; while (!holds()) { if (performance.now() > end) throw new Error(`never: ${holds} at ${location.pathname}: ${document.querySelector('main').innerText.slice(0, 80)}`); await new Promise((next) => setTimeout(next, 1)) } };
        const shown = () => document.querySelector('main > *');
        (async () => {
            let begun = performance.now();
            for (let at = 0; at < count; at += 2) {
                const choices = links(), link = choices[at * 7 % choices.length], path = link.pathname, before = shown();
                link.click();
                await until(() => location.pathname === path && shown() !== before && document.querySelector('main h1') && !document.querySelector('main .skeleton'));
                const opened = shown();
                // Gives the browser time to record the new history entry.
                await new Promise((next) => setTimeout(next, 60));
                history.back();
                await until(() => location.pathname === '/' && shown() !== opened && document.querySelector('.newest .headline'));
                if (at % 200 === 198) { await until(() => performance.now() - begun > 8000); begun = performance.now() }
            }
        })().then(() => done(true), (error) => done(`${error}`))";
    let visit_pages = async |count: usize| {
        for _ in 0..count.div_ceil(100) {
            let result =
                browser.client.execute_async(visit_pages_script, vec![json!(count.min(100))]).await.unwrap();
            assert_eq!(result, json!(true));
        }
    };
    visit_pages(10).await;
    // Its program stays when it has been opened once.
    browser.script("document.querySelector('.to-search').click()").await;
    browser.until("document.querySelector('.search-page input')?.role === 'combobox'").await;
    browser.script("history.back()").await;
    browser.until("location.pathname === '/' && document.querySelector('.newest .headline')").await;
    let before = MemoryUse::measure(&browser).await;
    visit_pages(1000).await;
    let run_polls = "const done = arguments[arguments.length - 1];
        (async () => { for (let at = 0; at < 240; at++) { const before = answers; runIntervals(); while (answers === before) await new Promise((next) => setTimeout(next, 0)) } })().then(() => done(true))";
    for _ in 0..POLLS / 240 {
        assert_eq!(browser.client.execute_async(run_polls, Vec::<Value>::new()).await.unwrap(), json!(true));
    }
    visit_pages(10).await;
    MemoryUse::measure(&browser)
        .await
        .assert_not_larger_than(&before, &format!("a week of {POLLS} polls and 1,000 pages"));
    browser.close().await;
}

async fn failures_leave_memory_and_listeners_as_they_were(engine: Engine) {
    const ROUNDS: usize = 15;
    const FAULTS: [Fault; 8] = [
        Fault::Refuse,
        Fault::Status(404),
        Fault::Status(500),
        Fault::Page,
        Fault::Truncate,
        Fault::Damage,
        Fault::Cut,
        Fault::Stall,
    ];
    let host = Host::bare().await;
    host.inject(
        &[
            injected_scripts::COLLECT_ERRORS,
            injected_scripts::NO_WORKER,
            injected_scripts::SHORT_TIMEOUTS,
            injected_scripts::STORE_EXPORTS,
        ]
        .concat(),
    );
    let browser = Browser::open_as(engine, DESKTOP, Start::Interpreting).await;
    browser.goto(&host.url).await;
    browser.until_idle().await;
    // Visits a view that fails, retries with its button, and goes back.
    let visit_failing_view = "
        const done = arguments[arguments.length - 1], main = document.querySelector('main');
        const until = async (holds) => { while (!holds()) await new Promise((next) => setTimeout(next, 1)) };
        const message = () => main.querySelector('.message');
        (async () => {
            const link = document.createElement('a');
            link.href = '/archive/2026/04';
            main.append(link);
            link.click();
            link.remove();
            await until(message);
            const first = message();
            main.querySelector('.retry').click();
            await until(() => message() && message() !== first);
            history.back();
            await until(() => main.querySelector('.newest .headline'));
        })().then(() => done(true))";
    let round = async || {
        for fault in FAULTS {
            host.heal();
            host.fail("/months/", fault);
            assert_eq!(
                browser.client.execute_async(visit_failing_view, Vec::<Value>::new()).await.unwrap(),
                json!(true),
                "{fault:?}"
            );
        }
    };
    round().await;
    let before = MemoryUse::measure(&browser).await;
    for _ in 0..ROUNDS {
        round().await;
    }
    MemoryUse::measure(&browser)
        .await
        .assert_not_larger_than(&before, &format!("{} failures, each retried", ROUNDS * FAULTS.len()));
    assert_eq!(browser.script("return errors").await, json!([]));
    browser.close().await;
}
