//! The board of releases.

use cutover::app::model::Model;
use cutover::app::row::RowId;
use insta::assert_snapshot;

use crate::fixture::{press, type_in};
use crate::paint::{buffer, dark, text};
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

/// The names of the services whose rows are drawn in the colours of trouble.
fn drawn_as_faults(model: &Model) -> Vec<String> {
    let look = dark();
    let trouble = [look.styles.failed().fg, look.styles.rolling_back().fg];
    let buffer = buffer(model, &look, 120, 40);
    let names = model.navigation.current().list.rows.iter();
    let names = names.filter_map(|row| match row {
        RowId::Release(_, service, _) => Some(service.name().to_owned()),
        _ => None,
    });
    names
        .filter(|name| {
            (0..40).any(|y| {
                let row: String = (0..120).map(|x| buffer[(x, y)].symbol()).collect();
                let status = buffer[(3, y)].style();
                row.contains(&format!(" {name} ")) && trouble.contains(&status.fg)
            })
        })
        .collect()
}

#[test]
fn only_what_is_wrong_is_what_is_drawn_as_wrong() {
    let mut model = evening();
    let drawn = drawn_as_faults(&model);
    assert!(drawn.len() >= 3, "{drawn:?}");
    press(&mut model, &["z"]);
    let rows = &model.navigation.current().list.rows;
    assert_eq!(drawn.len(), rows.len(), "{drawn:?} {rows:?}");
    assert_eq!(drawn_as_faults(&model), drawn);
}

#[test]
fn the_filter_finds_what_is_failing() {
    let mut model = evening();
    press(&mut model, &["/"]);
    type_in(&mut model, "failing");
    assert_eq!(model.navigation.current().list.rows.len(), 1);
    assert!(text(&model, 120, 24).contains("! failing"));
}
