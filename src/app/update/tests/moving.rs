//! From screen to screen, and the cursor on its row.

use crate::app::effect::Effect;
use crate::app::fixture::*;
use crate::app::msg::{Data, Msg};
use crate::app::screen::{Screen, Subject};
use crate::domain::context::Scoped;
use crate::domain::fixture::*;
use crate::domain::logs::LogSource;

fn services() -> crate::app::model::Model {
    let mut model = cockpit(vec![quiet("web"), quiet("api"), quiet("mailer")]);
    press(&mut model, ": s e r v enter");
    assert_eq!(*screen(&model), Screen::Services(None));
    model
}

#[test]
fn the_board_shows_what_is_in_flight_and_enter_follows_the_newest_release() {
    let mut model = watching();
    assert_eq!(rows(&model)[0], "web");
    press(&mut model, "enter");
    let newest = Screen::Release {
        service: Scoped::new(HERE, service_arn("web")),
        release: None,
    };
    assert_eq!(*screen(&model), newest);
    press(&mut model, "p");
    assert_eq!(
        *screen(&model),
        Screen::History(Scoped::new(HERE, service_arn("web")))
    );
    assert_eq!(rows(&model).len(), 2);
    press(&mut model, "down enter");
    assert!(matches!(
        screen(&model),
        Screen::Release { release: Some(id), .. } if id.0 == record_arn("a").as_str()
    ));
    press(&mut model, "esc esc esc");
    assert_eq!(*screen(&model), Screen::Releases);
    assert_eq!(press(&mut model, "esc"), []);
    assert_eq!(press(&mut model, "q"), [Effect::Quit]);
}

#[test]
fn enter_leads_from_clusters_down_to_the_lines_of_a_container() {
    let mut model = cockpit(vec![quiet("web")]);
    press(&mut model, ": c l enter");
    assert_eq!(rows(&model), ["prod"]);
    press(&mut model, "enter");
    assert_eq!(
        *screen(&model),
        Screen::Services(Some(Scoped::new(HERE, cluster("prod"))))
    );
    press(&mut model, "enter");
    let tasks = Data::Tasks {
        cluster: cluster("prod"),
        service: Some(service_arn("web")),
        stopped: false,
        tasks: vec![running("two"), running("one")],
    };
    tell(&mut model, OPENED, tasks);
    assert_eq!(rows(&model), ["one", "two"]);
    press(&mut model, "down enter");
    assert!(matches!(screen(&model), Screen::Task { task, .. } if *task == task_arn("two")));
    assert_eq!(rows(&model), ["app"]);
    press(&mut model, "enter");
    let lines = LogSource::Container {
        cluster: cluster("prod"),
        task: task_arn("two"),
        container: "app".into(),
    };
    assert_eq!(*screen(&model), Screen::Logs(Scoped::new(HERE, lines)));
    let names: Vec<&str> = model.navigation.trail().map(Screen::name).collect();
    assert_eq!(
        names,
        ["releases", "clusters", "services", "tasks", "task", "logs"]
    );
}

#[test]
fn describe_revisions_and_tasks_are_about_the_selected_row() {
    let mut model = services();
    press(&mut model, "d");
    assert!(matches!(
        screen(&model),
        Screen::Describe(Subject::Service(service)) if service.id == service_arn("api")
    ));
    press(&mut model, "esc t");
    assert_eq!(
        *screen(&model),
        Screen::Revisions {
            family: Scoped::new(HERE, "web".into()),
            service: Some((cluster("prod"), service_arn("api"))),
        }
    );
    press(&mut model, "esc T x");
    assert!(matches!(
        screen(&model),
        Screen::Tasks { stopped: true, .. }
    ));
    press(&mut model, "x");
    assert!(matches!(
        screen(&model),
        Screen::Tasks { stopped: false, .. }
    ));
}

#[test]
fn a_jump_leads_home_and_home_keeps_its_order_filter_and_cursor() {
    let mut model = watching();
    press(&mut model, "o o / a enter down");
    let home = model.navigation.current().clone();
    press(&mut model, ": e r r enter : h e l p enter esc");
    assert_eq!(*model.navigation.current(), home);
    press(&mut model, ": c l enter : r e l enter");
    assert_eq!(*model.navigation.current(), home);
    assert_eq!(model.navigation.trail().count(), 1);
}

#[test]
fn the_last_screen_comes_back_and_home_is_never_lost() {
    let mut model = services();
    for _ in 0..5 {
        press(&mut model, "-");
        assert_eq!(*screen(&model), Screen::Releases);
        press(&mut model, "-");
        assert_eq!(*screen(&model), Screen::Services(None));
    }
    press(&mut model, "enter - - esc esc");
    assert_eq!(*screen(&model), Screen::Releases);
}

