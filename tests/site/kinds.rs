//! Folders that were written for other programs than Jekyll: Hugo, Zola, Hexo, and plain folders with dates.

use bundle::address::decode;

use crate::project::Project;

/// The addresses of the newest stories.
fn addresses(project: &Project) -> Vec<String> {
    let manifest = project.manifest();
    let permalink = &manifest.settings.permalink;
    manifest.newest.iter().map(|headline| headline.address(permalink).path()).collect()
}

fn put(project: &Project, path: &str, bytes: &[u8]) {
    project.post(path, "");
    std::fs::write(project.posts().join(path), bytes).unwrap();
}

#[test]
fn a_hugo_site_has_hugo_s_addresses_sections_pages_and_files() {
    let project = Project::of(&[
        (
            "hugo.toml",
            "baseURL = 'https://news.example/'\ntitle = 'The Quay'\nlocale = 'en-us'\ntimeZone = 'Asia/Tokyo'\n[params]\ndescription = 'All of it'\n[permalinks.page]\nnotes = '/:year/:month/:slug/'\n",
        ),
        ("content/_index.md", "---\ntitle: Home\n---\nWelcome.\n"),
        ("content/news/_index.md", "---\ntitle: Harbour News\n---\n"),
        (
            "content/news/first.md",
            "+++\nTitle = 'First'\ndate = 2026-05-01T10:00:00Z\naliases = ['/old/first/']\n+++\nSee [it](second/index.md) and [that]({{< relref \"second\" >}}).\n\n![a](/pictures/quay.png)\n",
        ),
        (
            "content/news/second/index.md",
            "---\ntitle: Second\ndate: 2026-05-02\ncategories: [Ships]\n---\n![b](ship.png) \"quoted\"\n{{< img src=\"own.png\" alt=\"Own\" >}}\n",
        ),
        ("content/news/draft/index.md", "---\ntitle: Draft\ndate: 2026-05-03\ndraft: true\n---\nSECRET\n"),
        ("content/notes/third.md", "---\ntitle: Third\ndate: 2026-05-04\nslug: Own-Slug\n---\nwords\n"),
        ("content/about.md", "---\ntitle: About\ndate: 2026-05-05\n---\nabout us\n"),
        ("content/news/undated.md", "---\ntitle: Undated\n---\nno date\n"),
        ("layouts/page.html", "---\n---\nSECRET"),
        ("archetypes/default.md", "---\ndate: 2026-01-01\n---\nSECRET\n"),
        ("README.md", "SECRET"),
    ]);
    for path in ["static/pictures/quay.png", "content/news/second/ship.png", "content/news/second/own.png"] {
        put(&project, path, b"png");
    }
    put(&project, "content/news/draft/secret.png", b"SECRET");
    put(&project, "static/demo.html", b"SECRET");
    let output = project.build_output(&[]);
    assert!(output.lines().next().unwrap().ends_with("is a Hugo site"), "{output}");
    assert!(output.contains("no warnings"), "{output}");
    assert_eq!(addresses(&project), ["/2026/05/own-slug/", "/news/second/", "/news/first/"]);
    let first = project.article("/news/first/");
    assert_eq!(first.time.to_string(), "2026-05-01T19:00:00+09:00");
    assert_eq!((&*first.categories[0].key, &*first.categories[0].title), ("news", "Harbour News"));
    assert_eq!(first.body, "See [it](/news/second/) and [that](/news/second/).\n\n![a](/pictures/quay.png)");
    let second = project.article("/news/second/");
    assert_eq!(second.categories[0].title, "Ships");
    assert!(
        second.body.contains("(/news/second/ship.png)") && second.body.contains("“quoted”"),
        "{}",
        second.body
    );
    assert!(second.body.contains("(/news/second/own.png)"), "{}", second.body);
    assert_eq!(project.article("/old/first/").title, "First");
    let site = project.manifest().site;
    assert_eq!((&*site.title, &*site.lang, &*site.description), ("The Quay", "en-us", "All of it"));
    assert_eq!(project.article("/about/").title, "About");
    assert_eq!(project.article("/news/undated/").title, "Undated");
    assert!(project.read("index.html").contains("Welcome."));
    for (path, bytes) in project.files() {
        assert!(!String::from_utf8_lossy(&bytes).contains("SECRET"), "{path}");
    }
    project.assert_matches_a_clean_build();
}

