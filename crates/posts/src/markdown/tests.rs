use super::*;
use crate::html;
use proptest::prelude::*;
use pulldown_cmark::{Options, Parser};

/// The blocks that a reader of the bundle sees in this Markdown.
fn reread(markdown: &str) -> Vec<Block> {
    let mut rendered = String::new();
    pulldown_cmark::html::push_html(
        &mut rendered,
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH),
    );
    html::read(&rendered).blocks
}

fn blocks(html: &str) -> Vec<Block> {
    html::read(html).blocks
}

#[test]
fn html_is_printed_as_markdown() {
    let check = |html: &str, expected: &str| assert_eq!(print(&blocks(html)), expected, "{html}");
    check("<p>　　甲<strong>乙</strong>丙</p>", "甲**乙**丙");
    check("<p>甲<strong>“乙”</strong>丙</p>", "&#30002;**“乙”**&#19993;");
    check("<p>a <b>“b”</b> c</p>", "a **“b”** c");
    check("<p>x<br>y</p><p>z</p>", "x\\\ny\n\nz");
    check(
        "<p>1. x *y* _z_ [a](b) <i></i>&lt;b&gt; &amp;amp;</p>",
        "1\\. x \\*y\\* \\_z\\_ \\[a\\](b) \\<b> \\&amp;",
    );
    check("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "- a\n- b\n\n  3. c");
    check("<table><tr><td>a<td>b|c<tr><td colspan=2>d</table>", "| a | b\\|c |\n| --- | --- |\n| d |  |");
    check("<pre><code class=language-rust>let a = `b`;\n\nx</code></pre>", "```rust\nlet a = `b`;\n\nx\n```");
    check(
        "<p><a href='http://a.b/c(d)'>e</a><img src='http://x/y_w8h6.jpg' alt=z></p>",
        "[e](<http://a.b/c(d)>)![z](http://x/y_w8h6.jpg#8x6)",
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn printed_markdown_is_parsed_to_the_same_text_and_marks(html in html_strategy()) {
        let mut blocks = blocks(&html);
        crate::body::sanitize_addresses(&mut blocks, &html, 1, &mut Vec::new());
        let markdown = print(&blocks);
        prop_assert_eq!(&shape(&reread(&markdown)), &shape(&blocks), "{}\n→\n{}", html, markdown);
    }

    #[test]
    fn any_text_survives(text in "[\\PC\\n]{0,40}") {
        let html = text.replace('&', "&amp;").replace('<', "&lt;");
        let blocks = blocks(&html);
        let markdown = print(&blocks);
        prop_assert_eq!(&shape(&reread(&markdown)), &shape(&blocks), "{}", markdown);
    }
}

/// HTML whose fragments meet in every order: marks next to letters, spaces and punctuation, and every symbol
/// that has a meaning in Markdown.
fn html_strategy() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec![
        "甲",
        "乙。",
        "“丙”",
        " ",
        "a",
        "b c",
        "1.",
        "-",
        "*",
        "_",
        "**",
        "`",
        "``",
        "~~",
        "[x](y)",
        "!",
        "#",
        "&gt;",
        "&lt;b>",
        "&amp;amp;",
        "|",
        "\\",
        "：",
        "+ ",
        "=== ",
        "http://a.b",
    ]);
    let leaf = prop::collection::vec(text, 1..4).prop_map(|texts| texts.concat());
    let inline = leaf.prop_recursive(3, 12, 3, |inner| {
        (
            prop::sample::select(vec![
                "strong",
                "em",
                "del",
                "code",
                "a href='http://x.y/'",
                "a href='javascript:x'",
                "span",
            ]),
            prop::collection::vec(inner, 1..4),
        )
            .prop_map(|(tag, inner)| {
                format!("<{tag}>{}</{}>", inner.concat(), tag.split(' ').next().unwrap())
            })
    });
    let paragraph = prop::collection::vec(inline, 1..5).prop_map(|inner| inner.concat());
    let block = (prop::sample::select(vec!["p", "h2", "blockquote", "li", "td", "pre", "center"]), paragraph)
        .prop_map(|(tag, inner)| match tag {
            "li" => format!("<ul><li>{inner}</li><li>x</li></ul>"),
            "td" => format!("<table><tr><td>{inner}</td><td>y</td></tr><tr><td>z</td></tr></table>"),
            _ => format!("<{tag}>{inner}</{tag}>"),
        });
    prop::collection::vec(block, 1..4).prop_map(|blocks| blocks.concat())
}

/// Describes what must not change: the kinds of the blocks and marks, and their text, without white space
/// except in code blocks.
fn shape(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => {
                out.push_str("\np:");
                shape_of_inlines(inlines, &mut out);
            }
            Block::Heading(level, inlines, _) => {
                let _ = write!(out, "\nh{level}:");
                shape_of_inlines(inlines, &mut out);
            }
            Block::Quote(inner) => {
                let _ = write!(out, "\nquote({})", shape(inner));
            }
            Block::List(start, items) => {
                let _ = write!(
                    out,
                    "\nlist {start:?}({})",
                    items.iter().map(|item| shape(item)).collect::<Vec<_>>().join(";")
                );
            }
            Block::Code(language, text) => {
                let _ = write!(out, "\ncode {language}: {text}");
            }
            Block::Table(rows) => {
                for row in rows {
                    out.push_str("\ntr:");
                    for cell in row {
                        out.push('|');
                        shape_of_inlines(cell, &mut out);
                    }
                }
            }
            Block::Rule => out.push_str("\nrule"),
        }
    }
    out
}

fn shape_of_inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.extend(text.chars().filter(|c| !c.is_whitespace())),
            Inline::Code(text) => out.extend(text.chars().filter(|c| !c.is_whitespace())),
            Inline::Break => {}
            Inline::Image(image) => {
                let _ = write!(out, "<img {} {}>", image.src, image.alt);
            }
            Inline::Chart(secid, _) => {
                let _ = write!(out, "<chart {secid}>");
            }
            Inline::Marked(mark, inner) => {
                let _ = write!(out, "<{mark:?} ");
                shape_of_inlines(inner, out);
                out.push('>');
            }
        }
    }
}
