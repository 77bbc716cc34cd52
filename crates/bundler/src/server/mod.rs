//! A local server that behaves like a good static host.
//!
//! Sends media types, compression and cache headers, and answers every address of the site, including those
//! without a file.

pub(crate) mod listen;
pub(crate) mod live;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use bundle::{Base, address::Address};
use hosting::{Policy, Rule};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use self::listen::Listener;
use self::live::Live;

/// Serves a site until Ctrl-C. With `live`, its pages show each build.
///
/// # Errors
/// Fails if the site cannot be read.
pub(crate) async fn serve(site: &Path, listener: Listener, live: Option<Live>) -> Result<()> {
    let index = site.join("index.html");
    let page = std::fs::read_to_string(&index).with_context(|| {
        format!("{} cannot be read: is this a site made by “finews build”?", index.display())
    })?;
    let base = read_base(&page);
    listener.announce(&base);
    let shell = std::fs::read_to_string(site.join("404.html")).unwrap_or_default();
    let live = live.map(|live| (live, listener.is_shared()));
    let router = router(site, &base, Policies::from_shell(&shell), live);
    // Not gracefully, because pages stay connected to wait for builds.
    tokio::select! {
        result = axum::serve(listener.socket, router) => result?,
        () = ended() => {}
    }
    Ok(())
}

/// Waits until the command is told to end.
async fn ended() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        if let Ok(mut signals) = signals.map(signal).into_iter().collect::<std::io::Result<Vec<_>>>() {
            futures::future::select_all(signals.iter_mut().map(|signal| Box::pin(signal.recv()))).await;
            return;
        }
    }
    // It fails only if the system has no such signal.
    drop(tokio::signal::ctrl_c().await);
}

/// Reads the site's base from the `<base>` element of a page; `/` if the page has none.
fn read_base(page: &str) -> Base {
    let href = page.split_once("<base href=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or("/");
    Base::new(href)
}

/// The content security policies of the pages, as header values.
#[derive(Clone)]
struct Policies {
    page: HeaderValue,
    frame: HeaderValue,
}

impl Policies {
    /// Reads the policies from the shell. Returns `None` if it has none.
    fn from_shell(shell: &str) -> Option<Self> {
        let (_, rest) = shell.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
        let policy = rest.split('"').next()?;
        Some(Self {
            page: HeaderValue::from_str(&hosting::page_policy(policy)).ok()?,
            frame: HeaderValue::from_str(&hosting::frame_policy(policy, "")).ok()?,
        })
    }
}

fn router(site: &Path, base: &Base, policies: Option<Policies>, live: Option<(Live, bool)>) -> Router {
    let folder = base.as_str().trim_end_matches('/').to_owned();
    let fallback = axum::routing::any(answer_without_file).with_state(site.to_owned());
    let files = ServeDir::new(site).redirect_path_prefix(folder.as_str()).fallback(fallback);
    let mut files = Router::new().fallback_service(files).layer(from_fn_with_state(policies, add_headers));
    if let Some((live, is_shared)) = live {
        files = live::add(files, live, is_shared);
    }
    let files = files.layer(CompressionLayer::new());
    if folder.is_empty() {
        return files;
    }
    let home = format!("{folder}/");
    Router::new()
        .nest_service(&folder, files)
        .route("/", axum::routing::get(move || async move { Redirect::temporary(&home) }))
}

/// Answers requests for paths that have no file: with 404.html at the viewer's addresses, with 404.html and
/// the status 404 at others, and with the status alone for missing files of the program or the bundle.
async fn answer_without_file(State(site): State<PathBuf>, uri: Uri) -> Response {
    let path = uri.path();
    let address = Address::parse(path, "");
    // A category may have the same name as one of the site's folders; the addresses of the category's
    // articles are answered with the shell nevertheless.
    if !Rule::of(path.trim_start_matches('/')).falls_back && !matches!(address, Address::Article { .. }) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let status = if address == Address::Unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
    match tokio::fs::read_to_string(site.join("404.html")).await {
        Ok(page) => (status, axum::response::Html(page)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// Adds the headers of the path's rule.
async fn add_headers(State(policies): State<Option<Policies>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let rule = Rule::of(&path);
    let mut response = next.run(request).await;
    let exists = response.status().is_success();
    let headers = response.headers_mut();
    for (name, value) in rule.headers(exists) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if let Some(kind) = hosting::content_type(&path).filter(|_| exists && !is_page) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if let Some(Policies { page, frame }) = policies.filter(|_| is_page) {
        headers.insert(CONTENT_SECURITY_POLICY, if rule.policy == Policy::Frame { frame } else { page });
    }
    response
}
