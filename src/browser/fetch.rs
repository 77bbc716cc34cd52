//! The network: the only place that knows gloo-net.

use archive::{Failure, Source};
use bundle::Base;
use bundle::{DecodeError, Document, Folder, MANIFEST_PATH, Manifest, Store};
use gloo_net::http::{Request, RequestBuilder, Response};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestCache};

use super::page;
use crate::state::page::MarkdownReader;

/// The host the site stands on.
#[derive(Debug, Clone)]
pub(super) struct Host {
    pub(super) base: Base,
}

/// How long a file may take, in milliseconds: 60 KB at 3 KB/s.
const TIMEOUT: i32 = 20_000;

impl Host {
    /// The manifest: as the page was told to load it ahead (`Default`), as it is now (`NoCache`), or past all
    /// that the browser holds (`Reload`). And whether it is one that was kept, because the network does
    /// not answer.
    pub(super) async fn manifest(&self, cache: RequestCache) -> Result<(Manifest, bool), Failure> {
        match self.read_manifest(cache).await {
            // The browser may hold what is none, and its host say that it has not changed.
            Err(Failure::Gone | Failure::Damaged | Failure::Newer(_)) if cache != RequestCache::Reload => {
                self.read_manifest(RequestCache::Reload).await
            }
            manifest => manifest,
        }
    }

    async fn read_manifest(&self, cache: RequestCache) -> Result<(Manifest, bool), Failure> {
        let response = response(Request::get(&self.base.own(MANIFEST_PATH)).cache(cache)).await?;
        let is_kept = response.response.headers().get("finews-stale").is_some();
        let bytes = response.bytes().await?;
        // In its place: of a host that has no such file, or of a network that wants a password first.
        if is_page(&bytes) {
            return Err(Failure::Gone);
        }
        let manifest = bundle::decode(&bytes).map_err(|error| match error {
            DecodeError::Format(format) => Failure::Newer(format),
            DecodeError::Json(_) => Failure::Damaged,
        })?;
        Ok((manifest, is_kept))
    }

    /// The bytes of a file as it is stored.
    ///
    /// Fetched with the browser's `integrity`. Since a wrong hash and a dead network look alike, a failure is
    /// asked once more without it and past all caches: bytes that arrive then are a damaged file, none
    /// that arrive a network that fails.
    async fn stored(&self, path: &str, hash: &str) -> Result<Vec<u8>, Failure> {
        let url = self.base.own(path);
        let integrity = integrity(hash).ok_or(Failure::Damaged)?;
        // The name says what is in it, so whatever the browser still holds under it will do.
        let verified = answer(Request::get(&url).integrity(&integrity).cache(RequestCache::ForceCache)).await;
        let Err(Failure::Offline) = verified else { return verified };
        match answer(Request::get(&url).cache(RequestCache::NoStore)).await? {
            // Some hosts answer a page where they have no file.
            bytes if is_page(&bytes) => Err(Failure::Gone),
            // What was damaged on its way, or is held damaged, is whole when asked for anew; what lies
            // damaged is not. Unless it is the network again, which then gives no answer to a
            // request without a hash either.
            _ => match answer(Request::get(&url).integrity(&integrity).cache(RequestCache::Reload)).await {
                Err(Failure::Offline) => {
                    answer(Request::get(&url).cache(RequestCache::NoStore)).await.and(Err(Failure::Damaged))
                }
                answer => answer,
            },
        }
    }
}

impl Source for Host {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let bytes = self.stored(&folder.path(hash, store), hash).await?;
        let json = match store {
            Store::Plain => bytes,
            Store::Gzip => inflate(bytes).await.ok_or(Failure::Damaged)?,
        };
        Document::parse(&json).map_err(|_| Failure::Damaged)
    }
}

impl MarkdownReader for Host {
    async fn outline(&self, markdown: &str) -> Result<Vec<String>, Failure> {
        match page::outline(markdown).await {
            Ok(outline) => Ok(outline),
            Err(0) => Err(Failure::Offline),
            // If the bundle is there, it is the program's other half that is gone: of an older deploy than
            // the site is.
            Err(404 | 410) => {
                self.manifest(RequestCache::Reload).await.map(drop).and(Err(Failure::Newer(bundle::FORMAT)))
            }
            Err(200..=299) => Err(Failure::Damaged),
            Err(status) => Err(Failure::Refused(status)),
        }
    }

    fn expect_markdown(&self) {
        page::load_markdown();
    }
}

/// Whether an answer is a page.
fn is_page(bytes: &[u8]) -> bool {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start().starts_with(b"<")
}

async fn answer(request: RequestBuilder) -> Result<Vec<u8>, Failure> {
    response(request).await?.bytes().await
}

/// An answer whose body may still be on its way, and the time it has for that.
struct Answer {
    response: Response,
    /// `WebKit` forgets a request that nobody holds, and with it the signal that would end the answer's
    /// body.
    _request: web_sys::Request,
    _in_time: InTime,
}

impl Answer {
    async fn bytes(self) -> Result<Vec<u8>, Failure> {
        let bytes = self.response.binary().await.map_err(|_| Failure::Offline)?;
        // Firefox and WebKit hand over what has come when the connection breaks, as if it were all.
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

/// Ends a request that takes too long, unless it is dropped before. (The browser's own `AbortSignal.timeout`
/// keeps its signal until the time is over, whatever became of the request.)
struct InTime {
    controller: AbortController,
    timer: i32,
    /// Called when the time is over, as long as it is there.
    _late: Closure<dyn FnMut()>,
}

impl InTime {
    fn new() -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let aborted = controller.clone();
        let late = Closure::once(move || aborted.abort());
        let timer = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(late.as_ref().unchecked_ref(), TIMEOUT)
            .ok()?;
        Some(Self { controller, timer, _late: late })
    }
}

impl Drop for InTime {
    /// Ends the request, too, if nobody waits for it any more.
    fn drop(&mut self) {
        self.controller.abort();
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.timer);
        }
    }
}

async fn response(request: RequestBuilder) -> Result<Answer, Failure> {
    let in_time = InTime::new().ok_or(Failure::Offline)?;
    let request =
        request.abort_signal(Some(&in_time.controller.signal())).build().map_err(|_| Failure::Offline)?;
    let request = web_sys::Request::from(request);
    let response = Request::from(Clone::clone(&request)).send().await.map_err(|_| Failure::Offline)?;
    match response.status() {
        200..=299 => Ok(Answer { response, _request: request, _in_time: in_time }),
        404 | 410 => Err(Failure::Gone),
        status => Err(Failure::Refused(status)),
    }
}

/// What gzip made of bytes, by the browser; none where it is not gzip's.
async fn inflate(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let stored = web_sys::Response::new_with_opt_u8_array(Some(&mut bytes)).ok()?.body()?;
    let inflated = stored.pipe_through(DecompressionStream::new("gzip").ok()?.unchecked_ref());
    let response = web_sys::Response::new_with_opt_readable_stream(Some(&inflated)).ok()?;
    Response::from(response).binary().await.ok()
}

#[wasm_bindgen]
extern "C" {
    /// The browser's, which web-sys still calls unstable.
    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// The hash as the `integrity` of a request: base64, by the browser.
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