#[test]
fn a_zola_site_has_zola_s_addresses_taxonomies_links_and_files() {
    let project = Project::of(&[
        (
            "config.toml",
            "base_url = \"https://news.example\"\ntitle = \"The Quay\"\ndefault_language = \"en\"\n",
        ),
        ("content/blog/_index.md", "+++\ntitle = \"The Blog\"\n+++\n"),
        (
            "content/blog/2026-05-01-first.md",
            "+++\ntitle = \"First\"\n[taxonomies]\ncategories = [\"Ships\"]\ntags = [\"quay\", \"tug boats\"]\n[extra]\nx = 1\n+++\nSee [it](@/blog/second/index.md#place), https://bare.example/.\n",
        ),
        ("content/blog/second/index.md", "+++\ntitle = \"Second\"\ndate = 2026-05-02\n+++\n![b](ship.png)\n"),
        (
            "content/third.md",
            "+++\ntitle = \"Third\"\npath = \"2026/05/03/third\"\naliases = [\"2026/05/03/third.html\"]\n+++\nwords\n",
        ),
        ("content/about.md", "+++\ntitle = \"About\"\n+++\nabout us\n"),
    ]);
    put(&project, "content/blog/second/ship.png", b"png");
    put(&project, "static/quay.png", b"png");
    let output = project.build_output(&[]);
    assert!(output.lines().next().unwrap().ends_with("is a Zola site"), "{output}");
    assert!(output.contains("no warnings"), "{output}");
    assert_eq!(addresses(&project), ["/2026/05/03/third/", "/blog/second/", "/blog/first/"]);
    let first = project.article("/blog/first/");
    assert_eq!(first.categories[0].title, "Ships");
    assert_eq!(first.tags.iter().map(|tag| &*tag.title).collect::<Vec<_>>(), ["quay", "tug boats"]);
    assert_eq!(first.body, "See [it](/blog/second/#place), https://bare.example/.");
    let second = project.article("/blog/second/");
    assert_eq!((&*second.categories[0].title, &*second.body), ("The Blog", "![b](/blog/second/ship.png)"));
    assert_eq!(project.article("/2026/05/03/third.html").title, "Third");
    assert_eq!(project.article("/about/").title, "About");
    let files = project.files();
    assert!(files.contains_key("blog/second/ship.png") && files.contains_key("quay.png"));
}

#[test]
fn a_hexo_site_has_hexo_s_addresses_asset_folders_and_pages() {
    let project = Project::of(&[
        (
            "_config.yml",
            "title: 码头\nlanguage: zh-CN\ntimezone: Asia/Shanghai\npermalink: :year/:month/:day/:title/\npost_asset_folder: true\n",
        ),
        (
            "source/_posts/First-Ship.md",
            "---\ntitle: 首航\ndate: 2026-05-01 08:00:00\ncategories: 航运\n---\n{% asset_img ship.png 船 %}\n\n第一行\n第二行 {% post_link Second %} `{{ title }}`\n\n```\n{% raw %}\n```\n\n{% spoiler 细节 %}\n深\n{% endspoiler %}\n\n{% math %}\na_1 + b_2\n{% endmath %}\n",
        ),
        ("source/_posts/Second.md", "---\ntitle: 次航\ndate: 2026-05-02\n---\n![图](quay.png)\n"),
        ("source/_posts/later.md", "---\ntitle: 将来\ndate: 2026-12-02\n---\nwords\n"),
        ("source/_drafts/draft.md", "---\ntitle: SECRET\n---\nSECRET\n"),
        ("source/about/index.md", "---\ntitle: 关于\n---\n我们。\n"),
        ("themes/x/README.md", "SECRET"),
        ("scaffolds/post.md", "---\ndate: 2026-01-01\n---\nSECRET\n"),
    ]);
    put(&project, "source/_posts/First-Ship/ship.png", b"png");
    put(&project, "source/_posts/Second/quay.png", b"png");
    put(&project, "source/images/logo.png", b"png");
    let output = project.build_output(&[]);
    assert!(output.lines().next().unwrap().ends_with("is a Hexo site"), "{output}");
    assert!(output.contains("no warnings"), "{output}");
    assert_eq!(addresses(&project), ["/2026/12/02/later/", "/2026/05/02/Second/", "/2026/05/01/First-Ship/"]);
    let first = project.article("/2026/05/01/First-Ship/");
    assert!(first.body.contains("(/posts/First-Ship/ship.png"), "{}", first.body);
    assert!(first.body.contains("第一行\\\n第二行 [次航](/2026/05/02/Second/)"), "{}", first.body);
    for part in ["`{{ title }}`", "```\n{% raw %}\n```", "![细节](as:details)", "```math\na_1 + b_2\n```"] {
        assert!(first.body.contains(part), "{part} in {}", first.body);
    }
    assert_eq!(project.article("/2026/05/02/Second/").body, "![图](/posts/Second/quay.png)");
    assert_eq!(project.article("/about/").title, "关于");
    let files = project.files();
    for path in ["posts/First-Ship/ship.png", "posts/Second/quay.png", "images/logo.png"] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(files.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("SECRET")));
}

