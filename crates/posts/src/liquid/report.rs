//! What carrying out a post's Liquid met with.

/// Tags that were not carried out, and what else is to be told or remembered.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Tags that were not carried out: the first of each name as it is written, whether it is shown, and their number.
    pub(crate) tags: Vec<(String, bool, usize)>,
    /// Whether the tags would have done more than they may.
    pub(crate) is_exhausted: bool,
    /// A fingerprint of what the text takes from other files than its own and the site's configuration, includes and
    /// data; 0 if nothing.
    pub(crate) outside: u64,
}

impl Report {
    pub(super) fn unsupported(&mut self, source: &str, is_shown: bool) {
        if self.is_exhausted {
            // It may be known, and that is told.
            return;
        }
        let name = |source: &str| {
            let inner = source.trim_start_matches(['{', '%', '<', '-', ' ']);
            let end = inner.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '|' | ' ')));
            inner[..end.unwrap_or(inner.len())].split_whitespace().next().unwrap_or_default().to_owned()
        };
        let own = name(source);
        if let Some((_, _, times)) = self.tags.iter_mut().find(|(first, _, _)| name(first) == own) {
            *times += 1;
        } else if self.tags.len() < 100 {
            self.tags.push((source.to_owned(), is_shown, 1));
        }
    }

    /// How many tags were not carried out.
    pub(super) fn count(&self) -> usize {
        self.tags.iter().map(|(_, _, times)| times).sum()
    }
}
