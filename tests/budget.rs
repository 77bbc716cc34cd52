//! What a reader downloads stays within its bounds: bytes are a test, not a hope.

use std::path::{Path, PathBuf};

fn environment(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set: run this by “cargo xtask test”")))
}

fn compressed(path: &Path) -> usize {
    let mut reader = std::fs::File::open(path).unwrap();
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut reader, &mut out, &brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() }).unwrap();
    out.len()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn the_program_of_a_cold_load_stays_within_its_bytes() {
    let viewer = environment("FINEWS_PROGRAM");
    let (mut first, mut later) = (0, 0);
    for file in files(&viewer) {
        let bytes = compressed(&file);
        println!("{}: {} bytes, {bytes} by brotli 11", file.display(), std::fs::metadata(&file).unwrap().len());
        // Markdown comes when the first page is quiet, or with an article.
        let is_later = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("markdown-"));
        *if is_later { &mut later } else { &mut first } += bytes;
    }
    println!("the program of a cold load: {first} bytes by brotli 11; Markdown, after it: {later} bytes");
    assert!(first <= 150_000 && later <= 75_000, "{first} bytes first, {later} later");
}

#[test]
fn the_data_of_a_cold_load_stays_within_its_bytes() {
    let bundle = environment("FINEWS_SAMPLE_SITE").join("bundle");
    let manifest = compressed(&bundle.join("manifest.json"));
    let largest = |folder: &str| files(&bundle.join(folder)).iter().map(|file| compressed(file)).max().unwrap_or(0);
    let home = manifest + largest("front");
    let article = manifest + largest("months") + largest("shards");
    println!("the data of a cold load by brotli 11: home {home} bytes, an article by its address at most {article} bytes");
    assert!(manifest <= 15_000 && home <= 25_000 && article <= 100_000, "manifest {manifest}, home {home}, article {article}");
}
