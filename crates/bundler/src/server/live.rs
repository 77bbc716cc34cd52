//! Tells open pages about builds: a page loads again after a build, and shows the warnings.
//!
//! Each page gets a script (`live.js`) that listens to a stream of events. Nothing of this is in the site's files.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH,
};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures::{Stream, stream};
use hosting::{Policy, Rule};
use serde::Serialize;
use tokio::sync::watch::{self, Receiver, Sender};

/// What an open page is told.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Status {
    /// Identifies the last build that succeeded. Differs from those of earlier runs of the command.
    pub(crate) build: i64,
    /// The warnings of the last build that succeeded, each with its file and line.
    pub(crate) warnings: Vec<String>,
    /// Why the last build failed.
    pub(crate) failure: Option<String>,
}

/// The pages' side of the connection to builds.
#[derive(Clone)]
pub(crate) struct Live(Receiver<Status>);

impl Live {
    /// Returns both sides of a connection.
    pub(crate) fn new() -> (Sender<Status>, Self) {
        let (sender, receiver) = watch::channel(Status::default());
        (sender, Self(receiver))
    }
}

/// The path of the script below the site's base.
const SCRIPT: &str = "finews-live.js";

/// Adds the script to all pages of a router, and the addresses that the script uses.
///
/// What is being written is not published yet, so pages of other sites that the publisher visits meanwhile must not
/// read it.
pub(super) fn add(files: Router, live: Live, is_shared: bool) -> Router {
    let script = |body: &'static str| {
        get(move || async move { ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], body) })
    };
    Router::new()
        .route("/finews-live.js", script(include_str!("live.js")))
        .route("/finews-live", get(events).with_state(live.clone()))
        // Saved copies would hide builds.
        .route("/sw.js", script(include_str!("no-worker.js")))
        .fallback_service(files.layer(from_fn_with_state(live, inject)))
        .layer(from_fn_with_state(is_shared, keep_to_own_pages))
}

/// Refuses requests for other hosts, whose names may lead here (DNS rebinding), and lets no other site read the
/// answers.
async fn keep_to_own_pages(State(is_shared): State<bool>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_shared && !is_own_host(host) {
        let message = "finews dev is for this machine alone; open it as localhost, or share it with --host";
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().remove(ACCESS_CONTROL_ALLOW_ORIGIN);
    response
}

/// Whether a `Host` header names this machine.
fn is_own_host(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(host, |(name, _)| name);
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Sends the current status, and then each new one.
async fn events(State(Live(receiver)): State<Live>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold((receiver, true), |(mut receiver, is_first)| async move {
        if !is_first {
            // Fails when the command ends.
            receiver.changed().await.ok()?;
        }
        let event = Event::default().json_data(&*receiver.borrow_and_update()).ok()?;
        Some((Ok(event), (receiver, false)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Adds the script to a page, unless it is in a frame. Files whose paths contain no hash are sent whole each time, because the time of a
/// file, in seconds, does not tell two quick builds apart.
async fn inject(State(Live(receiver)): State<Live>, mut request: Request, next: Next) -> Response {
    for condition in [IF_MODIFIED_SINCE, IF_NONE_MATCH] {
        request.headers_mut().remove(condition);
    }
    let is_framed = Rule::of(request.uri().path().trim_start_matches('/')).policy == Policy::Frame;
    // Before the page is read, so that a build meanwhile is noticed.
    let build = receiver.borrow().build;
    let (mut parts, body) = next.run(request).await.into_parts();
    if is_framed || !is_html(&parts.headers) {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let page = String::from_utf8_lossy(&bytes);
    // Relative to the page's `<base>`.
    let script = format!("<script type=\"module\" src=\"{SCRIPT}?build={build}\"></script>\n</body>");
    let page = page.replacen("</body>", &script, 1);
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, Body::from(page))
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080", "[::1]"] {
            assert!(is_own_host(host), "{host}");
        }
        for host in
            ["", "evil.example", "evil.example:8080", "localhost.evil.example:8080", "192.168.0.2:8080"]
        {
            assert!(!is_own_host(host), "{host}");
        }
    }
}
