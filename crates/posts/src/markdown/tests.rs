use super::*;
use crate::html;
use ::markdown::MarkdownOp;
use proptest::prelude::*;

/// The blocks that a reader of the bundle sees in this Markdown: the viewer's operations, written as HTML.
fn reread(markdown: &str) -> Vec<Block> {
    let mut rendered = String::new();
    let mut open: Vec<String> = Vec::new();
    let text = escape_html;
    let (mut in_notes, mut in_player) = (false, false);
    let mut ops = ::markdown::parse(markdown).into_iter().peekable();
    while let Some(op) = ops.next() {
        let html = match op {
            MarkdownOp::Attribute { .. } => unreachable!("attributes follow their element"),
            MarkdownOp::Open(name) => {
                let mut attributes = Vec::new();
                while let Some(MarkdownOp::Attribute { name, value }) =
                    ops.next_if(|op| matches!(op, MarkdownOp::Attribute { .. }))
                {
                    attributes.push((name, value));
                }
                let of = |wanted: &str| {
                    attributes.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str())
                };
                let (class, id) = (of("class").unwrap_or_default(), of("id").unwrap_or_default());
                let (tag, more) = match name.as_str() {
                    "ol" if class == "footnotes" => {
                        in_notes = true;
                        ("section", " data-footnotes><ol".to_owned())
                    }
                    "li" if id.starts_with("fn:") => ("li", format!(" id='fn-{}'", &id[3..])),
                    "li" if !class.is_empty() => {
                        let checked = if class == "done" { " checked" } else { "" };
                        ("li", format!("{}><input type=checkbox{checked}", attributes_of(&attributes)))
                    }
                    "sup" if id.starts_with("fnref:") => ("sup", " class=footnote-ref".to_owned()),
                    "td" | "th" => (name.as_str(), format!(" align='{class}'")),
                    "span" if class == "math" => ("span", " data-math-style=inline".to_owned()),
                    // The card's address follows.
                    "span" if class == "player" => {
                        in_player = true;
                        ("i-player", String::new())
                    }
                    "span" => ("a", attributes_of(&attributes)),
                    name => (name, attributes_of(&attributes)),
                };
                open.push(tag.to_owned());
                if tag == "i-player" { String::new() } else { format!("<{tag}{more}>") }
            }
            MarkdownOp::OpenLink { address, .. } if address.starts_with("#fnref:") && in_notes => {
                open.push("a".to_owned());
                "<a class=footnote-backref>".to_owned()
            }
            MarkdownOp::OpenLink { address, .. } if in_player => {
                in_player = false;
                open.push("iframe".to_owned());
                format!("<iframe src=\"{}\" title=\"", text(&address))
            }
            MarkdownOp::OpenLink { address, .. } if address.starts_with("#fn:") => {
                open.push("a".to_owned());
                format!("<a href='#fn-{}'>", &address[4..])
            }
            MarkdownOp::OpenLink { address, .. } => {
                open.push("a".to_owned());
                format!("<a href=\"{}\">", text(&address))
            }
            MarkdownOp::Close => match open.pop().unwrap().as_str() {
                "i-player" => String::new(),
                "iframe" => "\"></iframe>".to_owned(),
                name => format!("</{name}>"),
            },
            MarkdownOp::Text(words) => text(&words),
            MarkdownOp::Code(words) => format!("<code>{}</code>", text(&words)),
            MarkdownOp::CodeBlock { class, text: code } => {
                format!("<pre><code class='{class}'>{}</code></pre>", text(&code))
            }
            MarkdownOp::LineBreak => "<br>".to_owned(),
            MarkdownOp::Rule => "<hr>".to_owned(),
            MarkdownOp::Image { address, alt, .. } => {
                format!("<img src=\"{}\" alt=\"{}\">", text(&address), text(&alt))
            }
        };
        rendered.push_str(&html);
    }
    html::read(&rendered).blocks
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn attributes_of(attributes: &[(String, String)]) -> String {
    attributes.iter().map(|(key, value)| format!(" {key}=\"{}\"", escape_html(value))).collect()
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
    check("<p>a <textarea>b <i>c</i></textarea></p>", "a b \\<i>c\\</i>");
    check(
        "<p>1. x *y* _z_ [a](b) <i></i>&lt;b&gt; &amp;amp;</p>",
        "1\\. x \\*y\\* \\_z\\_ \\[a\\](b) \\<b> \\&amp;",
    );
    check("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "- a\n- b\n\n  3. c");
    check("<table><tr><td>a<td>b|c<tr><td colspan=2>d</table>", "| a | b\\|c |\n| --- | --- |\n| d |  |");
    check("<pre><code class=language-rust>let a = `b`;\n\nx</code></pre>", "```rust\nlet a = `b`;\n\nx\n```");
    check("10<sup>8</sup>", "10![8](as:sup)");
    check("<ruby>东<rp>(<rt>dōng</ruby>", "![东![dōng](as:rt)](as:ruby)");
    check("<ol start=5 type=A><li>a<li value=9>b</ol>", "5. ![](as:list \"A\")a\n9. ![](as:item \"9\")b");
    check("<ol reversed><li>三<li>二</ol>", "2. ![](as:list \"reversed\")三\n1. 二");
    check("<ul><li><input type=checkbox checked> a<li><input type=checkbox> b</ul>", "- [x] a\n- [ ] b");
    check("<dl><dt>a<dd>b<dt>c<dt>d<dd><p>e<p>f</dl>", "a\n: b\n\nc\\\nd\n\n: e\n\n  f");
    check("<details><summary>a <b>b</b></summary><p>c</details>", "> ![a **b**](as:details)\n>\n> c");
    check(
        "<figure><img src=/a.png><figcaption>b</figcaption></figure>",
        "> ![b](as:figure)\n>\n> ![](/a.png)",
    );
    check("<h2 id=x>a}</h2>", "## a\\} {#x}");
    check("<p>x<a name=old></a>y <span id='a b'>z</span>", "x![](as:id \"old\")y ![](as:id \"a b\")z");
    check("<p><code>a </code>b", "` a  `b");
    check(
        "<table><tr><td>a<br>b<td align=right><ul><li>c<li>d</ul></table>",
        "| a![](as:br)b | ![![c](as:li)![d](as:li)](as:ul) |\n| --- | --: |",
    );
    check("<p>甲\n乙\n  c\nd\n，“丙”\n丁", "甲乙 c d ，“丙”丁");
    check("<p><abbr title='a &amp; \"b\"'>c</abbr>", "![c](as:abbr \"a \\& \\\"b\\\"\")");
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
        "\\|",
        "\\",
        "：",
        "+ ",
        "=== ",
        "http://a.b",
        "\u{a0}",
        "\u{3000}",
        "{#x}",
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
                "a href='#甲'",
                "a name='b c'",
                "span",
                "sup",
                "sub",
                "ruby",
                "rt",
                "q",
                "ins",
                "mark",
                "kbd",
                "abbr title='甲 \"*b*\"'",
                "span data-math-style=inline",
                "video src='/a.mp4'",
                "iframe src='https://h.example/'",
            ]),
            prop::collection::vec(inner, 1..4),
        )
            .prop_map(|(tag, inner)| {
                format!("<{tag}>{}</{}>", inner.concat(), tag.split(' ').next().unwrap())
            })
    });
    let paragraph = prop::collection::vec(inline, 1..5).prop_map(|inner| inner.concat());
    let kinds = vec![
        "p",
        "h2",
        "h3 id=x}",
        "blockquote",
        "li",
        "ol",
        "task",
        "td",
        "cell",
        "pre",
        "center",
        "dl",
        "details",
        "figure",
        "note",
    ];
    let leaf = (prop::sample::select(kinds), paragraph).prop_map(|(tag, inner)| wrap(tag, &inner));
    let block = leaf.prop_recursive(2, 6, 3, |inner| {
        let tags = vec!["blockquote", "li", "ol", "dl", "details", "figure", "cell"];
        (prop::sample::select(tags), prop::collection::vec(inner, 1..3))
            .prop_map(|(tag, inner)| wrap(tag, &inner.concat()))
    });
    prop::collection::vec(block, 1..4).prop_map(|blocks| blocks.concat())
}

