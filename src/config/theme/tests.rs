//! The themes that come with the program, held against what eyes need.

use std::fs;
use std::path::Path;

use super::color::Rgb;
use super::load::{EMBEDDED, ThemeError, load};
use super::meaning::Meaning;
use super::{Theme, ThemeStyle};
use crate::config::finding::Finding;
use crate::config::settings::ThemeChoice;
use crate::config::terminal::Background;

fn embedded(name: &str) -> Theme {
    let nowhere = Path::new("/nowhere");
    let (theme, warnings) = load(&ThemeChoice::Named(name.into()), None, nowhere).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    theme
}

fn grounds(theme: &Theme) -> Vec<Rgb> {
    [Meaning::Text, Meaning::Selected, Meaning::Dialog]
        .iter()
        .map(|meaning| theme.style(*meaning).bg.unwrap().rgb)
        .collect()
}

/// The contrasts of a style on its own ground, or on every ground that it may be drawn on.
fn contrasts(theme: &Theme, meaning: Meaning) -> Vec<f64> {
    let style = theme.style(meaning);
    let fg = style.fg.or(theme.style(Meaning::Text).fg).unwrap().rgb;
    match style.bg {
        Some(ground) => vec![fg.contrast(ground.rgb)],
        None => grounds(theme)
            .into_iter()
            .map(|ground| fg.contrast(ground))
            .collect(),
    }
}

#[test]
fn every_theme_names_every_style() {
    for (name, _) in EMBEDDED {
        let theme = embedded(name);
        for meaning in Meaning::ALL {
            assert_ne!(
                theme.style(*meaning),
                ThemeStyle::default(),
                "{name} {}",
                meaning.name()
            );
        }
    }
}

