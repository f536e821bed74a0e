//! Styles by meaning, fitted to the terminal.
//!
//! A view fills its area with [`Styles::text`] or [`Styles::dialog`], then puts other styles on
//! top. A style without a ground of its own keeps the ground that is there, so that the row under
//! the cursor stays marked.

use ratatui::style::{Color, Modifier, Style};

use crate::config::terminal::ColorDepth;
use crate::config::theme::color::Rgb;
use crate::config::theme::meaning::Meaning;
use crate::config::theme::source::Attributes;
use crate::config::theme::{Paint, Theme, ThemeStyle};

/// The styles of a theme on a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Styles {
    /// One style for each meaning, in the order of [`Meaning::ALL`].
    styles: Vec<Style>,
}

impl Styles {
    /// Fits a theme to a terminal of that depth. With [`ColorDepth::None`], the theme does not
    /// count: fixed attributes carry the meaning.
    pub fn new(theme: &Theme, depth: ColorDepth) -> Self {
        let ground = theme.style(Meaning::Text).bg;
        let fit = |meaning: &Meaning| match depth {
            ColorDepth::None => Style::new().add_modifier(without_color(*meaning)),
            // No ground among sixteen colours lets all the others be read on it. Swapped with
            // their ground, they keep the contrast that they have.
            ColorDepth::Ansi16 if *meaning == Meaning::Selected => {
                Style::new().add_modifier(Modifier::REVERSED)
            }
            _ => with_color(theme.style(*meaning), ground, depth),
        };
        Self {
            styles: Meaning::ALL.iter().map(fit).collect(),
        }
    }

    /// The style of a meaning, for code that has the meaning at hand as a value.
    pub fn of(&self, meaning: Meaning) -> Style {
        self.styles
            .get(meaning as usize)
            .copied()
            .unwrap_or_default()
    }
}

/// Writes one method for each meaning.
macro_rules! methods {
    ($($name:ident $variant:ident $about:literal,)*) => {
        impl Styles {
            $(
                #[doc = $about]
                pub fn $name(&self) -> Style {
                    self.of(Meaning::$variant)
                }
            )*
        }

        /// Each method with the meaning that it stands for, to hold the two lists together.
        #[cfg(test)]
        const METHODS: &[(&str, Meaning)] = &[$((stringify!($name), Meaning::$variant),)*];
    };
}

methods! {
    text Text "Ordinary text and the ground of the screen.",
    quiet Quiet "What matters less.",
    title Title "The title of a screen or a panel.",
    column_header ColumnHeader "The header of a table.",
    selected Selected "The row under the cursor.",
    border Border "Lines around and between panels.",
    border_focused BorderFocused "Lines around the panel that has the focus.",
    key Key "A key in the hint line.",
    key_off KeyOff "A key that cannot be used now.",
    succeeded Succeeded "It went well.",
    failed Failed "It failed. Nothing but rolling back shares the colour.",
    rolling_back RollingBack "It is being rolled back.",
    waiting Waiting "It needs you. Nothing else has the colour.",
    moving Moving "It is in flight.",
    timer Timer "It waits for a timer.",
    warning Warning "Something is not as it was asked for.",
    stale Stale "Data that is old.",
    stopped Stopped "It was stopped.",
    superseded Superseded "A newer one took its place.",
    unknown Unknown "What the program does not know.",
    production Production "The banner of production.",
    demo Demo "The banner of the demo.",
    read_only ReadOnly "The mark of read-only.",
    old_side OldSide "The old side of a release.",
    new_side NewSide "The new side of a release.",
    traffic_old TrafficOld "Traffic on the old side.",
    traffic_new TrafficNew "Traffic on the new side.",
    gauge_full GaugeFull "The full part of a gauge.",
    gauge_empty GaugeEmpty "The empty part of a gauge.",
    search_match SearchMatch "What a search or a filter found.",
    log_error LogError "A log line of level error.",
    log_warn LogWarn "A log line of level warn.",
    log_info LogInfo "A log line of level info.",
    log_debug LogDebug "A log line of level debug or trace.",
    diff_added DiffAdded "A line that a diff adds.",
    diff_removed DiffRemoved "A line that a diff removes.",
    dialog Dialog "The text and ground of a dialog.",
    dialog_danger DialogDanger "The title and frame of a dialog that changes production.",
    button Button "A button.",
    button_selected ButtonSelected "The button that Enter presses.",
    error_text ErrorText "What went wrong with a call or an input.",
}

