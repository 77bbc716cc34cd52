//! The widget's own pages: one for an iframe, one on which a reader tries it, and the answers to who asks by
//! oEmbed (<https://oembed.com/>).

use anyhow::Result;
use bundle::address::Address;
use bundle::{Headline, ListKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use viewer::state::language::Language;

use super::document::{Document, coloured, escape, opening};
use crate::compile::Named;
use crate::config::Config;
use crate::hosts::framed;

/// How wide and high a frame is where nobody has said it, in CSS pixels: five headlines of two lines.
const SIZE: (u32, u32) = (480, 420);

/// The page for an iframe. Where no script runs it shows the newest headlines.
pub(super) fn frame(config: &Config, document: &Document<'_>, newest: &[Headline]) -> Result<String> {
    let style = coloured(document.program.embed.style, config);
    let mut inside = format!(
        "<ul><li><a href=\"{0}\" target=\"_blank\">{1}</a></li></ul>",
        escape(&config.base.href(&Address::Home)),
        escape(&config.site.title)
    );
    if !newest.is_empty() {
        let row = |row: &Headline| {
            let href = config.base.href(&row.address());
            format!(
                "<li><a href=\"{}\" target=\"_blank\" rel=\"noopener\">{}</a></li>",
                escape(&href),
                escape(&row.title)
            )
        };
        inside = format!("<ul>{}</ul>", newest.iter().take(10).map(row).collect::<String>());
    }
    Ok(format!(
        "{opening}<meta name=\"robots\" content=\"noindex\">
<style>{style}</style>
<script type=\"module\" src=\"../widget.js\"></script>
<script type=\"module\" src=\"../{script}\"></script>
</head>
<body>
<main>
<h1>{title}</h1>
<finews-headlines target=\"_blank\">{inside}</finews-headlines>
</main>
</body>
</html>
",
        opening = opening(
            config,
            &framed(&document.policy_with(&style)?, &config.site.url),
            false,
            &config.site.title
        ),
        title = escape(&config.site.title),
        script = document.program.embed.script,
    ))
}

/// The words of the page of examples, in the two languages of the interface.
struct Words {
    title: &'static str,
    motto: &'static str,
    home: &'static str,
    shows: &'static str,
    newest: &'static str,
    category: &'static str,
    tag: &'static str,
    quote: &'static str,
    name: &'static str,
    limit: &'static str,
    theme: &'static str,
    auto: &'static str,
    light: &'static str,
    dark: &'static str,
    lang: &'static str,
    width: &'static str,
    summary: &'static str,
    in_new_tab: &'static str,
    pinned: &'static str,
    for_pages: &'static str,
    for_frames: &'static str,
    copy: &'static str,
    copied: &'static str,
    more: &'static str,
}

const CHINESE: Words = Words {
    title: "把新闻放到你的网页上",
    motto: "两行代码，不拖慢网页，自动更新。选好样子，复制代码即可。",
    home: "返回首页",
    shows: "内容",
    newest: "最新报道",
    category: "分类",
    tag: "标签",
    quote: "证券",
    name: "名称或代码",
    limit: "条数",
    theme: "外观",
    auto: "跟随系统",
    light: "浅色",
    dark: "深色",
    lang: "日期语言（如 en）",
    width: "预览宽度",
    summary: "显示摘要",
    in_new_tab: "在新标签页打开",
    pinned: "固定版本并校验",
    for_pages: "网页代码",
    for_frames: "不允许脚本的网页：框架代码",
    copy: "复制",
    copied: "已复制",
    more: "所有属性、事件和样式变量的说明：",
};

const ENGLISH: Words = Words {
    title: "Put this news on your page",
    motto: "Two lines of code. They cost your page nothing until they are seen, and keep themselves up to date.",
    home: "Home",
    shows: "Shows",
    newest: "The newest stories",
    category: "A category",
    tag: "A tag",
    quote: "A security",
    name: "Name or code",
    limit: "Headlines",
    theme: "Appearance",
    auto: "As the system",
    light: "Light",
    dark: "Dark",
    lang: "Language of dates (en, zh)",
    width: "Width of the preview",
    summary: "Show summaries",
    in_new_tab: "Open in a new tab",
    pinned: "This version, with its checksum",
    for_pages: "Code for your page",
    for_frames: "For pages that allow no script: a frame",
    copy: "Copy",
    copied: "Copied",
    more: "All attributes, events and variables are described to editors in ",
};

/// The page on which a reader sets the widget's options, sees it, and copies the code.
pub(super) fn examples(config: &Config, document: &Document<'_>, categories: &[&Named]) -> Result<String> {
    #[rustfmt::skip]
    let Words {
        title, motto, home, shows, newest, category, tag, quote, name, limit, theme, auto, light, dark, lang, width, summary, in_new_tab, pinned,
        for_pages, for_frames, copy, copied, more,
    } = match Language::of_site(&config.site.lang) {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    };
    let program = &document.program;
    let style = coloured(program.examples.style, config);
    let option = |list: &&Named| {
        format!("<option value=\"{}\">{}</option>", escape(&list.id.key), escape(&list.title))
    };
    let names: String = categories.iter().map(option).collect();
    let first = categories.first().map_or(String::new(), |list| escape(&list.id.key));
    let code = |id: &str, title: &str| {
        format!(
            "<div class=\"code\"><h2>{title}</h2><button type=\"button\" data-copies=\"{id}\" data-said=\"{copied}\">{copy}</button></div>\n<pre><code id=\"{id}\"></code></pre>\n"
        )
    };
    Ok(format!(
        "{opening}<style>{style}</style>
<link rel=\"icon\" type=\"image/svg+xml\" href=\"icon.svg\">
<script type=\"module\" src=\"widget.js\"></script>
<script type=\"module\" src=\"{script}\"></script>
</head>
<body>
<main class=\"examples\">
<header>
<a class=\"home\" href=\"{base}\">{home} · {site}</a>
<h1>{title}</h1>
<p>{motto}</p>
</header>
<div class=\"bench\">
<form>
<label class=\"wide\">{shows}<select name=\"list\"><option value=\"\">{newest}</option><option value=\"category\">{category}</option><option value=\"tag\">{tag}</option><option value=\"quote\">{quote}</option></select></label>
<label class=\"wide\">{name}<input name=\"name\" autocomplete=\"off\" value=\"{first}\" disabled></label>
<datalist id=\"names-category\">{names}</datalist>
<label>{limit}<input name=\"limit\" type=\"number\" min=\"1\" max=\"50\" value=\"5\"></label>
<label>{theme}<select name=\"theme\"><option value=\"auto\">{auto}</option><option value=\"light\">{light}</option><option value=\"dark\">{dark}</option></select></label>
<label class=\"wide\">{lang}<input name=\"lang\" autocomplete=\"off\"></label>
<label class=\"tick\"><input name=\"summary\" type=\"checkbox\">{summary}</label>
<label class=\"tick\"><input name=\"target\" type=\"checkbox\" value=\"_blank\">{in_new_tab}</label>
<label class=\"tick wide\"><input name=\"pinned\" type=\"checkbox\" value=\"{pinned_file}\" data-integrity=\"{integrity}\">{pinned}</label>
<label class=\"wide\">{width}<input name=\"width\" type=\"range\" min=\"160\" max=\"760\" value=\"420\"></label>
</form>
<div class=\"stage\"><div><finews-headlines><a href=\"{base}\">{site}</a></finews-headlines></div></div>
</div>
{for_pages}{for_frames}<p>{more}<a href=\"embed/custom-elements.json\">custom-elements.json</a></p>
</main>
</body>
</html>
",
        opening = opening(config, &document.policy_with(&style)?, true, &config.site.title),
        base = escape(config.base.as_str()),
        site = escape(&config.site.title),
        script = program.examples.script,
        pinned_file = program.widget,
        integrity = program.widget_integrity(),
        for_pages = code("script", for_pages),
        for_frames = code("frame", for_frames),
    ))
}

/// The answer of oEmbed 1.0 for the home page, or for the page of a category.
pub(super) fn oembed(config: &Config, category: Option<&Named>) -> String {
    let site = &config.site;
    let title =
        category.map_or_else(|| site.title.clone(), |list| format!("{} · {}", list.title, site.title));
    let query = category.map_or_else(String::new, |list| {
        format!("?category={}", utf8_percent_encode(&list.id.key, NON_ALPHANUMERIC))
    });
    let (width, height) = SIZE;
    let frame = format!(
        "<iframe src=\"{}/embed/{query}\" title=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" sandbox=\"allow-scripts allow-popups allow-popups-to-escape-sandbox\" style=\"border:0\"></iframe>",
        escape(&site.url),
        escape(&title),
    );
    let answer = json!({
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": site.title,
        "provider_url": format!("{}/", site.url),
        "cache_age": 3600,
        "html": frame,
        "width": width,
        "height": height,
    });
    format!("{answer:#}\n")
}

/// Where the answer is, from the site's root; none where a category's name is no file's.
pub(super) fn oembed_path(category: Option<&Named>) -> Option<String> {
    match category {
        None => Some("embed/oembed.json".to_owned()),
        Some(list) => {
            let page = super::file(&Address::list(ListKind::Category, &list.id.key))?;
            Some(format!("embed/oembed/{}.json", page.trim_end_matches("/index.html")))
        }
    }
}
