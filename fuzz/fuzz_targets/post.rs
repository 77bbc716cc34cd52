//! Any bytes are a post with a title and an address; its body is Markdown without raw HTML, and its links
//! and pictures have permitted addresses.
#![no_main]

use bundle::href::Href;
use libfuzzer_sys::fuzz_target;
use pulldown_cmark::{Event, Parser, Tag};

fuzz_target!(|bytes: &[u8]| {
    for dialect in [posts::Dialect::GFM, posts::Dialect::Kramdown] {
        let zone = posts::TimeZone::UTC;
        let context = posts::Context { dialect: Some(dialect), ..posts::Context::new(&zone) };
        check(&posts::read("2026-05-01-a.md", bytes, &context));
    }
});

fn check(post: &posts::Post) {
    let article = &post.article;
    assert!(!article.title.trim().is_empty());
    assert!(!article.slug.is_empty());
    let mut headline = post.headline();
    headline.path.clone_from(&post.permalink);
    for permalink in ["", "/:year/:title.html"] {
        let address = headline.address(permalink).to_string();
        assert!(address.starts_with('/') && !address.starts_with("//"), "{address}");
    }
    for event in Parser::new_ext(&article.body, markdown::EXTENSIONS) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("raw HTML: {html}"),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                // A construct has a name instead of an address.
                assert!(dest_url.starts_with("as:") || Href::parse(&dest_url).is_some(), "{dest_url}")
            }
            _ => {}
        }
    }
    assert!(
        article.original.is_empty() || Href::external(&article.original).is_some(),
        "{}",
        article.original
    );
    // The article encodes to JSON and decodes to the same article.
    let json = bundle::encode(&[article]);
    let decoded: bundle::ShardFile = bundle::decode(&json).expect("an array of articles is a shard");
    assert_eq!(&decoded.articles[0], article);
}
