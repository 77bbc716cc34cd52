//! `cargo xtask bench load`: how soon pages are readable on a phone, compared with Jekyll's pages of the same
//! posts; Lighthouse's scores; and prerendered pages a second, compared with Hugo's.

use ::archive::Archive;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use futures::executor::block_on;
use serde_json::Value;
use viewer::state::folder::SiteFolder;

use crate::host::Host;
use crate::phone::phone;
use crate::process::{count_pages, run_timed, write, write_hugo};

/// The number of runs for a median.
const RUNS: usize = 5;
/// The number of posts of the site that is loaded; more than are prerendered.
const POSTS: &str = "2000";
/// The number of posts that are prerendered to measure the speed.
const PRERENDERED_POSTS: &str = "50000";

/// The commands, the folder and the browser's driver that a benchmark uses.
pub(crate) struct Tools<'a> {
    pub(crate) finews: &'a Path,
    pub(crate) xtask: &'a Path,
    /// The folder for posts and sites.
    pub(crate) folder: &'a Path,
    /// The address of the WebDriver server.
    pub(crate) driver: &'a str,
}

#[tokio::main]
pub(crate) async fn run(tools: &Tools<'_>, lighthouse_cli: &Path) -> Result<()> {
    let (posts, site, jekyll) =
        (tools.folder.join("posts"), tools.folder.join("site"), tools.folder.join("jekyll"));
    generate(tools, POSTS, &posts)?;
    // The pages contain the site's address, so the port is chosen first.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    build(tools.finews, &posts, &site, port)?;
    build_jekyll(&posts, &jekyll)?;
    let (ours, theirs) = (Host::serve_on_port(&site, port).await?, Host::serve(&jekyll.join("_site")).await?);
    let stories = story_paths(&site)?;
    println!(
        "{POSTS} posts, 150 ms / 1.6 Mbit/s / CPU 4×, medians of {RUNS} rounds, each of which loads every page once; times in ms"
    );
    println!("| page | first paint | largest paint | shift | blocking | bytes until quiet |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let pages = [
        ("Jekyll, home", theirs.url.clone()),
        ("finews, home", ours.url.clone()),
        ("Jekyll, an article", format!("{}{}", theirs.url, stories.prerendered)),
        ("finews, the same, prerendered", format!("{}{}", ours.url, stories.prerendered)),
        ("Jekyll, an older article", format!("{}{}", theirs.url, stories.older)),
        ("finews, the same, by 404.html", format!("{}{}", ours.url, stories.older)),
    ];
    let mut measured: Vec<Vec<Load>> = vec![Vec::new(); pages.len()];
    for _ in 0..RUNS {
        for (at, (_, url)) in pages.iter().enumerate() {
            measured[at].push(load(tools.driver, url).await?);
        }
    }
    for ((name, _), loads) in pages.iter().zip(&measured) {
        Load::median(loads).print(name);
    }
    let mut visits = Vec::new();
    for _ in 0..RUNS {
        visits.push(load_offline(tools.driver, &site, &stories.prerendered).await?);
    }
    Load::median(&visits.iter().map(|(first, _)| *first).collect::<Vec<_>>()).print("finews, first visit");
    Load::median(&visits.iter().map(|(_, second)| *second).collect::<Vec<_>>())
        .print("finews, second visit, without the network");
    println!();
    for (name, path) in [("home", String::new()), ("article", stories.prerendered.clone())] {
        println!("Lighthouse, {name}: {}", lighthouse(lighthouse_cli, &format!("{}{path}", ours.url))?);
    }
    drop((ours, theirs));
    measure_rendering(tools)
}

