//! Shared tools for tests: sites, unusual bundles, a host that fails on demand, browsers, and attacks.

#![allow(clippy::missing_panics_doc, reason = "tests fail by panicking")]

#[cfg(feature = "sites")]
pub mod browser;
#[cfg(feature = "sites")]
pub mod bundle_fixture;
pub mod corpus;
#[cfg(feature = "sites")]
pub mod counting;
#[cfg(feature = "sites")]
pub mod folder;
#[cfg(feature = "sites")]
pub mod host;
pub mod injected_scripts;
#[cfg(feature = "sites")]
pub mod pictures;
#[cfg(feature = "sites")]
pub mod search;
pub mod setup;
#[cfg(feature = "sites")]
pub mod sites;

#[cfg(feature = "sites")]
pub use browser::{Browser, DESKTOP, Engine, PHONE, Start};
#[cfg(feature = "sites")]
pub use bundle_fixture::BundleFixture;
#[cfg(feature = "sites")]
pub use host::{Fault, Host};
#[cfg(feature = "sites")]
pub use pictures::picture_of_noise;