/// As the plugin hexo-abbrlink writes them.
#[test]
fn the_addresses_of_a_hexo_site_have_values_of_front_matter() {
    let project = Project::of(&[
        ("_config.yml", "title: 码头\npermalink: posts/:abbrlink.html\n"),
        ("source/_posts/one.md", "---\ntitle: 首航\ndate: 2026-05-01\nabbrlink: 4a17b156\n---\nwords\n"),
        ("source/_posts/two.md", "---\ntitle: 次航\ndate: 2026-05-02\n---\n{% post_link one %}\n"),
    ]);
    project.build(&[]);
    // A story without the value has an address of ours.
    assert_eq!(addresses(&project), ["/2026/05/02/two.html", "/posts/4a17b156.html"]);
    assert_eq!(project.article("/2026/05/02/two.html").body, "[首航](/posts/4a17b156.html)");
}

#[test]
fn what_a_configuration_does_not_say_is_told_with_the_name_of_its_file() {
    let project = Project::of(&[
        ("config.toml", "title = 'Old'\n"),
        ("content/news/a.md", "---\ntitle: A\ndate: 2026-05-01\n---\nwords\n"),
    ]);
    let output = project.build_output(&[]);
    assert!(output.contains("set it in finews.toml or config.toml"), "{output}");
}

#[test]
fn a_plain_folder_has_dates_from_names_and_folders() {
    let project = Project::of(&[
        ("2026/03/02/quay.md", "# The quay\n\nwords\n"),
        ("2026-03-03-tug.md", "---\ntitle: Tug\n---\nwords\n"),
        ("ships/2026-03-04-ferry/index.md", "---\ntitle: Ferry\n---\n![a](ferry.png)\n"),
    ]);
    put(&project, "ships/2026-03-04-ferry/ferry.png", b"png");
    let output = project.build_output(&[]);
    assert!(output.lines().next().unwrap().ends_with("is a folder of posts"), "{output}");
    assert_eq!(
        addresses(&project),
        ["/2026/03/04/ferry.html", "/2026/03/03/tug.html", "/2026/03/02/quay.html"]
    );
    assert!(project.article("/2026/03/04/ferry.html").body.contains("(/ships/2026-03-04-ferry/ferry.png)"));
}

#[test]
fn the_publisher_can_say_which_program_a_folder_was_written_for() {
    let project = Project::of(&[
        ("_config.yml", "title: Old\n"),
        ("hugo.toml", "title = 'New'\n"),
        ("content/news/a.md", "---\ntitle: A\ndate: 2026-05-01\n---\nwords\n"),
        ("_posts/2026-05-02-b.md", "---\ntitle: B\n---\nwords\n"),
    ]);
    let output = project.build_output(&[]);
    assert!(output.lines().next().unwrap().ends_with("is a Jekyll site"), "{output}");
    assert_eq!(
        (project.manifest().site.title.as_str(), addresses(&project)[0].as_str()),
        ("Old", "/2026/05/02/b.html")
    );
    let output = project.build_output(&["--from", "hugo"]);
    assert!(output.lines().next().unwrap().ends_with("is a Hugo site"), "{output}");
    assert_eq!(
        (project.manifest().site.title.as_str(), addresses(&project)[0].as_str()),
        ("New", "/news/a/")
    );
}

