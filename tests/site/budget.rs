//! Byte budgets for what a reader downloads.

use std::path::{Path, PathBuf};

use testkit::folder::files;
use testkit::setup::sample_site;

fn compressed_size(path: &Path) -> usize {
    let mut reader = std::fs::File::open(path).unwrap();
    let mut out = Vec::new();
    brotli::BrotliCompress(
        &mut reader,
        &mut out,
        &brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() },
    )
    .unwrap();
    out.len()
}

#[test]
fn the_program_of_a_first_load_stays_within_its_byte_budget() {
    let site = sample_site();
    let (mut markdown, mut search, mut search_scripts, mut search_stories) = (0, 0, Vec::new(), 0);
    let (mut first, mut later) =
        (compressed_size(&site.join("404.html")), compressed_size(&site.join("sw.js")));
    for file in files(&site.join("assets")).into_values() {
        let bytes = compressed_size(&file);
        println!(
            "{}: {} bytes, {bytes} by brotli 11",
            file.display(),
            std::fs::metadata(&file).unwrap().len()
        );
        // These files belong to the widget, which the viewer's pages do not load.
        if ["headlines-", "embed-", "examples-"]
            .iter()
            .any(|other| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(other)))
        {
            continue;
        }
        // Markdown loads when the first page is idle, or with an article that the program opens.
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        markdown += if name.starts_with("markdown-") { bytes } else { 0 };
        // The program of search loads when search is opened, in the site's language; what reads stories, when a reader stays on
        // what was found.
        if name.starts_with("search") {
            if name.starts_with("searchstories-") {
                search_stories += bytes;
            } else if name.starts_with("search-") && name.ends_with(".js") {
                search_scripts.push(bytes);
            } else {
                search += bytes;
            }
            continue;
        }
        *if name.starts_with("viewer-") || name.starts_with("later-") { &mut first } else { &mut later } +=
            bytes;
    }
    // One is in English, one in Chinese.
    assert_eq!(search_scripts.len(), 2);
    search += search_scripts.into_iter().max().unwrap_or_default();
    println!(
        "the program of a first load: {first} bytes by brotli 11; what comes after it: {later} bytes, of which Markdown's program {markdown}; the program of search: {search}, and later {search_stories}"
    );
    assert!(
        markdown <= 65_000 && search <= 32_768 && search_stories <= 1_900,
        "Markdown's program: {markdown} bytes; of search: {search}, and later {search_stories}"
    );
    assert!(first <= 137_450 && later <= 68_000, "{first} bytes first, {later} later");
}

#[test]
fn the_widget_stays_within_its_byte_budget() {
    let site = sample_site();
    let before = compressed_size(&site.join("widget.js"));
    let program: usize = files(&site.join("assets"))
        .values()
        .filter(|file| file.to_string_lossy().contains("/headlines-"))
        .map(|file| compressed_size(file))
        .sum();
    println!(
        "the widget: {before} bytes by brotli 11 before it is near the viewport, {} in total",
        before + program
    );
    assert!(before <= 1500 && before + program <= 12_400, "{before} bytes, {} in total", before + program);
}

#[test]
fn most_stories_pages_fit_into_the_first_packets_of_a_connection() {
    // A server may send ten packets of 1,460 bytes before the first acknowledgement: https://www.rfc-editor.org/rfc/rfc6928
    let stories: Vec<PathBuf> = files(&sample_site()).into_values().filter(|path| is_story(path)).collect();
    assert!(stories.len() > 50);
    let mut sizes: Vec<usize> = stories.iter().map(|path| compressed_size(path)).collect();
    sizes.sort_unstable();
    let percentile_95 = sizes[sizes.len() * 95 / 100];
    println!(
        "95 of 100 stories' pages take at most {percentile_95} bytes by brotli 11, the largest {}",
        sizes[sizes.len() - 1]
    );
    assert!(percentile_95 <= 14_000, "{percentile_95} bytes");
}

fn is_story(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "html")
        && path.components().rev().nth(1).is_some_and(|day| day.as_os_str().len() == 2)
}

#[test]
fn the_data_of_a_first_load_stays_within_its_byte_budget() {
    let bundle = sample_site().join("bundle");
    let manifest = compressed_size(&bundle.join("manifest.json"));
    let largest = |folder: &str| {
        files(&bundle.join(folder)).values().map(|file| compressed_size(file)).max().unwrap_or(0)
    };
    let home = manifest + largest("front");
    let article = manifest + largest("months") + largest("shards");
    println!(
        "the data of a cold load by brotli 11: home {home} bytes, an article by its address at most {article} bytes"
    );
    assert!(
        manifest <= 15_000 && home <= 25_000 && article <= 100_000,
        "manifest {manifest}, home {home}, article {article}"
    );
}
