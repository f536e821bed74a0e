//! What a frame of 200x50 costs with 2,000 services in the model, and what the core does between an
//! answer or a key and that frame; and what a frame costs with a million log lines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use criterion::Criterion;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use cutover::app::freshness::freshness;
use cutover::app::interest::subscriptions;
use cutover::app::model::Model;
use cutover::app::msg::Msg;
use cutover::app::update::{settle, update};
use cutover::view::{self, Look, Shown};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use support::figures::Sample;
use support::fleet;
use support::lines::{self, LINES, UPDATE};
use support::reading;
use support::report::Report;
use support::terminal::{COLUMNS, ROWS};

/// Frames, answers and keys of each kind that are measured one by one.
const TIMES: usize = 2_000;
/// What drawing may take at the 99th percentile, in milliseconds.
const DRAWING: f64 = 4.0;
/// What the core may take between an answer or a key and the frame, in milliseconds.
const CORE: f64 = 4.0;

fn main() -> ExitCode {
    if !support::is_wanted() {
        return ExitCode::SUCCESS;
    }
    let look = fleet::look();
    let mut criterion = Criterion::default().configure_from_args();
    for screen in ["releases", "services"] {
        let model = at(screen);
        let mut terminal = terminal();
        criterion.bench_function(&format!("draw {screen} 200x50"), |bencher| {
            bencher.iter(|| draw(&mut terminal, &model, &look));
        });
    }
    criterion.final_summary();

    let mut report = Report::new("drawing and the core, 2,000 services, 200x50");
    for screen in ["releases", "services"] {
        let frames = frames(screen, &look);
        report.sample(&format!("draw {screen}"), &frames, Some(DRAWING));
    }
    for screen in ["releases", "services"] {
        let answers = answers(screen);
        let what = format!("take in ten services, settle, subscribe: {screen}");
        report.sample(&what, &answers, Some(CORE));
        let what = format!("a key, settle, subscribe: {screen}");
        report.sample(&what, &keys(screen), Some(CORE));
        let model = at(screen);
        let what = format!("the age of what is shown: {screen}");
        report.sample(&what, &repeated(|| freshness(&model)), None);
    }
    log_lines(&mut report, &look);
    report.finish()
}

fn terminal() -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(COLUMNS, ROWS)).unwrap()
}

fn draw(terminal: &mut Terminal<TestBackend>, model: &Model, look: &Look) -> Shown {
    let mut shown = Shown::default();
    terminal
        .draw(|frame| {
            shown = view::draw(frame, model, look);
        })
        .unwrap();
    shown
}

/// The fleet with a screen in front.
fn at(screen: &str) -> Model {
    let mut model = fleet::model();
    type_in(&mut model, &format!(":{screen}"));
    press(&mut model, KeyCode::Enter);
    settle(&mut model);
    model
}

fn press(model: &mut Model, code: KeyCode) {
    let key = KeyEvent::new(code, KeyModifiers::NONE);
    update(model, fleet::now(), Msg::Key(key));
}

/// Each frame has the cursor on another row than the one before.
fn frames(screen: &str, look: &Look) -> Sample {
    let mut model = at(screen);
    let mut terminal = terminal();
    let mut sample = Sample::default();
    for _ in 0..TIMES {
        press(&mut model, KeyCode::Down);
        let began = Instant::now();
        draw(&mut terminal, &model, look);
        sample.add(began.elapsed());
    }
    sample
}

fn answers(screen: &str) -> Sample {
    let mut model = at(screen);
    let mut sample = Sample::default();
    for number in 0..TIMES {
        let answer = fleet::batch(number);
        let began = Instant::now();
        update(&mut model, fleet::now(), answer);
        black_box(settle(&mut model));
        black_box(subscriptions(&model));
        sample.add(began.elapsed());
    }
    sample
}

/// What a frame of the logs screen costs while a million lines are held.
fn log_lines(report: &mut Report, look: &Look) {
    let mut model = reading::with_lines(LINES, |model, key| match key {
        "enter" => press(model, KeyCode::Enter),
        letters => letters
            .chars()
            .for_each(|letter| press(model, KeyCode::Char(letter))),
    });
    let streams = lines::streams();
    let mut written = LINES;
    let following = log_frames(&mut model, look, |model| {
        reading::write(model, &streams, written, UPDATE);
        written += UPDATE;
    });
    let what = "draw a million log lines, 500 new ones each time";
    report.sample(what, &following, Some(DRAWING));
    let paging = log_frames(&mut model, look, |model| press(model, KeyCode::PageUp));
    let what = "draw a million log lines, a page further up each time";
    report.sample(what, &paging, Some(DRAWING));
    type_in(&mut model, "/served");
    press(&mut model, KeyCode::Enter);
    while !settle(&mut model).is_empty() {}
    let filtered = log_frames(&mut model, look, |model| press(model, KeyCode::PageUp));
    let what = "draw what a filter lets pass, with its matches marked";
    report.sample(what, &filtered, Some(DRAWING));
}

/// Each frame shows what a change did; what was in sight is told as the program tells it.
fn log_frames(model: &mut Model, look: &Look, mut change: impl FnMut(&mut Model)) -> Sample {
    let mut terminal = terminal();
    let mut sample = Sample::default();
    for _ in 0..TIMES {
        change(model);
        while !settle(model).is_empty() {}
        let began = Instant::now();
        let shown = draw(&mut terminal, model, look);
        sample.add(began.elapsed());
        let shown = Msg::Scrollable {
            furthest: shown.furthest,
            bottom: shown.bottom,
        };
        update(model, fleet::now(), shown);
    }
    sample
}

fn type_in(model: &mut Model, text: &str) {
    for letter in text.chars() {
        press(model, KeyCode::Char(letter));
    }
}

fn keys(screen: &str) -> Sample {
    let mut model = at(screen);
    let mut sample = Sample::default();
    for _ in 0..TIMES {
        let began = Instant::now();
        press(&mut model, KeyCode::Down);
        black_box(settle(&mut model));
        black_box(subscriptions(&model));
        sample.add(began.elapsed());
    }
    sample
}

fn repeated<T>(mut what: impl FnMut() -> T) -> Sample {
    let mut sample = Sample::default();
    for _ in 0..TIMES {
        let began = Instant::now();
        black_box(what());
        sample.add(began.elapsed());
    }
    sample
}
