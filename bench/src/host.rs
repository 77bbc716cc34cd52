//! A static host that compresses, allows other origins, and answers requests for missing files with 404.html
//! and the status 200.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use hosting::Rule;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, sleep_until};
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

/// A host that serves a folder until it is dropped.
pub(crate) struct Host {
    /// The host's address, with a slash at the end.
    pub(crate) url: String,
    _stop: oneshot::Sender<()>,
}

/// A network between a host and a browser, which all answers share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Network {
    /// The time from a request until its answer begins, at least.
    pub(crate) latency: Duration,
    pub(crate) bytes_per_second: f64,
}

impl Host {
    /// Serves a folder on a free port.
    pub(crate) async fn serve(site: &Path) -> Result<Self> {
        Self::listen(site, 0, None).await
    }

    /// Serves a folder on a port; 0 chooses a free one.
    pub(crate) async fn serve_on_port(site: &Path, port: u16) -> Result<Self> {
        Self::listen(site, port, None).await
    }

    /// Serves a folder through a network, or through none.
    pub(crate) async fn serve_through(site: &Path, network: Option<Network>) -> Result<Self> {
        Self::listen(site, 0, network).await
    }

    async fn listen(site: &Path, port: u16, network: Option<Network>) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let files = ServeDir::new(site).fallback(ServeFile::new(site.join("404.html")));
        let router = axum::Router::new()
            .fallback_service(files)
            .layer(CompressionLayer::new())
            .layer(from_fn(add_rule_headers));
        let router = match network.map(Line::new) {
            Some(line) => router.layer(from_fn(move |request, next| line.clone().carry(request, next))),
            None => router,
        };
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(async { drop(stopped.await) }).await
        });
        Ok(Self { url, _stop: stop })
    }
}

/// Adds the headers of the path's rule.
async fn add_rule_headers(request: Request, next: Next) -> Response {
    let rule = Rule::of(request.uri().path().trim_start_matches('/'));
    let mut response = next.run(request).await;
    let exists = response.status().is_success();
    for (name, value) in rule.headers(exists) {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Any origin may read every file, because in the widget's benchmark the page and the widget have
    // different origins.
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// A network, and until when it carries what was sent so far.
#[derive(Clone)]
struct Line {
    network: Network,
    free_at: Arc<Mutex<Instant>>,
}

impl Line {
    fn new(network: Network) -> Self {
        Self { network, free_at: Arc::new(Mutex::new(Instant::now())) }
    }

    /// Answers a request after the network's latency, as fast as the network carries it.
    async fn carry(self, request: Request, next: Next) -> Response {
        sleep(self.network.latency).await;
        let (parts, body) = next.run(request).await.into_parts();
        let pieces = body.into_data_stream().map_ok(|bytes: Bytes| {
            let pieces: Vec<Bytes> = bytes.chunks(PIECE).map(|piece| bytes.slice_ref(piece)).collect();
            stream::iter(pieces).map(Ok::<Bytes, axum::Error>)
        });
        let carried = pieces.try_flatten().then(move |piece| {
            let line = self.clone();
            async move {
                if let Ok(bytes) = &piece {
                    sleep_until(line.carried_at(bytes.len())).await;
                }
                piece
            }
        });
        Response::from_parts(parts, Body::from_stream(carried))
    }

    /// When so many more bytes are carried.
    fn carried_at(&self, bytes: usize) -> Instant {
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        let time = Duration::from_secs_f64(bytes as f64 / self.network.bytes_per_second);
        *free_at = (*free_at).max(Instant::now()) + time;
        *free_at
    }
}

/// Answers take turns after this number of bytes.
const PIECE: usize = 4096;
