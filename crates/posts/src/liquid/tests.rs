use bundle::Label;
use jiff::tz::TimeZone;

use super::*;

/// Front matter for the cases below.
const MATTER: &str = r#"tags: [public, 港口]
categories: News World
m: {a: 1, b: {c: "x"}}
l: [1, two, "3"]
empty_list: []
empty_text: ""
three: 3
quoted: "3"
ja: yes
quoted_yes: "yes"
quoted_true: "true"
quoted_false: "false"
nein: no
day: 2026-01-01
nothing: ~
decimal: 1.50
word: crane
"#;

/// Conditions that are true for this front matter by Jekyll 4.3.
const TRUE: &str = r#"
page.tags contains "public"
page.tags.size > 1
page.tags.first == "public"
page.categories contains "News"
page.l contains "two"
page.l contains 1
page.l contains "3"
page.l == site.l
page.m contains "a"
page.m.a == 1
page.m.b.c == "x"
page["m"]["a"] == 1
page.m["b"].c == 'x'
page.l[0] == 1
page.l.size == 3
page.l.last == "3"
page.empty_list == empty
page.empty_list
page.empty_list.size == 0
page.empty_text == empty
page.empty_text == ""
page.empty_text
page.nothing == nil
page.word != blank
page.three == 3
page.quoted == "3"
page.ja == true
page.quoted_yes == "yes"
page.quoted_true == "true"
page.quoted_false
page.nein == false
page.day
page.decimal == 1.5
page.decimal > 1
page.word contains "ran"
page.word == "crane"
page.word > "a"
page.nope == page.other
page.draft == false
page.collection == "posts"
site.l contains "two"
empty
blank
"" 
page.nope == nil
page.three >= 3 and page.word
page.nope or page.word
page.word and page.nope or page.word
1 == 1.0
"#;

/// Conditions that are false.
const FALSE: &str = r#"
page.tags contains "private"
page.categories contains "news"
page.l contains "1"
page.l contains 3
page.l == site.other
page.m contains "z"
page["nope"]
page.l[9]
page.empty_text == blank
page.nothing == empty
page.word == blank
"x" == blank
page.three == "3"
page.quoted == 3
page.ja == "yes"
page.quoted_yes == true
page.quoted_true == true
page.nein
page.nein == "no"
page.day == "2026-01-01"
page.nope contains "x"
page.nope > 1
page.nope < 1
page.draft
page.layout
paginator
include.x
forloop.first
(false)
(true)
site.flag
site.nope
nil
not_set
true == "true"
page.tags == empty
page.nope contains nil
page.word contains page.nope
"#;

/// Texts, and what Jekyll 4.3 makes of them.
const SHOWN: &str = r#"
{% capture n %}SECRET{% endcapture %}{{ n | size }} => 6
{% assign n = "Secret" %}{{ n | upcase }} {{ n | downcase }} {{ n }} => SECRET secret Secret
{% capture a %}x{% endcapture %}{% if a == "x" %}S{% else %}K{% endif %} => S
{% assign a = page.nope | default: false %}{% if a %}S{% else %}K{% endif %} => K
{% assign a = page.three | default: false %}{% if a %}S{% else %}K{% endif %} => S
{% assign a = page.tags | size %}{% if a == 2 %}S{% else %}K{% endif %} => S
{% assign a = page.word | upcase %}{% if a == "CRANE" %}S{% else %}K{% endif %} => S
{% for i in page.nothing %}K{% endfor %}x => x
{% for i in page.empty_list %}K{% else %}L{% endfor %}x => Lx
{% for i in page.word_ %}{{ i }}K{% endfor %}x => x
{% unless page.tags contains "public" %}SECRET{% endunless %}x => x
{% case page.quoted %}{% when 3 %}a{% when "3" %}b{% else %}c{% endcase %} => b
{% case page.three %}{% when 1, 3 %}a{% when "3" or 4 %}b{% else %}c{% endcase %} => a
{% case page.tags %}{% when nil %}a{% else %}c{% endcase %} => c
{% assign x = page.l %}{% if x contains "two" %}S{% endif %}{% if x.size == 3 %}T{% endif %} => ST
{% assign x = page.m %}{% if x.a == 1 %}S{% else %}K{% endif %} => S
"#;

fn show(text: &str) -> String {
    let page = crate::value::read_yaml(MATTER).unwrap();
    let site = crate::value::read_yaml("l: [1, two, \"3\"]\nother: [1]\nflag: no\n").unwrap();
    let labels = |names: &[&str]| names.iter().map(|name| Label::from_spelling(name)).collect::<Vec<_>>();
    let (categories, tags) = (labels(&["News", "World"]), labels(&["public", "港口"]));
    let scope = Scope {
        page: &page,
        title: "T",
        slug: "t",
        time: None,
        path: "",
        categories: &categories,
        tags: &tags,
        site: &site,
        is_jekyll: false,
        surroundings: None,
        dialect: None,
        zone: &TimeZone::UTC,
    };
    carry_out(text, &scope, &mut KeptBack::default())
}

#[test]
fn conditions_are_decided_as_by_jekyll() {
    for (conditions, expected) in [(TRUE, "shown"), (FALSE, "else")] {
        for condition in conditions.lines().filter(|line| !line.is_empty()) {
            let text = format!("{{% if {condition} %}}shown{{% else %}}else{{% endif %}}");
            assert_eq!(show(&text), expected, "{condition}");
        }
    }
}

#[test]
fn variables_filters_loops_and_cases_are_carried_out_as_by_jekyll() {
    for (text, expected) in SHOWN.lines().filter_map(|line| line.split_once(" => ")) {
        assert_eq!(show(text), expected, "{text}");
    }
}

#[test]
fn where_a_value_is_not_known_all_branches_are_shown_and_no_hidden_word_is_printed() {
    for (text, expected) in [
        ("{% if page.url == '/' %}a{% else %}b{% endif %}", "ab"),
        ("{% if site.data.x %}a{% else %}b{% endif %}", "ab"),
        (
            "{% assign a = 1 %}{% if site.data.x %}{% assign a = 2 %}{% endif %}{% if a == 1 %}a{% else %}b{% endif %}",
            "ab",
        ),
        (
            "{% assign a = false %}{% for t in page.tags %}{% assign a = true %}{% endfor %}{% if a %}a{% else %}b{% endif %}",
            "{% for t in page.tags %}{% endfor %}ab",
        ),
        ("{% for t in page.word %}a{% endfor %}", "{% for t in page.word %}a{% endfor %}"),
        ("{% capture a %}{{ page.url }}{% endcapture %}{% if a == '' %}a{% else %}b{% endif %}", "ab"),
        ("{% capture a %}hidden{% endcapture %}{{ a | unheard_of: 1 }}", "{{ a | unheard_of: 1 }}"),
        (
            "{% for t in page.tags %}{% if t == 'x' %}a{% endif %}{% endfor %}",
            "{% for t in page.tags %}a{% endfor %}",
        ),
        (
            "{% for t in page.tags %}{% if forloop.first %}a{% endif %}{% endfor %}",
            "{% for t in page.tags %}a{% endfor %}",
        ),
    ] {
        assert_eq!(show(text), expected, "{text}");
    }
}
