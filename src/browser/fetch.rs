//! Fetches files from the host; the only module that uses gloo-net.

use archive::{Failure, Source};
use bundle::Base;
use bundle::{DecodeError, Document, Folder, MANIFEST_PATH, Manifest, Store};
use gloo_net::http::{Request, RequestBuilder, Response};
use markdown::MarkdownOp;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestCache};

use super::page;
use crate::state::page::MarkdownParser;

/// The host of the site.
#[derive(Debug, Clone)]
pub(super) struct Host {
    pub(super) base: Base,
}

/// The time limit for a file, in milliseconds: enough for 60 KB at 3 KB/s.
const TIMEOUT: i32 = 20_000;

impl Host {
    /// Reads the manifest, and returns whether the service worker answered with a cached one.
    ///
    /// The service worker does that if the network fails or does not answer in time. The cache mode is
    /// `Default` to use the page's preload, `NoCache` to revalidate, or `Reload` to bypass the cache.
    pub(super) async fn manifest(&self, cache: RequestCache) -> Result<(Manifest, bool), Failure> {
        match self.fetch_manifest(cache).await {
            // The browser's cache may hold a wrong file that the host answers 304 for.
            Err(Failure::Gone | Failure::Damaged | Failure::Newer(_)) if cache != RequestCache::Reload => {
                self.fetch_manifest(RequestCache::Reload).await
            }
            manifest => manifest,
        }
    }

    async fn fetch_manifest(&self, cache: RequestCache) -> Result<(Manifest, bool), Failure> {
        let response = send(Request::get(&self.base.path_href(MANIFEST_PATH)).cache(cache)).await?;
        let is_cached = response.response.headers().get("finews-stale").is_some();
        let bytes = response.bytes().await?;
        // An HTML page comes from a host without the file, or from a network that asks for a login.
        if is_html(&bytes) {
            return Err(Failure::Gone);
        }
        let manifest = bundle::decode(&bytes).map_err(|error| match error {
            DecodeError::Format(format) => Failure::Newer(format),
            DecodeError::Json(_) => Failure::Damaged,
        })?;
        Ok((manifest, is_cached))
    }

    /// Reads a file's bytes as stored.
    ///
    /// The browser verifies its hash (`integrity`). A wrong hash and a dead network fail alike, so a failed
    /// request is repeated without the hash and the cache: if bytes arrive, the copy was damaged and the file
    /// is reloaded with its hash; if none do, the network is down.
    async fn file_bytes(&self, path: &str, hash: &str) -> Result<Vec<u8>, Failure> {
        let url = self.base.path_href(path);
        let integrity = integrity(hash).ok_or(Failure::Damaged)?;
        // The name is the hash of the content, so a cached file of any age is right.
        let verified =
            fetch_bytes(Request::get(&url).integrity(&integrity).cache(RequestCache::ForceCache)).await;
        let Err(Failure::Offline) = verified else { return verified };
        match fetch_bytes(Request::get(&url).cache(RequestCache::NoStore)).await? {
            // Some hosts answer with a page if they have no such file.
            bytes if is_html(&bytes) => Err(Failure::Gone),
            // A file damaged on its way or in the cache arrives intact when reloaded; one that is damaged on
            // the host does not. If the reload fails too, one more request without the hash tells the
            // causes apart: it succeeds if the host's file is damaged, and fails if the network is down.
            _ => {
                match fetch_bytes(Request::get(&url).integrity(&integrity).cache(RequestCache::Reload)).await
                {
                    Err(Failure::Offline) => fetch_bytes(Request::get(&url).cache(RequestCache::NoStore))
                        .await
                        .and(Err(Failure::Damaged)),
                    answer => answer,
                }
            }
        }
    }
}

impl Source for Host {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let bytes = self.file_bytes(&folder.path(hash, store), hash).await?;
        let json = match store {
            Store::Plain => bytes,
            Store::Gzip => inflate(bytes).await.ok_or(Failure::Damaged)?,
        };
        Document::parse(&json).map_err(|_| Failure::Damaged)
    }
}

