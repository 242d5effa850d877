//! How high rows are, in pixels of the page.

/// What a row's height is taken for before any was seen.
const GUESS: f64 = 84.0;

/// The heights of rows that were seen; the others are as high as those were on average.
#[derive(Debug, Default)]
pub(super) struct Heights {
    seen: Vec<Option<f64>>,
    sum: f64,
    count: f64,
}

impl Heights {
    /// Keeps what a row's height is now.
    pub(super) fn set(&mut self, row: usize, height: f64) {
        if height <= 0.0 {
            return;
        }
        if self.seen.len() <= row {
            self.seen.resize(row + 1, None);
        }
        if let Some(before) = self.seen[row].replace(height) {
            self.sum -= before;
            self.count -= 1.0;
        }
        self.sum += height;
        self.count += 1.0;
    }

    fn usual(&self) -> f64 {
        if self.count > 0.0 {
            self.sum / self.count
        } else {
            GUESS
        }
    }

    fn of(&self, row: usize) -> f64 {
        let seen = self.seen.get(row).copied().flatten();
        seen.unwrap_or_else(|| self.usual())
    }

    /// How high all rows before one are.
    pub(super) fn before(&self, row: usize) -> f64 {
        (0..row).map(|row| self.of(row)).sum()
    }

    /// The row at a distance from the list's beginning: the first for what lies before it, the last for what lies
    /// beyond.
    pub(super) fn row_at(&self, distance: f64, count: usize) -> usize {
        let mut end = 0.0;
        for row in 0..count {
            end += self.of(row);
            if end > distance {
                return row;
            }
        }
        count.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-6
    }

    #[test]
    fn rows_that_were_not_seen_are_as_high_as_the_others() {
        let mut heights = Heights::default();
        assert!(is(heights.before(10), 10.0 * GUESS));
        heights.set(0, 50.0);
        heights.set(2, 70.0);
        heights.set(2, 90.0);
        assert!(is(heights.before(3), 50.0 + 70.0 + 90.0));
        assert!(is(heights.before(5) - heights.before(3), 140.0));
        heights.set(1, -3.0);
        assert!(is(heights.before(2), 120.0));
    }

    #[test]
    fn a_distance_leads_to_its_row() {
        let mut heights = Heights::default();
        heights.set(0, 10.0);
        heights.set(1, 30.0);
        for (distance, row) in [
            (-5.0, 0),
            (0.0, 0),
            (10.0, 1),
            (39.0, 1),
            (41.0, 2),
            (1e9, 4),
        ] {
            assert_eq!(heights.row_at(distance, 5), row, "{distance}");
        }
        assert_eq!(heights.row_at(5.0, 0), 0);
    }
}
