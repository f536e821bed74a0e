//! The screens of CodePipeline: pipelines, one pipeline, its executions, and one execution.

use cutover::app::effect::Effect;
use cutover::app::feed::log_feed;
use cutover::app::model::Model;
use cutover::app::screen::Screen;
use cutover::config::settings::Symbols;
use cutover::config::terminal::ColorDepth;
use insta::assert_snapshot;

use crate::fixture::{go, press, signed_in, type_in};
use crate::paint::{buffer, look, plain, styled, text};
use crate::pipes::known;
use crate::world::answered;

/// The sizes that each screen is looked at in.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

/// Moves to the row that names something.
pub fn on(model: &mut Model, name: &str) {
    let rows = &model.navigation.current().list.rows;
    let row = rows
        .iter()
        .position(|row| format!("{row:?}").contains(&format!("\"{name}\"")))
        .unwrap_or_else(|| panic!("no row {name}: {rows:?}"));
    model.navigation.current_mut().list.move_to(row);
}

fn pipelines() -> Model {
    let mut model = known();
    go(&mut model, "pipelines");
    answered(&mut model);
    model
}

pub fn open(name: &str) -> Model {
    let mut model = pipelines();
    on(&mut model, name);
    press(&mut model, &["enter"]);
    answered(&mut model);
    model
}

fn at(model: &Model) -> &'static str {
    model.navigation.current().screen.name()
}

#[test]
fn the_worst_pipeline_is_on_top() {
    let model = pipelines();
    for (columns, rows) in SIZES {
        assert_snapshot!(format!("pipelines_{columns}"), text(&model, columns, rows));
    }
}

#[test]
fn without_colour_and_beyond_ascii_they_say_the_same() {
    let model = pipelines();
    let ascii = look("dark", ColorDepth::TrueColor, Symbols::Ascii);
    assert_snapshot!("pipelines_ascii", plain(&buffer(&model, &ascii, 120, 24)));
    let bare = look("dark", ColorDepth::None, Symbols::Unicode);
    assert_snapshot!("pipelines_styles", styled(&buffer(&model, &bare, 100, 12)));
}

#[test]
fn stages_and_actions() {
    let model = open("shop");
    for (columns, rows) in SIZES {
        assert_snapshot!(format!("pipeline_{columns}"), text(&model, columns, rows));
    }
    let mut model = open("shop");
    on(&mut model, "Prod");
    assert_snapshot!("pipeline_stage", text(&model, 120, 40));
    let mut model = open("checkout");
    on(&mut model, "Build\", \"Build");
    assert_snapshot!("pipeline_failed", text(&model, 100, 30));
    let mut model = open("catalog");
    on(&mut model, "Prod");
    assert_snapshot!("pipeline_held", text(&model, 100, 30));
}

#[test]
fn executions() {
    let mut model = open("shop");
    press(&mut model, &["p"]);
    answered(&mut model);
    assert_eq!(at(&model), "executions");
    for (columns, rows) in SIZES {
        assert_snapshot!(format!("executions_{columns}"), text(&model, columns, rows));
    }
}

#[test]
fn one_execution() {
    let mut model = open("shop");
    press(&mut model, &["p", "enter"]);
    answered(&mut model);
    assert_eq!(at(&model), "execution");
    for (columns, rows) in SIZES {
        assert_snapshot!(format!("execution_{columns}"), text(&model, columns, rows));
    }
}

#[test]
fn nothing_is_there() {
    let mut model = signed_in();
    go(&mut model, "pipelines");
    assert!(text(&model, 80, 16).contains("asking AWS"));
    answered(&mut model);
    assert_snapshot!("pipelines_nothing", text(&model, 80, 16));
}

#[test]
fn filter_faults_and_order_hold_here_too() {
    let names = |model: &Model| -> Vec<String> {
        let rows = model.navigation.current().list.rows.iter();
        rows.map(|row| format!("{row:?}")).collect()
    };
    let mut model = pipelines();
    assert_eq!(names(&model).len(), 7);
    press(&mut model, &["/"]);
    type_in(&mut model, "exit status");
    press(&mut model, &["enter"]);
    assert!(names(&model)[0].contains("checkout") && names(&model).len() == 1);
    press(&mut model, &["esc", "z"]);
    assert_eq!(names(&model).len(), 1, "only what failed is wrong");
    press(&mut model, &["z", "o", "o"]);
    assert!(names(&model)[0].contains("catalog"));
    assert!(text(&model, 120, 16).contains("▲PIPE"));
}

#[test]
fn enter_leads_to_what_a_row_stands_for() {
    let enter = |row: &str| {
        let mut model = open("shop");
        on(&mut model, row);
        press(&mut model, &["enter"]);
        model
    };
    assert_eq!(at(&enter("Prod")), "execution");
    assert_eq!(at(&enter("Prod\", \"Approve")), "gate");
    assert_eq!(at(&enter("Build\", \"Build")), "execution");
    let staging = enter("Staging\", \"Deploy");
    let screen = &staging.navigation.current().screen;
    assert!(
        matches!(screen, Screen::Release { service, .. } if service.id.name() == "shop-staging"),
        "{screen:?}"
    );
}

#[test]
fn a_build_has_its_log_and_its_link() {
    let mut model = open("shop");
    on(&mut model, "Build\", \"Build");
    let effects = press(&mut model, &["b"]);
    let page = "https://console.aws.example/codebuild/shop-build:5b3c";
    assert_eq!(effects, [Effect::OpenLink(page.into())]);
    press(&mut model, &["l"]);
    assert_eq!(at(&model), "logs");
    let streams = log_feed(&model).unwrap().streams;
    assert_eq!(streams[0].group, "/aws/codebuild/shop");
    assert_eq!(streams[0].names, ["5b3c"]);
    assert!(text(&model, 100, 12).contains("logs of Build in shop"));
}

#[test]
fn from_a_release_to_the_execution_that_drives_it_and_back() {
    let mut model = open("shop");
    on(&mut model, "Staging\", \"Deploy");
    press(&mut model, &["enter"]);
    answered(&mut model);
    assert_snapshot!("release_of_pipeline", text(&model, 120, 20));
    press(&mut model, &["enter"]);
    assert_eq!(at(&model), "execution");
    answered(&mut model);
    on(&mut model, "Staging-Deploy");
    press(&mut model, &["enter"]);
    let screen = &model.navigation.current().screen;
    assert!(
        matches!(screen, Screen::Release { service, .. } if service.id.name() == "shop-staging"),
        "{screen:?}"
    );
}

#[test]
fn hundreds_of_pipelines_stay_in_order() {
    let mut model = known();
    crate::pipes::add_many(&mut model, 500);
    go(&mut model, "pipelines");
    answered(&mut model);
    assert_eq!(model.navigation.current().list.rows.len(), 500);
    press(&mut model, &["G"]);
    assert!(text(&model, 120, 20).contains("pipeline-499"));
}

#[test]
fn where_pipeline_and_release_disagree_both_screens_say_so() {
    let mut model = known();
    crate::pipes::undo_staging(&mut model);
    go(&mut model, "pipelines");
    answered(&mut model);
    on(&mut model, "shop");
    press(&mut model, &["enter"]);
    answered(&mut model);
    let words = "CodePipeline says Succeeded, ECS rolled back 33 min ago";
    assert!(text(&model, 120, 30).contains(&format!("! shop-staging: {words}")));
    on(&mut model, "Staging\", \"Deploy");
    press(&mut model, &["enter"]);
    assert_eq!(at(&model), "release");
    let screen = text(&model, 120, 30);
    assert!(screen.contains(&format!("! {words}")), "{screen}");
}
