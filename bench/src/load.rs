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
use crate::process::{count_pages, timed, write, write_hugo};

/// The number of runs for a median.
const RUNS: usize = 5;
/// The number of posts of the site that is loaded; more than are prerendered.
const POSTS: &str = "2000";
/// The number of posts that are prerendered to measure the speed.
const PAGES: &str = "50000";

/// The tools for measuring.
pub(crate) struct Tools<'a> {
    pub(crate) finews: &'a Path,
    pub(crate) xtask: &'a Path,
    /// The folder for posts and sites.
    pub(crate) folder: &'a Path,
    pub(crate) driver: &'a str,
}

#[tokio::main]
pub(crate) async fn run(tools: &Tools<'_>, program: &Path) -> Result<()> {
    let (posts, site, jekyll) =
        (tools.folder.join("posts"), tools.folder.join("site"), tools.folder.join("jekyll"));
    generate(tools, POSTS, &posts)?;
    // The pages contain the site's address, so the port is chosen first.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    build(tools.finews, &posts, &site, port)?;
    build_jekyll(&posts, &jekyll)?;
    let (ours, theirs) = (Host::on(&site, port).await?, Host::of(&jekyll.join("_site")).await?);
    let stories = stories(&site)?;
    println!(
        "{POSTS} posts, 150 ms / 1.6 Mbit/s / CPU 4×, medians of {RUNS} runs, one after the other in turn; in ms"
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
    let mut again = Vec::new();
    for _ in 0..RUNS {
        again.push(load_offline(tools.driver, &site, &stories.prerendered).await?);
    }
    Load::median(&again.iter().map(|(first, _)| *first).collect::<Vec<_>>()).print("finews, first visit");
    Load::median(&again.iter().map(|(_, second)| *second).collect::<Vec<_>>())
        .print("finews, second visit, without the network");
    println!();
    for (name, path) in [("home", String::new()), ("article", stories.prerendered.clone())] {
        println!("Lighthouse, {name}: {}", lighthouse(program, &format!("{}{path}", ours.url))?);
    }
    drop((ours, theirs));
    rendering(tools)
}

/// Builds a site for a host at a port. Its charts, which normally come from another host, come from the same
/// one.
pub(crate) fn build(finews: &Path, posts: &Path, site: &Path, port: u16) -> Result<()> {
    let url = format!("http://127.0.0.1:{port}/");
    let picture = format!("{url}picture.svg");
    write(
        &posts.join("finews.toml"),
        &format!(
            "[settings]\nchart = \"{picture}?nid={{secid}}&type={{period}}\"\nintraday = \"{picture}?nid={{secid}}\"\n"
        ),
    )?;
    timed(Command::new(finews).arg("build").arg(posts).arg("--out").arg(site).args(["--base-url", &url]))?;
    write(
        &site.join("picture.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg' width='578' height='276'><path d='M0 200L289 90L578 140' stroke='#333' fill='none'/></svg>\n",
    )
}

pub(crate) fn generate(tools: &Tools<'_>, count: &str, posts: &Path) -> Result<()> {
    if !posts.is_dir() {
        timed(Command::new(tools.xtask).args(["generate", count, "--clean", "--out"]).arg(posts))?;
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
    timed(
        Command::new("jekyll")
            .args(["build", "--quiet", "--source"])
            .arg(site)
            .arg("--destination")
            .arg(site.join("_site")),
    )?;
    Ok(())
}

/// The paths of a prerendered story and of one that is not prerendered.
pub(crate) struct Stories {
    pub(crate) prerendered: String,
    pub(crate) older: String,
}

pub(crate) fn stories(site: &Path) -> Result<Stories> {
    let folder = SiteFolder::new(site);
    let manifest = folder.manifest().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let archive = Archive::new(&folder, &manifest.index);
    let first = manifest.index.months.first().and_then(bundle::MonthRef::first).context("a month")?;
    let day = block_on(archive.month(first))
        .ok()
        .flatten()
        .and_then(|month| month.days.first().map(|day| day.date))
        .context("a day")?;
    let oldest = block_on(archive.day(day, None)).map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let path =
        |headline: &bundle::Headline| headline.address().to_string().trim_start_matches('/').to_owned();
    let stories = Stories {
        prerendered: path(&manifest.newest[20]),
        older: oldest.rows.last().map(path).context("a story")?,
    };
    ensure!(
        site.join(&stories.prerendered).is_file() && !site.join(&stories.older).exists(),
        "the newest stories are prerendered, and they alone"
    );
    Ok(stories)
}

/// The timings of a page load.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Load {
    pub(crate) first: f64,
    pub(crate) largest: f64,
    pub(crate) shift: f64,
    pub(crate) blocking: f64,
    bytes: f64,
}

impl Load {
    fn median(loads: &[Self]) -> Self {
        let of = |value: fn(&Self) -> f64| {
            let mut values: Vec<f64> = loads.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        Self {
            first: of(|l| l.first),
            largest: of(|l| l.largest),
            shift: of(|l| l.shift),
            blocking: of(|l| l.blocking),
            bytes: of(|l| l.bytes),
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
    let measure = "const done = arguments[0]; let last = performance.now(), largest = 0, shift = 0, blocking = 0;
        const see = (type, take) => new PerformanceObserver(list => { for (const e of list.getEntries()) take(e) }).observe({ type, buffered: true });
        see('resource', () => { last = performance.now() });
        see('largest-contentful-paint', e => { largest = e.startTime });
        see('layout-shift', e => { if (!e.hadRecentInput) shift += e.value });
        see('longtask', e => { blocking += Math.max(0, e.duration - 50) });
        const check = () => {
            if (performance.now() - last < 1000) return setTimeout(check, 50);
            const bytes = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, e) => sum + e.transferSize, 0);
            done([performance.getEntriesByName('first-contentful-paint')[0].startTime, largest, shift, blocking, bytes]);
        };
        setTimeout(check, 1000)";
    let measured = client.execute_async(measure, Vec::new()).await?;
    let number = |at: usize| measured[at].as_f64().context("a number");
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
    let host = Host::of(site).await?;
    let client = phone(driver).await?;
    let url = format!("{}{path}", host.url);
    let first = visit(&client, &url).await?;
    let kept = "const done = arguments[0]; const check = async () => (await caches.match(location.href)) && navigator.serviceWorker.controller?.state === 'activated' ? done(true) : setTimeout(check, 50); check()";
    client.execute_async(kept, Vec::new()).await?;
    drop(host);
    client.goto("about:blank").await?;
    let second = visit(&client, &url).await?;
    client.close().await?;
    Ok((first, second))
}

/// Lighthouse's scores for a page.
fn lighthouse(program: &Path, url: &str) -> Result<String> {
    let output = Command::new("node")
        .arg(program)
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
fn rendering(tools: &Tools<'_>) -> Result<()> {
    let posts = tools.folder.join("many");
    generate(tools, PAGES, &posts)?;
    println!();
    println!("| {PAGES} posts, every one a page | s | pages | pages a second |");
    println!("| --- | --- | --- | --- |");
    let row = |name: &str, seconds: f64, pages: u64| {
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
        timed(&Command::new("sync"))?;
        let took =
            timed(Command::new(tools.finews).arg("build").arg(&posts).arg("--out").arg(&site).args([
                "--prerender",
                "all",
                "--max-files",
                "1000000",
            ]))?;
        row("finews, the bundle beside them", took.seconds, count_pages(&site)?);
        timed(&Command::new("sync"))?;
        let took = timed(Command::new("hugo").arg("--source").arg(&hugo).arg("--quiet"))?;
        row("Hugo", took.seconds, count_pages(&hugo.join("public"))?);
    }
    Ok(())
}
