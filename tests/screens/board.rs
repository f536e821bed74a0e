//! The board of releases.

use insta::assert_snapshot;

use crate::fixture::{press, type_in};
use crate::paint::text;
use crate::world::evening;

#[test]
fn wide() {
    assert_snapshot!(text(&evening(), 200, 50));
}

#[test]
fn usual() {
    assert_snapshot!(text(&evening(), 120, 40));
}

#[test]
fn narrow() {
    assert_snapshot!(text(&evening(), 80, 24));
}

#[test]
fn smallest() {
    assert_snapshot!(text(&evening(), 40, 12));
}

#[test]
fn the_cursor_on_a_release_that_can_be_steered() {
    let mut model = evening();
    press(&mut model, &["j", "j"]);
    assert_snapshot!(text(&model, 120, 24));
}

#[test]
fn filtered_and_sorted() {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "prod");
    press(&mut model, &["enter", "o", "o", "O"]);
    assert_snapshot!(text(&model, 120, 20));
}

#[test]
fn only_what_is_wrong() {
    let mut model = evening();
    press(&mut model, &["z"]);
    assert_snapshot!(text(&model, 120, 16));
}