/// Builds a site for a host on a port of this machine. Its charts, which normally come from another host,
/// come from the site's own.
pub(crate) fn build(finews: &Path, posts: &Path, site: &Path, port: u16) -> Result<()> {
    let url = format!("http://127.0.0.1:{port}/");
    let picture = format!("{url}picture.svg");
    write(
        &posts.join("finews.toml"),
        &format!(
            "[settings]\nchart = \"{picture}?nid={{secid}}&type={{period}}\"\nintraday = \"{picture}?nid={{secid}}\"\n"
        ),
    )?;
    run_timed(
        Command::new(finews).arg("build").arg(posts).arg("--out").arg(site).args(["--base-url", &url]),
    )?;
    write(
        &site.join("picture.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg' width='578' height='276'><path d='M0 200L289 90L578 140' stroke='#333' fill='none'/></svg>\n",
    )
}

pub(crate) fn generate(tools: &Tools<'_>, count: &str, posts: &Path) -> Result<()> {
    if !posts.is_dir() {
        run_timed(Command::new(tools.xtask).args(["generate", count, "--clean", "--out"]).arg(posts))?;
    }
    Ok(())
}

/// Builds the plainest Jekyll site with the same content: no styles, one request a page.
fn build_jekyll(posts: &Path, site: &Path) -> Result<()> {
    if site.join("_site").is_dir() {
        return Ok(());
    }
    fs::create_dir_all(site)?;
    std::os::unix::fs::symlink(posts.join("_posts"), site.join("_posts"))?;
    let head = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">";
    write(
        &site.join("_config.yml"),
        "timezone: Asia/Shanghai\ndefaults:\n  - scope: { path: '' }\n    values: { layout: post }\n",
    )?;
    write(
        &site.join("_layouts/post.html"),
        &format!("{head}<title>{{{{ page.title }}}}</title><h1>{{{{ page.title }}}}</h1>{{{{ content }}}}\n"),
    )?;
    let list = "{% for post in site.posts limit:50 %}<li><time>{{ post.date }}</time> <a href=\"{{ post.url }}\">{{ post.title }}</a><p>{{ post.content | strip_html | truncate: 50 }}</p><p>{{ post.categories }}</p>{% endfor %}";
    write(
        &site.join("index.html"),
        &format!("---\nlayout: null\n---\n{head}<title>News</title><ul>{list}</ul>\n"),
    )?;
    run_timed(
        Command::new("jekyll")
            .args(["build", "--quiet", "--source"])
            .arg(site)
            .arg("--destination")
            .arg(site.join("_site")),
    )?;
    Ok(())
}

/// The paths of a prerendered story and of one that is not prerendered.
pub(crate) struct StoryPaths {
    pub(crate) prerendered: String,
    pub(crate) older: String,
}

pub(crate) fn story_paths(site: &Path) -> Result<StoryPaths> {
    let folder = SiteFolder::new(site);
    let manifest = folder.manifest().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let archive = Archive::new(&folder, &manifest.index);
    let first = manifest
        .index
        .months
        .first()
        .and_then(bundle::MonthRef::first_day)
        .context("the site has no month")?;
    let day = block_on(archive.month(first))
        .ok()
        .flatten()
        .and_then(|month| month.days.first().map(|day| day.date))
        .context("the oldest day cannot be read")?;
    let oldest = block_on(archive.day(day, None)).map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let path = |headline: &bundle::Headline| {
        headline.address(&manifest.settings.permalink).to_string().trim_start_matches('/').to_owned()
    };
    let stories = StoryPaths {
        prerendered: path(&manifest.newest[20]),
        older: oldest.rows.last().map(path).context("the oldest day has no story")?,
    };
    ensure!(
        site.join(&stories.prerendered).is_file() && !site.join(&stories.older).exists(),
        "only the newest stories must be prerendered"
    );
    Ok(stories)
}

/// The measurements of a page load.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Load {
    /// The time of the first contentful paint, in ms.
    pub(crate) first: f64,
    /// The time of the largest contentful paint, in ms.
    pub(crate) largest: f64,
    /// The layout shift.
    pub(crate) shift: f64,
    /// The sum, over all tasks, of the time beyond the first 50 ms, in ms.
    pub(crate) blocking: f64,
    /// The number of bytes transferred.
    bytes: f64,
}

impl Load {
    fn median(loads: &[Self]) -> Self {
        let median_of = |value: fn(&Self) -> f64| {
            let mut values: Vec<f64> = loads.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        Self {
            first: median_of(|load| load.first),
            largest: median_of(|load| load.largest),
            shift: median_of(|load| load.shift),
            blocking: median_of(|load| load.blocking),
            bytes: median_of(|load| load.bytes),
        }
    }

    fn print(&self, name: &str) {
        println!(
            "| {name} | {:.0} | {:.0} | {:.4} | {:.0} | {:.0} |",
            self.first, self.largest, self.shift, self.blocking, self.bytes
        );
    }
}

/// Loads a page on the phone, and waits until nothing has loaded for a second.
async fn load(driver: &str, url: &str) -> Result<Load> {
    let client = phone(driver).await?;
    let load = visit(&client, url).await?;
    client.close().await?;
    Ok(load)
}

pub(crate) async fn visit(client: &fantoccini::Client, url: &str) -> Result<Load> {
    client.goto(url).await?;
    let measuring_script = "const done = arguments[0]; let last = performance.now(), largest = 0, shift = 0, blocking = 0;
        const watchEntries = (type, take) => new PerformanceObserver(list => { for (const e of list.getEntries()) take(e) }).observe({ type, buffered: true });
        watchEntries('resource', () => { last = performance.now() });
        watchEntries('largest-contentful-paint', e => { largest = e.startTime });
        watchEntries('layout-shift', e => { if (!e.hadRecentInput) shift += e.value });
        watchEntries('longtask', e => { blocking += Math.max(0, e.duration - 50) });
        const check = () => {
            if (performance.now() - last < 1000) return setTimeout(check, 50);
            const bytes = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, e) => sum + e.transferSize, 0);
            done([performance.getEntriesByName('first-contentful-paint')[0].startTime, largest, shift, blocking, bytes]);
        };
        setTimeout(check, 1000)";
    let measured = client.execute_async(measuring_script, Vec::new()).await?;
    let number = |at: usize| measured[at].as_f64().context("the script returned no number");
    Ok(Load {
        first: number(0)?,
        largest: number(1)?,
        shift: number(2)?,
        blocking: number(3)?,
        bytes: number(4)?,
    })
}

