//! Regular expressions of filter patterns (`%…%`), in the small language that AWS takes: letters,
//! digits, a few symbols, `^ $ . ? * + | \`, sets in brackets and counts in braces. There are no
//! groups, so an expression is a list of alternatives, each a list of single characters that may
//! repeat.

/// The symbols that may stand for themselves.
const SYMBOLS: &str = ":_#=@/;,-";

/// The most that a count in braces may ask for.
const MOST_REPEATS: u32 = 1_000;

/// An expression that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    alternatives: Vec<Alternative>,
}

/// One side of `|`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Alternative {
    from_start: bool,
    to_end: bool,
    atoms: Vec<Atom>,
}

/// A character that may repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Atom {
    class: Class,
    least: u32,
    /// None for any number.
    most: Option<u32>,
}

/// Which characters fit.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Class {
    Any,
    One(char),
    Digit(bool),
    Word(bool),
    Space(bool),
    Set { inverted: bool, parts: Vec<Part> },
}

/// A part of a set in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Class(Class),
    Range(char, char),
}

impl Pattern {
    /// Understands what stands between the percent signs; none for what AWS refuses.
    pub fn parse(text: &str) -> Option<Self> {
        let mut letters: Vec<char> = text.chars().collect();
        letters.reverse();
        let mut parser = Parser { rest: letters };
        let mut alternatives = vec![parser.alternative()?];
        while parser.accept('|') {
            alternatives.push(parser.alternative()?);
        }
        parser.rest.is_empty().then_some(Self { alternatives })
    }

    /// Whether any part of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        let mut alternatives = self.alternatives.iter();
        alternatives.any(|alternative| alternative.matches(&letters))
    }
}

impl Alternative {
    /// Keeps the set of places that each atom can be reached at, so that no expression takes more
    /// than its length times that of the text.
    fn matches(&self, text: &[char]) -> bool {
        let mut places: Vec<bool> = vec![!self.from_start; text.len() + 1];
        if let Some(first) = places.first_mut() {
            *first = true;
        }
        for atom in &self.atoms {
            places = atom.step(&places, text);
        }
        if self.to_end {
            places.last().copied().unwrap_or(false)
        } else {
            places.contains(&true)
        }
    }
}

impl Atom {
    /// The places that are reached from `places` by this atom.
    fn step(&self, places: &[bool], text: &[char]) -> Vec<bool> {
        let mut current = places.to_vec();
        for _ in 0..self.least {
            current = self.once(&current, text);
        }
        match self.most {
            Some(most) => {
                let mut reached = current.clone();
                for _ in self.least..most {
                    current = self.once(&current, text);
                    for (all, new) in reached.iter_mut().zip(&current) {
                        *all |= new;
                    }
                }
                reached
            }
            None => {
                let mut before = false;
                let fits = [false]
                    .into_iter()
                    .chain(text.iter().map(|it| self.class.fits(*it)));
                for (place, fits) in current.iter_mut().zip(fits) {
                    *place |= before && fits;
                    before = *place;
                }
                current
            }
        }
    }

    fn once(&self, places: &[bool], text: &[char]) -> Vec<bool> {
        let moved = places.iter().zip(text);
        let moved = moved.map(|(here, letter)| *here && self.class.fits(*letter));
        [false].into_iter().chain(moved).collect()
    }
}

impl Class {
    fn fits(&self, letter: char) -> bool {
        match self {
            Self::Any => letter != '\n',
            Self::One(one) => *one == letter,
            Self::Digit(wanted) => letter.is_ascii_digit() == *wanted,
            Self::Word(wanted) => (letter.is_ascii_alphanumeric() || letter == '_') == *wanted,
            Self::Space(wanted) => letter.is_ascii_whitespace() == *wanted,
            Self::Set { inverted, parts } => parts.iter().any(|it| it.fits(letter)) != *inverted,
        }
    }
}

impl Part {
    fn fits(&self, letter: char) -> bool {
        match self {
            Self::Class(class) => class.fits(letter),
            Self::Range(low, high) => (*low..=*high).contains(&letter),
        }
    }
}

