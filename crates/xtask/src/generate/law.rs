//! How often words and names come, and which characters they have.

use fastrand::Rng;

/// Ranks by frequency: a table from which a draw is one look.
pub(super) struct Law(Vec<u16>);

impl Law {
    /// The first of `count` ranks is drawn as 1 / (1 + shift), the second as 1 / (2 + shift) and so on.
    pub(super) fn new(count: u16, shift: f64) -> Self {
        const TABLE: u32 = 1 << 18;
        let weight = |rank: u16| 1.0 / (f64::from(rank) + 1.0 + shift);
        let total: f64 = (0..count).map(weight).sum();
        let (mut table, mut sum, mut at) = (Vec::new(), 0.0, 0);
        for rank in 0..count {
            sum += weight(rank);
            while f64::from(at) < sum / total * f64::from(TABLE) {
                table.push(rank);
                at += 1;
            }
        }
        Self(table)
    }

    pub(super) fn draw(&self, rng: &mut Rng) -> usize {
        usize::from(self.0[rng.usize(..self.0.len())])
    }
}

/// One of 3,000 unified ideographs spread over their block, as the common ones are.
pub(super) fn ideograph(rng: &mut Rng) -> char {
    char::from_u32(0x4e00 + rng.u32(..3000) * 6).unwrap_or('一')
}
