//! Random distributions of words and names, and random ideographs.

use fastrand::Rng;

/// A distribution over ranks, as a table from which to draw.
pub(super) struct Distribution(Vec<u16>);

impl Distribution {
    /// Rank 1 of `count` has the weight 1 / (1 + shift), rank 2 the weight 1 / (2 + shift), and so on.
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

/// One of 3,000 ideographs, spread over their Unicode block as common ones are.
pub(super) fn ideograph(rng: &mut Rng) -> char {
    char::from_u32(0x4e00 + rng.u32(..3000) * 6).unwrap_or('一')
}