#[test]
fn text_can_be_read_and_lines_can_be_seen() {
    let mut poor = Vec::new();
    for (name, _) in EMBEDDED {
        let theme = embedded(name);
        let least_for_text = if name == "high-contrast" { 7.0 } else { 4.5 };
        for meaning in Meaning::ALL {
            // Lines are drawn on the ground of the screen and of dialogs, and need less.
            let least = if meaning.is_graphic() {
                3.0
            } else {
                least_for_text
            };
            for (index, ratio) in contrasts(&theme, *meaning).into_iter().enumerate() {
                let is_line = matches!(meaning, Meaning::Border | Meaning::GaugeEmpty);
                if ratio < least && !(is_line && index == 1) {
                    poor.push(format!(
                        "{name} {} {ratio:.2} on ground {index}",
                        meaning.name()
                    ));
                }
            }
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
}

#[test]
fn the_colours_that_call_for_somebody_are_reserved() {
    for (name, _) in EMBEDDED {
        let theme = embedded(name);
        let uses = |meaning: Meaning| {
            let color = theme.style(meaning).fg.unwrap().rgb;
            let is_used = |style: ThemeStyle| {
                [style.fg, style.bg]
                    .into_iter()
                    .flatten()
                    .any(|paint| paint.rgb == color)
            };
            let all = Meaning::ALL.iter().copied();
            all.filter(|other| is_used(theme.style(*other)))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            uses(Meaning::Failed),
            [Meaning::Failed, Meaning::RollingBack],
            "{name}"
        );
        assert_eq!(uses(Meaning::Waiting), [Meaning::Waiting], "{name}");
    }
}

/// What an eye without red or green cones sees, by the simulation of Viénot, Brettel and Mollon
/// (1999): colours as light, through the cones, with the missing one filled in from the others.
fn seen_without(missing: Cone, color: Rgb) -> [f64; 3] {
    let linear = |part: u8| (f64::from(part) / 255.0).powf(2.2);
    let (red, green, blue) = (linear(color.red), linear(color.green), linear(color.blue));
    let long = 17.8824 * red + 43.5161 * green + 4.11935 * blue;
    let middle = 3.45565 * red + 27.1554 * green + 3.86714 * blue;
    let short = 0.029_956_6 * red + 0.184_309 * green + 1.467_09 * blue;
    let (long, middle) = match missing {
        Cone::Red => (2.02344 * middle - 2.52581 * short, middle),
        Cone::Green => (long, 0.494_207 * long + 1.24827 * short),
    };
    let red = 0.080_944 * long - 0.130_504 * middle + 0.116_721 * short;
    let green = -0.010_248_5 * long + 0.054_019_4 * middle - 0.113_615 * short;
    let blue = -0.000_365_294 * long - 0.004_121_63 * middle + 0.693_513 * short;
    lab([red, green, blue])
}

#[derive(Copy, Clone, Debug)]
enum Cone {
    Red,
    Green,
}

/// Light to CIELAB, where a distance of 1 is what an eye can just tell apart.
fn lab([red, green, blue]: [f64; 3]) -> [f64; 3] {
    let curve = |value: f64| {
        if value > 0.008_856 {
            value.cbrt()
        } else {
            7.787 * value + 16.0 / 116.0
        }
    };
    let x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
    let y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue);
    let z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn the_colour_blind_theme_can_be_told_apart_without_red_or_green() {
    let theme = embedded("colour-blind");
    let pairs = [
        (Meaning::Failed, Meaning::Waiting),
        (Meaning::Failed, Meaning::Moving),
        (Meaning::Failed, Meaning::Succeeded),
        (Meaning::Waiting, Meaning::Moving),
        (Meaning::Waiting, Meaning::Succeeded),
        (Meaning::Waiting, Meaning::Text),
        (Meaning::Failed, Meaning::Text),
        (Meaning::Moving, Meaning::Succeeded),
        (Meaning::OldSide, Meaning::NewSide),
        (Meaning::TrafficOld, Meaning::TrafficNew),
        (Meaning::DiffAdded, Meaning::DiffRemoved),
    ];
    for missing in [Cone::Red, Cone::Green] {
        for (left, right) in pairs {
            let see = |meaning| seen_without(missing, theme.style(meaning).fg.unwrap().rgb);
            let parts = see(left).into_iter().zip(see(right));
            let distance = parts
                .map(|(left, right)| (left - right).powi(2))
                .sum::<f64>()
                .sqrt();
            assert!(
                distance >= 20.0,
                "{missing:?} {left:?} {right:?} {distance:.1}"
            );
        }
    }
}

fn load_from(directory: &Path, name: &str) -> Result<(Theme, Vec<Finding>), ThemeError> {
    load(&ThemeChoice::Named(name.into()), None, directory)
}

#[test]
fn auto_follows_the_terminal() {
    let auto = |background| {
        load(&ThemeChoice::Auto, background, Path::new("/nowhere"))
            .unwrap()
            .0
    };
    assert_eq!(auto(Some(Background::Light)), embedded("light"));
    assert_eq!(auto(Some(Background::Dark)), embedded("dark"));
    assert_eq!(auto(None), embedded("dark"));
}

#[test]
fn a_theme_of_ones_own_inherits_and_changes_a_part() {
    let directory = tempfile::tempdir().unwrap();
    let text = "inherits = 'light'\n[palette]\nalarm = '#700000'\n\
                [styles]\ntitle = { fg = 'alarm', underlined = true }\n";
    fs::write(directory.path().join("mine.toml"), text).unwrap();
    let (theme, warnings) = load_from(directory.path(), "mine").unwrap();
    assert!(warnings.is_empty());
    let color = Rgb::parse("#700000");
    let failed = theme.style(Meaning::Failed);
    assert_eq!(failed.fg.map(|paint| paint.rgb), color);
    assert_eq!(
        failed.fg.unwrap().ansi16,
        None,
        "the old choice was made for another colour"
    );
    assert!(
        failed.attributes.bold,
        "the style is still the inherited one"
    );
    let title = theme.style(Meaning::Title);
    assert!(
        title.attributes.underlined && !title.attributes.bold,
        "a style is replaced whole"
    );
    assert_eq!(
        theme.style(Meaning::Text),
        embedded("light").style(Meaning::Text)
    );
}

#[test]
fn a_file_may_hide_a_theme_of_the_program_and_stand_on_it() {
    let directory = tempfile::tempdir().unwrap();
    let text = "inherits = 'dark'\n[palette]\nink = '#eeeeee'\n";
    fs::write(directory.path().join("dark.toml"), text).unwrap();
    let (theme, _) = load(&ThemeChoice::Auto, None, directory.path()).unwrap();
    assert_eq!(
        theme.style(Meaning::Text).fg.unwrap().rgb,
        Rgb::new(0xee, 0xee, 0xee)
    );
    assert_eq!(
        theme.style(Meaning::Failed),
        embedded("dark").style(Meaning::Failed)
    );
}

#[test]
fn a_path_is_a_theme_too() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("elsewhere.toml");
    fs::write(&path, "").unwrap();
    let (theme, _) = load(&ThemeChoice::File(path), None, Path::new("/nowhere")).unwrap();
    assert_eq!(
        theme,
        embedded("dark"),
        "without inherits it stands on dark"
    );
}

#[test]
fn what_is_wrong_is_told_with_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("a.toml", "inherits = 'b'");
    write("b.toml", "inherits = 'a'");
    write("lost.toml", "\n[styles]\ntext = { fg = 'nowhere' }");
    write("bad.toml", "[palette]\nink = 'grey'");
    write("orphan.toml", "# mine\ninherits = 'darkk'");
    write("self.toml", "inherits = 'self'");
    for (name, expected) in [
        ("orphan", "orphan.toml:2: there is no theme darkk"),
        ("self", "the theme inherits from itself: "),
        ("sea", "there is no theme sea"),
        ("sea", "dark, light, high-contrast, colour-blind"),
        ("../a", "there is no theme ../a"),
        ("a", "the theme inherits from itself: "),
        (
            "lost",
            "lost.toml:3: the palette has no colour nowhere; it has accent, alarm",
        ),
        (
            "bad",
            "bad.toml:2: palette.ink is 'grey', but must be a colour",
        ),
    ] {
        let error = load_from(directory.path(), name).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let missing = ThemeChoice::File(directory.path().join("none.toml"));
    let error = load(&missing, None, directory.path())
        .unwrap_err()
        .to_string();
    assert!(error.contains("cannot read the theme"), "{error}");
}
