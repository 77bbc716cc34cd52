//! A static host that can be told to fail.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_LENGTH, CONTENT_TYPE, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use hosting::Rule;
use tower_http::services::{ServeDir, ServeFile};

use crate::setup;

/// How a host fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Closes the connection.
    Refuse,
    /// Answers with this status.
    Status(u16),
    /// Changes a byte.
    Damage,
    /// Changes a byte in this many answers for a path, the first ones. Closes the connection on every later
    /// request for the path.
    DamageAndRefuse(usize),
    /// Answers with the first half, as if that were the whole file.
    Truncate,
    /// Answers with the first half and closes the connection.
    Cut,
    /// Answers with the first half, and with the rest once the host is healed.
    Stall,
    /// Answers at 50 bytes a second.
    Trickle,
    /// Answers with the shell, `404.html`, and status 200, as some hosts do for missing files.
    Page,
    /// Answers with a login page, as some networks do.
    Portal,
    /// Redirects to a login page.
    Redirect,
    /// Answers only once the host is healed.
    Hold,
    /// Delays each answer until four more requests have come, but for no longer than 80 ms.
    Reorder,
    /// Does not allow pages of other origins to read the answer.
    Private,
}

/// The path of the login page.
const PORTAL_PATH: &str = "/portal-of-the-network";

/// The path of the injected script.
const INJECTED_PATH: &str = "/injected-by-the-test.js";

/// A static host that can be told to fail.
#[derive(Clone)]
pub struct Host {
    /// The host's address, without a slash at the end.
    pub url: String,
    faults: Arc<Mutex<Vec<(String, Fault)>>>,
    requests: Arc<Mutex<BTreeMap<String, usize>>>,
    injected: Arc<Mutex<String>>,
    healed: Arc<tokio::sync::Notify>,
    requested: Arc<tokio::sync::Notify>,
}

