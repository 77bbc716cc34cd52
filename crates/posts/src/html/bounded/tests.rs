use super::super::tag::MAX_ATTRIBUTES;
use super::*;

fn count_nodes(html: &str) -> usize {
    let (dom, _) = parse(html);
    let (mut count, mut stack) = (0, vec![dom.document.clone()]);
    while let Some(node) = stack.pop() {
        count += 1;
        stack.extend(node.children.borrow().iter().cloned());
    }
    count
}

#[test]
fn unclosed_formatting_makes_a_tree_in_proportion_to_the_text() {
    for markup in [
        "<p><b class=N>词",
        "<p><b class=N></i>词",
        "<b class=N><table><tr><td></b></table><p>词",
        "<td><b class=N></td><p>词",
        "<select><b class=N></select><p>词",
    ] {
        let crafted =
            |lines: usize| (0..lines).map(|at| markup.replace('N', &at.to_string())).collect::<String>();
        let (once, twice) = (count_nodes(&crafted(1000)), count_nodes(&crafted(2000)));
        assert!(twice < once * 5 / 2, "{markup}: {once} nodes became {twice}");
    }
}

#[test]
fn unclosed_elements_nest_to_a_limited_depth_and_the_text_after_them_is_read() {
    for markup in [
        "<div>",
        "<span>",
        "<ul><li>",
        "<table><tr><td>",
        "<rt>",
        "<optgroup>",
        "<svg><g>",
        "<object></div>",
        "<span><div></span>",
    ] {
        let dom = parse(&(markup.repeat(3_000) + "深<br>")).0;
        let (mut depth, mut text, mut stack) = (0, String::new(), vec![(0, dom.document.clone())]);
        while let Some((at, node)) = stack.pop() {
            depth = depth.max(at);
            if let NodeData::Text { contents } = &node.data {
                text.push_str(&contents.borrow());
            }
            stack.extend(node.children.borrow().iter().map(|child| (at + 1, child.clone())));
        }
        assert!((200..=MAX_OPEN * 3 / 2).contains(&depth), "{markup} is {depth} deep");
        assert_eq!(text, "深", "{markup}");
    }
}

#[test]
fn raw_text_stays_raw_at_any_depth() {
    let (dom, _) = parse(
        &("<div>".repeat(1000) + "<script><b>1</b></script><style><i></style><textarea><u></textarea>"),
    );
    let mut stack = vec![dom.document.clone()];
    while let Some(node) = stack.pop() {
        if let NodeData::Element { name, .. } = &node.data {
            assert!(["html", "div", "script", "style", "textarea"].contains(&&*name.local), "{}", name.local);
        }
        stack.extend(node.children.borrow().iter().cloned());
    }
}

/// The text, the number of elements, their greatest depth, and the largest number of attributes.
fn read(html: &str) -> (String, usize, usize, usize) {
    let (dom, _) = parse(html);
    let (mut text, mut elements, mut deepest, mut attributes, mut stack) =
        (String::new(), 0, 0, 0, vec![(0, dom.document.clone())]);
    while let Some((depth, node)) = stack.pop() {
        deepest = deepest.max(depth);
        match &node.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            NodeData::Element { attrs, .. } => {
                elements += 1;
                attributes = attributes.max(attrs.borrow().len());
            }
            _ => {}
        }
        stack.extend(node.children.borrow().iter().rev().map(|child| (depth + 1, child.clone())));
    }
    (text, elements, deepest, attributes)
}

#[test]
fn a_tag_has_a_limited_number_of_attributes_and_the_text_after_it_is_read() {
    let many: String = (0..150_000).map(|at| format!("a{at:05} ")).collect();
    let slashes: String = (0..10_000).map(|at| format!("/a{at:05}-=-")).collect();
    let long = "一".repeat(100_000);
    for html in [
        format!("前<b {many}>中</b>后"),
        format!("前<b {many}"),
        format!("前<b></b {many}>中后"),
        format!("前<b {slashes}>中</b>后"),
        format!("前<div {many} title='>' {many}>中</div>后"),
        format!("前<b title=\"{long}>{long}\">中</b>后"),
        format!("前<b title='{long}'>中</b>后"),
        format!("前<b title={long}>中</b>后"),
        format!("前<!--{long}-->中后"),
        format!("前<!--<b {many}-->中后"),
        format!("前&am<!--<b {many}-->中后").replace("&am", ""),
        format!("前<script><b {many}</script>中后").replace(&many, ""),
        format!("前<!{many}>中后"),
        format!("前<svg><![CDATA[<b {many} > ]]></svg>中后").replace(&format!("<b {many} > "), ""),
    ] {
        let (text, _, _, attributes) = read(&html);
        let text = text.replace("<b ", "");
        assert!(
            text == "前中后" || text == "前" && !html.contains('>'),
            "{} is read as {}",
            &html[..30],
            text.chars().take(100).collect::<String>()
        );
        assert!(attributes <= MAX_ATTRIBUTES, "{attributes}");
    }
    let script = format!(
        "前<script>if (a <b {many} >1) {{}}</script><textarea></b {many} ></textarea>后<svg><![CDATA[<b {many} > ]]></svg>末"
    );
    let (text, ..) = read(&script);
    assert_eq!(text.matches(&many).count(), 3);
}

