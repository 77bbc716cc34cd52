//! `names.csv`: the names of securities.

use std::path::{Path, PathBuf};

use anyhow::Result;
use bundle::Secid;
use posts::{Names, Warning, WarningKind};

use super::read_if_exists;

/// Reads `names.csv`: lines of a secid, a name, and perhaps an English name, which is used unless the site is
/// Chinese.
pub(super) fn read(root: &Path, lang: &str) -> Result<(Names, Vec<(PathBuf, Warning)>)> {
    let path = root.join("names.csv");
    let (mut names, mut warnings) = (Names::new(), Vec::new());
    let Some(text) = read_if_exists(&path)? else { return Ok((names, warnings)) };
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = csv::ReaderBuilder::new();
    let lines = lines.has_headers(false).flexible(true).trim(csv::Trim::All).comment(Some(b'#'));
    for (at, record) in lines.from_reader(text.as_bytes()).records().enumerate() {
        let line = |record: &csv::StringRecord| {
            record.position().map_or(at + 1, |at| usize::try_from(at.line()).unwrap_or(0))
        };
        let problem = match record {
            Ok(record) => {
                let field = |at: usize| record.get(at).filter(|field| !field.is_empty());
                let english = field(2).filter(|_| !lang.starts_with("zh"));
                match (field(0).map(str::parse::<Secid>), english.or(field(1))) {
                    (Some(Ok(secid)), Some(name)) => {
                        names.insert(secid.to_string(), name.to_owned());
                        continue;
                    }
                    // A line with the names of the columns.
                    (Some(Err(_)), _) if at == 0 => continue,
                    _ => (
                        line(&record),
                        "the line is not a secid and a name, such as 116.00700,腾讯控股".to_owned(),
                    ),
                }
            }
            Err(error) => (at + 1, error.to_string()),
        };
        let (line, message) = (problem.0, format!("{}; it is ignored", problem.1));
        warnings.push((path.clone(), Warning { line, kind: WarningKind::Security, message }));
    }
    Ok((names, warnings))
}