/// What carries the meaning on a terminal without colours. Slanted text is left out: terminals
/// without colours rarely have it.
fn without_color(meaning: Meaning) -> Modifier {
    const NOTHING: Modifier = Modifier::empty();
    match meaning {
        Meaning::Production | Meaning::DialogDanger | Meaning::ButtonSelected => {
            Modifier::BOLD.union(Modifier::REVERSED)
        }
        Meaning::Selected | Meaning::Demo => Modifier::REVERSED,
        Meaning::Waiting => Modifier::BOLD.union(Modifier::REVERSED),
        Meaning::Failed
        | Meaning::RollingBack
        | Meaning::ErrorText
        | Meaning::Warning
        | Meaning::LogError => Modifier::BOLD.union(Modifier::UNDERLINED),
        Meaning::SearchMatch | Meaning::ReadOnly | Meaning::ColumnHeader => Modifier::UNDERLINED,
        Meaning::Title
        | Meaning::Key
        | Meaning::BorderFocused
        | Meaning::NewSide
        | Meaning::TrafficNew
        | Meaning::GaugeFull
        | Meaning::LogWarn
        | Meaning::DiffAdded
        | Meaning::Moving => Modifier::BOLD,
        Meaning::Quiet
        | Meaning::KeyOff
        | Meaning::Stale
        | Meaning::Stopped
        | Meaning::Superseded
        | Meaning::GaugeEmpty
        | Meaning::LogDebug
        | Meaning::DiffRemoved => Modifier::DIM,
        Meaning::Text
        | Meaning::Border
        | Meaning::Succeeded
        | Meaning::Timer
        | Meaning::Unknown
        | Meaning::OldSide
        | Meaning::TrafficOld
        | Meaning::LogInfo
        | Meaning::Dialog
        | Meaning::Button => NOTHING,
    }
}

fn with_color(style: ThemeStyle, ground: Option<Paint>, depth: ColorDepth) -> Style {
    let mut fitted = Style::new().add_modifier(modifiers(style.attributes));
    let number = |paint: Paint| match depth {
        ColorDepth::Ansi16 => paint.ansi16.unwrap_or_else(|| paint.rgb.nearest_16()),
        _ => paint.rgb.nearest_256(),
    };
    let color = |paint: Paint| match depth {
        ColorDepth::TrueColor => Color::Rgb(paint.rgb.red, paint.rgb.green, paint.rgb.blue),
        _ => numbered(number(paint)),
    };
    fitted.bg = style.bg.map(color);
    fitted.fg = style.fg.map(color);
    // Two colours that are near may become the same one, and the text would be gone.
    if let (true, Some(text), Some(under)) = (fitted.fg.is_some(), style.fg, style.bg.or(ground))
        && depth != ColorDepth::TrueColor
        && number(text) == number(under)
    {
        fitted.fg = Some(opposite(Rgb::of_number(number(under))));
    }
    fitted
}

/// Black or white, whichever can be read better.
fn opposite(ground: Rgb) -> Color {
    let white = Rgb::new(255, 255, 255);
    let black = Rgb::new(0, 0, 0);
    if ground.contrast(white) > ground.contrast(black) {
        Color::White
    } else {
        Color::Black
    }
}

/// The first sixteen have names of their own, which old terminals understand better.
fn numbered(number: u8) -> Color {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    NAMED
        .get(usize::from(number))
        .copied()
        .unwrap_or(Color::Indexed(number))
}

