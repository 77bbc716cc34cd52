//! The rest of the site as Liquid and shortcodes in a post read it: data files, includes, and the addresses of posts,
//! pages and other files. Everything is read when a post first asks for it.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use bundle::picture_copy;
use posts::{Map, NoFile, SiteFile, SiteValues, Surroundings, Value, without_dots};
use walkdir::WalkDir;

use super::drawing::drawing_size;
use super::walk::{Files, MARKDOWN_EXTENSIONS};
use super::{addresses, others};
use crate::config::Config;
use crate::digest::Digester;
use crate::kind::SiteKind;
use crate::pictures::Pixels;

/// What has been read of a site.
#[derive(Default)]
pub(crate) struct Known {
    values: OnceLock<SiteValues>,
    posts: OnceLock<Posts>,
    includes: Memo,
    addresses: Memo,
    titles: Memo,
    files: Memo<LookedInto>,
}

/// The paths of posts.
#[derive(Default)]
struct Posts {
    /// By their files' names without extensions and dates.
    by_name: HashMap<String, Vec<Box<str>>>,
    /// Those whose places keep them back.
    kept_back: HashSet<Box<str>>,
}

/// What is found out once.
#[derive(Default)]
struct Memo<T = String>(Mutex<HashMap<String, Option<T>>>);

impl<T: Clone> Memo<T> {
    fn get(&self, key: &str, find: impl FnOnce() -> Option<T>) -> Option<T> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(key) {
            return found.clone();
        }
        let found = find();
        known().insert(key.to_owned(), found.clone());
        found
    }
}

/// A site's files, for its posts.
pub(crate) struct Rest<'a> {
    pub(crate) config: &'a Config,
    pub(crate) files: &'a Files,
}

impl fmt::Debug for Rest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest").field("root", &self.config.root).finish_non_exhaustive()
    }
}

impl Surroundings for Rest<'_> {
    fn values(&self) -> &SiteValues {
        self.files.known.values.get_or_init(|| {
            let root = self.config.root.canonicalize().unwrap_or_default();
            let data = folder(self.config, "data_dir", "_data");
            let data = data.map(|folder| read_data(&folder, &root, &[])).unwrap_or_default();
            SiteValues::new(&self.config.jekyll, &data, &self.config.site.url)
        })
    }

    fn include(&self, name: &str) -> Option<String> {
        self.files
            .known
            .includes
            .get(name, || text_within(&folder(self.config, "includes_dir", "_includes")?, name))
    }

    fn text(&self, path: &str) -> Option<String> {
        text_within(&self.config.root, &without_dots(path)?)
    }

    fn address(&self, path: &str) -> Option<String> {
        self.files.known.addresses.get(path, || self.find_address(path))
    }

    fn address_of_post(&self, name: &str) -> Option<String> {
        self.address(self.path_of_post(name)?)
    }

    fn title_of_post(&self, name: &str) -> Option<String> {
        let path = self.path_of_post(name)?;
        self.files.known.titles.get(path, || {
            let bytes = fs::read(within(&self.config.root, path)?).ok()?;
            Some(super::parse(None, path, false, &bytes, self.config).article.title)
        })
    }

    fn address_of_file(&self, path: &str) -> Option<String> {
        let source = format!("{}{path}", self.config.kind.content());
        within(&self.config.root, &source)?;
        self.address(&source)
    }

    fn file(&self, path: &str) -> Result<SiteFile, NoFile> {
        let base = self.config.base.as_str().trim_matches('/');
        // Some authors write the site's folder on its host, too.
        let without_base = path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
        let candidates = std::iter::once(path).chain(without_base);
        let found = candidates.into_iter().find_map(|path| self.files.others.find(path));
        let (path, stamp) = found.ok_or(NoFile::Missing)?;
        let looked_into = self.files.known.files.get(path, || self.look_into(path));
        let (size, copies) = looked_into.ok_or(NoFile::Harmful)?;
        Ok(SiteFile { path: path.to_owned(), stamp: others::number(stamp), size, copies })
    }
}

/// The size of a picture, and the widths of its copies.
type LookedInto = (Option<(u32, u32)>, Vec<u32>);

