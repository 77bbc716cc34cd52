//! A publisher's own Jekyll site in English: its addresses, the places in its pages, and its home page.

use std::fmt::Write as _;
use std::fs;

use tempfile::TempDir;
use testkit::sites::build_with_options;
use testkit::{Browser, DESKTOP, Engine, Host, PHONE, in_every_engine};

in_every_engine!(
    stories_open_at_the_publisher_s_own_addresses_and_at_older_ones [sampled],
    a_link_to_a_page_of_the_publisher_s_leaves_the_viewer,
    an_address_s_fragment_leads_to_its_heading [sampled],
    days_with_one_story_are_dated_rows_and_older_stories_come_twenty_at_a_time,
    the_menu_and_the_theme_button_fit_the_narrowest_phone [lacking both "has no window so narrow"],
    no_part_of_the_home_page_is_empty,
);

/// How many stories the site has: one a day, but three on the newest day.
const STORIES: usize = 82;

/// Builds the site, with or without prerendered pages, and serves it.
async fn served(prerender: &str) -> (TempDir, Host) {
    let folder = tempfile::tempdir().unwrap();
    let (source, site) = (folder.path().join("source"), folder.path().join("site"));
    fs::create_dir_all(source.join("_posts")).unwrap();
    fs::write(
        source.join("_config.yml"),
        "title: The Harbour News\ndescription: What happens between the cranes.\nlang: en\npermalink: /:categories/:year/:title/\n",
    )
    .unwrap();
    let first: bundle::Date = "2026-03-01".parse().unwrap();
    for at in 0..STORIES {
        let date = first.plus(i64::try_from(at.min(STORIES - 3)).unwrap());
        let matter = match at {
            70 => "permalink: /about/the-harbour/\nredirect_from: [/old/harbour.html, /2019/harbour]",
            71 => "categories: [Ships, Tugs]",
            72 => "categories: Ships\nslug: own-slug",
            _ => "categories: Ships",
        };
        let mut text = format!("---\ntitle: Story {at} of the harbour\n{matter}\n---\nThe crane lifts.\n\n");
        for part in 0..12 {
            writeln!(text, "## Part {part}\n\n{}", "The crane lifts a container.\n\n".repeat(6)).unwrap();
        }
        text.push_str("## Ende gut, alles gut\n\n## Größe {#size}\n\nSee [the papers](/papers/2026/).\n");
        fs::write(source.join(format!("_posts/{date}-story-{at}.md")), text).unwrap();
    }
    build_with_options(&source, &site, &["--prerender", prerender]);
    let host = Host::serve(&site).await;
    (folder, host)
}

async fn stories_open_at_the_publisher_s_own_addresses_and_at_older_ones(engine: Engine) {
    for prerender in ["500", "0"] {
        let (_folder, host) = served(prerender).await;
        let browser = Browser::open(engine, DESKTOP).await;
        for (path, title) in [
            ("/ships/2026/story-5/", "Story 5 of"),
            ("/ships/tugs/2026/story-71/", "Story 71 of"),
            ("/ships/2026/own-slug/", "Story 72 of"),
            ("/about/the-harbour/", "Story 70 of"),
            ("/old/harbour.html", "Story 70 of"),
            ("/2019/harbour", "Story 70 of"),
            // The usual form of an address opens the story too.
            ("/ships/2026/03/06/story-5.html", "Story 5 of"),
        ] {
            browser.goto(&format!("{}{path}", host.url)).await;
            let found = browser.text("article.story h1").await;
            assert!(found.starts_with(title), "{path} opens {found}");
        }
        for path in ["/ships/2026/story-500/", "/about/the-harbor/", "/ships/2025/story-5/"] {
            browser.goto(&format!("{}{path}", host.url)).await;
            browser
                .until("document.querySelector('main h1') && !document.querySelector('article.story')")
                .await;
        }
        // A link in a list opens the story in place, and so does going back and forward.
        browser.goto(&host.url).await;
        browser.script("window.stillHere = true").await;
        let href = browser.attribute(".headline .title a", "href").await;
        browser.click(".headline .title a").await;
        browser.until("document.querySelector('article.story')").await;
        assert_eq!(browser.path().await, href);
        assert!(href.starts_with("/ships/2026/story-"), "{href}");
        browser.client.back().await.unwrap();
        browser.until("document.querySelector('.newest')").await;
        browser.client.forward().await.unwrap();
        browser.until("document.querySelector('article.story')").await;
        assert_eq!(browser.script("return window.stillHere").await, true);
        browser.close().await;
    }
}

