//! Headlines of a site, from its manifest and its files.

use std::cell::RefCell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bundle::address::Address;
use bundle::archive::{Archive, Failure, Source};
use bundle::json::Document;
use bundle::{DecodeError, File as _, Folder, Headline, Index, ListId, ListKind, Store, fold};
use js_sys::{Array, Map};
use wasm_bindgen::prelude::*;

/// The newest headlines of a category, a tag or a security (`kind` is `category`, `tag` or `quote`), or of all where `name` is
/// empty; at most `limit`, with the beginning of their words where a `summary` is wanted.
///
/// `manifest` is the value of the site's manifest; `files` holds those of the files that are at hand, by their paths. Where others
/// are wanting, the array is `false` and their paths. Else it is `true`, the name of the list (empty for all), the path of its page, and five
/// values for each headline: title, path, time, category, summary. Paths are relative to the site's address.
///
/// # Errors
/// `unknown` where the site has no such list, `newer` where its format is not known here, `damaged` where a file is not what it
/// should be.
#[wasm_bindgen]
pub fn headlines(manifest: &JsValue, files: &Map, kind: &str, name: &str, limit: usize, summary: bool) -> Result<Array, JsValue> {
    let index = Index::of(Document::from(manifest.clone())).map_err(|error| match error {
        DecodeError::Format(_) => "newer",
        DecodeError::Json(_) => "damaged",
    })?;
    let kind = ListKind::ALL.into_iter().find(|known| known.word() == kind).unwrap_or(ListKind::Category);
    let key = if kind == ListKind::Quote { name.to_owned() } else { fold(name) };
    let id = (!key.is_empty()).then(|| ListId::new(kind, key));
    let files = Files { files, wanting: RefCell::default() };
    let (title, mut rows) = match &id {
        None => (String::new(), Document::from(manifest.clone()).root().field("newest").map_err(|_| "damaged")?),
        Some(id) => match now(read(&Archive { source: &files, index: &index }, id, limit, summary)) {
            Some(Ok(Some(found))) => found,
            Some(Ok(None)) => return Err("unknown".into()),
            // Where files are wanting, nothing is damaged yet.
            _ if files.wanting.borrow().is_empty() => return Err("damaged".into()),
            _ => Default::default(),
        },
    };
    let told = Array::new();
    let tell = |text: &str| told.push(&JsValue::from_str(text));
    let wanting = files.wanting.into_inner();
    told.push(&JsValue::from_bool(wanting.is_empty()));
    if !wanting.is_empty() {
        for path in wanting {
            tell(&path);
        }
        return Ok(told);
    }
    tell(&title);
    let tell_path = |address: &Address| tell(address.path().strip_prefix('/').unwrap_or_default());
    tell_path(&id.map_or(Address::Home, |id| Address::List { id, before: None }));
    rows.truncate(limit);
    for row in &rows {
        tell(&row.title);
        tell_path(&row.address());
        tell(&row.time.to_string());
        tell(row.category.as_ref().map_or("", |category| &category.title));
        tell(if summary { &row.summary } else { "" });
    }
    Ok(told)
}

/// The name and the rows of a list; none where there is no such list.
async fn read(archive: &Archive<'_, Files<'_>>, id: &ListId, limit: usize, summary: bool) -> Result<Option<(String, Vec<Headline>)>, Failure> {
    let Some((title, mut rows)) = archive.newest(id, limit).await? else { return Ok(None) };
    if summary {
        for row in &mut rows {
            // Where a file is wanting the next row may want another: all are asked for at once.
            if let Ok(Some(found)) = archive.summarised(row).await {
                row.summary = found.summary;
            }
        }
    }
    Ok(Some((title, rows)))
}

/// The files at hand.
struct Files<'a> {
    files: &'a Map,
    /// The paths of those that were asked for and are not.
    wanting: RefCell<Vec<String>>,
}

impl Source for Files<'_> {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let path = folder.path(hash, store);
        let file = self.files.get(&path.as_str().into());
        if file.is_undefined() {
            self.wanting.borrow_mut().push(path);
            return Err(Failure::Offline);
        }
        Ok(Document::from(file))
    }
}

/// What a future that waits for nothing brings.
fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