impl Rest<'_> {
    /// Reads a file as far as posts must know it. `None` if it may not be published.
    fn look_into(&self, path: &str) -> Option<LookedInto> {
        let file = self.config.root.join(self.files.others.source(path));
        if !self.config.included_files.is_match(path) && !others::is_harmless(&file) {
            return None;
        }
        if let Some(pixels) = Pixels::read(&file) {
            // A publisher's own file may have the name of a copy.
            let is_free =
                |width: &u32| self.files.others.find(&picture_copy(path, &width.to_string())).is_none();
            let is_smaller = |width: &u32| pixels.may_be_copied && *width < pixels.size.0;
            let widths = self.config.picture_widths.iter().copied();
            let copies = widths.filter(|width| is_smaller(width) && is_free(width)).collect();
            return Some((Some(pixels.size), copies));
        }
        let is_svg = path.to_ascii_lowercase().ends_with(".svg");
        let svg = if is_svg { fs::read(&file).ok() } else { None };
        Some((svg.and_then(|svg| drawing_size(&posts::decode(&svg))), Vec::new()))
    }

    /// The path of the post that a name means.
    fn path_of_post(&self, name: &str) -> Option<&str> {
        let name = name.trim_matches('/');
        let wanted = without_extension(name);
        let wanted =
            wanted.strip_suffix("/index").or_else(|| wanted.strip_suffix("/_index")).unwrap_or(wanted);
        let candidates = self.posts().by_name.get(stem(wanted))?;
        let ends_with = |path: &str| {
            without_extension(path)
                .strip_suffix(wanted)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        // Jekyll's names are below `_posts`, which they do not tell.
        let is_meant = |path: &str| ends_with(path) || ends_with(&path.replace("_posts/", ""));
        let path = candidates.iter().find(|path| is_meant(path)).or_else(|| {
            let has_date = posts::has_date(wanted.rsplit('/').next().unwrap_or_default());
            candidates.first().filter(|_| !has_date && !wanted.contains('/'))
        })?;
        Some(path)
    }

    fn posts(&self) -> &Posts {
        self.files.known.posts.get_or_init(|| {
            let mut posts = Posts::default();
            let entries = Files::find(self.config).map(|files| files.entries).unwrap_or_default();
            for entry in entries {
                if entry.is_kept_back {
                    posts.kept_back.insert(entry.path);
                } else {
                    posts.by_name.entry(stem(&entry.path).to_owned()).or_default().push(entry.path);
                }
            }
            posts
        })
    }

    /// Whether the place of a file keeps it back, so that its address is told nowhere.
    fn is_kept_back(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        let is_excluded = |path, is_folder| self.config.filter.excludes(path, is_folder);
        self.posts().kept_back.contains(path)
            || folders.into_iter().any(|folder| is_excluded(folder, true))
            || is_excluded(path, false)
    }

    fn find_address(&self, path: &str) -> Option<String> {
        if self.is_kept_back(path) {
            return None;
        }
        let file = within(&self.config.root, path)?;
        let bytes = fs::read(&file).ok()?;
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_page = !name.starts_with('.')
            && (bytes.starts_with(b"---")
                || bytes.starts_with(b"+++")
                || (self.config.kind != SiteKind::Jekyll && super::walk::is_markdown(path)));
        if !is_page {
            return Some(format!("/{path}"));
        }
        let config = self.config;
        let post = super::parse(None, path, false, &bytes, config);
        let is_shown = post.visibility.is_shown(config.now, config.future);
        if super::walk::is_in_posts(path) || (config.kind != SiteKind::Jekyll && post.has_date) {
            return (is_shown && post.has_date).then(|| addresses::of_post(&post, path, config));
        }
        is_shown.then(|| page_address(path, &config.kind.page_permalink(path, &post, &config.jekyll), config))
    }
}

/// The address of a page or of a page of a collection, as Jekyll gives it (`page.rb`, `utils.rb`, `url_drop.rb`). It is
/// not percent-encoded.
pub(super) fn page_address(path: &str, permalink: &str, config: &Config) -> String {
    if matches!(config.kind, SiteKind::Hugo | SiteKind::Zola) {
        return page_address_of_folder(path, permalink, config);
    }
    let path = &*config.kind.site_path(path);
    let stem = without_extension(path);
    let collection = config.collection(path);
    let own = collection.and_then(|name| {
        let all = config.jekyll.get("collections")?.map()?;
        all.get(name)?.map()?.get("permalink")?.text()
    });
    let style = config.jekyll.get("permalink").and_then(Value::text).unwrap_or_default();
    // Hexo's is that of posts alone.
    let style = if config.kind == SiteKind::Jekyll { style } else { "" };
    let suffix = match style {
        "pretty" => "/",
        "" | "date" | "ordinal" | "none" => ".html",
        style if style.ends_with('/') => "/",
        style if style.ends_with(":output_ext") => ".html",
        _ => "",
    };
    let folder = stem.rsplit_once('/').map_or("", |(folder, _)| folder);
    let name = stem.rsplit('/').next().unwrap_or_default();
    let form = if !permalink.is_empty() {
        permalink.to_owned()
    } else if let Some(own) = own {
        own.to_owned()
    } else if stem == path {
        return format!("/{path}");
    } else if collection.is_some() {
        format!("/:collection/:path{suffix}")
    } else if name == "index" {
        "/:path/".to_owned()
    } else {
        format!("/:path/:basename{suffix}")
    };
    let (folder, stem) = match collection {
        Some(name) => {
            let below = stem.split_once(&format!("_{name}/")).map_or(stem, |(_, below)| below);
            (below, below)
        }
        None => (folder, name),
    };
    let address = form
        .replace(":collection", collection.unwrap_or_default())
        .replace(":path", folder)
        .replace(":basename", stem)
        .replace(":name", &bundle::slugify(name))
        .replace(":title", &bundle::slugify_pretty(name))
        .replace(":slug", &bundle::slugify(name))
        .replace(":categories", "")
        .replace(":output_ext", ".html");
    let mut address = format!("/{address}");
    while address.contains("//") {
        address = address.replace("//", "/");
    }
    address
}