#[test]
fn nothing_that_another_program_keeps_back_is_published() {
    let project = Project::of(&[
        ("hugo.toml", "title = 'The Quay'\n"),
        ("finews.toml", "lang = \"en\"\n"),
        ("content/news/ok.md", "---\ntitle: Ok\ndate: 2026-05-01\n---\nwords\n"),
        ("content/news/d.html", "---\ntitle: D\ndraft: true\n---\nSECRET\n"),
        ("content/news/page/index.html", "---\ntitle: D\ndraft: true\n---\nSECRET\n"),
        (
            "content/news/bundle/index.md",
            "---\ntitle: D\ndate: 2026-05-02\nexpiryDate: 2026-05-03\n---\nSECRET\n",
        ),
        ("content/news/headless/index.md", "---\ntitle: H\ndate: 2026-05-02\nheadless: true\n---\nSECRET\n"),
        ("content/news/never.md", "---\ntitle: N\ndate: 2026-05-02\nbuild: {render: never}\n---\nSECRET\n"),
        ("content/news/notes.org", "#+draft: true\nSECRET\n"),
        ("content/below/_index.md", "---\ntitle: Below\ncascade: {draft: true}\n---\n"),
        ("content/below/a.md", "---\ntitle: SECRET\ndate: 2026-05-02\n---\nSECRET\n"),
        ("content/section/_index.md", "---\ntitle: SECRET\ndraft: true\n---\n"),
        ("content/section/a.md", "---\ntitle: A\ndate: 2026-05-02\n---\nwords\n"),
        (
            "content/draft.md",
            "---\ntitle: D\ndraft: true\nimages: [/files/a.png]\n---\n<video poster=\"/files/b.png\"></video> {{< gallery \"/files/c.png\" >}} https://news.example/files/d%20e.png [x](/files/f)\n",
        ),
    ]);
    for path in [
        "content/news/page/p.png",
        "content/news/bundle/p.png",
        "content/below/p.png",
        "static/files/a.png",
        "static/files/b.png",
        "static/files/c.png",
        "static/files/d e.png",
        "static/files/f",
        "static/_hidden/a.png",
        "static/.hidden.png",
        "prices/a.csv",
    ] {
        put(&project, path, b"SECRET");
    }
    for (target, link) in [
        ("../prices", "static/prices"),
        ("../prices/a.csv", "static/a.csv"),
        ("../content", "static/content"),
    ] {
        std::os::unix::fs::symlink(target, project.posts().join(link)).unwrap();
    }
    project.build_output(&[]);
    for (path, bytes) in project.files() {
        assert!(!String::from_utf8_lossy(&bytes).contains("SECRET"), "{path}");
    }
    let zola = Project::of(&[
        ("config.toml", "base_url = \"https://news.example\"\n"),
        ("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-05-01\n+++\nwords\n"),
        ("content/draft/_index.md", "+++\ntitle = \"SECRET\"\ndraft = true\n+++\n"),
        ("content/draft/b.md", "+++\ntitle = \"B\"\ndate = 2026-05-01\n+++\nSECRET\n"),
        ("content/r.md", "+++\ntitle = \"R\"\ndate = 2026-05-01\nrender = false\n+++\nSECRET\n"),
    ]);
    put(&zola, "content/draft/p.png", b"SECRET");
    zola.build_output(&[]);
    let hexo = Project::of(&[
        ("_config.yml", "title: T\nlanguage: en\n"),
        ("source/_posts/a.md", "---\ntitle: A\ndate: 2026-05-01\n---\nwords\n"),
        ("source/_posts/b/index.md", "---\ntitle: B\ndate: 2026-05-01\npublished: false\n---\nSECRET\n"),
        ("source/about/index.md", "---\ntitle: About\npublished: false\n---\nSECRET\n"),
        ("source/_posts/c.md.bak", "SECRET"),
    ]);
    put(&hexo, "source/_posts/b/p.png", b"SECRET");
    put(&hexo, "source/about/p.png", b"SECRET");
    hexo.build_output(&[]);
    for (path, bytes) in zola.files().into_iter().chain(hexo.files()) {
        assert!(!String::from_utf8_lossy(&bytes).contains("SECRET"), "{path}");
    }
}