/// Measures a first visit, and a second one with the host switched off.
async fn load_offline(driver: &str, site: &Path, path: &str) -> Result<(Load, Load)> {
    let host = Host::serve(site).await?;
    let client = phone(driver).await?;
    let url = format!("{}{path}", host.url);
    let first = visit(&client, &url).await?;
    let cached_script = "const done = arguments[0]; const check = async () => (await caches.match(location.href)) && navigator.serviceWorker.controller?.state === 'activated' ? done(true) : setTimeout(check, 50); check()";
    client.execute_async(cached_script, Vec::new()).await?;
    drop(host);
    client.goto("about:blank").await?;
    let second = visit(&client, &url).await?;
    client.close().await?;
    Ok((first, second))
}

/// Lighthouse's scores for a page.
fn lighthouse(lighthouse_cli: &Path, url: &str) -> Result<String> {
    let output = Command::new("node")
        .arg(lighthouse_cli)
        .args([
            url,
            "--quiet",
            "--output=json",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'",
        ])
        .env("CHROME_PATH", "chromium")
        .output()?;
    ensure!(output.status.success(), "Lighthouse: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let score = |value: &Value| {
        value["score"].as_f64().map_or("none".to_owned(), |score| format!("{:.0}", score * 100.0))
    };
    let categories = ["performance", "accessibility", "best-practices", "seo"]
        .map(|name| format!("{name} {}", score(&report["categories"][name])));
    let failed = report["audits"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, audit)| audit["score"].as_f64().is_some_and(|score| score < 0.9));
    let failed: Vec<String> = failed.map(|(name, audit)| format!("{name} {}", score(audit))).collect();
    Ok(format!(
        "{}; below 90: {}",
        categories.join(", "),
        if failed.is_empty() { "nothing".to_owned() } else { failed.join(", ") }
    ))
}

/// Measures prerendered pages a second.
fn measure_rendering(tools: &Tools<'_>) -> Result<()> {
    let posts = tools.folder.join("many");
    generate(tools, PRERENDERED_POSTS, &posts)?;
    println!();
    println!("| {PRERENDERED_POSTS} posts, all prerendered | s | pages | pages a second |");
    println!("| --- | --- | --- | --- |");
    let print_row = |name: &str, seconds: f64, pages: u64| {
        println!("| {name} | {seconds:.1} | {pages} | {:.0} |", pages as f64 / seconds)
    };
    let hugo = tools.folder.join("hugo");
    write_hugo(&hugo, &posts)?;
    let site = tools.folder.join("many-site");
    for _ in 0..3 {
        for folder in [site.clone(), tools.folder.join(".many-site.finews-cache"), hugo.join("public")] {
            if folder.is_dir() {
                fs::remove_dir_all(folder)?;
            }
        }
        // Deletes and writes finish before anything is measured.
        run_timed(&Command::new("sync"))?;
        let cost =
            run_timed(Command::new(tools.finews).arg("build").arg(&posts).arg("--out").arg(&site).args([
                "--prerender",
                "all",
                "--max-files",
                "1000000",
            ]))?;
        print_row("finews, including the bundle", cost.seconds, count_pages(&site)?);
        run_timed(&Command::new("sync"))?;
        let cost = run_timed(Command::new("hugo").arg("--source").arg(&hugo).arg("--quiet"))?;
        print_row("Hugo", cost.seconds, count_pages(&hugo.join("public"))?);
    }
    Ok(())
}
