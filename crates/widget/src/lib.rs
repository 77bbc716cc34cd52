//! The program behind the element `finews-headlines`: from a site's files, the headlines that an element shows.
//!
//! It waits for nothing, remembers nothing but a site's manifest, and knows nothing of pages: `web/widget` fetches the files that
//! [`site::Site`] asks for, and draws what it tells. So the reading is the viewer's own ([`bundle::archive`]), and small.

#[cfg(target_arch = "wasm32")]
pub mod site;

/// A tenth of the code of the allocator that Rust brings to browsers, for a program of some thousand short-lived values.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