/// HTML of a kind with some content.
fn wrap(tag: &str, inner: &str) -> String {
    match tag {
        "li" => format!("<ul><li>{inner}</li><li>x</li></ul>"),
        "ol" => format!("<ol start=7 type=i reversed><li>{inner}</li><li value=-3>{inner}</li></ol>"),
        "task" => {
            format!("<ul><li><input type=checkbox checked>{inner}</li><li><input type=checkbox> x</li></ul>")
        }
        "td" => format!("<table><tr><td>{inner}</td><td>y</td></tr><tr><td>z</td></tr></table>"),
        "cell" => format!(
            "<table><tr><td align=center><ul><li>{inner}</li></ul></td><td>y<p>{inner}</td></tr></table>"
        ),
        "dl" => format!(
            "<dl><dd>x</dd><dt>{inner}</dt><dt>y</dt><dd>{inner}</dd><dd><p>z<p>{inner}</dd><dt>w</dt></dl>"
        ),
        "details" => format!("<details><summary>{inner}</summary>{inner}</details>"),
        "figure" => format!("<figure>{inner}<figcaption>{inner}</figcaption></figure>"),
        "note" => format!(
            "<p>a<sup class=footnote-ref><a href='#fn-n'>1</a></sup>b</p><section data-footnotes><ol><li id=fn-n>{inner}</li></ol></section>"
        ),
        _ => format!("<{tag}>{inner}</{}>", tag.split(' ').next().unwrap()),
    }
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
            Block::Heading(heading) => {
                let _ = write!(out, "\nh{} {}:", heading.level, heading.id);
                shape_of_inlines(&heading.inlines, &mut out);
            }
            Block::Quote(inner) => {
                let _ = write!(out, "\nquote({})", shape(inner));
            }
            Block::List(list) => {
                let _ = write!(out, "\nlist {:?}(", list.numbers);
                for item in &list.items {
                    let _ = write!(out, "{:?} {:?} {};", item.value, item.task, shape(&item.blocks));
                }
                out.push(')');
            }
            Block::Definitions(definitions) => {
                for definition in definitions {
                    match definition {
                        Definition::Term(inlines) => {
                            out.push_str("\ndt:");
                            shape_of_inlines(inlines, &mut out);
                        }
                        Definition::Details(blocks) => {
                            let _ = write!(out, "\ndd({})", shape(blocks));
                        }
                    }
                }
            }
            Block::Group(group, head, blocks) => {
                let _ = write!(out, "\n{group:?}:");
                shape_of_inlines(head, &mut out);
                let _ = write!(out, "({})", shape(blocks));
            }
            Block::Math(text) => {
                let _ = write!(out, "\nmath: {text}");
            }
            Block::Footnote(name, blocks) => {
                let _ = write!(out, "\nnote {name}({})", shape(blocks));
            }
            Block::Code(language, text) => {
                let _ = write!(out, "\ncode {language}: {text}");
            }
            Block::Table(Table { alignments, rows }) => {
                let _ = write!(out, "\n{alignments:?}");
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
            Inline::Math(text) => {
                let _ = write!(out, "<math {text}>");
            }
            Inline::Break => {}
            Inline::Anchor(id) => {
                let _ = write!(out, "<id {id}>");
            }
            Inline::Footnote(name) => {
                let _ = write!(out, "<note {name}>");
            }
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
