//! One styled screen for each theme, and one without colours.

use cutover::config::settings::Symbols;
use cutover::config::terminal::ColorDepth;
use insta::assert_snapshot;

use crate::paint::{buffer, look, plain, styled};
use crate::world::evening;

fn board(theme: &str, depth: ColorDepth) -> String {
    styled(&buffer(
        &evening(),
        &look(theme, depth, Symbols::Unicode),
        120,
        24,
    ))
}

#[test]
fn dark() {
    assert_snapshot!(board("dark", ColorDepth::TrueColor));
}

#[test]
fn light() {
    assert_snapshot!(board("light", ColorDepth::TrueColor));
}

#[test]
fn high_contrast() {
    assert_snapshot!(board("high-contrast", ColorDepth::TrueColor));
}

#[test]
fn colour_blind() {
    assert_snapshot!(board("colour-blind", ColorDepth::TrueColor));
}

#[test]
fn sixteen_colours() {
    assert_snapshot!(board("dark", ColorDepth::Ansi16));
}

#[test]
fn without_colours() {
    assert_snapshot!(board("dark", ColorDepth::None));
}

#[test]
fn ascii() {
    let look = look("dark", ColorDepth::None, Symbols::Ascii);
    let screen = plain(&buffer(&evening(), &look, 120, 24));
    assert!(screen.is_ascii(), "{screen}");
    assert_snapshot!(screen);
}