/// Takes what it understands off the end of `rest`, which is the expression backward.
struct Parser {
    rest: Vec<char>,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.rest.last().copied()
    }

    fn accept(&mut self, letter: char) -> bool {
        let is_next = self.peek() == Some(letter);
        if is_next {
            self.rest.pop();
        }
        is_next
    }

    fn alternative(&mut self) -> Option<Alternative> {
        let mut alternative = Alternative {
            from_start: self.accept('^'),
            ..Alternative::default()
        };
        while let Some(letter) = self.peek().filter(|letter| *letter != '|') {
            if letter == '$' {
                self.rest.pop();
                alternative.to_end = true;
                return matches!(self.peek(), None | Some('|')).then_some(alternative);
            }
            let class = self.class()?;
            let (least, most) = self.repeats()?;
            alternative.atoms.push(Atom { class, least, most });
        }
        let empty = alternative == Alternative::default();
        (!empty).then_some(alternative)
    }

    fn class(&mut self) -> Option<Class> {
        match self.rest.pop()? {
            '.' => Some(Class::Any),
            '\\' => self.escaped(),
            '[' => self.set(),
            letter if stands_for_itself(letter) => Some(Class::One(letter)),
            _ => None,
        }
    }

    fn escaped(&mut self) -> Option<Class> {
        Some(match self.rest.pop()? {
            'd' => Class::Digit(true),
            'D' => Class::Digit(false),
            'w' => Class::Word(true),
            'W' => Class::Word(false),
            's' => Class::Space(true),
            'S' => Class::Space(false),
            'x' => {
                let digits = [self.rest.pop()?, self.rest.pop()?];
                let code = u8::from_str_radix(&digits.iter().collect::<String>(), 16).ok()?;
                Class::One(char::from(code))
            }
            letter if letter.is_ascii_punctuation() => Class::One(letter),
            _ => return None,
        })
    }

    fn set(&mut self) -> Option<Class> {
        let inverted = self.accept('^');
        let mut parts = Vec::new();
        while !self.accept(']') {
            let first = match self.rest.pop()? {
                '\\' => self.escaped()?,
                letter if letter.is_ascii() => Class::One(letter),
                _ => return None,
            };
            let is_range = self.peek() == Some('-') && self.rest.iter().rev().nth(1) != Some(&']');
            match first {
                Class::One(low) if is_range => {
                    self.rest.pop();
                    let high = self.rest.pop().filter(|high| *high >= low)?;
                    parts.push(Part::Range(low, high));
                }
                class => parts.push(Part::Class(class)),
            }
        }
        (!parts.is_empty()).then_some(Class::Set { inverted, parts })
    }

    fn repeats(&mut self) -> Option<(u32, Option<u32>)> {
        if self.accept('?') {
            return Some((0, Some(1)));
        }
        if self.accept('*') {
            return Some((0, None));
        }
        if self.accept('+') {
            return Some((1, None));
        }
        if !self.accept('{') {
            return Some((1, Some(1)));
        }
        let mut text = String::new();
        while !self.accept('}') {
            text.push(self.rest.pop()?);
        }
        let count = |text: &str| text.parse().ok().filter(|count| *count <= MOST_REPEATS);
        match text.split_once(',') {
            None => count(&text).map(|count| (count, Some(count))),
            Some((least, "")) => Some((count(least)?, None)),
            Some((least, most)) => {
                let (least, most) = (count(least)?, count(most)?);
                (least <= most).then_some((least, Some(most)))
            }
        }
    }
}

fn stands_for_itself(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || SYMBOLS.contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(text)
    }

    #[test]
    fn any_part_of_the_text_may_match() {
        assert!(matches("ERROR", "an ERROR here"));
        assert!(!matches("ERROR", "an error here"));
        assert!(matches("10\\.10\\.0\\.1", "from 10.10.0.1:80"));
        assert!(!matches("10\\.10\\.0\\.1", "from 10510.0.1"));
        assert!(matches("a.c", "xabcx"));
        assert!(!matches("a.c", "a\nc"));
    }

    #[test]
    fn ends_and_alternatives() {
        assert!(matches("^GET", "GET /"));
        assert!(!matches("^GET", "a GET"));
        assert!(matches("200$", "GET 200"));
        assert!(!matches("200$", "200 GET"));
        assert!(matches("^ok$|fail", "it may fail"));
        assert!(!matches("^ok$|fail", "ok then"));
        assert!(matches("gray|grey", "grey"));
    }

    #[test]
    fn characters_repeat() {
        assert!(matches("colou?r", "color"));
        assert!(matches("^a*b$", "aaab"));
        assert!(matches("^a*b$", "b"));
        assert!(!matches("^a+b$", "b"));
        assert!(matches("^a{2}$", "aa"));
        assert!(!matches("^a{2}$", "aaa"));
        assert!(matches("^a{2,}$", "aaaa"));
        assert!(matches("^\\d{1,3}$", "12"));
        assert!(!matches("^\\d{1,3}$", "1234"));
    }

    #[test]
    fn sets_and_classes() {
        assert!(matches("^[a-z]+$", "word"));
        assert!(!matches("^[a-z]+$", "Word"));
        assert!(matches("[^0-9]", "12a"));
        assert!(!matches("[^0-9]", "12"));
        assert!(matches("[a-]", "-"));
        assert!(matches("[\\d_]", "a_"));
        assert!(matches("\\w\\s\\S\\W\\D", "a b!x"));
        assert!(matches("\\x41", "A"));
    }

    #[test]
    fn an_expression_that_is_nasty_elsewhere_ends_soon() {
        let text = "a".repeat(5_000);
        assert!(!matches("a*a*a*a*a*b", &text));
        assert!(!matches("^a{1,900}b$", &text));
    }

    #[test]
    fn what_aws_does_not_take_is_refused() {
        for pattern in [
            "",
            "a|",
            "(a)",
            "a b",
            "something!",
            "[a",
            "[]",
            "a{",
            "a{x}",
            "a{3,1}",
            "a{1001}",
            "*",
            "+a",
            "é",
            "\\q",
            "a$b",
            "a^",
            "[z-a]",
            "a**",
            "\"",
        ] {
            assert_eq!(Pattern::parse(pattern), None, "{pattern}");
        }
    }
}