async fn a_link_to_a_page_of_the_publisher_s_leaves_the_viewer(engine: Engine) {
    let (folder, host) = served("0").await;
    let site = folder.path().join("site");
    fs::create_dir_all(site.join("papers/2026")).unwrap();
    fs::write(site.join("papers/2026/index.html"), "<!DOCTYPE html><title>Papers</title>").unwrap();
    fs::write(site.join("papers/2026/a.txt"), "A paper.").unwrap();
    let browser = Browser::open(engine, DESKTOP).await;
    for (path, expected) in [
        ("/papers/2026/", "document.title === 'Papers'"),
        ("/papers/2026/a.txt", "document.body.innerText.trim() === 'A paper.'"),
    ] {
        browser.goto(&format!("{}/ships/2026/story-5/", host.url)).await;
        browser.until("document.querySelector('article .body a')").await;
        let follow = format!(
            "const link = document.querySelector('article .body a'); link.href = {path:?}; link.click()"
        );
        browser.script(&follow).await;
        browser.until(expected).await;
    }
    browser.close().await;
}

async fn an_address_s_fragment_leads_to_its_heading(engine: Engine) {
    for prerender in ["500", "0"] {
        let (_folder, host) = served(prerender).await;
        let browser = Browser::open(engine, PHONE).await;
        for (fragment, heading) in [
            ("part-7", "Part 7"),
            ("ende-gut-alles-gut", "Ende gut"),
            ("size", "Größe"),
            ("part-0", "Part 0"),
        ] {
            // Leaving first makes the address a new page, not another place in the same one.
            browser.client.goto("about:blank").await.unwrap();
            browser.goto(&format!("{}/ships/2026/story-5/#{fragment}", host.url)).await;
            // A scroll position is a whole number of pixels, and a heading's place is not.
            let is_visible = format!(
                "(heading => heading && heading.textContent.startsWith({heading:?}) && (({{ top, bottom }}) => top > -1 && bottom <= innerHeight)(heading.getBoundingClientRect()))(document.getElementById({fragment:?}))"
            );
            browser.until(&is_visible).await;
        }
        browser.close().await;
    }
}

async fn days_with_one_story_are_dated_rows_and_older_stories_come_twenty_at_a_time(engine: Engine) {
    let (_folder, host) = served("500").await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser.until_idle().await;
    // Only the day with three stories has a heading.
    assert_eq!(browser.texts(".newest .day h2").await.len(), 1);
    assert_eq!(browser.texts(".newest .day .headline").await.len(), 3);
    let dated = browser.texts(".newest .dated .headline").await.len();
    assert_eq!(browser.text(".newest .dated .headline time").await, "18 May");
    let mut shown = 3 + dated;
    while shown < STORIES {
        browser.script("document.querySelector('.more a').click()").await;
        browser.until(&format!("document.querySelectorAll('.newest .headline').length > {shown}")).await;
        let now = browser.texts(".newest .headline").await.len();
        assert!(now - shown >= 20 || now == STORIES, "{shown} then {now}");
        shown = now;
    }
    assert_eq!(browser.texts(".newest .day h2").await.len(), 1);
    // They remain after going back.
    browser.script("document.querySelector('.older .headline:last-child .title a').click()").await;
    browser.until("document.querySelector('article.story')").await;
    browser.client.back().await.unwrap();
    browser.until(&format!("document.querySelectorAll('.newest .headline').length === {STORIES}")).await;
    browser.close().await;
}

async fn the_menu_and_the_theme_button_fit_the_narrowest_phone(engine: Engine) {
    let (_folder, host) = served("500").await;
    let browser = Browser::open(engine, (320, 640)).await;
    for path in ["/", "/ships/2026/story-5/", "/category/"] {
        browser.goto(&format!("{}{path}", host.url)).await;
        browser.until_idle().await;
        assert_eq!(browser.script("return innerWidth").await, 320);
        let hidden = "return [...document.querySelectorAll('.sections a, .theme')].filter(control => {
                const { left, right, top, bottom } = control.getBoundingClientRect();
                const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
                return left < 0 || right > 320 || !control.contains(at) || control.scrollWidth > control.clientWidth + 1 && getComputedStyle(control).display !== 'inline';
            }).map(control => control.innerText)";
        assert_eq!(browser.script(hidden).await, serde_json::json!([]), "{path}");
        let overflow = "const html = document.documentElement; return html.scrollWidth - html.clientWidth";
        assert_eq!(browser.script(overflow).await, 0, "{path}");
        // What is below the masthead is no wider than it.
        let wider = "const { right } = document.querySelector('.sections').getBoundingClientRect(); return [...document.querySelectorAll('main *')].filter(element => element.checkVisibility() && element.getBoundingClientRect().right > right + 1).map(element => element.outerHTML.slice(0, 99))";
        assert_eq!(browser.script(wider).await, serde_json::json!([]), "{path}");
    }
    browser.close().await;
}

async fn no_part_of_the_home_page_is_empty(engine: Engine) {
    let (_folder, host) = served("500").await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser.until_idle().await;
    // No story has a security or a tag.
    assert_eq!(browser.texts(".sections li").await, ["Home", "Categories", "Archive"]);
    let headings_without_content = "return [...document.querySelectorAll('main section')].filter(section => section.checkVisibility() && !section.querySelector('a, p')).length";
    assert_eq!(browser.script(headings_without_content).await, 0);
    browser.close().await;
}
