//! Every kind of release, on the board and on a screen of its own.

use cutover::app::model::Model;
use cutover::config::settings::Symbols;
use cutover::config::terminal::ColorDepth;
use insta::assert_snapshot;

use crate::fixture::press;
use crate::paint::{buffer, look, plain, styled, text};
use crate::shifts::everything;
use crate::world::answered;

/// Opens the release of a service from the board.
pub fn open(name: &str) -> Model {
    let mut model = everything();
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
fn on_the_board() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 50), (40, 12)] {
        assert_snapshot!(
            format!("board_{columns}"),
            text(&everything(), columns, rows)
        );
    }
}

#[test]
fn on_their_own() {
    let names = [
        "payments", "search", "catalog", "orders", "gateway", "images", "legacy", "mirror",
        "profile",
    ];
    for name in names {
        let model = open(name);
        for (columns, rows) in [(80, 24), (120, 40)] {
            assert_snapshot!(format!("{name}_{columns}"), text(&model, columns, rows));
        }
    }
}

#[test]
fn in_the_history_of_a_service() {
    let mut model = open("payments");
    press(&mut model, &["p"]);
    answered(&mut model);
    for columns in [80, 120, 200] {
        assert_snapshot!(format!("history_{columns}"), text(&model, columns, 16));
    }
}

#[test]
fn what_is_known_of_a_service() {
    for name in ["payments", "gateway"] {
        let mut model = open(name);
        press(&mut model, &["d"]);
        answered(&mut model);
        assert_snapshot!(format!("describe_{name}"), text(&model, 100, 36));
    }
}

#[test]
fn the_widest_and_the_narrowest() {
    assert_snapshot!("payments_200", text(&open("payments"), 200, 50));
    assert_snapshot!("catalog_200", text(&open("catalog"), 200, 50));
    assert_snapshot!("payments_40", text(&open("payments"), 40, 30));
    assert_snapshot!("gateway_40", text(&open("gateway"), 40, 30));
}

#[test]
fn without_colours_and_with_ascii_only() {
    let look = look("dark", ColorDepth::None, Symbols::Ascii);
    for (name, model) in [
        ("board", everything()),
        ("payments", open("payments")),
        ("search", open("search")),
    ] {
        let buffer = buffer(&model, &look, 120, 30);
        let screen = plain(&buffer);
        assert!(screen.is_ascii(), "{screen}");
        assert_snapshot!(format!("{name}_ascii"), styled(&buffer));
    }
}
