use super::*;
use crate::app::fixture::*;
use crate::app::model::Model;
use crate::app::msg::{Data, Msg};
use crate::domain::failure::FailureKind;
use crate::domain::fixture::*;
use crate::domain::task_definition::LogDestination;

fn web() -> LogSource {
    LogSource::Service {
        cluster: cluster("prod"),
        service: service_arn("web"),
    }
}

fn release(id: &str) -> LogSource {
    LogSource::Release {
        cluster: cluster("prod"),
        service: service_arn("web"),
        release: ReleaseId(record_arn(id).as_str().to_owned()),
    }
}

fn told(model: &mut Model, stopped: bool, tasks: Vec<Task>) {
    let data = Data::Tasks {
        cluster: cluster("prod"),
        service: Some(service_arn("web")),
        stopped,
        tasks,
    };
    tell(model, OPENED, data);
}

fn old_task(id: &str) -> Task {
    Task {
        started_by: Some("ecs-svc/1".into()),
        task_definition: crate::domain::fixture::web(1),
        created_at: Some(at(600)),
        started_at: Some(at(610)),
        ..running(id)
    }
}

/// `web:2` on its way over `web:1`: a task of each runs, one of the new ones has died, and one of
/// the old ones stopped before the release began.
fn releasing_model() -> Model {
    let mut model = watching();
    let early = Task {
        stopped_at: Some(at(900)),
        last_status: "STOPPED".into(),
        desired_status: "STOPPED".into(),
        ..old_task("early")
    };
    told(&mut model, false, vec![running("new"), old_task("old")]);
    let died = stopped("died", "", container(Some(1), None));
    told(&mut model, true, vec![died, early]);
    for revision in [1, 2] {
        let known = definition(revision, "ACTIVE");
        tell(&mut model, OPENED, Data::TaskDefinition(Box::new(known)));
    }
    model
}

fn names(model: &Model, source: &LogSource, since: Option<Timestamp>) -> Vec<String> {
    let streams = sources(store(model), source, since).streams;
    streams.into_iter().flat_map(|one| one.names).collect()
}

#[test]
fn a_service_has_the_streams_of_all_its_tasks_that_can_have_written() {
    let model = releasing_model();
    assert_eq!(
        names(&model, &web(), None),
        [
            "ecs/app/died",
            "ecs/app/early",
            "ecs/app/new",
            "ecs/app/old"
        ]
    );
    assert_eq!(
        names(&model, &web(), Some(at(950))),
        ["ecs/app/died", "ecs/app/new", "ecs/app/old"]
    );
}

#[test]
fn a_release_has_the_tasks_of_its_two_sides() {
    let model = releasing_model();
    assert_eq!(
        names(&model, &release("b"), None),
        ["ecs/app/died", "ecs/app/new", "ecs/app/old"]
    );
    // The release before it brought what is the old side now.
    assert_eq!(
        names(&model, &release("a"), None),
        ["ecs/app/early", "ecs/app/old"]
    );
}

#[test]
fn a_task_that_starts_later_joins_and_one_that_stops_stays() {
    let mut model = releasing_model();
    told(&mut model, false, vec![running("late"), running("new")]);
    let gone = Task {
        stopped_at: Some(at(OPENED)),
        ..old_task("old")
    };
    told(&mut model, true, vec![gone]);
    assert_eq!(
        names(&model, &release("b"), Some(at(1_500))),
        ["ecs/app/late", "ecs/app/new", "ecs/app/old"]
    );
}

#[test]
fn a_revision_and_a_container_have_their_own_streams_only() {
    let mut model = releasing_model();
    let revision = LogSource::Revision {
        cluster: cluster("prod"),
        service: service_arn("web"),
        definition: crate::domain::fixture::web(1),
    };
    assert_eq!(
        names(&model, &revision, None),
        ["ecs/app/early", "ecs/app/old"]
    );
    let mut two = definition(2, "ACTIVE");
    let mut proxy = two.containers[0].clone();
    proxy.name = "proxy".into();
    two.containers.push(proxy);
    tell(&mut model, OPENED + 1, Data::TaskDefinition(Box::new(two)));
    let container = LogSource::Container {
        cluster: cluster("prod"),
        task: task_arn("new"),
        container: "proxy".into(),
    };
    assert_eq!(names(&model, &container, None), ["ecs/proxy/new"]);
    let origins = origins(store(&model), &container);
    assert_eq!(origins.len(), 1);
}