/// A folder with a page `index.md` is that page, and what is beside it belongs to it.
#[test]
fn what_belongs_to_a_page_of_hugo_or_zola_is_no_story_or_page_of_its_own() {
    let beside = "---\ntitle: SECRET\n---\nSECRET\n";
    let dated = "---\ntitle: SECRET\ndate: 2026-05-01\n---\nSECRET\n";
    for (configuration, index, draft) in [
        ("hugo.toml", "---\ntitle: One\ndate: 2026-05-01\n---\n", "---\ntitle: Two\ndraft: true\n---\n"),
        (
            "zola.toml",
            "+++\ntitle = \"One\"\ndate = 2026-05-01\n+++\n",
            "+++\ntitle = \"Two\"\ndraft = true\n+++\n",
        ),
    ] {
        let project = Project::of(&[
            (configuration, "title = 'T'\nbase_url = 'https://news.example'\n"),
            ("content/news/one/index.md", &format!("{index}![a](quay.png)\n")),
            ("content/news/one/notes.md", beside),
            ("content/news/one/deep/dated.md", dated),
            ("content/news/two/index.md", &format!("{draft}words\n")),
            ("content/news/two/notes.md", beside),
            ("content/news/two/dated.md", dated),
        ]);
        put(&project, "content/news/one/quay.png", b"png");
        project.build_output(&[]);
        assert_eq!(addresses(&project), ["/news/one/"], "{configuration}");
        let files = project.files();
        assert!(files.contains_key("news/one/quay.png"));
        assert!(files.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("SECRET")));
    }
}

/// <https://gohugo.io/content-management/front-matter/#cascade-1>
#[test]
fn hugo_s_cascades_count_for_all_stories_below() {
    let story = "---\ntitle: SECRET\ndate: 2026-05-01\n---\nSECRET\n";
    let project = Project::of(&[
        (
            "hugo.toml",
            "title = 'T'\n[[cascade]]\ndraft = true\n[cascade.target]\npath = '/drafts/**'\n[[cascade]]\n[cascade.build]\nrender = 'never'\n[cascade._target]\npath = '{/hidden,/hidden/**}'\n[[cascade]]\ndraft = true\n[cascade.target]\nkind = 'section'\n",
        ),
        ("content/news/a.md", "---\ntitle: A\ndate: 2026-05-01\n---\nwords\n"),
        ("content/drafts/deep/a.md", story),
        ("content/hidden/a.md", story),
        ("content/never/_index.md", "---\ncascade: {build: {render: never, list: never}}\n---\n"),
        ("content/never/deep/a.md", story),
        ("content/past/_index.md", "---\nCascade: [{ExpiryDate: 2020-01-01}]\n---\n"),
        ("content/past/a.md", story),
        ("content/later/_index.en.md", "---\ncascade: {publishDate: 2090-01-01}\n---\n"),
        ("content/later/a.md", story),
        ("content/mixed/_index.md", "---\ncascade: {draft: true}\n---\n"),
        ("content/mixed/a.md", story),
        ("content/mixed/b.md", "---\ntitle: B\ndate: 2026-05-02\ndraft: false\n---\nwords\n"),
    ]);
    project.build_output(&[]);
    assert_eq!(addresses(&project), ["/mixed/b/", "/news/a/"]);
    assert!(project.files().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("SECRET")));
    project.post("content/never/_index.md", "---\ntitle: Shown\n---\n");
    project.build_output(&[]);
    assert_eq!(addresses(&project), ["/mixed/b/", "/news/a/", "/never/deep/a/"]);
    project.assert_matches_a_clean_build();
}

