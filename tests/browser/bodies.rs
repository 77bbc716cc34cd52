//! What bodies can say beyond paragraphs: the page shows it, and links within it lead to their places.

use std::path::Path;

use serde_json::json;
use testkit::sites::{build_bare, build_with_options};
use testkit::{Browser, Engine, Host, PHONE, in_every_engine};

in_every_engine!(links_within_a_page_lead_to_their_places, elements_are_those_of_the_post[sampled],);

const POST: &str = "---
title: 长文
date: 2026-03-02 09:00:00 +0800
categories: 港口
---
* 目录
{:toc}

## 第一节 背景

10<sup>8</sup> 与 CO<sub>2</sub>[^a]，又[^a]；[看旧锚](#old)，[看别处](../01/other.html)。

<ol type=\"A\" start=\"3\"><li>丙</li><li value=\"9\">壬</li></ol>

<div style=\"height: 1px\"></div>

段落。
{: #old}

## 第二节

<ruby>东<rt>dōng</rt></ruby>

<details><summary>附表</summary><p>里面的字。</p></details>

<video src=\"https://media.example/a.mp4\"></video>

[^a]: 脚注的话。
";

/// A site of one long post, with prerendered pages or without.
async fn host(folder: &Path, is_prerendered: bool) -> Host {
    let (posts, site) = (folder.join("posts"), folder.join("site"));
    std::fs::create_dir_all(posts.join("_posts")).unwrap();
    std::fs::write(posts.join("_config.yml"), "title: 长\nlang: zh-CN\npermalink: date\n").unwrap();
    // Each place is more than a screen away from the next.
    let long = POST.replace("段落。", &format!("{}段落。", "填充的话。\n\n".repeat(60)));
    let long = long.replace("## 第二节", &format!("{}## 第二节", "填充的话。\n\n".repeat(60)));
    std::fs::write(posts.join("_posts/2026-03-02-long.md"), long).unwrap();
    if is_prerendered {
        build_with_options(&posts, &site, &["--prerender", "all"]);
    } else {
        build_bare(&posts, &site);
    }
    Host::serve(&site).await
}

/// Waits until an element is at the top of the window.
async fn until_at_top(browser: &Browser, id: &str) {
    let id = json!(id);
    browser
        .until(&format!(
            "Math.abs(document.getElementById({id})?.getBoundingClientRect().top ?? 999) < 120
             || scrollY + innerHeight >= document.documentElement.scrollHeight - 2 && scrollY > 0"
        ))
        .await;
}

async fn links_within_a_page_lead_to_their_places(engine: Engine) {
    for is_prerendered in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path(), is_prerendered).await;
        let browser = Browser::open(engine, PHONE).await;
        let page = format!("{}/%E6%B8%AF%E5%8F%A3/2026/03/02/long.html", host.url);
        browser.goto(&page).await;
        browser.until("document.querySelector('.footnotes')").await;
        browser.until_idle().await;
        browser.script("window.isSamePage = true").await;
        for (link, id) in [
            (".body > ul li:nth-child(2) a", "第二节"),
            ("#fn\\\\:a a:last-child", "fnref:a:2"),
            ("#fnref\\\\:a a", "fn:a"),
            ("[href$='#old']", "old"),
        ] {
            browser.script(&format!("document.querySelector(\"{link}\").click()")).await;
            until_at_top(&browser, id).await;
            assert_eq!(
                browser.script("return decodeURIComponent(location.hash)").await,
                json!(format!("#{id}"))
            );
        }
        assert_eq!(browser.script("return isSamePage").await, json!(true), "the page stays");
        // The address of a place opens the page there.
        browser.client.goto("about:blank").await.unwrap();
        browser.goto(&format!("{page}#old")).await;
        browser.until("document.querySelector('.footnotes')").await;
        until_at_top(&browser, "old").await;
        let other = browser.script("return document.querySelector(\"[href$='other.html']\").pathname").await;
        assert_eq!(other, json!("/%E6%B8%AF%E5%8F%A3/2026/03/01/other.html"));
        browser.close().await;
    }
}

async fn elements_are_those_of_the_post(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), false).await;
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&format!("{}/%E6%B8%AF%E5%8F%A3/2026/03/02/long.html", host.url)).await;
    browser.until("document.querySelector('.footnotes')").await;
    for (script, expected) in [
        ("document.querySelector('.body sup').innerText", json!("8")),
        ("document.querySelector('.body sub').innerText", json!("2")),
        ("document.querySelector('ruby rt').innerText", json!("dōng")),
        ("document.querySelector('ol[type=A]').start", json!(3)),
        ("document.querySelector('ol[type=A] li:last-child').value", json!(9)),
        ("document.querySelector('details').open", json!(false)),
        ("document.querySelector('details p').innerText", json!("")),
        ("[...document.querySelectorAll('.footnotes li')].length", json!(1)),
        ("document.querySelector('video').controls", json!(true)),
        ("performance.getEntriesByType('resource').some(({ name }) => name.includes('media'))", json!(false)),
    ] {
        assert_eq!(browser.script(&format!("return {script}")).await, expected, "{script}");
    }
    browser.click("summary").await;
    browser.until("document.querySelector('details p').innerText === '里面的字。'").await;
    browser.close().await;
}
