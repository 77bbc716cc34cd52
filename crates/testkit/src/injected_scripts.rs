//! Scripts for `Host::inject`: they run before a page's own scripts, to observe or control the page.

/// Collects the messages of uncaught errors in `window.errors`.
pub const COLLECT_ERRORS: &str = "
    window.errors = [];
    addEventListener('error', ({ message }) => message && errors.push(message));
    addEventListener('unhandledrejection', ({ reason }) => errors.push(`${reason}`));";

/// Hides service workers from the page.
pub const NO_WORKER: &str = "
    Object.defineProperty(navigator, 'serviceWorker', { value: undefined });";

/// Puts intervals of a second or more, such as polling for news, under the test's control: they run when the
/// test calls `runIntervals`, which exists once there is such an interval.
pub const MANUAL_CLOCK: &str = "
    const interval = window.setInterval, repeated = [];
    window.setInterval = (what, time, ...more) => {
        if (time < 1000) return interval(what, time, ...more);
        repeated.push(what);
        window.runIntervals = () => repeated.forEach((what) => what());
        return 0;
    };";

/// Shortens every `AbortSignal.timeout`, and every `setTimeout` of ten seconds or more, to a twentieth.
pub const SHORT_TIMEOUTS: &str = "
    const timeout = AbortSignal.timeout.bind(AbortSignal), wait = window.setTimeout;
    AbortSignal.timeout = (time) => timeout(time / 20);
    window.setTimeout = (what, time, ...more) => wait(what, time >= 10000 ? time / 20 : time, ...more);";

/// Stores the exports of the program's WebAssembly in `window.exported`.
pub const STORE_EXPORTS: &str = "
    for (const name of ['instantiateStreaming', 'instantiate']) {
        const usual = WebAssembly[name];
        WebAssembly[name] = async (...more) => {
            const result = await usual.apply(WebAssembly, more);
            window.exported ??= (result.instance ?? result).exports;
            return result;
        };
    }";
