use bundle::Label;
use jiff::tz::TimeZone;

use super::*;
use crate::files::{NoFile, SiteFile};

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

/// Texts on a Jekyll site, and what Jekyll 4.3 makes of them, but for white space.
const CASES: &str = include_str!("cases.txt");

/// A site with a few files.
#[derive(Debug)]
struct Site(SiteValues);

impl Surroundings for Site {
    fn values(&self) -> &SiteValues {
        &self.0
    }

    fn include(&self, name: &str) -> Option<String> {
        let text = match name {
            "note.html" => "NOTE",
            "card.html" => "[{{ include.title }}|{{ include.n }}|{{ include.text }}]",
            "itself.html" => "a{% include itself.html %}",
            "twice.html" => "{% include twice.html %}{% include twice.html %}",
            "open.html" => "{% if page.nope %}hidden",
            _ => return None,
        };
        Some(text.to_owned())
    }

    fn text(&self, path: &str) -> Option<String> {
        (path == "_posts/beside.txt").then(|| "beside".to_owned())
    }

    fn address(&self, path: &str) -> Option<String> {
        match path {
            "_posts/2022-03-01-one.html" => Some("/2022/03/01/one.html".into()),
            "_posts/2022-03-02-two.html" => Some("/2022/03/02/two.html".into()),
            "about.html" | "files/a.txt" => Some(format!("/{path}")),
            _ => None,
        }
    }

    fn address_of_post(&self, name: &str) -> Option<String> {
        name.contains("two").then(|| "/2022/03/02/two.html".into())
    }

    fn title_of_post(&self, _name: &str) -> Option<String> {
        None
    }

    fn address_of_file(&self, _path: &str) -> Option<String> {
        None
    }

    fn file(&self, _path: &str) -> Result<SiteFile, NoFile> {
        Err(NoFile::Missing)
    }
}

/// Carries out a text of a post on a Jekyll site.
fn show_on_jekyll(text: &str) -> (String, KeptBack) {
    let front = "l: [1, two, \"3\"]\nthree: 3\none_pair: {a: 1}\n";
    let page = crate::value::read_yaml(front).unwrap();
    let config = crate::value::read_yaml("motto: calm\n").unwrap();
    let data = "shares:\n- {name: 茅台, code: 600519, market: 1}\n- {name: 腾讯, code: 700, market: 116}\n";
    let data = crate::value::read_yaml(data).unwrap();
    let site = Site(SiteValues::new(&config, &data, "https://x.example"));
    let labels = |names: &[&str]| names.iter().map(|name| Label::from_spelling(name)).collect::<Vec<_>>();
    let (categories, tags) = (labels(&["News"]), labels(&["public", "港口"]));
    let scope = Scope {
        page: &page,
        title: "T",
        slug: "one",
        time: Some(bundle::Time { unix: 1_646_139_078, offset: 0 }),
        path: "_posts/2022-03-01-one.html",
        categories: &categories,
        tags: &tags,
        site: &config,
        is_jekyll: true,
        program: Program::Other,
        surroundings: Some(&site),
        dialect: None,
        zone: &TimeZone::UTC,
    };
    let mut kept_back = KeptBack::default();
    (carry_out(text, &scope, &mut kept_back), kept_back)
}

#[test]
fn a_jekyll_site_s_texts_are_carried_out_as_by_jekyll() {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for (text, expected) in CASES.lines().filter_map(|line| line.split_once(" => ")) {
        assert_eq!(plain(&show_on_jekyll(text).0), plain(expected), "{text}");
    }
}

#[test]
fn what_is_not_known_shows_nothing_and_is_told_and_the_words_within_it_are_kept() {
    for (text, expected, told) in [
        ("a{% unheard of %}b", "ab", "{% unheard of %}"),
        ("{% unheard %}words{% endunheard %}", "words", "{% unheard %}"),
        ("{% include none.html %}a", "a", "{% include none.html %}"),
        ("[a]({% link none.md %})", "[a]()", "{% link none.md %}"),
        ("{{ site.posts.size }}a", "a", "{{ site.posts.size }}"),
        ("{% for p in site.posts %}{{ p.title }}{% endfor %}a", "a", "{% for p in site.posts %}"),
        ("{{ 'A' | unheard | downcase }}", "a", "| unheard"),
        ("{{< unheard >}}words{{< /unheard >}}", "words", "{{< unheard >}}"),
    ] {
        let (shown, kept_back) = show_on_jekyll(text);
        assert_eq!(shown, expected, "{text}");
        assert_eq!(kept_back.liquid.tags.first().map(|tag| tag.0.as_str()), Some(told), "{text}");
    }
    let (_, kept_back) = show_on_jekyll(&"{% unheard 1 %}{% other %}".repeat(50));
    let counts: Vec<_> = kept_back.liquid.tags.iter().map(|tag| (tag.0.as_str(), tag.2)).collect();
    assert_eq!(counts, [("{% unheard 1 %}", 50), ("{% other %}", 50)], "each kind once");
}

