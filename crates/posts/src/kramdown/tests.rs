/// A body's blocks as Markdown of the bundle.
fn read(text: &str) -> String {
    let html = crate::dialect::to_html(text, crate::Dialect::Kramdown);
    let mut blocks = crate::html::read(&html).blocks;
    crate::headings::add_ids(&mut blocks);
    crate::headings::add_contents(&mut blocks);
    crate::markdown::print(&blocks)
}

/// The words, without the characters that only Markdown needs.
fn check(text: &str, expected: &str) {
    assert_eq!(read(text), expected, "{text}");
}

#[test]
fn spans_are_those_of_kramdown() {
    check("a **no money\u{a0}**It", "a **no money**\u{a0}It");
    check("  * **no money\u{a0}**It", "- **no money**\u{a0}It");
    check("**要点：**今年，**“明年”**的", "**要点：**&#20170;年&#65292;**“明年”**&#30340;");
    check("a **b **c", "a \\*\\*b \\*\\*c");
    check("10~20亿，30~40亿 ~~旧~~", "10\\~20亿，30\\~40亿 ~~旧~~");
    check("`PreReq `is ``a`b`` ` x", "` PreReq  `is ``a`b`` \\` x");
    check("a [b](c d 'e')[f][g] [h] [G] [i]\n\n[g]: /x\n", "a [b](<c d>)[f](/x) [h](/x) \\[i\\]");
    check("[a\\_b][]\n\n[a_b]: /x", "[a\\_b](/x)");
    check("x<sup>2</sup> <b>*y*</b> <Tab> *z*", "x![2](as:sup) **_y_** \\*z\\*");
    check("a </b> <div> b", "a \\</b> \\<div> b");
    check("*a*{: .b} c {:d} {::nomarkdown}<i>e</i>{:/}", "_a_ c {:d} _e_");
    check("US$100亿，此前US$200亿 $$a_1 < b$$ \\$$", "US$100亿，此前US$200亿 ![`a_1 < b`](as:math) $$");
    check(
        "a <iframe src=\"https://a.example/\"></iframe> b",
        "a ![a.example](as:player \"https://a.example/\") b",
    );
    check("a <pre><code>b&#10;c</code></pre> d <pre> e", "a\n\n```\nb\nc\n```\n\nd \\<pre> e");
    check("a--b---c...d \\%", "a–b—c…d \\\\%");
    check("a\\\\\nb  \nc", "a\\\nb\\\nc");
}

