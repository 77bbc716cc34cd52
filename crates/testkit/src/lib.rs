//! What tests of several kinds use: sites, bundles that no builder writes, a host that fails as it is told to,
//! browsers, attacks.

#![allow(clippy::missing_panics_doc, reason = "a test ends where something is not as it has to be")]

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
pub mod setup;
#[cfg(feature = "sites")]
pub mod sites;

#[cfg(feature = "sites")]
pub use browser::{Browser, DESKTOP, Engine, PHONE, Start};
#[cfg(feature = "sites")]
pub use bundle_fixture::BundleFixture;
#[cfg(feature = "sites")]
pub use host::{Fault, Host};
