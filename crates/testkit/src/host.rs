//! A host of a site that does what static hosts do, and fails as it is told to.

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

/// What a host does wrong at some of its paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Hangs up.
    Refuse,
    /// Answers this status.
    Status(u16),
    /// Changes a byte.
    Damage,
    /// Changes a byte of the first answers to a path, so many, and then hangs up.
    DamageAndRefuse(usize),
    /// Answers the first half as if it were all.
    Truncate,
    /// Answers the first half, and hangs up.
    Cut,
    /// Answers the first half, and no more until it is healed.
    Stall,
    /// Answers 50 bytes a second.
    Trickle,
    /// Answers the site's page instead, as some hosts do for a file they don't have.
    Page,
    /// Answers a page of its own instead, as networks do that want a password first.
    Portal,
    /// Sends on to such a page.
    Redirect,
    /// Answers only after the test has let it.
    Hold,
    /// Answers what was asked for first last.
    Reorder,
    /// Does not let pages of other origins read it.
    Private,
}

/// Where the page of a network stands that wants a password first.
const PORTAL: &str = "/portal-of-the-network";

/// Where the script stands that a test has planted.
const PLANTED: &str = "/planted-by-the-test.js";

/// A host of a site that fails as it is told to.
#[derive(Clone)]
pub struct Host {
    /// Its address, without a slash at the end.
    pub url: String,
    faults: Arc<Mutex<Vec<(String, Fault)>>>,
    requests: Arc<Mutex<BTreeMap<String, usize>>>,
    planted: Arc<Mutex<String>>,
    healed: Arc<tokio::sync::Notify>,
}