#[test]
fn blocks_are_those_of_kramdown() {
    check("a\n2. b", "a\n\n2. b");
    check("1) a", "1\\) a");
    check("# a ##\n## b# {#c}", "# a {#a}\n\n## b {#c}");
    check("* \n\n    * a\n", "- - a");
    check("#a\n\n# b {#c}\n\n## ", "\\#a\n\n# b {#c}\n\n\\#\\#");
    check("a | b\nc | d", "| a | b |\n| --- | --- |\n| c | d |");
    check("<p title=\"1|2\">a|b</p>\n\n<b>a</b> | c", "a|b\n\n| **a** | c |\n| --- | --- |");
    check("|a|b|\n|:-|-:|\n|**c**|`d|e`|\n{: .x}", "| a | b |\n| :-- | --: |\n| **c** | `d\\|e` |");
    check("<div>\n**a**\n\nb</div> **c**", "\\*\\*a\\*\\* b\n\n**c**");
    check("<div markdown=\"1\">\n**a**\n</div>\n\nb", "**a**\n\nb");
    check("<b>a</b> **c**\n<!-- x --> *y*", "**a** **c** _y_");
    check(
        "* x\n{:toc}\n\n## a\n{: .y}\nb\n\n### c *d*\n{: #e}",
        "- [a](#a)\n\n  - [c _d_](#e)\n\n## a {#a}\n\nb\n\n### c _d_ {#e}",
    );
    check("# a\n{:.no_toc}\n\n* toc\n{:toc}\n\n# b", "# a {#a}\n\n- [b](#b)\n\n# b {#b}");
    check("a\n: b\n\nc\n: d", "a\n: b\n\nc\n: d");
    check("毛利\n净*利*\n: 收入\n: 二", "毛利\\\n&#20928;_利_\n: 收入\n: 二");
    check("<p markdown=\"1\" hidden>a **b**</p>\n\n<p markdown='span'>c **d**</p> e", "c **d**\n\ne");
    check("<div markdown=\"span\">c **d**</div>", "c **d**");
    check(
        "<table>\n<tr><td markdown=\"1\">a **b**</td><td>c **d**</td></tr></table>",
        "| a **b** | c \\*\\*d\\*\\* |\n| --- | --- |",
    );
    check("$$\na_1\n$$\n\n*[HTML]: x\n\nHTML", "```math\na_1\n```\n\nHTML");
    check("a[^1]\n\n[^1]: b **c**\n", "a[^1]\n\n[^1]: b **c**");
    check("- [ ] a\n- [x] **b**\n^\n- c", "- [ ] a\n- [x] **b**\n\n* c");
    check("~~~ ruby\nputs \"*a*\"\n~~~\n\n    **b**", "```ruby\nputs \"*a*\"\n```\n\n```\n**b**\n```");
    check("a\n  # b", "a \\# b");
    check("> a\n> ===\n>\n> b\n> ---", "> # a {#a}\n>\n> ## b {#b}");
    check("a\n--\nb\n\n--\n\nc", "## a {#a}\n\nb\n\n–\n\nc");
    check("b\n\n\t\n  1. a, \n\n\t\n  2. c", "b\n\n1. a,\n2. c");
    check(
        "* c(d|e).org\n* f | g\n\n* h",
        "- | c(d | e).org |\n  | --- | --- |\n- | f | g |\n  | --- | --- |\n- h",
    );
    check("* a\n\n      b(:$V) {|v| p v }\n\n* c", "- a\n\n  ```\n  b(:$V) {|v| p v }\n  ```\n\n- c");
    check(
        "1. a\n\n2. b\n```\n\nx\n\n1. c\n\n   ```p\n   q\n   ```",
        "1. a\n2. b \\`\\`\\`\n\nx\n\n1. c\n\n   ```p\n   q\n   ```",
    );
    check(
        "```m\n1. a\n\n    ```p\n    ```\n```\n\n~~~\nb\n   ~~~",
        "````m\n1. a\n\n    ```p\n    ```\n````\n\n```\nb\n```",
    );
    check("1. a:\n ```\n # b\n ```\n2. c", "1. a:\n\n   ```\n   # b\n   ```\n\n2. c");
    check("a\n****\n\nb\nc\n---\n\n***\n\nd\n===", "a _\\*\\*_\n\nb c —\n\n***\n\n# d {#d}");
    check("![a](/b){:\n.icon w=\"1\"} c\\\nd", "![a](/b) c\\\nd");
    check("```\nno end", "\\`\\`\\` no end");
}

/// Texts, and the HTML that kramdown 2.4 with GFM's input makes of them (`bench/kramdown.rb`).
const CASES: &str = include_str!("cases.txt");

/// A body's blocks, by way of kramdown's own HTML.
fn read_html(html: &str) -> String {
    let mut blocks = crate::html::read(html).blocks;
    crate::headings::add_ids(&mut blocks);
    crate::markdown::print(&blocks)
}

#[test]
fn cases_are_read_as_by_kramdown() {
    let mut differences = Vec::new();
    for case in CASES.split("=====\n") {
        let (text, html) = case.split_once("\n-----\n").expect("a case has a text and HTML");
        let (expected, found) = (read_html(html), read(text));
        if expected != found {
            differences.push(format!("{text}\n  kramdown: {expected:?}\n  here:     {found:?}"));
        }
    }
    assert!(differences.is_empty(), "{}\n{}", differences.len(), differences.join("\n"));
}

/// Spans are read by recursion, and text that does not end them is read again.
#[test]
fn many_beginnings_of_spans_neither_exhaust_the_stack_nor_take_long() {
    for part in [
        "![",
        "[",
        "[![",
        "<![CDATA[",
        "~~a ",
        "*a ",
        "**a _b ",
        "<b>",
        "<b>*",
        "<iframe>",
        "<pre>",
        "<p markdown=1>",
    ] {
        let text = part.repeat(30_000 / part.len());
        let ended = format!("{text}b~~ ]]]*** </b></iframe>");
        for text in [text, ended] {
            let started = std::time::Instant::now();
            assert!(!super::translate(&text).markdown.is_empty());
            // A hundred times what is needed.
            assert!(started.elapsed().as_secs() < 60, "{part}");
        }
    }
}
