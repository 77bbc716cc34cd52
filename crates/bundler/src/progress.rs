//! Progress bars on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// Shows a progress bar if standard error is a terminal.
pub(crate) fn progress(length: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}") {
        bar.set_style(style);
    }
    bar
}
