//! Scripts for `Host::plant`: what a test has to see, or to hold still, before a page's
//! own scripts run.

/// `errors` holds what no one caught.
pub const ERRORS: &str = "
    window.errors = [];
    addEventListener('error', ({ message }) => message && errors.push(message));
    addEventListener('unhandledrejection', ({ reason }) => errors.push(`${reason}`));";

/// No service worker stands between the page and its host.
pub const NO_WORKER: &str = "
    Object.defineProperty(navigator, 'serviceWorker', { value: undefined });";

/// A clock in the test's hand: what a page repeats every second or more seldom, such as its look for news, is done
/// when the test calls `strike`, which is there once anything is repeated.
pub const CLOCK: &str = "
    const interval = window.setInterval, repeated = [];
    window.setInterval = (what, time, ...more) => {
        if (time < 1000) return interval(what, time, ...more);
        repeated.push(what);
        window.strike = () => repeated.forEach((what) => what());
        return 0;
    };";

/// A clock that hurries: waits of ten seconds and more are a twentieth of what they are.
pub const HURRY: &str = "
    const timeout = AbortSignal.timeout.bind(AbortSignal), wait = window.setTimeout;
    AbortSignal.timeout = (time) => timeout(time / 20);
    window.setTimeout = (what, time, ...more) => wait(what, time >= 10000 ? time / 20 : time, ...more);";

/// `exported` holds what the program's WebAssembly exports.
pub const EXPORTED: &str = "
    for (const name of ['instantiateStreaming', 'instantiate']) {
        const usual = WebAssembly[name];
        WebAssembly[name] = async (...more) => {
            const result = await usual.apply(WebAssembly, more);
            window.exported ??= (result.instance ?? result).exports;
            return result;
        };
    }";
