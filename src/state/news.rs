//! The state behind notices, and how often to poll.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use super::site::SiteContext;

/// The number of consecutive failures after which pauses stop growing.
///
/// After `n` failures, 2ⁿ − 1 polls are skipped: at most 15, which is a quarter of an hour with a poll every
/// minute.
const MAX_FAILURES: u32 = 4;

/// The state behind notices.
#[derive(Debug, Clone)]
pub struct News {
    /// The site of a newer manifest, and how many of its newest headlines are newer than those of
    /// the current manifest.
    pub newer: ArcRwSignal<Option<(SiteContext, usize)>>,
    /// Whether the manifest came from the cache because the network does not answer.
    pub is_offline: ArcRwSignal<bool>,
    /// Whether a newer version of the program is waiting.
    pub has_update: ArcRwSignal<bool>,
    backoff: Rc<Backoff>,
}

/// Polls less often after failures.
#[derive(Debug, Default)]
struct Backoff {
    /// The number of consecutive failures, counted up to [`MAX_FAILURES`].
    failures: Cell<u32>,
    /// The number of ticks to skip before the next poll.
    pause: Cell<u32>,
}

impl Backoff {
    /// Skips a tick if the pause is not over; returns whether it did.
    fn skip_tick(&self) -> bool {
        let pause = self.pause.get();
        self.pause.set(pause.saturating_sub(1));
        pause > 0
    }

    fn record(&self, has_failed: bool) {
        let failures = if has_failed { (self.failures.get() + 1).min(MAX_FAILURES) } else { 0 };
        self.failures.set(failures);
        self.pause.set((1 << failures) - 1);
    }
}

impl Default for News {
    fn default() -> Self {
        Self {
            newer: ArcRwSignal::new(None),
            is_offline: ArcRwSignal::new(false),
            has_update: ArcRwSignal::new(false),
            backoff: Rc::default(),
        }
    }
}

impl News {
    /// Announces the site of a newer manifest with `count` new headlines.
    pub fn announce(&self, site: SiteContext, count: usize) {
        self.newer.set(Some((site, count)));
    }

    /// The site of the newer manifest that was announced.
    pub fn newer_site(&self) -> Option<SiteContext> {
        self.newer.with_untracked(|newer| newer.as_ref().map(|(site, _)| site.clone()))
    }

    /// Forgets the newer manifest.
    pub fn clear_newer(&self) {
        if self.newer.with_untracked(Option::is_some) {
            self.newer.set(None);
        }
    }

    /// Sets whether the network is down.
    pub fn set_offline(&self, is_offline: bool) {
        // Setting a signal runs its effects even if the value is the same.
        if self.is_offline.get_untracked() != is_offline {
            self.is_offline.set(is_offline);
        }
    }

    /// Skips a tick if the pause after earlier failures is not over; returns whether it did.
    pub fn skip_tick(&self) -> bool {
        self.backoff.skip_tick()
    }

    /// Records whether a poll failed.
    pub fn record_poll(&self, has_failed: bool) {
        self.backoff.record(has_failed);
    }

    /// Polls at the next tick.
    pub fn poll_soon(&self) {
        self.backoff.pause.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_polls_are_followed_by_longer_pauses_until_one_succeeds() {
        let backoff = Backoff::default();
        let ticks_until_a_poll = || (0..100).position(|_| !backoff.skip_tick());
        let mut ticks = Vec::new();
        for _ in 0..6 {
            backoff.record(true);
            ticks.push(ticks_until_a_poll().unwrap());
        }
        assert_eq!(ticks, [1, 3, 7, 15, 15, 15]);
        backoff.record(false);
        assert_eq!(ticks_until_a_poll(), Some(0));
    }
}
