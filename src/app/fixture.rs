//! A cockpit to test with: one context, answers and keys in few words.

use std::time::Duration;

use crossterm::event::{KeyEvent, KeyModifiers};

use super::effect::Effect;
use super::feed::{FeedEvent, log_feed};
use super::model::{Model, Preferences};
use super::msg::{Data, Msg};
use super::query::{Query, Subscription};
use super::screen::Screen;
use super::store::Store;
use super::update::{settle, update};
use crate::config::settings::ProductionRules;
use crate::domain::arn::ServiceArn;
use crate::domain::cluster::Cluster;
use crate::domain::context::{Context, ContextId};
use crate::domain::fixture::{
    at, cluster, deployment, identity, record, releasing, service, stream,
};
use crate::domain::logs::{Delivery, LogLine};
use crate::domain::service::{Deployment, Service};
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};
use crate::keys::{Chord, Keymap};

/// The context of every test that needs only one.
pub(crate) const HERE: ContextId = ContextId(0);

/// The second at which the cockpits of tests open.
pub(crate) const OPENED: i64 = 2_000;

pub(crate) fn context(id: u16) -> Context {
    Context {
        id: ContextId(id),
        profile: None,
        region: Some("eu-west-1".into()),
        endpoint: None,
        demo: false,
    }
}

pub(crate) fn preferences() -> Preferences {
    Preferences {
        refresh: Duration::from_secs(2),
        live_logs: true,
        read_only: false,
        production: ProductionRules::default(),
        cluster: None,
        service: None,
        zone: jiff::tz::TimeZone::UTC,
    }
}

/// A cockpit that knows nothing yet.
pub(crate) fn empty() -> Model {
    Model::new(
        preferences(),
        Keymap::standard(),
        vec![context(0)],
        at(OPENED),
    )
}

/// A cockpit that knows cluster `prod` with the services that are given.
pub(crate) fn cockpit(services: Vec<Service>) -> Model {
    let mut model = empty();
    tell(&mut model, OPENED, Data::Identity(identity()));
    tell(&mut model, OPENED, Data::Clusters(vec![counted("prod", 4)]));
    let listed = Data::ServiceArns {
        cluster: cluster("prod"),
        services: services.iter().map(|service| service.arn.clone()).collect(),
    };
    tell(&mut model, OPENED, listed);
    read(&mut model, OPENED, services);
    model
}

/// A cockpit in which `web:2` is on its way over `web:1`, with its record.
pub(crate) fn watching() -> Model {
    let mut model = cockpit(vec![releasing(), quiet("api"), quiet("mailer")]);
    let history = vec![
        record("b", ServiceDeploymentStatus::InProgress, 1, 2, 1_000),
        record("a", ServiceDeploymentStatus::Successful, 0, 1, 500),
    ];
    records(&mut model, OPENED, history);
    model
}

/// The logs screen of `web` with so many lines of task `one`, a second each from second 0 on.
pub(crate) fn reading_lines(count: i64) -> Model {
    let mut model = watching();
    press(&mut model, "l");
    let lines = (0..count).map(|second| LogLine {
        event: None,
        delivery: Delivery::default(),
        at: at(second),
        ingested_at: None,
        stream: stream("app", "one"),
        message: format!("line {second}"),
    });
    feed_lines(&mut model, lines.collect());
    model
}

/// Gives lines to the logs screen in front.
pub(crate) fn feed_lines(model: &mut Model, lines: Vec<LogLine>) {
    let message = Msg::Feed {
        context: HERE,
        epoch: log_feed(model).unwrap().epoch,
        event: FeedEvent::Lines(lines),
    };
    say(model, OPENED, message);
}

/// A service of another name on which nothing happens.
pub(crate) fn quiet(name: &str) -> Service {
    called(name, vec![deployment(1, 1)])
}

pub(crate) fn called(name: &str, deployments: Vec<Deployment>) -> Service {
    Service {
        arn: crate::domain::fixture::service_arn(name),
        ..service(deployments)
    }
}

pub(crate) fn counted(name: &str, running: u32) -> Cluster {
    Cluster {
        arn: cluster(name),
        status: "ACTIVE".into(),
        active_services: 1,
        running_tasks: running,
        pending_tasks: 0,
        container_instances: 0,
    }
}

