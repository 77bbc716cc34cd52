//! The three browser engines in which tests run.

use serde_json::{Value, json};

use super::devtools;

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium.
    Chromium,
    /// Firefox ESR.
    Firefox,
    /// `WebKitGTK`, in its `MiniBrowser`.
    WebKit,
}

/// How a browser is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With its usual settings.
    Usual,
    /// Navigation does not wait until a page is loaded.
    WithoutWaiting,
    /// Chromium only interprets JavaScript, because compiled code would add to its heap.
    Interpreting,
}

/// Turns each function that takes an engine into one test per engine: `chromium::NAME`, `firefox::NAME`,
/// `webkit::NAME`.
///
/// Every run includes all tests in Chromium, but in the other engines only those marked `[sampled]`, unless
/// the run is `cargo xtask test --all`. `lacking` states what an engine cannot do, such as `[lacking WebKit
/// "has no way to …"]`; `both` stands for Firefox and `WebKit`. The engine's test is then
/// `webkit::NAME::lacks`: `cargo test` lists it as ignored, with the reason, and `cargo xtask test --all`
/// runs it, so that the report contains the reason.
#[macro_export]
macro_rules! in_every_engine {
    ($($name:ident $([$($mark:tt)*])?),* $(,)?) => {
        mod chromium { $($crate::in_every_engine!(@ Chromium $name sampled);)* }
        mod firefox { $($crate::in_every_engine!(@ Firefox $name $($($mark)*)?);)* }
        mod webkit { $($crate::in_every_engine!(@ WebKit $name $($($mark)*)?);)* }
    };
    (@ Firefox $name:ident $(sampled)? lacking Firefox $why:literal) => { $crate::in_every_engine!(@@ Firefox $name $why); };
    (@ Firefox $name:ident $(sampled)? lacking both $why:literal) => { $crate::in_every_engine!(@@ Firefox $name $why); };
    (@ WebKit $name:ident $(sampled)? lacking WebKit $why:literal) => { $crate::in_every_engine!(@@ WebKit $name $why); };
    (@ WebKit $name:ident $(sampled)? lacking both $why:literal) => { $crate::in_every_engine!(@@ WebKit $name $why); };
    (@ $engine:ident $name:ident sampled $($mark:tt)*) => {
        #[tokio::test]
        async fn $name() {
            super::$name($crate::Engine::$engine).await;
        }
    };
    (@ $engine:ident $name:ident $($mark:tt)*) => {
        #[tokio::test]
        #[ignore = "for `cargo xtask test --all`"]
        async fn $name() {
            super::$name($crate::Engine::$engine).await;
        }
    };
    (@@ $engine:ident $name:ident $why:literal) => {
        mod $name {
            #[test]
            #[ignore = $why]
            fn lacks() {
                println!("lacks: {}", $why);
            }
        }
    };
}

impl Engine {
    /// The WebDriver capabilities to request.
    pub fn capabilities(self, (width, height): (u32, u32), start: Start) -> Value {
        let mut capabilities = match self {
            Self::Chromium => {
                let mut arguments = [
                    &devtools::CHROMIUM_ARGUMENTS[..],
                    &["--hide-scrollbars", "--force-device-scale-factor=1"],
                ]
                .concat();
                if start == Start::Interpreting {
                    arguments.push("--js-flags=--no-sparkplug --no-maglev --no-opt");
                }
                let metrics = json!({ "width": width, "height": height, "pixelRatio": 1.0, "touch": false });
                json!({
                    "goog:chromeOptions": { "args": arguments, "mobileEmulation": { "deviceMetrics": metrics } },
                    "goog:loggingPrefs": { "browser": "ALL" },
                })
            }
            Self::Firefox => {
                // An unreachable proxy blocks all hosts but this machine.
                let preferences = json!({
                    "network.proxy.type": 1,
                    "network.proxy.http": "127.0.0.1",
                    "network.proxy.http_port": 9,
                    "network.proxy.ssl": "127.0.0.1",
                    "network.proxy.ssl_port": 9,
                    "network.proxy.no_proxies_on": "127.0.0.1",
                    "network.proxy.allow_hijacking_localhost": false,
                });
                let size = [format!("--width={width}"), format!("--height={height}")];
                let arguments = json!(["-headless", size[0], size[1]]);
                json!({ "moz:firefoxOptions": { "binary": "/usr/bin/firefox-esr", "args": arguments, "prefs": preferences } })
            }
            Self::WebKit => {
                // The path in Debian's package.
                let binary =
                    format!("/usr/lib/{}-linux-gnu/webkit2gtk-4.1/MiniBrowser", std::env::consts::ARCH);
                json!({ "webkitgtk:browserOptions": { "binary": binary, "args": ["--automation"] } })
            }
        };
        capabilities["pageLoadStrategy"] =
            json!(if start == Start::WithoutWaiting { "none" } else { "normal" });
        // In milliseconds, and so short that the driver reports a timeout before nextest ends the test. They
        // are shorter than the program's longest timeout of 60 seconds, so tests of that one shorten it with
        // `injected_scripts::SHORT_TIMEOUTS`.
        capabilities["timeouts"] = json!({ "pageLoad": 60_000, "script": 50_000 });
        capabilities
    }
}
