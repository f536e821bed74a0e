//! The inbox of everything that waits for a person, and one approval.

use cutover::app::effect::Effect;
use cutover::app::model::Model;
use cutover::app::msg::Data;
use cutover::app::query::Query;
use cutover::app::screen::Screen;
use cutover::config::settings::Symbols;
use cutover::config::terminal::ColorDepth;
use cutover::domain::failure::FailureKind;
use insta::assert_snapshot;

use crate::fixture::{end, failure, go, press, signed_in};
use crate::paint::{buffer, look, plain, text};
use crate::pipelines::on;
use crate::pipes::known;
use crate::world::answered;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

fn inbox() -> Model {
    let mut model = known();
    go(&mut model, "gates");
    answered(&mut model);
    model
}

#[test]
fn what_ends_soonest_is_on_top() {
    let model = inbox();
    for (columns, rows) in SIZES {
        assert_snapshot!(format!("gates_{columns}"), text(&model, columns, rows));
    }
    let ascii = look("dark", ColorDepth::None, Symbols::Ascii);
    assert_snapshot!("gates_ascii", plain(&buffer(&model, &ascii, 120, 24)));
}

#[test]
fn an_empty_inbox_is_quiet_and_says_what_was_not_read() {
    let mut model = signed_in();
    go(&mut model, "inbox");
    answered(&mut model);
    assert_snapshot!("gates_nothing", text(&model, 80, 16));
    let denied = failure(
        "codepipeline:ListPipelines",
        FailureKind::AccessDenied,
        "oncall is not authorized to perform: codepipeline:ListPipelines",
    );
    end(&mut model, Query::Pipelines, Err(denied));
    assert_snapshot!("gates_denied", text(&model, 80, 16));
}

#[test]
fn an_approval_shows_what_it_lets_through() {
    let mut model = inbox();
    on(&mut model, "shop");
    press(&mut model, &["enter"]);
    answered(&mut model);
    for (columns, rows) in SIZES {
        assert_snapshot!(format!("gate_{columns}"), text(&model, columns, rows));
    }
}

#[test]
fn a_release_that_waits_opens_its_own_screen() {
    let mut model = inbox();
    press(&mut model, &["enter"]);
    let screen = &model.navigation.current().screen;
    assert!(matches!(screen, Screen::Release { .. }), "{screen:?}");
}

#[test]
fn every_screen_counts_what_waits() {
    let mut model = known();
    for name in ["releases", "clusters", "pipelines", "help"] {
        go(&mut model, name);
        let screen = text(&model, 120, 24);
        let title = screen.lines().nth(1).unwrap();
        assert!(title.contains("waiting for you"), "{title}");
    }
}

/// The announcements among effects.
fn told(effects: &[Effect]) -> Vec<&str> {
    let notices = effects.iter().filter_map(|effect| match effect {
        Effect::Notify(words) => Some(words.as_str()),
        _ => None,
    });
    notices.collect()
}

#[test]
fn what_waited_when_the_program_opened_is_not_announced() {
    let mut model = known();
    let effects = press(&mut model, &["j", "k"]);
    assert_eq!(told(&effects), Vec::<&str>::new());
    assert_eq!(model.warning, None);
}

#[test]
fn an_approval_that_appears_is_announced_once() {
    let mut model = known();
    let pipeline = cutover::domain::pipeline::PipelineName::new("shop");
    let store = model.contexts[0].clone();
    let waiting = store.pipeline_state(&pipeline).unwrap().clone();
    let mut before = waiting.clone();
    let run = before.stages[3].actions[0].latest.as_mut().unwrap();
    run.status = cutover::domain::pipeline::ActionStatus::Failed;
    run.token = None;
    let mut retried = waiting.clone();
    let run = retried.stages[3].actions[0].latest.as_mut().unwrap();
    run.token = Some("another".into());
    let tell = |model: &mut Model, state: &cutover::domain::pipeline::PipelineState| {
        let data = Data::PipelineState {
            pipeline: pipeline.clone(),
            state: Some(Box::new(state.clone())),
        };
        crate::fixture::fetch(model, data);
        let effects = cutover::app::update::settle(model);
        told(&effects)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(tell(&mut model, &before).is_empty());
    assert!(
        tell(&mut model, &waiting).is_empty(),
        "it was there when the program opened"
    );
    let words = ["shop waits for your approval: Approve in Prod"];
    assert_eq!(tell(&mut model, &before).len(), 0);
    assert_eq!(tell(&mut model, &retried), words);
    assert_eq!(tell(&mut model, &before).len(), 0);
    assert_eq!(tell(&mut model, &retried).len(), 0, "the same one again");
    go(&mut model, "clusters");
    assert!(text(&model, 100, 24).contains(words[0]));
}