/// The address of a page in Hugo and Zola, which give each a folder.
fn page_address_of_folder(path: &str, permalink: &str, config: &Config) -> String {
    if !permalink.is_empty() {
        return format!("/{}", permalink.trim_start_matches('/'));
    }
    let path = config.kind.site_path(path);
    let stem = without_extension(&path);
    let name = stem.rsplit('/').next().unwrap_or_default();
    let folder =
        if matches!(name, "index" | "_index") { stem.strip_suffix(name).unwrap_or(stem) } else { stem };
    match folder.trim_matches('/') {
        "" => "/".to_owned(),
        folder => format!("/{}/", folder.to_lowercase()),
    }
}

/// A folder that `_config.yml` may name; `None` if the site has none.
fn folder(config: &Config, key: &str, default: &str) -> Option<PathBuf> {
    let name = config.jekyll.get(key).and_then(Value::text).unwrap_or(default).trim_start_matches('/');
    let folder = config.root.join(name).canonicalize().ok()?;
    folder.starts_with(config.root.canonicalize().ok()?).then_some(folder)
}

/// Adds the site's includes and data to a digest, because posts contain what they say.
pub(crate) fn add_to_digest(config: &Config, digester: &mut Digester) {
    let Ok(root) = config.root.canonicalize() else { return };
    let folders = [folder(config, "includes_dir", "_includes"), folder(config, "data_dir", "_data")];
    for folder in folders.into_iter().flatten() {
        let entries = WalkDir::new(&folder).follow_links(true).sort_by_file_name();
        for entry in entries.into_iter().filter_map(Result::ok) {
            if is_file_of(&root, entry.path()) {
                digester.add(entry.path().as_os_str().as_encoded_bytes());
                digester.add(&fs::read(entry.path()).unwrap_or_default());
            }
        }
    }
}

/// Whether a path leads to a file below a root, whose path is the real one.
fn is_file_of(root: &Path, path: &Path) -> bool {
    path.canonicalize().is_ok_and(|path| path.starts_with(root) && path.is_file())
}

/// The file at a path in a folder; `None` if there is none, or if it is outside the folder.
fn within(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let file = is_plain.then(|| folder.join(path))?;
    is_file_of(&folder.canonicalize().ok()?, &file).then_some(file)
}

fn text_within(folder: &Path, path: &str) -> Option<String> {
    let bytes = fs::read(within(folder, path)?).ok()?;
    Some(posts::decode(&bytes).into_owned())
}

fn without_extension(path: &str) -> &str {
    let extension = |text: &str| MARKDOWN_EXTENSIONS.contains(&text) || matches!(text, "html" | "htm");
    path.rsplit_once('.').filter(|(_, text)| extension(text)).map_or(path, |(stem, _)| stem)
}

/// A file's name without its extension and its date.
fn stem(path: &str) -> &str {
    let path = without_extension(path);
    let path = path.strip_suffix("/index").or_else(|| path.strip_suffix("/_index")).unwrap_or(path);
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match name.splitn(4, '-').collect::<Vec<_>>().as_slice() {
        [year, month, day, rest] if [year, month, day].iter().all(|part| is_digits(part)) => rest,
        _ => name,
    }
}

/// The data files of a folder, as `site.data` has them. A file that cannot be read is left out, and so is one outside
/// the site's root. `above` holds the real paths of the folders above it, because links may lead back to them.
fn read_data(folder: &Path, root: &Path, above: &[PathBuf]) -> Map {
    let mut data = Map::new();
    let here = folder.canonicalize().unwrap_or_default();
    if !here.starts_with(root) || above.contains(&here) {
        return data;
    }
    let above = [above, &[here]].concat();
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = |name: Option<&OsStr>| key(&name.unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            data.insert(name(path.file_name()), Value::Map(read_data(&path, root, &above)));
        } else if let Some(value) = is_file_of(root, &path).then(|| read_data_file(&path)).flatten() {
            data.insert(name(path.file_stem()), value);
        }
    }
    data
}

