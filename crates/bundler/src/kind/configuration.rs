//! The configuration of the program that a folder was written for, by Jekyll's names.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use posts::{Map, Value};

use super::SiteKind;

/// The names of Hugo's configuration, in the order in which it looks for them, with `config` for older sites.
pub(super) const HUGO: [&str; 4] = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"];
pub(super) const HUGO_OLD: [&str; 4] = ["config.toml", "config.yaml", "config.yml", "config.json"];
const ZOLA: [&str; 2] = ["zola.toml", "config.toml"];
/// The files of Hugo's folder of configuration whose keys belong to a key with the file's name.
const HUGO_PARTS: [&str; 6] = ["languages", "markup", "menus", "params", "permalinks", "taxonomies"];
pub(super) const JEKYLL: [&str; 3] = ["_config.yml", "_config.yaml", "_config.toml"];

/// The configuration of a site's program.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// The name of its file, or of the one that it may have.
    pub(crate) file: &'static str,
    pub(crate) text: String,
    /// Its values, by Jekyll's names.
    pub(crate) values: Map,
}

impl SiteKind {
    /// Reads the configuration of the site's program.
    ///
    /// # Errors
    /// Fails if a file cannot be read, with its path and line.
    pub(crate) fn configuration(self, root: &Path) -> Result<Configuration> {
        let mut configuration = match self {
            Self::Plain => Configuration { file: "finews.toml", ..Configuration::default() },
            Self::Jekyll | Self::Hexo => first(root, &JEKYLL)?,
            Self::Zola => first(root, &ZOLA)?,
            Self::Hugo => hugo_configuration(root)?,
        };
        let map = &mut configuration.values;
        let renamed: &[(&str, &[&str])] = match self {
            Self::Plain | Self::Jekyll => &[],
            Self::Hugo => &[
                ("url", &["baseURL"]),
                ("url", &["baseurl"]),
                ("lang", &["defaultContentLanguage"]),
                ("lang", &["languageCode"]),
                ("lang", &["locale"]),
                ("timezone", &["timeZone"]),
                ("description", &["params", "description"]),
                ("author", &["params", "author"]),
                ("future", &["buildFuture"]),
            ],
            Self::Zola => &[("url", &["base_url"]), ("lang", &["default_language"])],
            Self::Hexo => &[("lang", &["language"])],
        };
        for (name, keys) in renamed {
            let found = value(map, keys).map(|value| match value {
                Value::List(values) => values.first().cloned().unwrap_or(Value::Null),
                value => value.clone(),
            });
            if let Some(found) = found
                .filter(|found| found.text().is_some_and(|text| !text.is_empty()) || found.map().is_some())
            {
                map.insert((*name).to_owned(), found);
            }
        }
        match self {
            Self::Hugo => _ = map.remove("baseurl"),
            // https://hexo.io/docs/configuration
            Self::Hexo if !map.contains_key("future") => {
                _ = map.insert("future".into(), Value::Plain("true".to_owned()));
            }
            _ => {}
        }
        Ok(configuration)
    }
}

/// The value at a path of keys.
pub(super) fn value<'m>(map: &'m Map, keys: &[&str]) -> Option<&'m Value> {
    let (last, path) = keys.split_last()?;
    let map = path.iter().try_fold(map, |map, key| map.get(*key)?.map())?;
    map.get(*last)
}

/// The first of these files that exists; an empty one with the first name if none does.
fn first(root: &Path, names: &[&'static str]) -> Result<Configuration> {
    for file in names {
        if let Some((text, values)) = read(&root.join(file))? {
            return Ok(Configuration { file, text, values });
        }
    }
    Ok(Configuration { file: names.first().copied().unwrap_or_default(), ..Configuration::default() })
}

/// The text and the values of a file; `None` if it does not exist.
fn read(path: &Path) -> Result<Option<(String, Map)>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} could not be read", path.display())),
    };
    let is_toml = path.extension().is_some_and(|extension| extension == "toml");
    // JSON is YAML.
    let map = if is_toml { posts::read_toml(&text) } else { posts::read_yaml(&text) };
    let map = map.map_err(|(line, error)| {
        anyhow::anyhow!("{}:{line}: the file cannot be read: {error}", path.display())
    })?;
    Ok(Some((text, map)))
}

/// Hugo's configuration: a file, and the files of `config/_default`.
/// <https://gohugo.io/configuration/introduction/>
fn hugo_configuration(root: &Path) -> Result<Configuration> {
    let names = [HUGO, HUGO_OLD].concat();
    let mut all = first(root, &names)?;
    let folder = root.join("config/_default");
    let other = first(&folder, &names)?;
    all.text.push_str(&other.text);
    all.values.extend(other.values);
    for part in HUGO_PARTS {
        for extension in ["toml", "yaml", "yml", "json"] {
            let Some((text, values)) = read(&folder.join(format!("{part}.{extension}")))? else { continue };
            all.text.push_str(&text);
            if !values.is_empty() {
                all.values.insert(part.to_owned(), Value::Map(values));
            }
            break;
        }
    }
    Ok(all)
}
