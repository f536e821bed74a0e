//! Terminals of every size, and text of every width.

use cutover::app::model::Model;
use cutover::app::msg::Data;
use cutover::domain::service::RolloutState;
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::fixture::{fetch, go, press};
use crate::paint::{buffer, dark, text};
use crate::world::{answered, deployment, evening, service};
use crate::{dialogs, logs, release};

/// A model on each screen.
fn screens() -> Vec<Model> {
    let mut all = vec![
        evening(),
        release::open("checkout"),
        release::open("search"),
        logs::reading(),
        dialogs::production(),
        dialogs::followed(),
    ];
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
    for model in screens() {
        for (columns, rows) in [
            (1, 1),
            (20, 5),
            (39, 50),
            (200, 9),
            (40, 10),
            (41, 11),
            (2, 60),
        ] {
            buffer(&model, &dark(), columns, rows);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_size_can_be_drawn(columns in 1u16..240, rows in 1u16..80, which in 0usize..100) {
        let screens = screens();
        buffer(&screens[which % screens.len()], &dark(), columns, rows);
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
