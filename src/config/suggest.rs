//! "Did you mean": the known name that is nearest to what was written.

/// The candidate that is nearest to `written`, when one is near enough to be what was meant.
///
/// A dotted candidate may also be meant by its last part alone, because people forget the section
/// more often than the key.
pub fn nearest<'a>(written: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (written.chars().count() / 3).max(1);
    candidates
        .map(|candidate| (distance_to(written, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn distance_to(written: &str, candidate: &str) -> usize {
    let whole = distance(written, candidate);
    match candidate.rsplit_once('.') {
        Some((_, last)) => {
            let written_last = written.rsplit_once('.').map_or(written, |(_, last)| last);
            whole.min(distance(written_last, last))
        }
        None => whole,
    }
}

/// How many characters have to be put in, taken out, changed or swapped with their neighbour to
/// come from one text to the other (the restricted form of the Damerau-Levenshtein distance).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous_left = None;
    for (row, from) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_right = None;
        for (column, to) in right.iter().copied().enumerate() {
            let at =
                |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&last, column) + usize::from(from != to);
            let mut best = changed
                .min(at(&last, column + 1) + 1)
                .min(at(&current, column) + 1);
            let swapped = previous_left == Some(to) && previous_right == Some(from);
            if let (true, Some(two_back)) = (swapped, column.checked_sub(1)) {
                best = best.min(at(&before_last, two_back) + 1);
            }
            current.push(best);
            previous_right = Some(to);
        }
        before_last = last;
        last = current;
        previous_left = Some(from);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["region", "read_only", "production.clusters", "theme"];

    #[test]
    fn finds_slips_of_the_fingers() {
        assert_eq!(nearest("regoin", NAMES.into_iter()), Some("region"));
        assert_eq!(nearest("read-only", NAMES.into_iter()), Some("read_only"));
        assert_eq!(nearest("them", NAMES.into_iter()), Some("theme"));
    }

    #[test]
    fn finds_a_key_without_its_section() {
        assert_eq!(
            nearest("clusters", NAMES.into_iter()),
            Some("production.clusters")
        );
        assert_eq!(
            nearest("production.cluster", NAMES.into_iter()),
            Some("production.clusters")
        );
    }

    #[test]
    fn stays_silent_about_what_is_far_away() {
        assert_eq!(nearest("colour_of_the_sea", NAMES.into_iter()), None);
        assert_eq!(nearest("x", NAMES.into_iter()), None);
    }

    #[test]
    fn counts_single_steps() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
