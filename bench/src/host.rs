//! A static host that compresses, allows other origins, and answers requests for missing files with 404.html
//! and the status 200.

use std::path::Path;

use anyhow::Result;
use axum::extract::Request;
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use hosting::Rule;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

/// A host that serves a folder until it is dropped.
pub(crate) struct Host {
    /// The host's address, with a slash at the end.
    pub(crate) url: String,
    _stop: oneshot::Sender<()>,
}

impl Host {
    /// Serves a folder on a free port.
    pub(crate) async fn serve(site: &Path) -> Result<Self> {
        Self::serve_on_port(site, 0).await
    }

    /// Serves a folder on a port; 0 chooses a free one.
    pub(crate) async fn serve_on_port(site: &Path, port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let files = ServeDir::new(site).fallback(ServeFile::new(site.join("404.html")));
        let router = axum::Router::new()
            .fallback_service(files)
            .layer(CompressionLayer::new())
            .layer(from_fn(add_rule_headers));
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