impl Host {
    /// Serves a folder, and answers with `404.html` and status 200 for missing files.
    pub async fn serve(site: &Path) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let host = Self {
            url,
            faults: Arc::default(),
            requests: Arc::default(),
            injected: Arc::default(),
            healed: Arc::default(),
            requested: Arc::default(),
        };
        let files = ServeDir::new(site).fallback(ServeFile::new(site.join("404.html")));
        let router = Router::new().fallback_service(files).layer(from_fn_with_state(host.clone(), respond));
        tokio::spawn(async move { axum::serve(listener, router).await });
        host
    }

    /// Serves the sample site.
    pub async fn sample() -> Self {
        Self::serve(&setup::sample_site()).await
    }

    /// Serves the sample site without prerendered pages.
    pub async fn bare() -> Self {
        Self::serve(&setup::bare_site()).await
    }

    /// From now on, requests for paths that contain `part` fail with `fault`.
    pub fn fail(&self, part: &str, fault: Fault) {
        lock(&self.faults).push((part.to_owned(), fault));
    }

    /// Ends all faults.
    pub fn heal(&self) {
        lock(&self.faults).clear();
        self.healed.notify_waiters();
    }

    /// From now on, every page runs this script before its own.
    pub fn inject(&self, script: &str) {
        script.clone_into(&mut lock(&self.injected));
    }

    /// The number of requests for paths that contain `part`.
    pub fn requests_for(&self, part: &str) -> usize {
        lock(&self.requests).iter().filter(|(path, _)| path.contains(part)).map(|(_, count)| count).sum()
    }

    /// Waits until there were as many requests for paths that contain `part`.
    pub async fn until_requested(&self, part: &str, count: usize) {
        loop {
            let requested = self.requested.notified();
            if self.requests_for(part) >= count {
                break;
            }
            requested.await;
        }
    }

    fn fault(&self, path: &str) -> Option<Fault> {
        lock(&self.faults).iter().find(|(part, _)| path.contains(part)).map(|(_, fault)| *fault)
    }

    /// Waits until a fault has ended.
    async fn wait_until_healed(&self, path: &str, fault: Fault) {
        loop {
            let healed = self.healed.notified();
            if self.fault(path) != Some(fault) {
                break;
            }
            healed.await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn respond(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == INJECTED_PATH {
        return ([(CONTENT_TYPE, "text/javascript")], lock(&host.injected).clone()).into_response();
    }
    *lock(&host.requests).entry(path.clone()).or_default() += 1;
    host.requested.notify_waiters();
    let fault = host.fault(&path).map(|fault| match fault {
        Fault::DamageAndRefuse(count) if host.requests_for(&path) > count => Fault::Refuse,
        Fault::DamageAndRefuse(_) => Fault::Damage,
        fault => fault,
    });
    let has_injected_script = !lock(&host.injected).is_empty();
    if fault.is_some() || has_injected_script && !path.starts_with("/bundle/") {
        // The browser's cache must not hide the fault or the script.
        for condition in [IF_MODIFIED_SINCE, IF_NONE_MATCH] {
            request.headers_mut().remove(condition);
        }
    }
    let mut response = match fault {
        Some(Fault::Private) => return next.run(request).await,
        Some(Fault::Refuse) => hang_up().into_response(),
        Some(Fault::Status(status)) => StatusCode::from_u16(status).expect("a status").into_response(),
        Some(Fault::Redirect) if path != PORTAL_PATH => {
            (StatusCode::FOUND, [(LOCATION, PORTAL_PATH)]).into_response()
        }
        Some(Fault::Redirect | Fault::Portal) => portal(),
        Some(Fault::Page) => {
            *request.uri_mut() = "/404.html".parse().expect("a path");
            next.run(request).await
        }
        Some(Fault::Hold) => {
            host.wait_until_healed(&path, Fault::Hold).await;
            next.run(request).await
        }
        Some(Fault::Reorder) => {
            wait_for_more_requests(&host).await;
            next.run(request).await
        }
        Some(fault) => with_fault(&host, &path, fault, next.run(request).await).await,
        None => next.run(request).await,
    };
    if path == PORTAL_PATH && fault.is_none() {
        response = portal();
    }
    if has_injected_script
        && response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
    {
        response = with_injected_script(response).await;
    }
    // The headers of `hosting::RULES`: without them browsers guess how long a file stays fresh.
    let rule = Rule::of(path.trim_start_matches('/'));
    let is_page =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    // A page sent instead of a file does not count as the file.
    let exists = response.status().is_success() && (rule.falls_back || !is_page);
    if let Some(kind) = hosting::content_type(&path).filter(|_| exists && !is_page && path != PORTAL_PATH) {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    for (name, value) in rule.headers(exists) {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Tests use pages of other origins too.
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// Applies a fault to the answer with a file.
async fn with_fault(host: &Host, path: &str, fault: Fault, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a file");
    let half = bytes.slice(..bytes.len() / 2);
    if fault != Fault::Cut {
        parts.headers.remove(CONTENT_LENGTH);
    }
    let body = match fault {
        Fault::Truncate => Body::from(half),
        Fault::Cut => hang_up_after(half),
        Fault::Stall => {
            let (host, path, rest) = (host.clone(), path.to_owned(), bytes.slice(half.len()..));
            let rest = async move {
                host.wait_until_healed(&path, Fault::Stall).await;
                Ok::<_, std::io::Error>(rest)
            };
            let first = futures::stream::once(async { Ok(half) });
            Body::from_stream(futures::StreamExt::chain(first, futures::stream::once(rest)))
        }
        Fault::Trickle => {
            let (host, path) = (host.clone(), path.to_owned());
            let pieces = futures::stream::unfold(bytes, move |mut rest| {
                let (host, path) = (host.clone(), path.clone());
                async move {
                    if rest.is_empty() {
                        return None;
                    }
                    let is_slow = host.fault(&path) == Some(Fault::Trickle);
                    let piece = rest.split_to(if is_slow { rest.len().min(5) } else { rest.len() });
                    if is_slow {
                        // This fault is about time: 50 bytes a second.
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                    Some((Ok::<_, std::io::Error>(piece), rest))
                }
            });
            Body::from_stream(pieces)
        }
        _ => {
            let mut bytes = bytes.to_vec();
            let last = bytes.len() - 2;
            bytes[last] ^= 1;
            Body::from(bytes)
        }
    };
    Response::from_parts(parts, body)
}

/// A body that fails at once: the server closes the connection before it has sent anything.
fn hang_up() -> Body {
    Body::from_stream(futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("refused")) }))
}

/// A body that fails after some bytes: the server closes the connection after sending them.
fn hang_up_after(bytes: Bytes) -> Body {
    let end = futures::stream::once(async {
        // Gives the server time to send the bytes.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(std::io::Error::other("refused"))
    });
    Body::from_stream(futures::StreamExt::chain(futures::stream::once(async { Ok(bytes) }), end))
}

fn portal() -> Response {
    axum::response::Html("<!DOCTYPE html><title>Wi-Fi</title><h1>Please log in to this network</h1>")
        .into_response()
}

/// Waits until four more requests have come, but for no longer than 80 ms.
async fn wait_for_more_requests(host: &Host) {
    let before: usize = lock(&host.requests).values().sum();
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let now: usize = lock(&host.requests).values().sum();
        if now >= before + 4 {
            break;
        }
    }
}

async fn with_injected_script(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let html = to_bytes(body, usize::MAX).await.expect("a page");
    let html = String::from_utf8_lossy(&html).replacen(
        "<head>",
        &format!("<head><script src=\"{INJECTED_PATH}\"></script>"),
        1,
    );
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(html))
}