impl MarkdownParser for Host {
    async fn parse_markdown(&self, markdown: &str) -> Result<Vec<MarkdownOp>, Failure> {
        match page::parse_markdown(markdown).await {
            Ok(ops) => Ok(ops),
            Err(0) => Err(Failure::Offline),
            // If the manifest can be read, only the Markdown program is gone: the site was deployed again.
            Err(404 | 410) => {
                self.manifest(RequestCache::Reload).await.map(drop).and(Err(Failure::Newer(bundle::FORMAT)))
            }
            Err(200..=299) => Err(Failure::Damaged),
            Err(status) => Err(Failure::Refused(status)),
        }
    }

    fn preload_parser(&self) {
        page::load_markdown();
    }
}

/// Whether a response is an HTML page.
fn is_html(bytes: &[u8]) -> bool {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start().starts_with(b"<")
}

async fn fetch_bytes(request: RequestBuilder) -> Result<Vec<u8>, Failure> {
    send(request).await?.bytes().await
}

/// A response whose body may still be loading.
struct PendingResponse {
    response: Response,
    /// `WebKit` garbage-collects an unreferenced request, and with it the signal that aborts the body.
    _request: web_sys::Request,
    _timeout: Timeout,
}

impl PendingResponse {
    async fn bytes(self) -> Result<Vec<u8>, Failure> {
        let bytes = self.response.binary().await.map_err(|_| Failure::Offline)?;
        // If the connection breaks, Firefox and WebKit return what has arrived as if it were everything.
        let headers = self.response.headers();
        let length = headers
            .get("content-length")
            .and_then(|length| length.parse().ok())
            .filter(|_| headers.get("content-encoding").is_none());
        if length.is_some_and(|length: usize| bytes.len() < length) {
            Err(Failure::Offline)
        } else {
            Ok(bytes)
        }
    }
}

/// Aborts a request that takes too long, or that is dropped. (The browser's own `AbortSignal.timeout` stays
/// alive until the time is over.)
struct Timeout {
    controller: AbortController,
    timer: i32,
    /// The callback, which must live as long as the timer.
    _abort: Closure<dyn FnMut()>,
}

impl Timeout {
    fn new() -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let controller_to_abort = controller.clone();
        let abort = Closure::once(move || controller_to_abort.abort());
        let timer = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(abort.as_ref().unchecked_ref(), TIMEOUT)
            .ok()?;
        Some(Self { controller, timer, _abort: abort })
    }
}

impl Drop for Timeout {
    /// Aborts the request if it is still running.
    fn drop(&mut self) {
        self.controller.abort();
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.timer);
        }
    }
}

async fn send(request: RequestBuilder) -> Result<PendingResponse, Failure> {
    let timeout = Timeout::new().ok_or(Failure::Offline)?;
    let request =
        request.abort_signal(Some(&timeout.controller.signal())).build().map_err(|_| Failure::Offline)?;
    let request = web_sys::Request::from(request);
    let response = Request::from(Clone::clone(&request)).send().await.map_err(|_| Failure::Offline)?;
    match response.status() {
        200..=299 => Ok(PendingResponse { response, _request: request, _timeout: timeout }),
        404 | 410 => Err(Failure::Gone),
        status => Err(Failure::Refused(status)),
    }
}

/// Inflates gzip with the browser's decompressor. Returns `None` if the bytes are not gzip.
async fn inflate(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let stored = web_sys::Response::new_with_opt_u8_array(Some(&mut bytes)).ok()?.body()?;
    let inflated = stored.pipe_through(DecompressionStream::new("gzip").ok()?.unchecked_ref());
    let response = web_sys::Response::new_with_opt_readable_stream(Some(&inflated)).ok()?;
    Response::from(response).binary().await.ok()
}

#[wasm_bindgen]
extern "C" {
    /// Declared here because web-sys marks it as unstable.
    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Formats a hash as a request's `integrity`, which is in base64.
fn integrity(hash: &str) -> Option<String> {
    if hash.len() != 64 || !hash.is_ascii() {
        return None;
    }
    let binary: String = (0..32)
        .map(|at| u8::from_str_radix(&hash[at * 2..at * 2 + 2], 16).ok().map(char::from))
        .collect::<Option<_>>()?;
    let base64 = web_sys::window()?.btoa(&binary).ok()?;
    Some(format!("sha256-{base64}"))
}