#[test]
fn no_text_runs_long_or_becomes_huge() {
    let numbers: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
    let long = format!("{{% assign l = \"{}\" | split: ',' %}}", numbers.join(","));
    let doubling =
        "{% assign a = \"0123456789\" %}".to_owned() + &"{% assign a = a | append: a %}".repeat(60);
    for text in [
        "{% for i in (1..300000000) %}{% endfor %}",
        "{% for i in (1..300000000) %}a{% endfor %}",
        "{% for i in (-9223372036854775808..9223372036854775807) reversed %}a{% endfor %}",
        &"{% for i in (1..10000) %}".repeat(40),
        &("{% for i in (1..10000) %}".repeat(40) + &"{% endfor %}".repeat(40)),
        "{% include itself.html %}",
        "{% include twice.html %}",
        &(doubling.clone() + "{{ a }}"),
        &(doubling.clone() + "{% for i in (1..1000000) %}{{ a | replace: '0', a }}{% endfor %}"),
        &(doubling + "{% assign l = a | split: '' %}{{ l | join: a }}"),
        "{{ 'now' | date: '%999999999d' }}",
        "{{ 9223372036854775807 | plus: 9223372036854775807 | times: 99999999999 }}{{ -9223372036854775808 | abs | divided_by: -1 }}",
        "{{ 1 | divided_by: 0 }}{{ 1 | modulo: 0 }}{{ 'a' | slice: -9223372036854775808, 9223372036854775807 }}",
        "{{ 'a' | truncate: -9223372036854775808 }}{{ 'a' | truncatewords: -1 }}{{ 1 | round: 9223372036854775807 }}",
        "{% capture a %}{% for i in (1..100000) %}0123456789{% endfor %}{% endcapture %}{% for i in (1..100000) %}{{ a }}{% endfor %}",
        "{{ 茅.台[台.茅][茅 | 茅: 茅 }}{% for 茅 in 台 茅:台 %}{% endfor %}{% include 茅 茅=台 %}{% 茅 %}{{< 茅 茅=\"台\" >}}",
        &"{{ page[page[page[".repeat(10_000),
        &format!("{{{{ {}b{} }}}}", "page[".repeat(100_000), "]".repeat(100_000)),
        &format!("{long}{{{{ l | uniq | size }}}}"),
        &format!("{long}{{% for i in l %}}{{% if l contains 'x' %}}{{% endif %}}{{% endfor %}}"),
        &(long.clone() + &"{% if l == l %}{% endif %}".repeat(20_000)),
        &(long.clone() + &"{% assign m = l %}".repeat(20_000)),
        &(long.clone() + "{% case l %}" + &"{% when l %}".repeat(20_000)),
        &(long + "{% for i in (1..100000) %}{% for l in (1..2) %}{% endfor %}{% endfor %}"),
    ] {
        let started = std::time::Instant::now();
        let (shown, _) = show_on_jekyll(text);
        assert!(shown.len() <= 2 * MAX_WORK, "{} bytes", shown.len());
        eprintln!(
            "{:?} {}",
            started.elapsed(),
            &text[text.len().saturating_sub(60)..].replace(char::is_control, "")
        );
        // A bound on work, which a hundredth of this time is enough for.
        assert!(started.elapsed().as_secs() < 60, "{}", &text[..text.len().min(80)]);
    }
}

#[test]
fn a_block_without_an_end_in_an_include_ends_with_it() {
    assert_eq!(show_on_jekyll("{% include open.html %}shown").0, "shown");
}

#[test]
fn players_of_plugins_become_frames_that_lead_to_them() {
    for (text, expected) in [
        ("{% twitter https://twitter.com/a/status/1 %}", "https://twitter.com/a/status/1"),
        ("{% youtube abc %}", "https://www.youtube.com/embed/abc"),
        ("{% gist user/12 %}", "https://gist.github.com/user/12"),
        ("{{< vimeo 12 >}}", "https://player.vimeo.com/video/12"),
        ("{{< youtube id=\"abc\" >}}", "https://www.youtube.com/embed/abc"),
        ("{{< gist spf13 7896402 >}}", "https://gist.github.com/spf13/7896402"),
        ("{{< x user=\"SanDiegoZoo\" id=\"145\" >}}", "https://x.com/SanDiegoZoo/status/145"),
    ] {
        assert_eq!(show_on_jekyll(text).0, format!("<iframe src=\"{expected}\"></iframe>"), "{text}");
    }
}