/// The name of a data file in `site.data` (Jekyll's `data_reader.rb`).
fn key(name: &str) -> String {
    let kept: String =
        name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-') || c.is_whitespace()).collect();
    kept.split_whitespace().collect::<Vec<_>>().join("_")
}

fn read_data_file(path: &Path) -> Option<Value> {
    let extension = path.extension()?.to_string_lossy().to_ascii_lowercase();
    let bytes = fs::read(path).ok()?;
    let text = posts::decode(&bytes);
    match &*extension {
        // JSON is YAML.
        "yml" | "yaml" | "json" => posts::read_yaml_value(&text).ok(),
        "csv" => Some(read_table(&text, b',')),
        "tsv" => Some(read_table(&text, b'\t')),
        _ => None,
    }
}

/// A list of rows, each a mapping by the names in the first line.
fn read_table(text: &str, delimiter: u8) -> Value {
    let mut table = csv::ReaderBuilder::new();
    let mut table =
        table.delimiter(delimiter).flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names = table.headers().cloned().unwrap_or_default();
    let row = |record: csv::StringRecord| {
        let pairs = names.iter().zip(record.iter());
        Value::Map(pairs.map(|(name, text)| (name.to_owned(), Value::Text(text.to_owned()))).collect())
    };
    Value::List(table.records().filter_map(Result::ok).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_outside_the_folder_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        fs::create_dir_all(site.join("sub")).unwrap();
        fs::write(folder.path().join("secret"), "secret").unwrap();
        fs::write(site.join("sub/open"), "open").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secret"), site.join("link")).unwrap();
        assert_eq!(text_within(&site, "sub/open").as_deref(), Some("open"));
        assert_eq!(text_within(&site, "./sub/open").as_deref(), Some("open"));
        let secret = folder.path().join("secret").display().to_string();
        for path in ["../secret", "sub/../../secret", "link", &secret, "", "sub", "none"] {
            assert_eq!(text_within(&site, path), None, "{path}");
        }
        assert_eq!(without_dots("_posts/../sub/./open").as_deref(), Some("sub/open"));
        assert_eq!(without_dots("_posts/../../secret"), None);
    }

    #[cfg(unix)]
    #[test]
    fn data_outside_the_folder_and_links_in_circles_are_left_out() {
        use std::os::unix::fs::symlink;

        let outside = tempfile::tempdir().unwrap();
        let site = outside.path().join("site");
        let data = site.join("_data");
        fs::create_dir_all(data.join("deep")).unwrap();
        fs::create_dir(outside.path().join("folder")).unwrap();
        for file in ["secret.yml", "folder/secret.yml"] {
            fs::write(outside.path().join(file), "a: secret").unwrap();
        }
        fs::write(site.join("own.yml"), "a: own").unwrap();
        symlink("../../secret.yml", data.join("file.yml")).unwrap();
        symlink("../../folder", data.join("folder")).unwrap();
        symlink("/dev/zero", data.join("endless.yml")).unwrap();
        symlink("../own.yml", data.join("own.yml")).unwrap();
        for link in ["a", "b", "deep/c", "deep/d"] {
            symlink(".", data.join(link)).unwrap();
            symlink("..", data.join(format!("{link}-above"))).unwrap();
        }
        let root = site.canonicalize().unwrap();
        let read = format!("{:?}", read_data(&data, &root, &[]));
        assert!(read.contains("own") && !read.contains("secret"), "{read}");
        let folder = |name: &str| {
            let config = format!("includes_dir: {name}\n");
            fs::write(site.join("_config.yml"), config).unwrap();
            folder(&Config::read(&site, None, None).unwrap(), "includes_dir", "_includes")
        };
        symlink("../folder", site.join("linked")).unwrap();
        assert_eq!(folder("_data"), Some(root.join("_data")));
        for outside in ["../folder", "linked", "_data/../../folder"] {
            assert_eq!(folder(outside), None, "{outside}");
        }
    }

    #[test]
    fn data_files_have_jekyll_s_names_and_any_kind_of_value() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        write("list.yml", "---\n- a: 1\n- b\n");
        write("my data.json", "{\"x\": [1, 2]}");
        write("deep/rows.csv", "name,code\n茅台,600519\n");
        write("broken.yml", "a: [");
        write("notes.txt", "none");
        let root = folder.path().canonicalize().unwrap();
        let data = read_data(folder.path(), &root, &[]);
        assert_eq!(data.keys().collect::<Vec<_>>(), ["deep", "list", "my_data"]);
        assert_eq!(data["list"].list().len(), 2);
        let rows = data["deep"].map().unwrap()["rows"].list();
        assert_eq!(rows[0].map().unwrap()["code"], Value::Text("600519".into()));
    }
}