#[test]
fn html_within_the_limits_is_parsed_as_the_standard_says() {
    use html5ever::tendril::TendrilSink as _;
    use proptest::prelude::*;
    fn serialize(node: &Handle, out: &mut String) {
        match &node.data {
            NodeData::Element { name, attrs, .. } => {
                let attrs = attrs.borrow();
                let is_kept = |name: &LocalName| USED_ATTRIBUTES.contains(&&**name);
                let kept = attrs
                    .iter()
                    .filter(|attribute| !is_formatting(&name.local) || is_kept(&attribute.name.local));
                out.push_str(&format!(
                    "<{:?} {:?}>",
                    name,
                    kept.map(|attribute| (&attribute.name.local, &attribute.value)).collect::<Vec<_>>()
                ));
            }
            NodeData::Text { contents } => out.push_str(&contents.borrow()),
            data => out.push_str(&format!("{data:?}")),
        }
        node.children.borrow().iter().for_each(|child| serialize(child, out));
        out.push_str("</>");
    }
    let serialized = |dom: &RcDom| {
        let mut out = String::new();
        serialize(&dom.document, &mut out);
        out
    };
    let parts = prop::sample::select(vec![
        "<",
        "</",
        ">",
        "/",
        "=",
        "\"",
        "'",
        " ",
        "\n",
        "\r",
        "a",
        "p",
        "div",
        "<p>",
        "</p>",
        "<a href=x>",
        "</a>",
        "<td>",
        "<table>",
        "</table>",
        "<!--",
        "-->",
        "--!>",
        "<!",
        "<?",
        "]]>",
        "<![CDATA[",
        "<svg>",
        "</svg>",
        "<script>",
        "</script>",
        "<textarea>",
        "</textarea>",
        "<title>",
        "</title>",
        "&",
        "amp",
        ";",
        "&amp",
        "&#x4e00",
        "词",
        "<br>",
        "<b class='",
        "<img alt=\"",
        "\u{0}",
        "<select>",
        "<plaintext",
        "<style>",
        "</style ",
        "<math><mi>",
        "-",
        "!",
    ]);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let result = runner.run(&prop::collection::vec(parts, 0..40), |parts| {
        // Only inputs with so few formatting elements that they stay within the limits are compared, and only
        // the attributes that our parser keeps.
        let html = parts.concat();
        prop_assume!(html.matches("<a").count() + html.matches("<b").count() < MAX_FORMATTING / 2);
        let body = QualName::new(None, ns!(html), local_name!("body"));
        let standard =
            parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), true).one(html.as_str());
        let ours = serialized(&parse(&html).0);
        prop_assert_eq!(ours, serialized(&standard), "{}", html);
        Ok(())
    });
    result.unwrap();
}

#[test]
fn repeated_markup_takes_memory_in_proportion_to_its_length() {
    for markup in [
        "<p><b class=N>词",
        "<p>词",
        "<b class=N><table></b></table><div></div><p>词",
        "<td><b class=N>词",
        "<svg><style><g>词",
        "<svg><desc><b class=N></desc></svg><p>词",
        "<a N=N href=N class=N><p>词",
        "<div><object></div></object><b class=N><p>词",
    ] {
        let crafted = |times: usize| {
            read(&(0..times).map(|at| markup.replace('N', &at.to_string())).collect::<String>())
        };
        let ((once, elements, ..), (twice, more, deepest, _)) = (crafted(1000), crafted(2000));
        assert!(more <= elements * 5 / 2, "{markup}: {elements} elements became {more}");
        assert!(
            more <= 2000 * (MAX_FORMATTING + 8) && deepest <= MAX_OPEN * 2,
            "{markup}: {more} elements, {deepest} deep"
        );
        assert_eq!((once.matches('词').count(), twice.matches('词').count()), (1000, 2000), "{markup}");
    }
}

#[test]
fn closed_formatting_is_parsed_as_the_standard_says() {
    let html = "<p><b>甲</b>".repeat(1000);
    // The document, `html`, and three nodes per paragraph: `p`, `b` and the text.
    assert_eq!(count_nodes(&html), 2 + 3000);
}
