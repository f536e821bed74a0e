//! Terminals of every size, and text of every width.

use std::sync::LazyLock;

use cutover::app::model::Model;
use cutover::app::msg::Data;
use cutover::domain::service::{RolloutState, ServiceEvent};
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::fixture::{before, fetch, go, press};
use crate::paint::{buffer, dark, text};
use crate::world::{answered, deployment, evening, service};
use crate::{dialogs, logs, pipelines, pipes, release};

/// A model on each screen.
static SCREENS: LazyLock<Vec<Model>> = LazyLock::new(screens);

fn screens() -> Vec<Model> {
    let mut all = vec![
        evening(),
        release::open("checkout"),
        release::open("search"),
        logs::reading(),
        dialogs::production(),
        dialogs::followed(),
    ];
    let mut shop = pipelines::open("shop");
    for keys in [&["p"][..], &["enter"]] {
        all.push(shop.clone());
        press(&mut shop, keys);
    }
    all.push(shop);
    for name in ["gates", "pipelines"] {
        let mut model = pipes::known();
        go(&mut model, name);
        all.push(model.clone());
        pipelines::on(&mut model, "shop");
        press(&mut model, &["enter"]);
        all.push(model);
    }
    for name in [
        "clusters", "services", "taskdefs", "log", "errors", "actions", "help",
    ] {
        let mut model = evening();
        go(&mut model, name);
        all.push(model);
    }
    for key in ["d", "T", "p", "t", "S", "R", "/", ":"] {
        let mut model = evening();
        press(&mut model, &[key]);
        all.push(model);
    }
    all
}

#[test]
fn no_size_is_too_small() {
    for model in SCREENS.iter() {
        for (columns, rows) in [
            (1, 1),
            (20, 5),
            (39, 50),
            (200, 9),
            (40, 10),
            (41, 11),
            (2, 60),
        ] {
            buffer(model, &dark(), columns, rows);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]
    #[test]
    fn any_size_can_be_drawn(columns in 1u16..240, rows in 1u16..80, which in 0usize..100) {
        buffer(&SCREENS[which % SCREENS.len()], &dark(), columns, rows);
    }
}

#[test]
fn one_line_says_what_matters() {
    assert_snapshot!(text(&evening(), 30, 4));
}

#[test]
fn names_in_any_script() {
    let mut model = evening();
    let names = [
        "注文処理サービス-非常に長い名前のサービス-本番環境",
        "cafe\u{301}-re\u{301}sume\u{301}",
        "an-extraordinarily-long-service-name-that-somebody-chose-on-a-friday-afternoon",
    ];
    for name in names {
        let primary = deployment(name, 7, (1, 4, 1), RolloutState::InProgress, 200);
        let services = vec![service("prod-core", name, vec![primary])];
        fetch(
            &mut model,
            Data::Services {
                services,
                missing: Vec::new(),
            },
        );
    }
    answered(&mut model);
    assert_snapshot!("names_120", text(&model, 120, 30));
    assert_snapshot!("names_80", text(&model, 80, 30));
}

#[test]
fn text_from_outside_commands_nothing() {
    let mut model = evening();
    let hostile = "evil\u{1b}[31m\u{202e}name\u{7}";
    let primary = deployment(hostile, 7, (1, 4, 1), RolloutState::InProgress, 200);
    let mut one = service("prod-core", hostile, vec![primary]);
    one.events = vec![ServiceEvent {
        id: "1".into(),
        at: before(10),
        message: hostile.into(),
    }];
    let services = vec![one];
    let missing = Vec::new();
    fetch(&mut model, Data::Services { services, missing });
    answered(&mut model);
    press(&mut model, &["z", "down", "down", "enter"]);
    for _ in 0..2 {
        let screen = text(&model, 120, 40);
        assert!(screen.contains("evilname"), "{screen}");
        let odd = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!screen.contains(odd), "{screen:?}");
        assert!(!screen.contains("[31m"), "{screen}");
        press(&mut model, &["d"]);
        answered(&mut model);
    }
}
