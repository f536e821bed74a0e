//! The last lines: input, notices, keys that are off, and actions on their way.

use cutover::app::msg::Msg;
use cutover::app::update::update;
use insta::assert_snapshot;

use crate::dialogs::followed;
use crate::fixture::{before, now, press, type_in};
use crate::paint::text;
use crate::world::evening;

/// The last lines of a screen.
fn foot(screen: &str, lines: usize) -> String {
    let all: Vec<&str> = screen.lines().collect();
    all[all.len() - lines..].join("\n")
}

#[test]
fn a_command_with_what_tab_would_add() {
    let mut model = evening();
    press(&mut model, &[":"]);
    assert_snapshot!("command_empty", foot(&text(&model, 120, 24), 2));
    type_in(&mut model, "re");
    assert_snapshot!("command_begun", foot(&text(&model, 120, 24), 2));
}

#[test]
fn a_filter_as_it_is_typed() {
    let mut model = evening();
    press(&mut model, &["/"]);
    assert_snapshot!("filter_empty", foot(&text(&model, 120, 24), 2));
    type_in(&mut model, "pay");
    assert_snapshot!("filter_begun", foot(&text(&model, 120, 24), 2));
}

#[test]
fn a_notice_stays_a_while() {
    let mut model = evening();
    update(
        &mut model,
        now(),
        Msg::Notice("copied arn:aws:ecs:…".into()),
    );
    assert_snapshot!(foot(&text(&model, 80, 24), 2));
    let later = before(-60);
    update(&mut model, later, Msg::Tick);
    assert!(!text(&model, 80, 24).contains("copied"));
}

#[test]
fn what_has_to_be_read_comes_back_after_what_is_said_in_passing() {
    let mut model = evening();
    model.warn("config.toml:3: there is no theme of that name");
    update(&mut model, before(-20), Msg::Tick);
    assert!(text(&model, 80, 24).contains("config.toml:3"));
    press(&mut model, &["y"]);
    assert!(!text(&model, 80, 24).contains("config.toml:3"));
    update(&mut model, before(-40), Msg::Tick);
    assert!(text(&model, 80, 24).contains("config.toml:3"));
    update(&mut model, before(-61), Msg::Tick);
    assert!(!text(&model, 80, 24).contains("config.toml:3"));
}

#[test]
fn on_a_low_terminal_the_notice_takes_the_place_of_the_keys() {
    let mut model = evening();
    update(&mut model, now(), Msg::Notice("copied".into()));
    assert_snapshot!(foot(&text(&model, 60, 12), 1));
}

#[test]
fn read_only_says_why_keys_are_off() {
    let mut model = evening();
    model.preferences.read_only = true;
    let screen = text(&model, 120, 24);
    assert!(screen.lines().next().unwrap().contains("READ-ONLY"));
    assert_snapshot!(foot(&screen, 2));
}

#[test]
fn actions_on_their_way() {
    assert_snapshot!(foot(&text(&followed(), 120, 24), 4));
}
