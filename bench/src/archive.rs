//! `cargo xtask bench archive`: the costs of building a large archive, of a later build, and of a reader's
//! page.
//!
//! It prints a report in Markdown. finews builds only the bundle. Other generators build the same clean posts
//! in the same run, with the simplest templates that show stories and their lists. Times are of whole
//! processes; peak memory is `ru_maxrss`, from GNU time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ::archive::Archive;
use anyhow::{Context as _, Result, bail};
use bundle::{Folder, Key, ListId, ListKind};
use futures::executor::block_on;
use testkit::counting::{CountingFolder, gzipped_len, text_bytes};
use viewer::state::folder::SiteFolder;

use crate::process::{ProcessCost, count_pages, run_timed, run_to_end, write, write_hugo};

/// The number of posts that the generator writes for each day.
const POSTS_PER_DAY: u64 = 400;

struct Bench<'a> {
    finews: &'a Path,
    xtask: &'a Path,
    folder: &'a Path,
}

/// The numbers of files and bytes that a build printed.
struct FileCounts {
    total: u64,
    new: u64,
    bytes: u64,
    new_bytes: u64,
}

pub(crate) fn run(finews: &Path, xtask: &Path, folder: &Path, count: u64) -> Result<()> {
    fs::create_dir_all(folder)?;
    let bench = Bench { finews, xtask, folder };
    println!("## Compared with other generators: the same clean posts, one run each\n");
    println!(
        "| generator | posts | seconds | posts/s | peak MiB | pages or files written |\n| --- | --- | --- | --- | --- | --- |"
    );
    for posts in [1000, 10_000] {
        bench.compare_generators(posts)?;
    }
    println!("\n## finews alone\n");
    println!("| what | measured |\n| --- | --- |");
    bench.measure_speed(count.min(100_000))?;
    bench.measure_archive(count)?;
    Ok(())
}

