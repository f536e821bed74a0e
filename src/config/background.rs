//! Whether a terminal is light, as it answers when it is asked.

use std::mem;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::terminal::Background;

/// What to write to the terminal to ask for its ground colour (OSC 11). The answer arrives among
/// the keys, where [`BackgroundReply`] picks it out. A terminal that does not know the question
/// says nothing, so nobody may wait for the answer.
pub const BACKGROUND_QUERY: &str = "\x1b]11;?\x07";

/// Picks the answer to [`BACKGROUND_QUERY`] out of the keys.
///
/// The terminal sends `ESC ] 11;rgb:RRRR/GGGG/BBBB BEL` in one piece, and it reaches the program
/// as if somebody had pressed Alt-], then each character. Keys are held back only while they can
/// be such an answer. As soon as they can't, all of them are handed on, so no key is lost, and an
/// answer that comes late over a slow line is never taken for commands.
#[derive(Clone, Debug, Default)]
pub struct BackgroundReply {
    held: Vec<KeyEvent>,
    text: String,
}

/// What one key led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The key may belong to an answer and is held back.
    Held,
    /// The keys are no answer and are to be handled now, in this order.
    Keys(Vec<KeyEvent>),
    /// The answer is complete. `None` is one that cannot be understood.
    Answer(Option<Background>),
}

/// Answers have at most four hexadecimal digits for each of red, green, blue and alpha.
const LONGEST_ANSWER: usize = "11;rgba:ffff/ffff/ffff/ffff".len();

impl BackgroundReply {
    /// Takes the next key.
    pub fn take(&mut self, key: KeyEvent) -> Reply {
        let alt = key.modifiers == KeyModifiers::ALT;
        if self.held.is_empty() {
            if alt && key.code == KeyCode::Char(']') {
                self.held.push(key);
                return Reply::Held;
            }
            return Reply::Keys(vec![key]);
        }
        let bell = key.modifiers == KeyModifiers::CONTROL && key.code == KeyCode::Char('g');
        let string_terminator = alt && key.code == KeyCode::Char('\\');
        if (bell || string_terminator) && self.text.starts_with("11;") {
            self.held.clear();
            return Reply::Answer(parse_answer(&mem::take(&mut self.text)));
        }
        self.held.push(key);
        match key.code {
            KeyCode::Char(letter) if is_plain(key) && self.may_go_on_with(letter) => {
                self.text.push(letter);
                Reply::Held
            }
            _ => self.give_up(),
        }
    }

    fn may_go_on_with(&self, letter: char) -> bool {
        let expected = "11;rgb".chars().nth(self.text.chars().count());
        match expected {
            Some(expected) => letter == expected,
            None => {
                self.text.len() < LONGEST_ANSWER
                    && (letter.is_ascii_hexdigit() || matches!(letter, '/' | ':'))
            }
        }
    }

    fn give_up(&mut self) -> Reply {
        self.text.clear();
        Reply::Keys(mem::take(&mut self.held))
    }
}

/// Capital letters arrive with Shift.
fn is_plain(key: KeyEvent) -> bool {
    key.modifiers.difference(KeyModifiers::SHIFT).is_empty()
}

/// `11;rgb:RRRR/GGGG/BBBB` with one to four digits a colour.
fn parse_answer(text: &str) -> Option<Background> {
    let colors = text
        .strip_prefix("11;rgb")?
        .trim_start_matches('a')
        .strip_prefix(':')?;
    let mut parts = colors.split('/').map(fraction);
    let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
    // Perceived brightness after ITU-R BT.601, good enough to tell paper from ink.
    let brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
    Some(if brightness > 0.5 {
        Background::Light
    } else {
        Background::Dark
    })
}

fn fraction(digits: &str) -> Option<f64> {
    let most = 16_u32
        .checked_pow(u32::try_from(digits.len()).ok()?)?
        .checked_sub(1)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    Some(f64::from(value) / f64::from(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(letter: char) -> KeyEvent {
        KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE)
    }

    fn alt(letter: char) -> KeyEvent {
        KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT)
    }

    const BELL: KeyEvent = KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL);

    /// Everything that comes out when `keys` go in, without the `Held`.
    fn run(keys: &[KeyEvent]) -> Vec<Reply> {
        let mut reply = BackgroundReply::default();
        let replies = keys.iter().map(|key| reply.take(*key));
        replies.filter(|reply| *reply != Reply::Held).collect()
    }

    fn answer(text: &str, end: KeyEvent) -> Vec<KeyEvent> {
        [alt(']')]
            .into_iter()
            .chain(text.chars().map(plain))
            .chain([end])
            .collect()
    }

    #[test]
    fn an_answer_is_picked_out_whatever_its_form() {
        for (text, expected) in [
            ("11;rgb:ffff/ffff/ffff", Background::Light),
            ("11;rgb:fd/f6/e3", Background::Light),
            ("11;rgb:0000/2b2b/3636", Background::Dark),
            ("11;rgba:FFFF/FFFF/FFFF/FFFF", Background::Light),
            ("11;rgb:0/0/0", Background::Dark),
        ] {
            for end in [BELL, alt('\\')] {
                assert_eq!(
                    run(&answer(text, end)),
                    [Reply::Answer(Some(expected))],
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn an_answer_without_sense_is_swallowed_too() {
        assert_eq!(
            run(&answer("11;rgb:zz", BELL)).len(),
            3,
            "z is no part of an answer"
        );
        assert_eq!(run(&answer("11;rgb:ff/ff", BELL)), [Reply::Answer(None)]);
        assert_eq!(run(&answer("11;rgb:fffff/0/0", BELL)).len(), 1);
    }

    #[test]
    fn keys_around_an_answer_stay_and_keep_their_order() {
        let keys: Vec<KeyEvent> = [plain('j')]
            .into_iter()
            .chain(answer("11;rgb:0/0/0", BELL))
            .chain([plain('k')])
            .collect();
        let expected = [
            Reply::Keys(vec![plain('j')]),
            Reply::Answer(Some(Background::Dark)),
            Reply::Keys(vec![plain('k')]),
        ];
        assert_eq!(run(&keys), expected);
    }

    #[test]
    fn what_only_begins_like_an_answer_is_handed_on_whole() {
        let keys = [alt(']'), plain('1'), plain('q')];
        assert_eq!(run(&keys), [Reply::Keys(keys.to_vec())]);
        let keys = [alt(']'), BELL];
        assert_eq!(run(&keys), [Reply::Keys(keys.to_vec())]);
        let keys = [
            alt(']'),
            plain('1'),
            KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE),
        ];
        assert_eq!(run(&keys), [Reply::Keys(keys.to_vec())]);
    }

    #[test]
    fn endless_text_is_not_held_for_ever() {
        let text = format!("11;rgb:{}", "f".repeat(40));
        assert!(matches!(
            run(&answer(&text, BELL)).first(),
            Some(Reply::Keys(_))
        ));
    }
}
