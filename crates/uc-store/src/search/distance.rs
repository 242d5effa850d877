//! How far one word is from another.

/// Insertions, deletions, replacements and swaps of neighbours that lead from `one` to `other`, when there are at most
/// `limit` of them.
pub(crate) fn within(one: &[char], other: &[char], limit: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > limit {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i; other.len() + 1];
        for j in 1..=other.len() {
            let differs = usize::from(one[i - 1] != other[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + differs);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        if row.iter().min().is_some_and(|least| *least > limit) {
            return None;
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|found| *found <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, expected: Option<usize>) {
        let letters = |word: &str| word.chars().collect::<Vec<_>>();
        assert_eq!(
            within(&letters(one), &letters(other), 2),
            expected,
            "{one} {other}"
        );
        assert_eq!(
            within(&letters(other), &letters(one), 2),
            expected,
            "{other} {one}"
        );
    }

    #[test]
    fn slips_of_the_finger_are_counted() {
        check("отсутсв", "отсутств", Some(1));
        check("паспрот", "паспорт", Some(1));
        check("пасспорт", "паспорт", Some(1));
        check("справк", "справк", Some(0));
        check("", "ab", Some(2));
        check("дом", "справк", None);
        check("судим", "садик", Some(2));
    }
}