impl Bench<'_> {
    /// Generates posts, unless an earlier run has done so with the same arguments and the same generator.
    ///
    /// Returns their folder. `more` are further arguments of `cargo xtask generate`.
    fn generate_posts(&self, name: &str, count: u64, more: &[&str]) -> Result<PathBuf> {
        let out = self.folder.join(name);
        let done = self.folder.join(format!("{name}.done"));
        // Posts from an older generator are replaced.
        let made_by = format!("{count} {} {:?}", more.join(" "), fs::metadata(self.xtask)?.modified()?);
        if fs::read_to_string(&done).ok().as_deref() != Some(&made_by) {
            if out.exists() {
                fs::remove_dir_all(&out)?;
            }
            eprintln!("generating {count} posts");
            run_to_end(
                Command::new(self.xtask).args(["generate", &count.to_string(), "--out"]).arg(&out).args(more),
            )?;
            fs::write(done, made_by)?;
        }
        Ok(out)
    }

    /// Deletes a folder and the build cache beside it, if they exist, and returns the folder's path.
    fn fresh_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        for path in [&folder, &self.folder.join(format!(".{name}.finews-cache"))] {
            if path.exists() {
                fs::remove_dir_all(path)?;
            }
        }
        // Deletes finish before anything is measured.
        run_to_end(&mut Command::new("sync"))?;
        Ok(folder)
    }

    fn build(&self, posts: &Path, site: &Path, more: &[&str]) -> Result<(ProcessCost, FileCounts)> {
        let cost = run_timed(
            Command::new(self.finews)
                .arg("build")
                .arg(posts)
                .arg("--out")
                .arg(site)
                .arg("--bundle-only")
                .args(more),
        )?;
        let line = cost
            .output
            .lines()
            .find(|line| line.contains(" files, "))
            .context("finews prints no number of files")?;
        let numbers: Vec<u64> =
            line.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
        let [total, new, bytes, new_bytes] = numbers[..] else { bail!("finews printed “{line}”") };
        Ok((cost, FileCounts { total, new, bytes, new_bytes }))
    }

    fn compare_generators(&self, count: u64) -> Result<()> {
        let posts = self.generate_posts(&format!("clean-{count}"), count, &["--clean"])?;
        let print_row = |name: &str, cost: &ProcessCost, pages: u64| {
            println!(
                "| {name} | {count} | {:.1} | {:.0} | {:.0} | {pages} |",
                cost.seconds,
                count as f64 / cost.seconds,
                cost.memory
            );
        };
        let (cost, files) = self.build(&posts, &self.fresh_folder("finews")?, &[])?;
        print_row("finews", &cost, files.total);
        let hugo = self.fresh_folder("hugo")?;
        write_hugo(&hugo, &posts)?;
        let cost = run_timed(Command::new("hugo").arg("--source").arg(&hugo).arg("--quiet"))?;
        print_row("Hugo", &cost, count_pages(&hugo.join("public"))?);
        // Jekyll builds only a few hundred posts a second, so it is not run for larger counts.
        if count > 1000 {
            println!("| Jekyll | {count} | not run | | | |");
        } else {
            let jekyll = self.fresh_folder("jekyll")?;
            fs::create_dir_all(&jekyll)?;
            std::os::unix::fs::symlink(posts.join("_posts"), jekyll.join("_posts"))?;
            write(
                &jekyll.join("_layouts/post.html"),
                "<!doctype html><title>{{ page.title }}</title><h1>{{ page.title }}</h1>{{ content }}\n",
            )?;
            let index = "---\n---\n<!doctype html><ul>{% for post in site.posts %}<li><a href=\"{{ post.url }}\">{{ post.title }}</a>{% endfor %}</ul>\n";
            write(&jekyll.join("index.html"), index)?;
            let cost = run_timed(
                Command::new("jekyll")
                    .args(["build", "--quiet", "--source"])
                    .arg(&jekyll)
                    .arg("--destination")
                    .arg(jekyll.join("_site")),
            )?;
            print_row("Jekyll", &cost, count_pages(&jekyll.join("_site"))?);
        }
        Ok(())
    }

    fn measure_speed(&self, count: u64) -> Result<()> {
        let posts = self.generate_posts(&format!("posts-{count}"), count, &[])?;
        let mut runs = Vec::new();
        // The first run fills the page cache and does not count.
        for run in 0..6 {
            let (cost, _) = self.build(&posts, &self.fresh_folder("speed")?, &[])?;
            if run > 0 {
                runs.push((cost.seconds, cost.memory));
            }
        }
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all: Vec<String> = runs.iter().map(|(seconds, _)| format!("{seconds:.2}")).collect();
        let (seconds, memory) = runs[runs.len() / 2];
        println!(
            "| clean build of {count}: posts a second, median of 5 ({} s); peak memory | {:.0}; {memory:.0} MiB |",
            all.join(", "),
            count as f64 / seconds
        );
        Ok(())
    }

    fn measure_archive(&self, count: u64) -> Result<()> {
        let small = self.generate_posts("posts-1000", 1000, &[])?;
        let small_site = self.fresh_folder("small")?;
        self.build(&small, &small_site, &[])?;
        let posts = self.generate_posts(&format!("posts-{count}"), count, &[])?;
        // Later steps add their posts to a folder of symbolic links.
        let joined = self.fresh_folder("joined")?;
        fs::create_dir_all(joined.join("_posts"))?;
        let link = |folder: &Path| {
            std::os::unix::fs::symlink(
                folder.join("_posts"),
                joined.join("_posts").join(folder.file_name().unwrap_or_default()),
            )
        };
        link(&posts)?;
        let site = self.fresh_folder("site")?;
        let (cost, files) = self.build(&joined, &site, &[])?;
        println!(
            "| clean build of {count}: seconds; posts a second; peak memory | {:.1}; {:.0}; {:.0} MiB |",
            cost.seconds,
            count as f64 / cost.seconds,
            cost.memory
        );
        println!(
            "| files of the bundle; bytes; largest file; manifest with gzip | {}; {}; {}; {} |",
            files.total,
            files.bytes,
            largest_file(&site)?,
            gzipped_len(&fs::read(site.join("bundle/manifest.json"))?)
        );
        self.measure_pages(&small_site, 1000)?;
        self.measure_pages(&site, count)?;
        let (cost, _) = self.build(&joined, &site, &[])?;
        println!("| nothing changed: seconds; peak memory | {:.1}; {:.0} MiB |", cost.seconds, cost.memory);
        link(&self.generate_posts(&format!("more-{count}"), 1000, &["--from", &count.to_string()])?)?;
        let (cost, files) = self.build(&joined, &site, &[])?;
        println!(
            "| 1,000 posts added: seconds; files; bytes; peak memory | {:.1}; {}; {}; {:.0} MiB |",
            cost.seconds, files.new, files.new_bytes, cost.memory
        );
        let days = count / POSTS_PER_DAY;
        for securities in [1, 2] {
            let name = format!("late-{securities}");
            self.write_late_post(&name, days.saturating_sub(365).max(1), securities)?;
            link(&self.folder.join(&name))?;
            let (cost, files) = self.build(&joined, &site, &[])?;
            println!(
                "| a post added a year late to the largest category (securities: {securities}): seconds; files; bytes | {:.1}; {}; {} |",
                cost.seconds, files.new, files.new_bytes
            );
        }
        let clean = self.fresh_folder("clean")?;
        self.build(&joined, &clean, &[])?;
        // `diff` exits with 1 if there are differences, such as unused files.
        let diff = Command::new("diff")
            .args(["--recursive", "--brief"])
            .arg(clean.join("bundle"))
            .arg(site.join("bundle"))
            .output()?;
        if diff.status.code().is_none_or(|code| code > 1) {
            bail!("diff failed: {}", String::from_utf8_lossy(&diff.stderr));
        }
        let differences = String::from_utf8_lossy(&diff.stdout)
            .lines()
            .filter(|line| line.contains("differ") || line.contains("clean"))
            .count();
        println!(
            "| files of a clean build that are missing or different in the incremental one | {differences} |"
        );
        // Each round adds a thousand posts, which is two and a half days. Three rounds span more than a week,
        // so one of them adds the hundredth story of a new week, which closes the week before.
        for (round, from) in (count + 1000..).step_by(1000).take(3).enumerate() {
            link(&self.generate_posts(&format!("more-{from}"), 1000, &["--from", &from.to_string()])?)?;
            let (cost, files) = self.build(&joined, &site, &[])?;
            println!(
                "| 1,000 posts more, round {}: seconds; files; bytes | {:.1}; {}; {} |",
                round + 2,
                cost.seconds,
                files.new,
                files.new_bytes
            );
        }
        let gzip = self.fresh_folder("gzip")?;
        let (cost, files) = self.build(&posts, &gzip, &["--store", "gzip"])?;
        let words = text_bytes(&SiteFolder::new(&gzip)).map_err(|failure| anyhow::anyhow!("{failure}"))?;
        println!(
            "| --store gzip, clean: seconds; bytes stored / bytes of titles, summaries and bodies | {:.1}; {} / {words} = {:.3} |",
            cost.seconds,
            files.bytes,
            files.bytes as f64 / words as f64
        );
        // Frees the disk for the longer posts.
        self.fresh_folder("gzip")?;
        self.fresh_folder("clean")?;
        let long = self.generate_posts(&format!("long-{count}"), count, &["--average-bytes", "3600"])?;
        let (cost, files) = self.build(&long, &self.fresh_folder("long")?, &[])?;
        println!(
            "| {count} posts of 3.6 KB: seconds; files; peak memory | {:.1}; {}; {:.0} MiB |",
            cost.seconds, files.total, cost.memory
        );
        Ok(())
    }

    /// Writes a post that arrives late, into a folder of its own.
    ///
    /// It is a copy of a post that the generator writes for the day `day`, counted from 0: one that is in the
    /// largest category and mentions this number of securities.
    fn write_late_post(&self, name: &str, day: u64, securities: usize) -> Result<()> {
        let originals = self.generate_posts(
            &format!("like-{day}"),
            POSTS_PER_DAY,
            &["--clean", "--from", &(day * POSTS_PER_DAY).to_string()],
        )?;
        let mut files: Vec<PathBuf> = Vec::new();
        for month in fs::read_dir(originals.join("_posts"))? {
            files.extend(fs::read_dir(month?.path())?.filter_map(|file| Some(file.ok()?.path())));
        }
        files.sort();
        let is_suitable = |text: &String| {
            text.contains("\ncategories: emnews\n") && text.matches("class=\"keytip\"").count() == securities
        };
        let text = files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok())
            .find(is_suitable)
            .context("no such post on that day")?;
        let date = files[0]
            .file_name()
            .and_then(|name| name.to_str()?.get(..10))
            .context("the file's name has no date")?
            .to_owned();
        write(&self.folder.join(name).join("_posts").join(format!("{date}-{name}.md")), &text)
    }

    /// Prints what pages cost a reader: the number of files after the manifest, and their bytes with gzip.
    fn measure_pages(&self, site: &Path, count: u64) -> Result<()> {
        let source = CountingFolder::new(site);
        let manifest = source.manifest().map_err(|failure| anyhow::anyhow!("{failure}"))?;
        let archive = Archive::new(&source, &manifest.index);
        let cost = || {
            let reads = source.take_reads();
            format!("{} files {} bytes", reads.len(), reads.iter().map(|read| read.bytes).sum::<usize>())
        };
        let failed = |failure: archive::Failure| anyhow::anyhow!("{failure}");
        for kind in [ListKind::Category, ListKind::Quote] {
            let names = block_on(archive.names(kind, true)).map_err(failed)?;
            for rank in [1, 100, 2000] {
                let rank = rank.min(names.len());
                let Some(name) = names.get(rank - 1) else { continue };
                let id = ListId::new(kind, name.key.clone());
                source.take_reads();
                block_on(archive.list(&id, None)).map_err(failed)?;
                let newest = cost();
                // Finds the oldest page by bisection: `from` becomes the latest moment before which all rows
                // are on one page.
                let (mut from, mut to) = (0, i64::from(u32::MAX));
                while to - from > 1 {
                    let middle = from + (to - from) / 2;
                    let page = block_on(archive.list(&id, Some(&Key { unix: middle, slug: String::new() })))
                        .map_err(failed)?;
                    if page.is_some_and(|page| page.older.is_some()) { to = middle } else { from = middle }
                }
                source.take_reads();
                block_on(archive.list(&id, Some(&Key { unix: from, slug: String::new() })))
                    .map_err(failed)?;
                println!(
                    "| {count} posts, {} of rank {rank} ({} stories): newest page; oldest | {newest}; {} |",
                    kind.word(),
                    name.count,
                    cost()
                );
            }
        }
        let months = [
            &manifest.index.months[0],
            &manifest.index.months[manifest.index.months.len() / 2],
            &manifest.index.months[manifest.index.months.len() - 1],
        ];
        for (which, month) in ["first", "middle", "last"].into_iter().zip(months) {
            let first = month.first_day().context("the month's name is not a month")?;
            let month = block_on(archive.month(first)).map_err(failed)?.context("the month is missing")?;
            let date = match which {
                "first" => month.days[0].date,
                "middle" => month.days[month.days.len() / 2].date,
                _ => month.days[month.days.len() - 1].date,
            };
            source.take_reads();
            let day = block_on(archive.day(date, None)).map_err(failed)?;
            let day_cost = cost();
            let mut worst = (0, 0);
            for row in &day.rows {
                source.take_reads();
                block_on(archive.article(date, &row.slug))
                    .map_err(failed)?
                    .context("a story of the day is missing")?;
                let reads = source.take_reads();
                worst = (
                    worst.0.max(reads.iter().map(|read| read.bytes).sum::<usize>()),
                    worst.1.max(reads.len()),
                );
            }
            println!(
                "| {count} posts, the {which} day ({} stories): the day; any of its stories by its address, at most | {day_cost}; {} files {} bytes |",
                day.count, worst.1, worst.0
            );
        }
        Ok(())
    }
}

/// Returns the size in bytes of the largest file of a bundle, except the manifest.
fn largest_file(site: &Path) -> Result<u64> {
    let mut largest = 0;
    for folder in Folder::ALL {
        for file in fs::read_dir(site.join("bundle").join(folder.name()))? {
            largest = largest.max(file?.metadata()?.len());
        }
    }
    Ok(largest)
}
