//! The interface's words, in Chinese and English.

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 简体中文
    Chinese,
    /// English
    English,
}

impl Language {
    /// The interface's language for a site in this one (a BCP 47 tag): Chinese for Chinese, English else.
    pub fn of_site(lang: &str) -> Self {
        let primary = lang.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") { Self::Chinese } else { Self::English }
    }

    /// Its words.
    pub const fn words(self) -> &'static Words {
        match self {
            Self::Chinese => &CHINESE,
            Self::English => &ENGLISH,
        }
    }
}

macro_rules! words {
    ($($key:ident: $chinese:literal, $english:literal;)*) => {
        /// What the interface says. Each is the text itself.
        #[allow(missing_docs, reason = "the words below say what each means")]
        #[derive(Debug)]
        pub struct Words { $(pub $key: &'static str,)* }
        const CHINESE: Words = Words { $($key: $chinese,)* };
        const ENGLISH: Words = Words { $($key: $english,)* };
    };
}

words! {
    skip: "跳到正文", "Skip to content";
    site_menu: "栏目", "Sections";
    home: "首页", "Home";
    newest: "最新", "Newest";
    categories: "分类", "Categories";
    securities: "证券", "Securities";
    tags: "标签", "Tags";
    archive: "存档", "Archive";
    theme: "外观", "Appearance";
    theme_auto: "跟随系统", "As the system";
    theme_light: "浅色", "Light";
    theme_dark: "深色", "Dark";
    stories: "篇", "stories";
    story: "篇", "story";
    new_stories: "篇新报道", "new stories";
    new_story: "篇新报道", "new story";
    show_new: "查看", "Show";
    older: "更早的报道", "Older stories";
    to_newest: "回到最新", "Back to the newest";
    no_more: "已经到底了", "That is the first story";
    loading: "正在载入", "Loading";
    source: "来源：", "Source: ";
    original: "查看原文", "The original";
    mentioned: "相关证券", "Securities in this story";
    neighbours: "前后报道", "Stories before and after";
    previous: "上一篇", "Older";
    next: "下一篇", "Newer";
    quote_page: "行情页", "Quote page";
    chart: "走势图", "chart";
    chart_of_today: "图为今日行情，并非报道当日", "Shows today's market, not that of the story's day";
    chart_failed: "图表暂时无法显示", "The chart cannot be shown right now";
    period: "周期", "Period";
    intraday: "分时", "Today";
    day: "日K", "Day";
    week: "周K", "Week";
    month: "月K", "Month";
    picture: "图片", "Picture";
    filter: "输入名称查找", "Type to find a name";
    no_match: "没有匹配的名称", "No name matches";
    earlier_day: "前一天", "Earlier";
    later_day: "后一天", "Later";
    calendar: "月历", "Calendar";
    no_stories: "这一天没有报道", "No stories on this day";
    empty_list: "这里还没有报道", "No stories here yet";
    not_found: "找不到这个页面", "There is no such page";
    not_found_story: "找不到这篇报道", "There is no such story";
    not_found_why: "链接可能有误，或者内容已被移除。", "The link may be mistyped, or the story was taken down.";
    that_day: "看看当天的报道", "See that day's stories";
    to_home: "回到首页", "Go to the home page";
    retry: "重试", "Try again";
    reload: "重新载入", "Reload";
    offline: "网络连接不上", "The network does not answer";
    offline_why: "请检查网络后重试；已打开的内容不受影响。", "Check your connection and try again; what is open stays open.";
    gone: "网站正在更新", "The site is being updated";
    gone_why: "需要的文件暂时还没有就位，请稍后重试。若在使用公共网络，请先完成登录。", "A file this page needs is not in place yet. Try again in a moment; on a public network, log in first.";
    refused: "服务器没有给出内容", "The server did not hand over the page";
    refused_why: "服务器的答复是：", "Its answer was ";
    damaged: "收到的文件已损坏", "A file arrived damaged";
    damaged_why: "内容与校验值不符，为了安全没有显示。请稍后重试，或告知网站的管理者。", "It is not what its checksum promises, so it is not shown. Try again later, or tell the site's owner.";
    newer: "网站已升级", "The site has moved on";
    newer_why: "页面程序是旧的，重新载入就会更新。", "This page's program is older than the site. Reload to update it.";
    late: "内容还没有来。请检查网络，然后重新载入本页。", "Nothing has come yet. Check your connection, then reload this page.";
    new_version: "阅读器有新版本", "A new version of the reader is ready";
    update: "更新", "Update";
    offline_until: "离线阅读，内容截至", "Offline; the newest here is of";
    keep: "离线保存", "Save for offline";
    keeping: "正在保存", "Saving";
    kept: "已保存，可离线阅读", "Saved; opens offline";
    keep_failed: "没有保存成功，重试", "Not saved; try again";
    embed: "把新闻放到你的网页上", "Put this news on your page";
    calendar_hint: "每天的报道数", "Stories a day";
    weekday_1: "一", "Mo";
    weekday_2: "二", "Tu";
    weekday_3: "三", "We";
    weekday_4: "四", "Th";
    weekday_5: "五", "Fr";
    weekday_6: "六", "Sa";
    weekday_7: "日", "Su";
}

impl Words {
    /// The days of the week, Monday first, in a calendar's head.
    pub const fn weekdays(&self) -> [&'static str; 7] {
        [
            self.weekday_1,
            self.weekday_2,
            self.weekday_3,
            self.weekday_4,
            self.weekday_5,
            self.weekday_6,
            self.weekday_7,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_sites_speak_chinese_and_all_others_english() {
        for (lang, language) in [
            ("zh-CN", Language::Chinese),
            ("zh", Language::Chinese),
            ("ZH_tw", Language::Chinese),
            ("en", Language::English),
            ("de-AT", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of_site(lang), language, "{lang}");
        }
    }
}
