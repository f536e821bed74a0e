//! One release.

use cutover::app::model::Model;
use insta::assert_snapshot;

use crate::fixture::press;
use crate::paint::{dark, plain, show, text};
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
    assert_snapshot!(text(&model, 80, 18));
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
fn scrolling_ends_with_the_last_line_in_sight_and_one_key_leads_back() {
    let mut model = open("checkout");
    let shown = |model: &mut Model| plain(&show(model, &dark(), 80, 18));
    shown(&mut model);
    press(&mut model, &["end", "pgdn", "pgdn"]);
    let at_the_end = shown(&mut model);
    assert!(at_the_end.contains("the release starts"), "{at_the_end}");
    press(&mut model, &["down"]);
    assert_eq!(shown(&mut model), at_the_end);
    press(&mut model, &["up"]);
    assert_ne!(shown(&mut model), at_the_end);
    press(&mut model, &["down"]);
    assert_eq!(shown(&mut model), at_the_end);
}