#[test]
fn the_cursor_follows_its_row_through_every_change() {
    let mut model = services();
    assert_eq!(rows(&model), ["api", "mailer", "web"]);
    press(&mut model, "down");
    assert_eq!(selected(&model).as_deref(), Some("mailer"));
    // Something worse comes on top, and another one goes.
    read(
        &mut model,
        OPENED + 1,
        vec![called("web", vec![moving(2, 2)])],
    );
    lose(&mut model, OPENED + 1, &service_arn("api"));
    assert_eq!(rows(&model), ["web", "mailer"]);
    assert_eq!(selected(&model).as_deref(), Some("mailer"));
    lose(&mut model, OPENED + 2, &service_arn("mailer"));
    assert_eq!(selected(&model).as_deref(), Some("web"));
    lose(&mut model, OPENED + 3, &service_arn("web"));
    assert_eq!(selected(&model), None);
}

#[test]
fn order_and_filter_survive_every_refresh() {
    let mut model = services();
    press(&mut model, "o O / ! a p i enter");
    let list = |model: &crate::app::model::Model| model.navigation.current().list.clone();
    assert_eq!(rows(&model), ["web", "mailer"]);
    let before = list(&model);
    for second in 1..5 {
        read(
            &mut model,
            OPENED + second,
            vec![quiet("web"), quiet("mailer")],
        );
        say(&mut model, OPENED + second, Msg::Tick);
    }
    let after = list(&model);
    assert_eq!((before.sort, &before.filter), (after.sort, &after.filter));
    assert_eq!(rows(&model), ["web", "mailer"]);
    press(&mut model, "esc");
    assert_eq!(
        rows(&model),
        ["web", "mailer", "api"],
        "esc clears the filter at once"
    );
    assert_eq!(*screen(&model), Screen::Services(None));
}

#[test]
fn the_order_goes_through_the_columns_and_back_to_its_own() {
    let mut model = services();
    let count = crate::app::rows::columns(screen(&model)).len();
    for column in 0..count {
        press(&mut model, "o");
        let sort = model.navigation.current().list.sort;
        assert_eq!(sort.column, Some(column));
    }
    press(&mut model, "o");
    assert_eq!(model.navigation.current().list.sort.column, None);
}

#[test]
fn only_what_is_wrong_is_listed_on_demand() {
    let mut model = services();
    let short = crate::domain::service::Service {
        running: 1,
        ..quiet("web")
    };
    read(&mut model, OPENED + 1, vec![short]);
    press(&mut model, "z");
    assert_eq!(rows(&model), ["web"]);
    assert_eq!(model.navigation.current().list.total, 3);
    press(&mut model, "z");
    assert_eq!(rows(&model).len(), 3);
}

#[test]
fn what_a_newer_release_has_overtaken_asks_for_nobody() {
    use crate::domain::service_deployment::ServiceDeploymentStatus as Record;
    let mut model = cockpit(vec![service(vec![deployment(3, 3)]), quiet("api")]);
    let mut failed = record("b", Record::Stopped, 1, 2, 1_000);
    failed.breaker = Some(reading("TRIGGERED", 3, 3));
    let done = record("c", Record::Successful, 1, 3, 1_500);
    records(&mut model, OPENED, vec![done, failed]);
    let list = &model.navigation.current().list;
    assert_eq!(list.rows.len(), 3);
    press(&mut model, "z");
    assert_eq!(rows(&model), Vec::<String>::new());
}

#[test]
fn copying_takes_the_most_particular_arn_and_a_link_opens_the_console() {
    let mut model = watching();
    let copied = press(&mut model, "y");
    assert_eq!(copied, [Effect::Copy(record_arn("b").to_string())]);
    assert!(notice(&model).starts_with("copied arn:"));
    let link = press(&mut model, "b");
    let [Effect::OpenLink(url)] = &link[..] else {
        panic!("{link:?}");
    };
    assert!(url.starts_with("https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/prod"));
    // Without a record the release has no ARN of its own.
    let mut unnamed = cockpit(vec![releasing()]);
    assert_eq!(
        press(&mut unnamed, "y"),
        [Effect::Copy(service_arn("web").to_string())]
    );
}

#[test]
fn quitting_suspending_and_drawing_anew_work_everywhere() {
    let mut model = watching();
    for before in ["", "enter", "/", ":", "R"] {
        press(&mut model, before);
        assert_eq!(press(&mut model, "ctrl-z"), [Effect::Suspend]);
        assert_eq!(press(&mut model, "ctrl-l"), [Effect::Redraw]);
        assert_eq!(press(&mut model, "ctrl-c"), [Effect::Quit]);
    }
}

#[test]
fn a_refresh_asks_every_question_of_the_screen() {
    let mut model = watching();
    let effects = press(&mut model, "ctrl-r");
    let wanted = crate::app::interest::subscriptions(&model);
    assert_eq!(effects.len(), wanted.len());
    assert!(
        effects
            .iter()
            .all(|effect| matches!(effect, Effect::Refresh { .. }))
    );
}