/// An answer to a question that was asked at a second.
pub(crate) fn tell(model: &mut Model, asked: i64, data: Data) -> Vec<Effect> {
    let fetched = Msg::Fetched {
        context: HERE,
        asked_at: at(asked),
        data: Box::new(data),
    };
    say(model, asked, fetched)
}

/// A message at a second, and then everything is settled.
pub(crate) fn say(model: &mut Model, second: i64, message: Msg) -> Vec<Effect> {
    let mut effects = update(model, at(second), message);
    effects.extend(settle(model));
    effects
}

pub(crate) fn read(model: &mut Model, asked: i64, services: Vec<Service>) -> Vec<Effect> {
    let missing = Vec::new();
    tell(model, asked, Data::Services { services, missing })
}

pub(crate) fn lose(model: &mut Model, asked: i64, arn: &ServiceArn) -> Vec<Effect> {
    let lost = Data::Services {
        services: Vec::new(),
        missing: vec![arn.clone()],
    };
    tell(model, asked, lost)
}

/// The history of `web`.
pub(crate) fn records(model: &mut Model, asked: i64, records: Vec<ServiceDeployment>) {
    let service = crate::domain::fixture::service_arn("web");
    tell(model, asked, Data::ServiceDeployments { service, records });
}

/// Presses keys, each as it is written in the configuration, with spaces between them.
pub(crate) fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys.split_whitespace() {
        let chord = Chord::parse(key).unwrap();
        let mut modifiers = KeyModifiers::NONE;
        modifiers.set(KeyModifiers::CONTROL, chord.control);
        modifiers.set(KeyModifiers::ALT, chord.alt);
        let event = KeyEvent::new(chord.code, modifiers);
        let now = model.now;
        effects.extend(update(model, now, Msg::Key(event)));
    }
    effects
}

/// Types a text, a key each character.
pub(crate) fn type_text(model: &mut Model, text: &str) -> Vec<Effect> {
    let keys: Vec<String> = text
        .chars()
        .map(|c| {
            if c == ' ' {
                "space".into()
            } else {
                c.to_string()
            }
        })
        .collect();
    press(model, &keys.join(" "))
}

pub(crate) fn screen(model: &Model) -> &Screen {
    &model.navigation.current().screen
}

pub(crate) fn store(model: &Model) -> &Store {
    model.store(HERE).unwrap()
}

/// The short names of the rows, in order.
pub(crate) fn rows(model: &Model) -> Vec<String> {
    use super::row::RowId;
    let list = &model.navigation.current().list;
    let name = |row: &RowId| match row {
        RowId::Release(_, service, _) | RowId::Service(_, service) => service.name().to_owned(),
        RowId::Cluster(_, cluster) => cluster.name().to_owned(),
        RowId::Task(_, _, task) => task.name().to_owned(),
        RowId::Container(name)
        | RowId::Family(_, name)
        | RowId::Application(_, name)
        | RowId::CodeDeployment(_, name)
        | RowId::LifecycleEvent(name)
        | RowId::Stage(name)
        | RowId::StageAction(_, name)
        | RowId::ActionRun(name) => name.clone(),
        RowId::Pipeline(_, pipeline) => pipeline.as_str().to_owned(),
        RowId::Execution(_, _, execution) => execution.as_str().to_owned(),
        RowId::Gate(_, gate) => format!("{gate:?}"),
        RowId::Group(_, group) => group.group.clone(),
        RowId::Revision(_, arn) => arn.family_revision().to_owned(),
        RowId::Error(number) => number.to_string(),
        RowId::Action(number) => number.to_string(),
    };
    list.rows.iter().map(name).collect()
}

/// The name of the row under the cursor.
pub(crate) fn selected(model: &Model) -> Option<String> {
    let list = &model.navigation.current().list;
    rows(model).into_iter().nth(list.position())
}

pub(crate) fn notice(model: &Model) -> &str {
    model
        .notice
        .as_ref()
        .map_or("", |notice| notice.text.as_str())
}

/// The subscription for a question, if there is one.
pub(crate) fn asked(wanted: &[Subscription], is: impl Fn(&Query) -> bool) -> Option<&Subscription> {
    wanted.iter().find(|one| is(&one.query))
}