/// As their documentation and their source say, and Hugo and Hexo themselves do.
#[test]
fn names_are_written_in_addresses_as_their_programs_write_them() {
    let story = "---\ntitle: A\ndate: 2026-05-01 08:09:10\n---\nwords\n";
    let first = |files: &[(&str, &str)]| {
        let project = Project::of(files);
        project.build_output(&[]);
        addresses(&project)[0].clone()
    };
    for (name, address) in [
        ("Hello, World (1)", "/news/hello-world-1/"),
        ("My Page_x, Y!", "/news/my-page_x-y/"),
        ("港口 开放", "/news/港口-开放/"),
    ] {
        let path = format!("content/news/{name}.md");
        assert_eq!(decode(&first(&[("hugo.toml", "title = 'T'\n"), (&path, story)])), address);
    }
    for (slugify, name, address) in [
        ("", "my_first Post", "/news/my-first-post/"),
        ("", "你好", "/news/ni-hao/"),
        ("[slugify]\npaths = 'safe'\n", "my_first-Post", "/news/my_first-Post/"),
    ] {
        let configuration = format!("base_url = 'https://news.example'\n{slugify}");
        let path = format!("content/news/{name}.md");
        assert_eq!(first(&[("zola.toml", &configuration), (&path, story)]), address, "{slugify}");
    }
    for (form, categories, address) in [
        (":category/:title/", "[Foo, bar baz]", "/Foo/bar-baz/one/"),
        (":category/:title/", "[Foo, [A, B]]", "/A/B/one/"),
        (":category/:title/", "[]", "/uncategorized/one/"),
        (":category/:title/", "港口", "/port/one/"),
        (":year/:hour-:minute-:second-:title.html", "x", "/2026/08-09-10-one.html"),
    ] {
        let configuration = format!("title: T\npermalink: {form}\ncategory_map: {{港口: port}}\n");
        let story = story.replace("title:", &format!("categories: {categories}\ntitle:"));
        let found = first(&[("_config.yml", &configuration), ("source/_posts/one.md", &story)]);
        assert_eq!(found, address, "{form} {categories}");
    }
    let project = Project::of(&[
        ("_config.yml", "title: T\npermalink: :year/:hash/\n"),
        ("source/_posts/one.md", story),
        ("source/about.md", "---\ntitle: About\n---\nwords\n"),
    ]);
    let output = project.build_output(&[]);
    assert!(output.contains("addresses have :hash in “permalink”, which the post does not tell"), "{output}");
    assert_eq!(addresses(&project), ["/2026/05/01/one.html"]);
    assert!(project.files().contains_key("about.html"));
}

#[test]
fn the_title_of_a_section_leaves_nothing_when_it_is_withdrawn() {
    let project = Project::of(&[
        ("hugo.toml", "title = 'The Quay'\nlocale = 'en'\n"),
        ("content/news/_index.md", "---\ntitle: SECRET\n---\n"),
        ("content/news/a.md", "---\ntitle: A\ndate: 2026-05-02\n---\nwords\n"),
    ]);
    project.build_output(&[]);
    assert!(project.files().values().any(|bytes| String::from_utf8_lossy(bytes).contains("SECRET")));
    project.post("content/news/_index.md", "---\ntitle: Other\ndraft: true\n---\n");
    project.build_output(&[]);
    for (path, bytes) in project.files() {
        assert!(!String::from_utf8_lossy(&bytes).contains("SECRET"), "{path}");
    }
    project.assert_matches_a_clean_build();
    // The same for all that is in a section.
    project.post("content/news/_index.md", "---\ntitle: Other\n---\n");
    project.post("content/news/b.md", "---\ntitle: B\ndate: 2026-05-03\n---\nSECRET\n");
    put(&project, "content/news/p.png", b"SECRET");
    project.build_output(&[]);
    assert!(project.files().contains_key("news/p.png"));
    project.post("content/news/_index.md", "---\ntitle: Other\ncascade: {draft: true}\n---\n");
    project.build_output(&[]);
    for (path, bytes) in project.files() {
        assert!(!String::from_utf8_lossy(&bytes).contains("SECRET"), "{path}");
    }
}

#[test]
fn hugo_s_forms_of_addresses_are_read_as_whole_words() {
    let project = Project::of(&[
        (
            "hugo.toml",
            "title = 'T'\nlocale = 'en'\n[permalinks]\nnews = '/:year/:monthname/:slug/'\nodd = '/:unknown/'\n",
        ),
        ("content/news/a.md", "---\ntitle: A\ndate: 2026-05-03\n---\nwords\n"),
        ("content/odd/b.md", "---\ntitle: B\ndate: 2026-05-02\n---\nwords\n"),
        ("content/Tech News/My Post.md", "---\ntitle: C\ndate: 2026-05-01\n---\nwords\n"),
        ("content/About Us.md", "---\ntitle: About\n---\nwords\n"),
        ("content/contact.md", "---\ntitle: Contact\nslug: reach\n---\nwords\n"),
    ]);
    project.build_output(&[]);
    assert_eq!(addresses(&project), ["/2026/May/a/", "/odd/2026/05/02/b.html", "/tech-news/my-post/"]);
    for path in ["/about-us/", "/reach/"] {
        assert!(project.article(path).is_standalone(), "{path}");
    }
}