#[test]
fn each_stream_is_told_its_side_and_its_release() {
    let model = releasing_model();
    let origins = origins(store(&model), &web());
    let told: Vec<(&str, Option<Side>, Option<&str>)> = origins
        .iter()
        .map(|(stream, origin)| (stream.task(), origin.side, origin.release.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("died", Some(Side::New), Some("b")),
            ("early", Some(Side::Old), Some("a")),
            ("new", Some(Side::New), Some("b")),
            ("old", Some(Side::Old), Some("a")),
        ]
    );
    let task = LogSource::Task {
        cluster: cluster("prod"),
        task: task_arn("new"),
    };
    let origins = super::origins(store(&model), &task);
    let (_, origin) = origins.iter().next().unwrap();
    assert_eq!(origin.side, Some(Side::New), "its service is known");
}

#[test]
fn the_side_of_a_line_is_that_of_the_release_that_one_looks_at() {
    let model = releasing_model();
    let origins = origins(store(&model), &release("a"));
    assert!(
        origins
            .iter()
            .all(|(_, origin)| origin.side == Some(Side::New))
    );
    assert_eq!(origins.len(), 2);
}

#[test]
fn the_stream_of_a_build_has_an_origin_without_a_task() {
    let model = watching();
    let source = LogSource::Stream {
        of: "Build in shop".into(),
        group: "/aws/codebuild/shop".into(),
        stream: "5b3c".into(),
        region: None,
    };
    let origins = origins(store(&model), &source);
    let (stream, origin) = origins.iter().next().unwrap();
    assert_eq!(stream.stream, "5b3c");
    assert_eq!(
        (origin.container.as_str(), &origin.task),
        ("Build in shop", &None)
    );
}

#[test]
fn marks_are_those_of_the_source_and_of_the_range() {
    let model = releasing_model();
    let texts = |source: &LogSource, from: i64| {
        let range = Range {
            from: at(from),
            ..Range::tail(at(OPENED))
        };
        let marks = marks_of(store(&model), source, &range);
        let texts = marks.into_iter().map(|mark| mark.text);
        texts.collect::<Vec<String>>()
    };
    assert_eq!(
        texts(&release("b"), 990),
        [
            "release b began: web:1 to web:2 (rolling)",
            "revision web:2 began: its first task runs",
            "task died of web:2 started",
            "task new of web:2 started",
            "task died of web:2 stopped: container app exits 1",
        ]
    );
    assert_eq!(
        texts(&web(), 1_025),
        ["task died of web:2 stopped: container app exits 1"]
    );
    let all = texts(&web(), 0);
    assert!(
        all.iter().any(|text| text.starts_with("release a ended")),
        "{all:?}"
    );
}

#[test]
fn what_cannot_be_shown_is_said_in_its_place() {
    let mut model = watching();
    assert_eq!(sources(store(&model), &web(), None).notes, [""; 0]);
    told(&mut model, false, vec![running("one")]);
    let notes = |model: &Model, source: &LogSource| sources(store(model), source, None).notes;
    assert_eq!(notes(&model, &web()), ["web:2 is not read yet"]);
    let ended = Msg::Ended {
        context: HERE,
        query: Query::TaskDefinition(crate::domain::fixture::web(2)),
        asked_at: at(OPENED),
        outcome: Err(failure(FailureKind::AccessDenied)),
    };
    say(&mut model, OPENED, ended);
    let told_notes = notes(&model, &web());
    assert!(
        told_notes[0].starts_with("web:2 cannot be read (access denied)"),
        "{told_notes:?}"
    );
    let mut silent = definition(2, "ACTIVE");
    silent.containers[0].logs = LogDestination::OtherDriver("awsfirelens".into());
    tell(
        &mut model,
        OPENED + 1,
        Data::TaskDefinition(Box::new(silent)),
    );
    assert!(notes(&model, &web())[0].contains("FireLens"));
}

#[test]
fn a_source_that_ecs_has_forgotten_says_so() {
    let mut model = watching();
    let task = LogSource::Task {
        cluster: cluster("prod"),
        task: task_arn("gone"),
    };
    let notes = |model: &Model, source: &LogSource| sources(store(model), source, None).notes;
    assert_eq!(notes(&model, &task), [""; 0], "nothing was asked yet");
    let arn = task_arn("gone");
    tell(&mut model, OPENED, Data::Task { arn, task: None });
    assert!(notes(&model, &task)[0].contains("does not know task gone"));
    told(&mut model, false, vec![]);
    assert_eq!(
        notes(&model, &release("b")),
        [""; 0],
        "half of it was asked"
    );
    told(&mut model, true, vec![]);
    assert!(notes(&model, &release("b"))[0].contains("no task of release b"));
    assert!(notes(&model, &web())[0].contains("web has no task"));
}
