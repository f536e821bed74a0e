//! Lines of input: the filter and the command line.

use crate::app::effect::Effect;
use crate::app::fixture::*;
use crate::app::model::{Mode, Model};
use crate::app::msg::Msg;
use crate::app::screen::Screen;
use crate::keys::{ACTIONS, Keymap};
use std::collections::BTreeMap;

fn filter(model: &Model) -> &str {
    model.navigation.current().list.filter.text()
}

/// The keys of all actions that type a character.
fn characters() -> String {
    ACTIONS
        .iter()
        .flat_map(|action| action.spec().keys)
        .filter(|key| key.chars().count() == 1)
        .copied()
        .collect()
}

#[test]
fn no_key_leaks_out_of_the_filter() {
    let mut model = watching();
    let characters = characters();
    assert!(characters.contains('R') && characters.contains('q'));
    press(&mut model, "/");
    let effects = type_text(&mut model, &characters);
    assert_eq!(effects, []);
    assert_eq!(filter(&model), characters);
    assert_eq!(*screen(&model), Screen::Releases);
    assert!(model.dialog.is_none() && model.operations.is_empty());
    press(&mut model, "ctrl-d ctrl-k ctrl-r pgdn f5 alt-x tab");
    assert_eq!(*screen(&model), Screen::Releases);
    assert!(model.dialog.is_none());
}

#[test]
fn no_key_leaks_out_of_the_command_line() {
    let mut model = watching();
    press(&mut model, ":");
    assert_eq!(type_text(&mut model, &characters()), []);
    assert!(matches!(&model.mode, Mode::Command(input) if input.value() == characters()));
    press(&mut model, "enter");
    assert!(
        notice(&model).contains("there is no screen"),
        "{}",
        notice(&model)
    );
    assert_eq!(*screen(&model), Screen::Releases);
}

#[test]
fn a_plain_key_bound_to_quit_still_types() {
    let own = BTreeMap::from([
        ("quit-now".to_owned(), vec!["X".to_owned()]),
        ("suspend".to_owned(), vec!["Z".to_owned()]),
    ]);
    let mut model = watching();
    model.keymap = Keymap::configured(&own).0;
    press(&mut model, "/");
    assert_eq!(press(&mut model, "X Z"), []);
    assert_eq!(filter(&model), "XZ");
    press(&mut model, "esc");
    assert_eq!(press(&mut model, "Z X"), [Effect::Suspend, Effect::Quit]);
}

#[test]
fn the_filter_works_while_it_is_typed_and_esc_brings_the_old_one_back() {
    let mut model = cockpit(vec![quiet("web"), quiet("api"), quiet("mailer")]);
    press(&mut model, ": s v c enter / w");
    assert_eq!(
        rows(&model),
        ["api", "mailer", "web"],
        "every row runs family web"
    );
    type_text(&mut model, "eb prod");
    assert_eq!(rows(&model), ["web"]);
    press(&mut model, "enter / x y");
    assert_eq!(rows(&model), Vec::<String>::new());
    press(&mut model, "esc");
    assert_eq!(filter(&model), "web prod");
    assert_eq!(rows(&model), ["web"]);
    press(&mut model, "/");
    assert_eq!(
        filter(&model),
        "web prod",
        "the old one stays until something is typed"
    );
    press(&mut model, "a p i enter");
    assert_eq!(rows(&model), ["api"], "a new filter replaces the old one");
    press(&mut model, "/ enter");
    assert_eq!(
        rows(&model).len(),
        3,
        "an empty filter lets everything pass"
    );
    press(&mut model, "/ backspace");
    assert!(
        matches!(model.mode, Mode::Screen),
        "backspace on nothing leaves"
    );
}

#[test]
fn the_cursor_moves_while_one_filters_and_keeps_its_place_over_an_empty_list() {
    let mut model = cockpit(vec![quiet("web"), quiet("api"), quiet("mailer")]);
    press(&mut model, ": s v c enter / down down");
    assert_eq!(selected(&model).as_deref(), Some("web"));
    press(&mut model, "enter / z z z");
    assert_eq!(selected(&model), None);
    press(&mut model, "up down esc");
    assert_eq!(selected(&model).as_deref(), Some("web"));
}

#[test]
fn pasting_types_without_control_characters_and_without_acting() {
    let mut model = watching();
    press(&mut model, "/");
    say(&mut model, OPENED, Msg::Paste("we\u{1b}[31mb\nR".into()));
    assert_eq!(filter(&model), "we[31mbR");
    press(&mut model, "esc");
    say(&mut model, OPENED, Msg::Paste("Rq".into()));
    assert!(model.dialog.is_none());
    press(&mut model, ":");
    say(&mut model, OPENED, Msg::Paste("err\n".into()));
    press(&mut model, "enter");
    assert_eq!(*screen(&model), Screen::Errors);
}

#[test]
fn a_line_of_input_has_an_end() {
    let mut model = watching();
    press(&mut model, "/");
    say(&mut model, OPENED, Msg::Paste("x".repeat(1_000)));
    type_text(&mut model, &"é".repeat(10));
    assert_eq!(filter(&model).len(), 255);
}

#[test]
fn commands_are_completed_abbreviated_and_explained() {
    let mut model = watching();
    press(&mut model, ": t a s k d tab enter");
    assert_eq!(*screen(&model), Screen::TaskDefinitions);
    press(&mut model, ": e r enter");
    assert_eq!(*screen(&model), Screen::Errors);
    press(&mut model, ": t a enter");
    assert!(
        notice(&model).contains("tasks or taskdefs"),
        "{}",
        notice(&model)
    );
    press(&mut model, ": l o g s enter");
    assert!(
        notice(&model).contains("select a service"),
        "{}",
        notice(&model)
    );
    press(&mut model, ": enter : esc : backspace");
    assert!(matches!(model.mode, Mode::Screen));
    assert_eq!(press(&mut model, ": q enter"), [Effect::Quit]);
}