/// Hexo's tags and Hugo's shortcodes of their documentation.
#[test]
fn hexo_s_tags_and_hugo_s_shortcodes_are_carried_out() {
    let two = "/2022/03/02/two.html";
    for (text, expected) in [
        (
            "{% blockquote David, Wide %}\nevery *day*\n{% endblockquote %}",
            "> every *day*\n>\n> — David, Wide",
        ),
        ("{% quote %}a{% endquote %}{% pullquote left %}b{% endpullquote %}", "> a\n\n\n> b"),
        ("{% codeblock lang:js %}\na{% codeblock %}", "a"),
        (
            "{% codeblock t lang:js %}\n{{ a }}\n{% endcodeblock %}",
            "<pre><code class=\"language-js\">&#123;&#123;&#32;a&#32;&#125;&#125;</code></pre>",
        ),
        (
            "{% img left /a.jpg 20 10 \"a title\" 'alt' %}",
            "<img src=\"/a.jpg\" width=\"20\" height=\"10\" title=\"a title\" alt=\"alt\">",
        ),
        ("{% link words https://a.example/ true %}", "<a href=\"https://a.example/\">words</a>"),
        ("{% post_path two %}", two),
        ("{% post_link 2022-03-02-two 'its title' %}", "<a href=\"/2022/03/02/two.html\">its title</a>"),
        ("{% iframe https://a.example/x 10 20 %}", "<iframe src=\"https://a.example/x\"></iframe>"),
        ("{% jsfiddle abc %}", "<iframe src=\"https://jsfiddle.net/abc/embedded/\"></iframe>"),
        ("{% asset_img a.jpg %}{% asset_path b.jpg %}", "<img src=\"a.jpg\" title=\"\" alt=\"\">b.jpg"),
        ("{% url_for text /path %}", "<a href=\"/path\">text</a>"),
        ("{{< ref \"post/two.md#place\" >}}", "/2022/03/02/two.html#place"),
        ("{{% relref \"two\" %}}", two),
        (
            "{{< figure src=\"/a.jpg\" title=\"T\" caption=\"<i>\" link=\"/b\" >}}",
            "<figure><a href=\"/b\"><img src=\"/a.jpg\" alt=\"&lt;i&gt;\"></a><figcaption><strong>T</strong> &lt;i&gt;</figcaption></figure>",
        ),
        ("{{< highlight go >}}a{{< /highlight >}}", "<pre><code class=\"language-go\">a</code></pre>"),
        (
            "{{< details summary=\"S\" >}}a{{< /details >}}",
            "<details markdown=\"1\"><summary>S</summary>\n\na\n\n</details>",
        ),
        ("{{</* figure */>}}", "{{< figure >}}"),
    ] {
        assert_eq!(show_on_jekyll(text).0.trim(), expected, "{text}");
    }
}

/// Zola's shortcodes of its documentation, and those for pictures that its sites have.
#[test]
fn zola_s_shortcodes_are_carried_out_on_its_sites_alone() {
    let frame = |address: &str| format!("<iframe src=\"{address}\"></iframe>");
    for (text, expected) in [
        ("{{ youtube(id=\"abc\", autoplay=true) }}", frame("https://www.youtube.com/embed/abc")),
        ("{{ vimeo( id = '12' ) }}", frame("https://player.vimeo.com/video/12")),
        ("{{ streamable(id=`x`) }}", frame("https://streamable.com/e/x")),
        ("{{ gist(url=\"https://gist.github.com/a/1\") }}", frame("https://gist.github.com/a/1")),
        (
            "{{ resize_image(path=\"a.jpg\", width=5, height=6, op=\"fit\") }}",
            "<figure><img src=\"a.jpg\" width=\"5\" height=\"6\"></figure>".to_owned(),
        ),
        ("a {% quote(author=\"V\") %}*b*{% end %} c {{ own() }}", "a *b* c".to_owned()),
        ("{{/* youtube(id=\"x\") */}}", "{{ youtube(id=\"x\") }}".to_owned()),
        ("{{ page.title }} {% if %} {{", "{{ page.title }} {% if %} {{".to_owned()),
    ] {
        assert_eq!(show_as(Program::Zola, text).trim(), expected, "{text}");
    }
    assert_eq!(show("{{ own(a=1) }}"), "{{ own(a=1) }}");
}

fn show(text: &str) -> String {
    show_as(Program::Other, text)
}

fn show_as(program: Program, text: &str) -> String {
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
        program,
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
