//! One release.

use cutover::app::model::Model;
use cutover::view::furthest_scroll;
use insta::assert_snapshot;

use crate::fixture::press;
use crate::paint::{dark, text};
use crate::world::{answered, evening};

/// Opens the release of a service from the board.
pub fn open(name: &str) -> Model {
    let mut model = evening();
    let row = model
        .navigation
        .current()
        .list
        .rows
        .iter()
        .position(|row| format!("{row:?}").contains(&format!("/{name}\"")))
        .unwrap();
    model.navigation.current_mut().list.move_to(row);
    press(&mut model, &["enter"]);
    answered(&mut model);
    model
}

#[test]
fn rolling_back_wide() {
    assert_snapshot!(text(&open("checkout"), 200, 50));
}

#[test]
fn rolling_back() {
    assert_snapshot!(text(&open("checkout"), 120, 40));
}

#[test]
fn rolling_back_narrow() {
    assert_snapshot!(text(&open("checkout"), 80, 24));
}

#[test]
fn scrolled() {
    let mut model = open("checkout");
    press(&mut model, &["pgdn"]);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn failing() {
    assert_snapshot!(text(&open("payments"), 120, 24));
}

#[test]
fn canary_with_traffic() {
    assert_snapshot!(text(&open("search"), 120, 24));
}

#[test]
fn moved_by_codedeploy() {
    assert_snapshot!(text(&open("gateway"), 80, 24));
}

#[test]
fn rolled_back() {
    assert_snapshot!(text(&open("profile"), 120, 24));
}

#[test]
fn scrolling_ends_with_the_last_line_in_sight() {
    let mut model = open("checkout");
    (model.columns, model.rows) = (80, 24);
    let furthest = furthest_scroll(&model, &dark());
    assert!(furthest > 0);
    model.navigation.current_mut().scroll = furthest;
    let at_the_end = text(&model, 80, 24);
    assert!(at_the_end.contains("the release starts"), "{at_the_end}");
    model.navigation.current_mut().scroll = furthest + 100;
    assert_eq!(text(&model, 80, 24), at_the_end);
}

#[test]
fn a_list_does_not_scroll_as_text_does() {
    assert_eq!(furthest_scroll(&evening(), &dark()), 0);
}
