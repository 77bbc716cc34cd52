//! News: what the reader can be told beside the page, and how often it is looked for.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use super::site::SiteContext;

/// The longest pause after looks that failed is this power of two of turns: with a look every minute, a
/// quarter of an hour.
const LONGEST_PAUSE: u32 = 4;

/// What the reader can be told beside the page.
#[derive(Debug, Clone)]
pub struct News {
    /// The site by a newer manifest, and how many stories it has that the window has not shown.
    pub newer: ArcRwSignal<Option<(SiteContext, usize)>>,
    /// Whether what is read is what was kept, for the network does not answer.
    pub is_offline: ArcRwSignal<bool>,
    /// Whether a newer program waits to take over.
    pub has_update: ArcRwSignal<bool>,
    backoff: Rc<Backoff>,
}

/// Looks that fail come more and more seldom.
#[derive(Debug, Default)]
struct Backoff {
    /// How many looks have failed, one after the other.
    failures: Cell<u32>,
    /// How many turns to leave out before the next look.
    pause: Cell<u32>,
}

impl Backoff {
    /// Whether this turn is left out.
    fn is_pausing(&self) -> bool {
        let pause = self.pause.get();
        self.pause.set(pause.saturating_sub(1));
        pause > 0
    }

    fn note(&self, has_failed: bool) {
        let failures = if has_failed { (self.failures.get() + 1).min(LONGEST_PAUSE) } else { 0 };
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
    /// A newer manifest is there, with so many stories that the window has not shown.
    pub fn announce(&self, site: SiteContext, count: usize) {
        self.newer.set(Some((site, count)));
    }

    /// The site by the newer manifest that was found.
    pub fn newer_site(&self) -> Option<SiteContext> {
        self.newer.with_untracked(|newer| newer.as_ref().map(|(site, _)| site.clone()))
    }

    /// What was found is of no interest any more.
    pub fn forget(&self) {
        if self.newer.with_untracked(Option::is_some) {
            self.newer.set(None);
        }
    }

    /// Whether the network answers.
    pub fn set_offline(&self, is_offline: bool) {
        // What is set is made anew.
        if self.is_offline.get_untracked() != is_offline {
            self.is_offline.set(is_offline);
        }
    }

    /// Whether this turn of looking for news is left out.
    pub fn is_pausing(&self) -> bool {
        self.backoff.is_pausing()
    }

    /// Takes note of a look's success or failure.
    pub fn note_look(&self, has_failed: bool) {
        self.backoff.note(has_failed);
    }

    /// Does not wait for the end of a pause.
    pub fn look_soon(&self) {
        self.backoff.pause.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_that_fail_come_more_and_more_seldom_and_one_that_succeeds_ends_that() {
        let backoff = Backoff::default();
        let turns_until_a_look = || (0..100).position(|_| !backoff.is_pausing());
        let mut turns = Vec::new();
        for _ in 0..6 {
            backoff.note(true);
            turns.push(turns_until_a_look().unwrap());
        }
        assert_eq!(turns, [1, 3, 7, 15, 15, 15]);
        backoff.note(false);
        assert_eq!(turns_until_a_look(), Some(0));
    }
}
