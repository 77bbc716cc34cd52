//! Liquid in the posts of a Jekyll site, which may take words from other files of the site.

use std::fs;

use crate::project::Project;

const CONFIG: &str = "title: Harbour\nurl: https://news.example\npermalink: /:year/:month/:day/:title/\n";

const POST: &str = "---\ntitle: One\n---\n\
    {% assign share = site.data.shares | where: \"code\", \"600519\" | first %}\
    {{ share.name }} of {{ site.title }}, {{ page.date | date: \"%Y\" }}.\n\n\
    {% include note.html text=\"calm\" %}\n\n\
    {% include_relative parts/end.txt %}\n\n\
    [two]({% post_url 2026-05-02-two %}), [page]({% link about/index.md %}), [file]({% link data/a.csv %}), [{{ page.url }}]({{ \"/x\" | absolute_url }})\n";

/// A site with a post that takes words from five other files.
fn site() -> Project {
    Project::of(&[
        ("_config.yml", CONFIG),
        ("_data/shares.yml", "- {name: Moutai, code: 600519}\n- {name: Tencent, code: 700}\n"),
        ("_includes/note.html", "**Note:** {{ include.text }}"),
        ("_posts/parts/end.txt", "The end."),
        ("_posts/2026-05-01-one.md", POST),
        ("_posts/2026-05-02-two.md", "---\ntitle: Two\n---\nSecond.\n"),
        ("about/index.md", "---\ntitle: About\n---\nPage.\n"),
        ("data/a.csv", "a,b\n"),
    ])
}

fn body(project: &Project) -> String {
    project.article("/2026/05/01/one/").body.clone()
}

#[test]
fn a_post_contains_what_it_takes_from_other_files_of_its_site() {
    let project = site();
    let output = project.build_output(&[]);
    assert!(output.contains("no warnings"), "{output}");
    assert_eq!(
        body(&project),
        "Moutai of Harbour, 2026.\n\n**Note:** calm\n\nThe end.\n\n[two](/2026/05/02/two/), [page](/about/), [file](/data/a.csv), [/2026/05/01/one/](https://news.example/x)"
    );
}

#[test]
fn a_change_of_any_file_that_a_post_takes_words_from_changes_the_story() {
    let project = site();
    project.build_output(&[]);
    for (path, text, expected) in [
        ("_data/shares.yml", "- {name: Maotai, code: 600519}\n", "Maotai of"),
        ("_includes/note.html", "Beware: {{ include.text }}", "Beware: calm"),
        ("_posts/parts/end.txt", "No end.", "No end."),
        (
            "_posts/2026-05-02-two.md",
            "---\ntitle: Two\npermalink: /second/\n---\nSecond.\n",
            "[two](/second/)",
        ),
        ("about/index.md", "---\ntitle: About\npermalink: /us/\n---\nPage.\n", "[page](/us/)"),
        ("_config.yml", &CONFIG.replace("Harbour", "Port"), "of Port"),
    ] {
        fs::write(project.posts().join(path), text).unwrap();
        project.build_output(&[]);
        assert!(body(&project).contains(expected), "{path}: {}", body(&project));
        project.assert_matches_a_clean_build();
    }
}

#[test]
fn a_link_to_a_story_leads_there_once_the_story_is_published() {
    let project = site();
    project.post("_posts/2026-05-02-two.md", "---\ntitle: Two\npublished: false\n---\nSecond.\n");
    let output = project.build_output(&[]);
    assert!(output.contains("Jekyll syntax 1"), "{output}");
    assert!(body(&project).contains("two, [page]"), "{}", body(&project));
    project.post("_posts/2026-05-02-two.md", "---\ntitle: Two\n---\nSecond.\n");
    project.build_output(&[]);
    assert!(body(&project).contains("[two](/2026/05/02/two/)"), "{}", body(&project));
}

#[test]
fn the_address_of_what_is_kept_back_is_in_no_file() {
    let project = Project::of(&[
        ("_config.yml", "exclude: [_posts/out, off]\n"),
        ("_drafts/draft.md", "---\npermalink: /secret-draft/\n---\nd\n"),
        ("_posts/out/2026-05-03-out.md", "---\npermalink: /secret-out/\n---\no\n"),
        ("_posts/2026-05-03-later.md", "---\npermalink: /secret-later/\ndate: 2999-01-01\n---\nl\n"),
        ("hidden.md", "---\npermalink: /secret-page/\npublished: false\n---\np\n"),
        ("off/page.md", "---\npermalink: /secret-off/\n---\np\n"),
        (
            "_posts/2026-05-01-one.md",
            "---\ntitle: One\n---\na {% link _drafts/draft.md %} {% post_url draft %} {% post_link draft %} \
             {% post_path draft %} {{< relref \"draft.md\" >}} {% post_url 2026-05-03-out %} \
             {% link _posts/out/2026-05-03-out.md %} {% post_url 2026-05-03-later %} {% link hidden.md %} \
             {% link off/page.md %} z\n",
        ),
    ]);
    project.build_output(&[]);
    assert_eq!(project.article("/2026/05/01/one.html").body, "a draft z");
    for (file, bytes) in project.files() {
        assert!(!String::from_utf8_lossy(&bytes).contains("secret-"), "{file}");
    }
}

#[test]
fn a_post_may_show_liquid_as_it_is() {
    let project = site();
    project.post(
        "_posts/2026-05-01-one.md",
        "---\ntitle: One\nrender_with_liquid: false\n---\n{{ site.title }}\n",
    );
    project.build_output(&[]);
    assert_eq!(body(&project), "{{ site.title }}");
}

#[test]
fn where_the_site_is_not_jekyll_s_tags_stay_as_they_are_written() {
    let project =
        Project::of(&[("2026-05-01-one.md", "---\ntitle: One\n---\n{{ site.title }} {% include x %}\n")]);
    project.build_output(&[]);
    let newest = &project.manifest().newest[0];
    let address = newest.address(&project.manifest().settings.permalink).to_string();
    assert_eq!(project.article(&address).body, "{{ site.title }} {% include x %}");
}

#[test]
fn captions_and_players_of_shortcodes_are_shown_wherever_they_stand() {
    let player = "![x.example](as:player \"https://x.example\")";
    let figure = "{{< figure src=\"/a.png\" caption=\"A **b**\" >}}";
    for config in ["", "title: Harbour\n"] {
        let project = Project::of(&[(
            "2026-05-01-one.md",
            &format!(
                "---\ntitle: One\n---\n{figure}\n\nx {figure} y\n\n\
                 x {{{{< youtube https://x.example/ >}}}} y\n\n- {{{{< youtube https://x.example/ >}}}}\n\n\
                 > {{{{< youtube https://x.example/ >}}}}\n",
            ),
        )]);
        if !config.is_empty() {
            project.post("_config.yml", config);
        }
        project.build_output(&[]);
        let path = if config.is_empty() { "/2026/05/01/one" } else { "/2026/05/01/one.html" };
        let body = project.article(path).body.clone();
        assert_eq!(body.matches("A **b**").count(), 2, "{body}");
        assert_eq!(body.matches(player).count(), 3, "{body}");
        assert!(!body.contains('<') && !body.contains("\\*"), "{body}");
    }
}