impl Host {
    /// Serves a folder as a static host does that answers the page where it has no file.
    pub async fn of(site: &Path) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let host = Self {
            url,
            faults: Arc::default(),
            requests: Arc::default(),
            planted: Arc::default(),
            healed: Arc::default(),
        };
        let files = ServeDir::new(site).fallback(ServeFile::new(site.join("404.html")));
        let router = Router::new().fallback_service(files).layer(from_fn_with_state(host.clone(), misbehave));
        tokio::spawn(async move { axum::serve(listener, router).await });
        host
    }

    /// The sample site on a host of one's own.
    pub async fn sample() -> Self {
        Self::of(&setup::sample_site()).await
    }

    /// The sample site without pages rendered ahead, on a host of one's own.
    pub async fn bare() -> Self {
        Self::of(&setup::bare_site()).await
    }

    /// From now on this goes wrong where a path holds `part`.
    pub fn fail(&self, part: &str, fault: Fault) {
        lock(&self.faults).push((part.to_owned(), fault));
    }

    /// From now on all is well.
    pub fn heal(&self) {
        lock(&self.faults).clear();
        self.healed.notify_waiters();
    }

    /// From now on every page runs this script before any of its own.
    pub fn plant(&self, script: &str) {
        script.clone_into(&mut lock(&self.planted));
    }

    /// How often paths that hold `part` were asked for.
    pub fn asked(&self, part: &str) -> usize {
        lock(&self.requests).iter().filter(|(path, _)| path.contains(part)).map(|(_, count)| count).sum()
    }

    fn fault(&self, path: &str) -> Option<Fault> {
        lock(&self.faults).iter().find(|(part, _)| path.contains(part)).map(|(_, fault)| *fault)
    }

    /// Waits until a fault is over.
    async fn healed(&self, path: &str, fault: Fault) {
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

async fn misbehave(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == PLANTED {
        return ([(CONTENT_TYPE, "text/javascript")], lock(&host.planted).clone()).into_response();
    }
    *lock(&host.requests).entry(path.clone()).or_default() += 1;
    let fault = host.fault(&path).map(|fault| match fault {
        Fault::DamageAndRefuse(count) if host.asked(&path) > count => Fault::Refuse,
        Fault::DamageAndRefuse(_) => Fault::Damage,
        fault => fault,
    });
    let is_planted = !lock(&host.planted).is_empty();
    if fault.is_some() || is_planted && !path.starts_with("/bundle/") {
        // What the browser has of it from better times is no part of the fault.
        for condition in [IF_MODIFIED_SINCE, IF_NONE_MATCH] {
            request.headers_mut().remove(condition);
        }
    }
    let mut response = match fault {
        Some(Fault::Private) => return next.run(request).await,
        Some(Fault::Refuse) => hang_up().into_response(),
        Some(Fault::Status(status)) => StatusCode::from_u16(status).expect("a status").into_response(),
        Some(Fault::Redirect) if path != PORTAL => (StatusCode::FOUND, [(LOCATION, PORTAL)]).into_response(),
        Some(Fault::Redirect | Fault::Portal) => portal(),
        Some(Fault::Page) => {
            *request.uri_mut() = "/404.html".parse().expect("a path");
            next.run(request).await
        }
        Some(Fault::Hold) => {
            host.healed(&path, Fault::Hold).await;
            next.run(request).await
        }
        Some(Fault::Reorder) => {
            reorder(&host).await;
            next.run(request).await
        }
        Some(fault) => worse(&host, &path, fault, next.run(request).await).await,
        None => next.run(request).await,
    };
    if path == PORTAL && fault.is_none() {
        response = portal();
    }
    if is_planted
        && response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
    {
        response = with_planted(response).await;
    }
    // As our rules for hosts have it: without a word of the host a browser takes a file for new for a tenth
    // of its age.
    let rule = Rule::of(path.trim_start_matches('/'));
    let is_page =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    // A page in a file's place is not the file.
    let there = response.status().is_success() && (rule.falls_back || !is_page);
    if let Some(kind) = hosting::content_type(&path).filter(|_| there && !is_page && path != PORTAL) {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    for (name, value) in rule.headers(there) {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // So that pages of any origin can be tried with it.
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// A file's answer, made worse.
async fn worse(host: &Host, path: &str, fault: Fault, response: Response) -> Response {
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
                host.healed(&path, Fault::Stall).await;
                Ok::<_, std::io::Error>(rest)
            };
            let first = futures::stream::once(async { Ok(half) });
            Body::from_stream(futures::StreamExt::chain(first, futures::stream::once(rest)))
        }
        Fault::Trickle => {
            let (host, path) = (host.clone(), path.to_owned());
            let drops = futures::stream::unfold(bytes, move |mut rest| {
                let (host, path) = (host.clone(), path.clone());
                async move {
                    if rest.is_empty() {
                        return None;
                    }
                    let is_slow = host.fault(&path) == Some(Fault::Trickle);
                    let drop = rest.split_to(if is_slow { rest.len().min(5) } else { rest.len() });
                    if is_slow {
                        // The fault itself is one of time: 50 bytes a second.
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                    Some((Ok::<_, std::io::Error>(drop), rest))
                }
            });
            Body::from_stream(drops)
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

/// An answer whose body fails at once is none: the server hangs up before it has sent anything.
fn hang_up() -> Body {
    Body::from_stream(futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("refused")) }))
}

/// A body that ends in an error makes the server hang up.
fn hang_up_after(bytes: Bytes) -> Body {
    let end = futures::stream::once(async {
        // So that what came before is on its way.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(std::io::Error::other("refused"))
    });
    Body::from_stream(futures::StreamExt::chain(futures::stream::once(async { Ok(bytes) }), end))
}

fn portal() -> Response {
    axum::response::Html("<!DOCTYPE html><title>Wi-Fi</title><h1>Please log in to this network</h1>")
        .into_response()
}

/// Waits a while, the longer the earlier it was asked for: of files that are asked for together the last
/// comes first.
async fn reorder(host: &Host) {
    let before: usize = lock(&host.requests).values().sum();
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let now: usize = lock(&host.requests).values().sum();
        if now >= before + 4 {
            break;
        }
    }
}

async fn with_planted(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let html = to_bytes(body, usize::MAX).await.expect("a page");
    let html = String::from_utf8_lossy(&html).replacen(
        "<head>",
        &format!("<head><script src=\"{PLANTED}\"></script>"),
        1,
    );
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(html))
}
