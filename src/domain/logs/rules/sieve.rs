//! Filters at work.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{Comparison, Filters, Rule, RuleKind, Test};
use crate::domain::logs::StreamName;
use crate::domain::logs::fields::{self, FieldPath};
use crate::domain::logs::level::Level;
use crate::domain::logs::search::Search;

/// How much longer a fuzzy match, or a look at a field, takes than a regular expression.
const SLOWER: usize = 3;

/// What becomes of a line and what belongs to it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is hidden, and is no context either.
    Hidden,
    /// It is shown when it is near to one that is found.
    Near,
    /// It is shown.
    Found,
}

/// The enabled filters, ready to look at many lines.
#[derive(Clone, Debug)]
pub struct Sieve {
    excluded: Vec<Content>,
    /// Each of these must find something, by any of its tests.
    included: Vec<Vec<Content>>,
    places: Places,
}

/// The filters that look at the stream alone: they are asked once for each stream.
#[derive(Clone, Debug, Default)]
struct Places {
    excluded: Vec<Test>,
    included: Vec<Vec<Test>>,
}

/// The filters that look at the text.
#[derive(Clone, Debug)]
enum Content {
    Text(Search),
    Fuzzy {
        pattern: Pattern,
        matcher: Box<Matcher>,
        letters: Vec<char>,
    },
    Level(Level),
    Field {
        path: FieldPath,
        comparison: Comparison,
    },
}

impl Sieve {
    /// Makes filters ready; `None` when everything passes.
    pub fn of(filters: &Filters) -> Option<Self> {
        let mut sieve = Self {
            excluded: Vec::new(),
            included: Vec::new(),
            places: Places::default(),
        };
        let mut facets: Vec<&Test> = Vec::new();
        let mut places: Vec<&Test> = Vec::new();
        for rule in filters.rules.iter().filter(|rule| rule.enabled) {
            sieve.add(rule, &mut facets, &mut places);
        }
        (!filters.is_open()).then_some(sieve)
    }

    fn add<'a>(&mut self, rule: &'a Rule, facets: &mut Vec<&'a Test>, places: &mut Vec<&'a Test>) {
        match (rule.kind, Content::of(&rule.test)) {
            (RuleKind::Exclude, Some(content)) => self.excluded.push(content),
            (RuleKind::Exclude, None) => self.places.excluded.push(rule.test.clone()),
            (RuleKind::Include, Some(content)) => {
                file(&mut self.included, facets, &rule.test, content);
            }
            (RuleKind::Include, None) => {
                file(
                    &mut self.places.included,
                    places,
                    &rule.test,
                    rule.test.clone(),
                );
            }
        }
    }

    /// Whether the lines of a stream can pass at all.
    pub fn lets_stream_pass(&self, stream: &StreamName) -> bool {
        let of = |tests: &[Test]| tests.iter().any(|test| is_of(test, stream));
        !of(&self.places.excluded) && self.places.included.iter().all(|tests| of(tests))
    }

    /// How much longer than a usual filter these take, as a factor.
    pub fn weight(&self) -> usize {
        let all = self.included.iter().flatten().chain(&self.excluded);
        let slow =
            all.filter(|content| matches!(content, Content::Fuzzy { .. } | Content::Field { .. }));
        1 + SLOWER * slow.count()
    }

    /// Looks at a line and what belongs to it, of a stream that can pass.
    pub fn judge<'a, I>(&mut self, level: Option<Level>, lines: &I) -> Verdict
    where
        I: Iterator<Item = &'a str> + Clone,
    {
        let mut finds = |content: &mut Content| content.finds(level, lines.clone());
        if self.excluded.iter_mut().any(&mut finds) {
            return Verdict::Hidden;
        }
        let found = self
            .included
            .iter_mut()
            .all(|facet| facet.iter_mut().any(&mut finds));
        if found { Verdict::Found } else { Verdict::Near }
    }
}

/// Puts a test beside those that ask for the same thing.
fn file<'a, T>(groups: &mut Vec<Vec<T>>, facets: &mut Vec<&'a Test>, test: &'a Test, made: T) {
    let known = facets.iter().position(|other| same_facet(other, test));
    match known.and_then(|place| groups.get_mut(place)) {
        Some(group) => group.push(made),
        None => {
            facets.push(test);
            groups.push(vec![made]);
        }
    }
}

fn same_facet(one: &Test, other: &Test) -> bool {
    match (one, other) {
        (Test::Text(_) | Test::Fuzzy(_), Test::Text(_) | Test::Fuzzy(_))
        | (Test::Level(_), Test::Level(_))
        | (Test::Task(_), Test::Task(_))
        | (Test::Container(_), Test::Container(_))
        | (Test::Streams(_), Test::Streams(_)) => true,
        (Test::Field { path: one, .. }, Test::Field { path: other, .. }) => one == other,
        _ => false,
    }
}

/// Whether a test of streams finds one.
fn is_of(test: &Test, stream: &StreamName) -> bool {
    match test {
        Test::Task(task) => stream.task() == task,
        Test::Container(container) => stream.container() == container,
        Test::Streams(set) => set.streams.contains(stream),
        _ => false,
    }
}

impl Content {
    /// `None` for a test that looks at the stream alone.
    fn of(test: &Test) -> Option<Self> {
        match test {
            Test::Text(search) => Some(Self::Text(search.clone())),
            Test::Fuzzy(text) => Some(Self::Fuzzy {
                pattern: Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart),
                matcher: Box::new(Matcher::new(Config::DEFAULT)),
                letters: Vec::new(),
            }),
            Test::Level(level) => Some(Self::Level(*level)),
            Test::Field { path, comparison } => Some(Self::Field {
                path: path.clone(),
                comparison: comparison.clone(),
            }),
            Test::Task(_) | Test::Container(_) | Test::Streams(_) => None,
        }
    }

    fn finds<'a>(
        &mut self,
        level: Option<Level>,
        mut lines: impl Iterator<Item = &'a str>,
    ) -> bool {
        match self {
            Self::Text(search) => lines.any(|line| search.is_in(line)),
            Self::Fuzzy {
                pattern,
                matcher,
                letters,
            } => lines.any(|line| {
                pattern
                    .score(Utf32Str::new(line, letters), matcher)
                    .is_some()
            }),
            Self::Level(least) => level >= Some(*least),
            Self::Field { path, comparison } => lines
                .any(|line| fields::find(line, path).is_some_and(|value| comparison.holds(&value))),
        }
    }
}
