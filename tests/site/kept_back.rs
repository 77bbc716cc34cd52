//! What a publisher keeps back is in no file of the site: not in the first build, and not after it was public.

use std::fs;
use std::io::Read as _;

use crate::project::{Project, inflated};

/// The word in every text and name that is kept back.
const WORD: &str = "密语";
/// The same for slugs and folders.
const SLUG: &str = "miyu";

/// A way to keep words back: the files of the folder while they are public, and while they are kept back.
struct Form {
    name: &'static str,
    public: Vec<(String, String)>,
    kept_back: Vec<(String, String)>,
}

fn file(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

const PATH: &str = "_posts/2026-05-09-miyu.md";

/// A story whose title, names and body contain [`WORD`].
fn story(front_matter: &str) -> String {
    format!(
        "---\ntitle: 密语的题目\ncategories: [密语类]\ntags: [密语签]\n{front_matter}---\n> 密语的摘要\n\n密语的正文。\n"
    )
}

/// A form that changes the story's front matter.
fn front_matter(name: &'static str, public: &str, kept_back: &str) -> Form {
    let files = |front_matter| vec![file(PATH, &story(front_matter))];
    Form { name, public: files(public), kept_back: files(kept_back) }
}

/// A form that replaces the story's whole file.
fn whole(name: &'static str, public: &str, kept_back: &str) -> Form {
    Form { name, public: vec![file(PATH, public)], kept_back: vec![file(PATH, kept_back)] }
}

/// A form that moves the story.
fn moved(name: &'static str, to: &str) -> Form {
    Form { name, public: vec![file(PATH, &story(""))], kept_back: vec![file(to, &story(""))] }
}

/// A form that moves the story and adds front matter at once.
fn moved_with(name: &'static str, to: &str, front_matter: &str) -> Form {
    Form { name, public: vec![file(PATH, &story(""))], kept_back: vec![file(to, &story(front_matter))] }
}

/// A form with another story that has the same slug.
fn beside(name: &'static str, public: &str, kept_back: &str, front_matter: &str) -> Form {
    let other = || file("_posts/2026-05-08-open.md", "---\ntitle: 公开\nslug: daily\n---\n公开的正文。\n");
    Form {
        name,
        public: vec![other(), file(public, &story("slug: daily\n"))],
        kept_back: vec![other(), file(kept_back, &story(&format!("slug: daily\n{front_matter}")))],
    }
}

/// A form that keeps back a story which names a security. Another story has only the security's code.
fn with_security() -> Form {
    let link = |name: &str| format!("<a href=\"http://quote.eastmoney.com/unify/r/116.09988\">{name}</a>\n");
    let files = |front_matter: &str| {
        vec![
            file("_posts/2026-05-01-a.md", &format!("{}{}", story(front_matter), link("密语公司"))),
            file("_posts/2026-05-02-b.md", &format!("---\ntitle: 一篇\n---\n{}", link("09988"))),
        ]
    };
    Form { name: "a security's name", public: files(""), kept_back: files("draft: true\n") }
}

/// A form in which `_config.yml` changes, and the story stays at its path.
fn configured(name: &'static str, path: &str, config: &str) -> Form {
    let files =
        |config: &str| vec![file(path, &story("")), file("_config.yml", &format!("title: 站\n{config}"))];
    Form { name, public: files(""), kept_back: files(config) }
}

/// A form within a story's body: in `markup`, `@` stands for the words.
fn within(name: &'static str, markup: &str) -> Form {
    let body = |words: &str| {
        let text =
            format!("---\ntitle: 一篇\nshow: false\ntags: [甲]\nquoted: \"3\"\n---\n开头一段。\n\n{words}\n");
        vec![file("_posts/2026-05-09-part.md", &text)]
    };
    Form { name, public: body("密语一句。"), kept_back: body(&markup.replace('@', "密语一句。")) }
}

fn forms() -> Vec<Form> {
    [forms_of_front_matter(), forms_of_files(), forms_of_configuration(), forms_of_words()]
        .into_iter()
        .flatten()
        .collect()
}

fn forms_of_front_matter() -> Vec<Form> {
    vec![
        front_matter("published: false", "", "published: false\n"),
        front_matter("published: no", "published: yes\n", "published: No\n"),
        front_matter("published: OFF", "published: on\n", "published: OFF\n"),
        front_matter("published as a text", "", "published: 'false'\n"),
        front_matter("published without a value", "", "published:\n"),
        front_matter("another case", "", "Published: false\n"),
        front_matter("draft: true", "draft: false\n", "draft: true\n"),
        front_matter("draft: yes", "draft: no\n", "draft: yes\n"),
        front_matter("front matter that is not valid", "", "published: false # not yet\nx: \"a\"b\"\n"),
        front_matter("an anchor", "a: &a true\n", "a: &a false\npublished: *a\n"),
        front_matter("a merged mapping", "", "base: &b {published: false}\n<<: *b\n"),
        front_matter("dated ahead", "date: 2026-05-09 10:00:00\n", "date: 2031-05-09 10:00:00\n"),
        front_matter("dated a second ahead", "date: 2026-06-01T00:00:00Z\n", "date: 2026-06-01T00:00:01Z\n"),
        front_matter("publishDate", "publishDate: 2026-05-20\n", "publishDate: 2031-01-01\n"),
        front_matter("publishDate that is no date", "", "publishDate: some day\n"),
        front_matter("expiryDate", "expiryDate: 2031-01-01\n", "expiryDate: 2026-05-20\n"),
        front_matter(
            "expiryDate of now",
            "expiryDate: 2026-06-01T00:00:01Z\n",
            "expiryDate: 2026-06-01T00:00:00Z\n",
        ),
        front_matter("expirydate in lower case", "", "expirydate: 2026-05-20\n"),
        front_matter("expiryDate that is no date", "", "expiryDate: soon\n"),
    ]
}

fn forms_of_files() -> Vec<Form> {
    vec![
        whole(
            "TOML",
            "+++\ntitle = '密语的题目'\ndate = 2026-05-09T10:00:00+08:00\ndraft = false\n+++\n密语的正文。\n",
            "+++\ntitle = '密语的题目'\ndate = 2026-05-09T10:00:00+08:00\ndraft = true\n+++\n密语的正文。\n",
        ),
        whole(
            "TOML that is not valid",
            "+++\ntitle = 密语的题目\n+++\n密语的正文。\n",
            "+++\ntitle = 密语的题目\ndraft = true\n+++\n密语的正文。\n",
        ),
        whole(
            "TOML's expiryDate",
            "+++\ntitle = '密语的题目'\nexpiryDate = 2031-01-01\n+++\n密语的正文。\n",
            "+++\ntitle = '密语的题目'\nexpiryDate = 2026-05-20\n+++\n密语的正文。\n",
        ),
        whole(
            "JSON",
            "{\n  \"title\": \"密语的题目\",\n  \"draft\": false\n}\n密语的正文。\n",
            "{\n  \"title\": \"密语的题目\",\n  \"draft\": true\n}\n密语的正文。\n",
        ),
        whole(
            "JSON that is not valid",
            "{\n  \"title\": \"密语的题目\",\n}\n密语的正文。\n",
            "{\n  \"title\": \"密语的题目\",\n  \"draft\": true,\n}\n密语的正文。\n",
        ),
        whole(
            "a blank line before the front matter",
            "\n---\ntitle: 密语的题目\n---\n密语的正文。\n",
            "\n---\ntitle: 密语的题目\npublished: false\n---\n密语的正文。\n",
        ),
        whole(
            "a byte order mark and CR LF",
            "\u{feff}---\r\ntitle: 密语的题目\r\n---\r\n密语的正文。\r\n",
            "\u{feff}---\r\ntitle: 密语的题目\r\npublished: false\r\n---\r\n密语的正文。\r\n",
        ),
        whole(
            "front matter that does not end",
            "---\ntitle: 密语的题目\n\n密语的正文。\n",
            "---\ntitle: 密语的题目\npublished: false\n\n密语的正文。\n",
        ),
        moved("_drafts", "_drafts/miyu.md"),
        moved("_drafts with a date", "_drafts/2026-05-09-miyu.md"),
        moved("_drafts in a folder", "news/_drafts/miyu.md"),
        moved("a folder below _drafts", "_drafts/later/miyu.md"),
        moved("_drafts below _posts", "_posts/_drafts/2026-05-09-miyu.md"),
        moved("_posts in _posts", "_posts/_posts/2026-05-09-miyu.md"),
        moved("a file without a date", "_posts/miyu.md"),
        moved_with("renamed and kept back", "_posts/2026-05-10-miyu.md", "published: false\n"),
        moved_with("renamed, dated ahead", "_posts/2031-05-10-other.md", "slug: other\n"),
        moved_with(
            "renamed to another name and kept back",
            "_posts/2026-05-10-b.md",
            "draft: true\nslug: b\n",
        ),
        beside(
            "a shared slug, kept back",
            "_posts/2026-05-09-a.md",
            "_posts/2026-05-10-a.md",
            "draft: true\n",
        ),
        beside("a shared slug, dated ahead", "_posts/2026-05-09-a.md", "_posts/2031-05-09-a.md", ""),
        beside("a shared slug, in _drafts", "_posts/2026-05-09-a.md", "news/_drafts/a.md", ""),
        with_security(),
        moved("a folder with an underscore", "_posts/_later/2026-05-09-miyu.md"),
        moved("a hidden file", "_posts/.2026-05-09-miyu.md"),
        moved("a backup file", "_posts/2026-05-09-miyu.md~"),
        moved("an editor's file", "_posts/#2026-05-09-miyu.md"),
    ]
}

/// Forms in `_config.yml`.
fn forms_of_configuration() -> Vec<Form> {
    vec![
        configured("exclude a file", PATH, "exclude: [_posts/2026-05-09-miyu.md]\n"),
        configured("exclude by a pattern", PATH, "exclude: ['*miyu*']\n"),
        configured("exclude a folder", "inner/_posts/2026-05-09-miyu.md", "exclude: [inner/]\n"),
        configured(
            "exclude _posts of a folder",
            "inner/_posts/2026-05-09-miyu.md",
            "exclude: [inner/_posts]\n",
        ),
        configured(
            "exclude below a folder that is included",
            "blog/private/_posts/2026-05-09-miyu.md",
            "include: [blog]\nexclude: [blog/private]\n",
        ),
        configured("destination", "inner/_posts/2026-05-09-miyu.md", "destination: ./inner\n"),
        configured("collections_dir", PATH, "collections_dir: elsewhere\n"),
        configured(
            "defaults",
            PATH,
            "defaults:\n- scope: {path: ''}\n  values: {published: false}\n- scope: {path: _posts/2026-05-0, type: posts}\n  values: {published: true}\n- scope: {path: _posts/2026-05-09}\n  values: {published: false}\n",
        ),
        configured(
            "defaults by type",
            "inner/_posts/2026-05-09-miyu.md",
            "defaults:\n- scope: {path: inner, type: posts}\n  values: {published: false}\n",
        ),
        configured(
            "defaults by a pattern",
            "inner/_posts/2026-05-09-miyu.md",
            "defaults:\n- scope: {path: 'in*/_posts'}\n  values: {draft: true}\n",
        ),
        configured(
            "a date by default",
            "inner/_posts/2026-05-09-miyu.md",
            "defaults:\n- scope: {path: inner}\n  values: {date: 2031-05-09}\n",
        ),
    ]
}

/// Forms within a story's text.
fn forms_of_words() -> Vec<Form> {
    vec![
        within("Liquid's comment", "{% comment %}\n@\n{% endcomment %}"),
        within("Liquid's comment in a line", "前{% comment %}@{% endcomment %}后"),
        within("Liquid's comment with hyphens", "{%- comment -%}@{%- endcomment -%}"),
        within("Liquid's comment without spaces", "{%comment%}@{%endcomment%}"),
        within("a comment in a comment", "{% comment %}一{% comment %}二{% endcomment %}@{% endcomment %}"),
        within("a comment with raw", "{% comment %}{% raw %}{% endcomment %}{% endraw %}@{% endcomment %}"),
        within("a comment that does not end", "{% comment %}\n\n@"),
        within("Liquid's comment in a tag", "前{% # @ %}后"),
        within("a tag liquid", "{% liquid\n comment\n @\n endcomment\n%}"),
        within("Liquid's comment in code", "```\n{% comment %}@{% endcomment %}\n```"),
        within("if false", "{% if false %}\n@\n{% endif %}"),
        within("if false that does not end", "{% if false %}@"),
        within("if nil", "{% if nil %}@{% endif %}"),
        within("the second branch", "{% if true %}一{% else %}@{% endif %}"),
        within(
            "the last branch",
            "{% if false %}一{% elsif true %}二{% elsif true %}@{% else %}@{% endif %}",
        ),
        within("unless true", "{% unless true %}@{% endunless %}"),
        within("a comparison", "{% if 1 > 2 or 'a' == 'b' %}@{% endif %}"),
        within("a value of the front matter", "{% if page.show %}@{% endif %}"),
        within("a missing value of the front matter", "{% if page.internal %}@{% endif %}"),
        within("a missing value of the site", "{% if site.preview and true %}@{% endif %}"),
        within("an environment", "{% if jekyll.environment == 'development' %}@{% endif %}"),
        within("a variable", "{% assign on = false %}{% if on %}@{% endif %}"),
        within("a variable that nobody sets", "{% if on %}@{% endif %}"),
        within("case", "{% case 1 %}@{% when 2, 3 %}@{% when 1 %}一{% else %}@{% endcase %}"),
        within("an inner block", "{% if false %}{% if true %}@{% endif %}@{% endif %}"),
        within("a list", "{% unless page.tags contains '甲' %}@{% endunless %}"),
        within("a name in brackets", "{% if page['show'] %}@{% endif %}"),
        within("a text of digits", "{% if page.quoted == 3 %}@{% endif %}"),
        within("a draft", "{% if page.draft %}@{% endif %}"),
        within(
            "nothing that contains",
            "{% if page.nothing contains '甲' or page.nothing > 1 %}@{% endif %}",
        ),
        within("a default", "{% assign on = page.nothing | default: false %}{% if on %}@{% endif %}"),
        within("a loop over nothing", "{% for one in page.nothing %}@{% endfor %}"),
        within("capture and a filter", "{% capture note %}@{% endcapture %}{{ note | slice: 0 }}"),
        within("capture", "{% capture note %}@{% endcapture %}"),
        within("assign", "{% assign note = '@' %}"),
        within("kramdown's comment", "{::comment}\n@\n{:/comment}"),
        within("kramdown's comment with a short end", "{::comment}\n@\n{:/}"),
        within("kramdown's comment in a line", "前{::comment}@{:/comment}后"),
        within("kramdown's comment of paragraphs", "{::comment}\n一\n\n@\n\n二\n{:/comment}"),
        within("kramdown's comment that does not end", "{::comment}\n\n@"),
        within("kramdown's comment with an end in a line", "{::comment}\n一 {:/} @\n{:/comment}"),
        within("an attribute list", "@\n{: hidden=\"\"}"),
        within("an attribute list before", "{: style=\"display: none\"}\n@\n一行"),
        within("an attribute list by name", "{:x: hidden=\"\"}\n\n- 一\n- @\n{: x}"),
        within("an attribute list of a heading", "## @\n{: hidden=\"\"}"),
        within("an attribute list in a line", "前 *@*{: hidden=\"\"} 后"),
        within("a link definition of two lines", "[//]: #\n\"@\""),
        within("a link definition", "[//]: # (@)"),
        within("a link definition in quotation marks", "[//]: # \"@\""),
        within("a link definition in a paragraph", "前一行\n[//]: # (@)\n后一行"),
        within("a link definition with brackets", "[//]: # (一（二)三) @)"),
        within("a link definition of lines", "[//]: # (一\n@)"),
        within("a link definition named comment", "[comment]: <> (@)"),
        within("a link definition without a note", "[//]: @"),
        within("a link definition of a sign", "[#]: # (@)"),
        within("HTML's comment", "<!-- @ -->"),
        within("HTML's comment in a line", "前<!-- @ -->后"),
        within("HTML's comment of paragraphs in a line", "前<!-- 一\n\n@\n\n二 -->后"),
        within("HTML's comment with hyphens", "前 <!-- 一 -- 二 --- @ --> 后"),
        within("HTML's comment that ends wrongly", "<!-- @ --!>\n\n后"),
        within("HTML's comment that does not end", "前<!-- @"),
        within("HTML's comment in a list", "- 一 <!-- 二\n\n- @ -->"),
        within("HTML's comment in a quotation", "> 一 <!-- 二\n> @ -->"),
        within("HTML's declaration", "<!note @>"),
        within("a processing instruction", "<?php @ ?>"),
        within("hidden", "<p hidden>@</p>"),
        within("hidden with a value", "<div hidden=\"hidden\"><p>@</p></div>"),
        within("HIDDEN in a line", "前<span HIDDEN>@</span>后"),
        within(
            "a hidden cell",
            "<table><tr><td>一</td><td hidden>@</td></tr><tr hidden><td>@</td></tr></table>",
        ),
        within("HTML's comment that is indented in HTML", "<div>\n\n    <!-- @ -->\n\n</div>"),
        within(
            "HTML's comment of lines that is indented in HTML",
            "<div>\n  <p>一</p>\n\n    <!--\n    @\n    -->\n</div>",
        ),
        within("a footnote's comment", "一[^1]\n\n[^1]: 二\n\n    <!-- @ -->"),
        within("hidden that is indented in HTML", "<table>\n\n    <tr><td hidden>@</td></tr>\n\n</table>"),
        within("a style with a comment", "<p style=\"display:/**/none\">@</p>"),
        within("a style of content", "<p style=\"content-visibility: hidden\">@</p>"),
        within("a style", "<p style=\"color: red; Display : none\">@</p>"),
        within("a template", "<template><p>@</p></template>"),
        within("Hugo's comment", "前{{/* @ */}}后"),
        within("Hugo's shortcode comment", "{{< comment >}}\n@\n{{< /comment >}}"),
        within("Hugo's shortcode comment with percent signs", "{{% comment %}}@{{% /comment %}}"),
    ]
}

/// Replaces a project's posts: these, and some that are always public.
fn write(project: &Project, files: &[(String, String)], edition: usize) {
    fs::remove_dir_all(project.posts()).unwrap();
    let public = (1..4).map(|at| {
        let text = format!("---\ntitle: 公开{at}\ncategories: [甲]\n---\n公开的正文{at}，第{edition}版。\n");
        (format!("_posts/2026-05-0{at}-open{at}.md"), text)
    });
    for (path, text) in public.chain(files.iter().cloned()) {
        fs::create_dir_all(project.posts().join(&path).parent().unwrap()).unwrap();
        project.post(&path, &text);
    }
}

fn build(project: &Project, options: &[&str]) {
    project.build_output(&[&["--base-url", "https://news.example/", "--prerender", "all"], options].concat());
}

/// The files of a project's site in which a word that is kept back occurs, when inflated.
fn leaks(project: &Project) -> Vec<String> {
    let inflate = |path: &str, bytes: Vec<u8>| {
        let text = if path.ends_with(".br") {
            let mut text = Vec::new();
            brotli::Decompressor::new(&bytes[..], 4096).read_to_end(&mut text).unwrap();
            text
        } else if path.ends_with(".gz") || path.ends_with(".gzipped") {
            inflated(&bytes)
        } else {
            bytes
        };
        String::from_utf8_lossy(&text).into_owned()
    };
    let is_leak = |text: &str| [WORD, SLUG, "%E5%AF%86%E8%AF%AD"].iter().any(|word| text.contains(word));
    testkit::folder::contents(&project.site())
        .into_iter()
        .filter(|(path, bytes)| is_leak(path) || is_leak(&inflate(path, bytes.clone())))
        .map(|(path, _)| path)
        .collect()
}

/// Tries a form in one project. Returns what is wrong.
fn try_form(form: &Form, options: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |step: &str, leaks: Vec<String>, expected: bool| {
        if leaks.is_empty() == expected {
            wrong.push(format!(
                "{} ({}), {step}: {:?}",
                form.name,
                options.join(" "),
                leaks.iter().take(3).collect::<Vec<_>>()
            ));
        }
    };
    let project = Project::of(&[]);
    let build = |files: &[(String, String)], edition| {
        write(&project, files, edition);
        build(&project, options);
        leaks(&project)
    };
    check("first build", build(&form.kept_back, 1), false);
    check("made public", build(&form.public, 1), true);
    // Another edit leaves unused files that contain the words.
    check("public after an edit", build(&form.public, 2), true);
    check("kept back again", build(&form.kept_back, 3), false);
    check("public again", build(&form.public, 3), true);
    fs::remove_dir_all(project.folder.path().join(".site.finews-cache")).unwrap();
    check("kept back without a cache", build(&form.kept_back, 4), false);
    wrong
}

/// Tries all forms, several at a time.
fn assert_nothing_leaks(options: &[&str]) {
    let forms = forms();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let wrong = std::sync::Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(form) = forms.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    wrong.lock().unwrap().extend(try_form(form, options));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(forms.len() >= 100);
}

#[test]
fn nothing_that_is_kept_back_is_in_any_file_before_or_after_a_change() {
    assert_nothing_leaks(&[]);
}

#[test]
fn nothing_that_is_kept_back_is_in_any_compressed_file() {
    // All forms in one folder, each with files of its own, except those that need a configuration.
    let forms: Vec<Form> = forms()
        .into_iter()
        .filter(|form| !form.public.iter().any(|(path, _)| path == "_config.yml"))
        .collect();
    let files = |kept_back: bool| -> Vec<(String, String)> {
        let numbered = |(at, form): (usize, &Form)| {
            let files = if kept_back { &form.kept_back } else { &form.public };
            files
                .iter()
                .map(|(path, text)| (path.replacen('.', &format!("-{at}."), 1), text.clone()))
                .collect::<Vec<_>>()
        };
        forms.iter().enumerate().flat_map(numbered).collect()
    };
    for options in
        [&["--precompress", "--host", "nginx"][..], &["--store", "gzip", "--precompress", "--bundle-only"]]
    {
        let project = Project::of(&[]);
        for (kept_back, edition) in [(true, 1), (false, 1), (false, 2), (true, 3)] {
            write(&project, &files(kept_back), edition);
            build(&project, options);
            let leaks = leaks(&project);
            assert_eq!(leaks.is_empty(), kept_back, "{options:?}, edition {edition}: {leaks:?}");
        }
    }
}
