//! How many colours a terminal has, and whether it is light, as its environment tells it.

use super::{Lookup, non_empty};

/// The ground that a terminal writes on.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text on a dark ground.
    Dark,
    /// Dark text on a light ground.
    Light,
}

/// How many colours can be used.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColorDepth {
    /// None: `NO_COLOR`, or a terminal without colours. Bold, dim, reversed and underlined carry
    /// the meaning.
    None,
    /// The sixteen colours that the person may have chosen.
    Ansi16,
    /// The fixed palette of 256 colours.
    Ansi256,
    /// Any colour.
    TrueColor,
}

/// How many colours the terminal has, as its environment tells it.
///
/// `NO_COLOR` is followed as <https://no-color.org> describes it: any value that is not empty.
pub fn color_depth(environment: Lookup<'_>) -> ColorDepth {
    let term = non_empty(environment, "TERM").unwrap_or_default();
    if non_empty(environment, "NO_COLOR").is_some() || has_no_colors(&term) {
        return ColorDepth::None;
    }
    let program = non_empty(environment, "TERM_PROGRAM").unwrap_or_default();
    let says_true_color = non_empty(environment, "COLORTERM")
        .is_some_and(|value| matches!(value.as_str(), "truecolor" | "24bit"));
    // GNU screen hands the variables of the terminal around it on, but not the colours.
    if non_empty(environment, "STY").is_some() && term.starts_with("screen") {
        return if term.contains("256color") {
            ColorDepth::Ansi256
        } else {
            ColorDepth::Ansi16
        };
    }
    if term == "linux" {
        ColorDepth::Ansi16
    } else if says_true_color || is_true_color_term(&term) || is_true_color_program(&program) {
        ColorDepth::TrueColor
    } else if term.contains("256color") || program == "Apple_Terminal" {
        ColorDepth::Ansi256
    } else {
        ColorDepth::Ansi16
    }
}

/// Video terminals of the VT series up to VT420, and terminals that cannot even move the cursor.
fn has_no_colors(term: &str) -> bool {
    let is_video_terminal = term
        .strip_prefix("vt")
        .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    term == "dumb" || term.ends_with("-m") || term.ends_with("-mono") || is_video_terminal
}

fn is_true_color_term(term: &str) -> bool {
    const TERMS: [&str; 6] = [
        "xterm-kitty",
        "alacritty",
        "foot",
        "wezterm",
        "xterm-ghostty",
        "contour",
    ];
    term.ends_with("-direct") || TERMS.contains(&term)
}

fn is_true_color_program(program: &str) -> bool {
    [
        "iTerm.app",
        "WezTerm",
        "vscode",
        "ghostty",
        "Hyper",
        "WarpTerminal",
        "rio",
    ]
    .contains(&program)
}

/// Whether the terminal is light, from `COLORFGBG`, which some terminals set to the numbers of
/// their text and ground colours: `0;15`, or `0;default;15`.
pub fn background_from_environment(environment: Lookup<'_>) -> Option<Background> {
    let value = non_empty(environment, "COLORFGBG")?;
    let (_, ground) = value.rsplit_once(';')?;
    match ground.parse::<u8>().ok()? {
        0..=6 | 8 => Some(Background::Dark),
        7 | 9..=15 => Some(Background::Light),
        _ => None,
    }
}

/// Whether to ask the terminal: not when it has no colours to choose, nor the console of Linux and
/// GNU screen, which print the question or send the answer to somebody else.
pub fn may_be_asked(environment: Lookup<'_>) -> bool {
    let term = non_empty(environment, "TERM").unwrap_or_default();
    color_depth(environment) != ColorDepth::None
        && !matches!(term.as_str(), "" | "linux" | "Eterm")
        && !(term.starts_with("screen") && non_empty(environment, "TMUX").is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(variables: &[(&str, &str)]) -> ColorDepth {
        color_depth(&lookup(variables))
    }

    fn lookup<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn no_color_and_plain_terminals_have_none() {
        let loud = [("COLORTERM", "truecolor"), ("TERM", "xterm-256color")];
        assert_eq!(
            depth(&[&loud[..], &[("NO_COLOR", "1")]].concat()),
            ColorDepth::None
        );
        assert_eq!(
            depth(&[&loud[..], &[("NO_COLOR", "")]].concat()),
            ColorDepth::TrueColor
        );
        for term in ["dumb", "vt100", "vt220", "xterm-mono"] {
            assert_eq!(depth(&[("TERM", term)]), ColorDepth::None, "{term}");
        }
    }

    #[test]
    fn the_depth_follows_the_terminal() {
        for (term, expected) in [
            ("", ColorDepth::Ansi16),
            ("linux", ColorDepth::Ansi16),
            ("xterm", ColorDepth::Ansi16),
            ("vte", ColorDepth::Ansi16),
            ("xterm-256color", ColorDepth::Ansi256),
            ("tmux-256color", ColorDepth::Ansi256),
            ("xterm-kitty", ColorDepth::TrueColor),
            ("xterm-direct", ColorDepth::TrueColor),
        ] {
            assert_eq!(depth(&[("TERM", term)]), expected, "{term}");
        }
        let xterm = ("TERM", "xterm-256color");
        assert_eq!(
            depth(&[xterm, ("COLORTERM", "24bit")]),
            ColorDepth::TrueColor
        );
        assert_eq!(depth(&[xterm, ("COLORTERM", "yes")]), ColorDepth::Ansi256);
        assert_eq!(
            depth(&[xterm, ("TERM_PROGRAM", "WezTerm")]),
            ColorDepth::TrueColor
        );
        assert_eq!(
            depth(&[xterm, ("TERM_PROGRAM", "Apple_Terminal")]),
            ColorDepth::Ansi256
        );
    }

    #[test]
    fn screen_does_not_inherit_true_color() {
        let screen = [
            ("STY", "1"),
            ("COLORTERM", "truecolor"),
            ("TERM", "screen-256color"),
        ];
        assert_eq!(depth(&screen), ColorDepth::Ansi256);
        let tmux = [
            ("TMUX", "1"),
            ("COLORTERM", "truecolor"),
            ("TERM", "screen-256color"),
        ];
        assert_eq!(depth(&tmux), ColorDepth::TrueColor);
    }

    #[test]
    fn colorfgbg_tells_the_ground() {
        for (value, expected) in [
            ("15;0", Some(Background::Dark)),
            ("0;15", Some(Background::Light)),
            ("0;default;7", Some(Background::Light)),
            ("7;8", Some(Background::Dark)),
            ("0;default", None),
            ("0", None),
            ("0;99", None),
        ] {
            let found = background_from_environment(&lookup(&[("COLORFGBG", value)]));
            assert_eq!(found, expected, "{value}");
        }
        assert_eq!(background_from_environment(&lookup(&[])), None);
    }

    #[test]
    fn some_terminals_must_not_be_asked() {
        assert!(may_be_asked(&lookup(&[("TERM", "xterm-256color")])));
        assert!(may_be_asked(&lookup(&[
            ("TERM", "screen-256color"),
            ("TMUX", "x")
        ])));
        for term in ["", "linux", "dumb", "screen", "Eterm"] {
            assert!(!may_be_asked(&lookup(&[("TERM", term)])), "{term}");
        }
        assert!(!may_be_asked(&lookup(&[
            ("TERM", "xterm"),
            ("NO_COLOR", "1")
        ])));
    }
}
