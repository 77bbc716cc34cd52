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
    // On a Jekyll site, Liquid is carried out, and takes words from other files: here from the post itself.
    let zone = posts::TimeZone::UTC;
    let site = Site { text: posts::decode(bytes).into_owned(), values: posts::SiteValues::default() };
    let context = posts::Context {
        dialect: Some(posts::Dialect::Kramdown),
        is_jekyll: true,
        path: "_posts/2026-05-01-a.md",
        surroundings: Some(&site),
        ..posts::Context::new(&zone)
    };
    check(&posts::read("2026-05-01-a.md", bytes, &context));
});

/// A site in which every file has the same text.
#[derive(Debug)]
struct Site {
    text: String,
    values: posts::SiteValues,
}

impl posts::Surroundings for Site {
    fn values(&self) -> &posts::SiteValues {
        &self.values
    }

    fn include(&self, _name: &str) -> Option<String> {
        Some(self.text.clone())
    }

    fn text(&self, _path: &str) -> Option<String> {
        Some(self.text.clone())
    }

    fn address(&self, path: &str) -> Option<String> {
        Some(path.to_owned())
    }

    fn address_of_post(&self, name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    fn title_of_post(&self, name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    fn address_of_file(&self, path: &str) -> Option<String> {
        path.strip_suffix(".md").map(|path| format!("/{path}/"))
    }

    fn file(&self, path: &str) -> Result<posts::SiteFile, posts::NoFile> {
        Ok(posts::SiteFile { path: path.to_owned(), stamp: 1, size: Some((3, 2)), copies: vec![1] })
    }
}

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