fn modifiers(attributes: Attributes) -> Modifier {
    let Attributes {
        bold,
        dim,
        italic,
        underlined,
        reversed,
    } = attributes;
    [
        (bold, Modifier::BOLD),
        (dim, Modifier::DIM),
        (italic, Modifier::ITALIC),
        (underlined, Modifier::UNDERLINED),
        (reversed, Modifier::REVERSED),
    ]
    .into_iter()
    .filter_map(|(is_set, modifier)| is_set.then_some(modifier))
    .fold(Modifier::empty(), Modifier::union)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::settings::ThemeChoice;
    use crate::config::theme::load::{EMBEDDED, load};

    fn theme(name: &str) -> Theme {
        load(
            &ThemeChoice::Named(name.into()),
            None,
            Path::new("/nowhere"),
        )
        .unwrap()
        .0
    }

    const DEPTHS: [ColorDepth; 4] = [
        ColorDepth::None,
        ColorDepth::Ansi16,
        ColorDepth::Ansi256,
        ColorDepth::TrueColor,
    ];

    fn number(color: Color) -> u8 {
        match color {
            Color::Indexed(number) => number,
            named => (0..16).find(|number| numbered(*number) == named).unwrap(),
        }
    }

    #[test]
    fn every_meaning_has_a_method_of_its_name() {
        let expected: Vec<_> = Meaning::ALL
            .iter()
            .map(|meaning| (meaning.name(), *meaning))
            .collect();
        assert_eq!(METHODS, expected);
    }

    #[test]
    fn each_depth_uses_only_what_it_has() {
        for (name, _) in EMBEDDED {
            for depth in DEPTHS {
                let styles = Styles::new(&theme(name), depth);
                for meaning in Meaning::ALL {
                    let style = styles.of(*meaning);
                    for color in [style.fg, style.bg].into_iter().flatten() {
                        let fits = match color {
                            Color::Rgb(..) => depth == ColorDepth::TrueColor,
                            Color::Indexed(number) => depth == ColorDepth::Ansi256 && number >= 16,
                            _ => depth == ColorDepth::Ansi16,
                        };
                        assert!(fits, "{name} {depth:?} {meaning:?} {color:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn without_colours_what_matters_is_still_marked() {
        let styles = Styles::new(&theme("dark"), ColorDepth::None);
        assert_eq!(styles.text(), Style::new());
        let strong = Modifier::BOLD | Modifier::REVERSED;
        assert_eq!(styles.production(), Style::new().add_modifier(strong));
        assert_eq!(styles.waiting(), Style::new().add_modifier(strong));
        assert_eq!(styles.failed(), styles.rolling_back());
        for marked in [
            styles.failed(),
            styles.selected(),
            styles.key(),
            styles.key_off(),
        ] {
            assert_ne!(marked, styles.text());
        }
        assert_ne!(styles.failed(), styles.waiting());
        assert_ne!(styles.button(), styles.button_selected());
    }

    #[test]
    fn few_colours_can_still_be_read() {
        let mut poor = Vec::new();
        for (name, _) in EMBEDDED {
            for (depth, least) in [(ColorDepth::Ansi16, 3.0), (ColorDepth::Ansi256, 4.0)] {
                let styles = Styles::new(&theme(name), depth);
                for meaning in Meaning::ALL.iter().filter(|meaning| !meaning.is_graphic()) {
                    let style = styles.of(*meaning);
                    let fg = Rgb::of_number(number(style.fg.or(styles.text().fg).unwrap()));
                    let grounds = match style.bg {
                        Some(own) => vec![Some(own)],
                        None => vec![styles.text().bg, styles.selected().bg, styles.dialog().bg],
                    };
                    for ground in grounds.into_iter().flatten() {
                        let ratio = fg.contrast(Rgb::of_number(number(ground)));
                        if ratio < least {
                            poor.push(format!("{name} {depth:?} {meaning:?} {ratio:.1} {ground}"));
                        }
                    }
                }
            }
        }
        assert!(poor.is_empty(), "{poor:#?}");
    }

    #[test]
    fn failing_and_waiting_stay_apart_from_the_rest_with_few_colours() {
        for (name, _) in EMBEDDED {
            let styles = Styles::new(&theme(name), ColorDepth::Ansi16);
            for meaning in Meaning::ALL {
                let style = styles.of(*meaning);
                let is_failed = matches!(meaning, Meaning::Failed | Meaning::RollingBack);
                let is_waiting = *meaning == Meaning::Waiting;
                assert_eq!(
                    style.fg == styles.failed().fg,
                    is_failed,
                    "{name} {meaning:?}"
                );
                assert_eq!(
                    style.fg == styles.waiting().fg,
                    is_waiting,
                    "{name} {meaning:?}"
                );
            }
        }
    }

    #[test]
    fn text_that_would_vanish_becomes_black_or_white() {
        let near = |red| {
            Some(Paint {
                rgb: Rgb::new(red, 0, 0),
                ansi16: None,
            })
        };
        let style = ThemeStyle {
            fg: near(3),
            bg: near(0),
            attributes: Attributes::default(),
        };
        for depth in [ColorDepth::Ansi16, ColorDepth::Ansi256] {
            assert_eq!(
                with_color(style, None, depth).fg,
                Some(Color::White),
                "{depth:?}"
            );
        }
        assert_eq!(
            with_color(style, None, ColorDepth::TrueColor).fg,
            Some(Color::Rgb(3, 0, 0))
        );
    }
}
