//! Tells the person, who may look at another window, that something has begun to wait for them.

use std::io::{self, Write};

use crate::config::settings::GateNotice;
use crate::domain::text::printable;

/// Characters of a notification that are sent: desktops show about two lines.
const LONGEST: usize = 200;

/// Writes the bell or the notification to the terminal. OSC 9 is the sequence that iTerm2 began
/// with and that several other terminals took over; one that does not know it shows nothing.
pub(super) fn tell(terminal: &mut impl Write, how: GateNotice, text: &str) -> io::Result<()> {
    match how {
        GateNotice::None => return Ok(()),
        GateNotice::Bell => terminal.write_all(b"\x07")?,
        GateNotice::Osc9 => {
            let text: String = printable(text).chars().take(LONGEST).collect();
            write!(terminal, "\x1b]9;{text}\x1b\\")?;
        }
    }
    terminal.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(how: GateNotice, text: &str) -> Vec<u8> {
        let mut terminal = Vec::new();
        tell(&mut terminal, how, text).unwrap();
        terminal
    }

    #[test]
    fn each_way_writes_its_own_sequence() {
        assert_eq!(told(GateNotice::None, "shop"), b"");
        assert_eq!(told(GateNotice::Bell, "shop"), b"\x07");
        assert_eq!(told(GateNotice::Osc9, "shop"), b"\x1b]9;shop\x1b\\");
    }

    #[test]
    fn a_name_cannot_end_the_sequence_and_begin_another() {
        let sent = told(GateNotice::Osc9, "shop\x1b\\\x1b]52;c;aGk=\x07 waits");
        assert_eq!(sent, b"\x1b]9;shop waits\x1b\\");
        assert!(told(GateNotice::Osc9, &"x".repeat(9_000)).len() < 300);
    }
}
