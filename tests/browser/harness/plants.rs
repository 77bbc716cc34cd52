//! Scripts for [`Host::plant`](super::Host::plant): what a test has to see, or to hold still, before a page's
//! own scripts run.

/// `errors` holds what no one caught.
pub(crate) const ERRORS: &str = "
    window.errors = [];
    addEventListener('error', ({ message }) => message && errors.push(message));
    addEventListener('unhandledrejection', ({ reason }) => errors.push(`${reason}`));";

/// No service worker stands between the page and its host.
pub(crate) const NO_WORKER: &str = "
    Object.defineProperty(navigator, 'serviceWorker', { value: undefined });";

/// The minute strikes, and news are looked for, when the test calls `minute`.
pub(crate) const MINUTE: &str = "
    const interval = window.setInterval;
    window.setInterval = (what, time, ...more) => {
        if (time !== 60000) return interval(what, time, ...more);
        window.minute = what;
        return 0;
    };";

/// Waits of the program (`web/start/start.js`, `src/browser/fetch.rs`) and of the widget (`web/widget/`) are
/// a twentieth of what they are.
pub(crate) const HURRY: &str = "
    const timeout = AbortSignal.timeout.bind(AbortSignal), wait = window.setTimeout;
    AbortSignal.timeout = (time) => timeout(time / 20);
    window.setTimeout = (what, time, ...more) => wait(what, [20000, 60000].includes(time) ? time / 20 : time, ...more);";

/// `exported` holds what the program's WebAssembly exports.
pub(crate) const EXPORTED: &str = "
    for (const name of ['instantiateStreaming', 'instantiate']) {
        const usual = WebAssembly[name];
        WebAssembly[name] = async (...more) => {
            const result = await usual.apply(WebAssembly, more);
            window.exported ??= (result.instance ?? result).exports;
            return result;
        };
    }";
