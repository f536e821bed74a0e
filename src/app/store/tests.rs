//! Answers that come late, things that vanish, evidence that stays.

use crate::app::fixture::*;
use crate::app::model::Model;
use crate::app::msg::Data;
use crate::app::query::Query;
use crate::domain::arn::ServiceArn;
use crate::domain::fixture::*;
use crate::domain::service::{Deployment, RolloutState, Service};
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;
use crate::domain::task::Task;

fn stopped_tasks(model: &mut Model, asked: i64, tasks: Vec<Task>) {
    let data = Data::Tasks {
        cluster: cluster("prod"),
        service: Some(service_arn("web")),
        stopped: true,
        tasks,
    };
    tell(model, asked, data);
}

fn crashed(id: &str) -> Task {
    stopped(
        id,
        "Essential container in task exited",
        container(Some(1), None),
    )
}

fn listed(model: &mut Model, asked: i64, names: &[&str]) {
    let data = Data::ServiceArns {
        cluster: cluster("prod"),
        services: names.iter().map(|name| service_arn(name)).collect(),
    };
    tell(model, asked, data);
}

fn known(model: &Model) -> Vec<&str> {
    store(model).services.keys().map(ServiceArn::name).collect()
}

#[test]
fn an_older_answer_never_replaces_a_newer_one() {
    let mut model = watching();
    let newer = service(vec![deployment(2, 2)]);
    read(&mut model, OPENED + 9, vec![newer.clone()]);
    read(&mut model, OPENED + 3, vec![releasing()]);
    assert_eq!(store(&model).service(&service_arn("web")), Some(&newer));

    records(
        &mut model,
        OPENED + 9,
        vec![record("b", Record::Successful, 1, 2, 1_000)],
    );
    records(&mut model, OPENED + 3, vec![]);
    assert_eq!(store(&model).records_of(&service_arn("web")).len(), 1);

    let mut other = identity();
    other.account = "999999999999".into();
    tell(&mut model, OPENED + 9, Data::Identity(identity()));
    tell(&mut model, OPENED + 3, Data::Identity(other));
    assert_eq!(store(&model).identity.value(), Some(&identity()));

    tell(
        &mut model,
        OPENED + 9,
        Data::Clusters(vec![counted("prod", 7)]),
    );
    tell(
        &mut model,
        OPENED + 3,
        Data::Clusters(vec![counted("prod", 1)]),
    );
    let counts = store(&model).clusters[&cluster("prod")].value().unwrap();
    assert_eq!(counts.running_tasks, 7);
}

#[test]
fn an_older_list_takes_nothing_away() {
    let mut model = watching();
    assert_eq!(known(&model), ["api", "mailer", "web"]);
    listed(&mut model, OPENED + 9, &["api", "mailer", "new", "web"]);
    listed(&mut model, OPENED + 3, &["api"]);
    assert_eq!(known(&model), ["api", "mailer", "new", "web"]);
    tell(
        &mut model,
        OPENED + 9,
        Data::ClusterArns(vec![cluster("prod"), cluster("test")]),
    );
    tell(&mut model, OPENED + 3, Data::ClusterArns(vec![]));
    assert_eq!(store(&model).clusters.len(), 2);
}

#[test]
fn a_service_that_was_read_after_the_list_was_asked_stays() {
    let mut model = watching();
    read(&mut model, OPENED + 5, vec![quiet("young")]);
    listed(&mut model, OPENED + 4, &["api", "mailer", "web"]);
    assert!(known(&model).contains(&"young"));
    listed(&mut model, OPENED + 6, &["api", "mailer", "web"]);
    assert!(!known(&model).contains(&"young"));
}

#[test]
fn a_service_that_vanished_is_gone_from_everywhere_and_late_answers_do_not_bring_it_back() {
    let mut model = watching();
    stopped_tasks(&mut model, OPENED, vec![crashed("a")]);
    let web = service_arn("web");
    lose(&mut model, OPENED + 5, &web);
    read(&mut model, OPENED + 4, vec![releasing()]);
    listed(&mut model, OPENED + 4, &["api", "mailer", "web"]);
    let store = store(&model);
    assert_eq!(store.service(&web), None);
    assert_eq!(store.newest_release(&web), None);
    assert_eq!(store.diagnoses.get(&web), None);
    assert_eq!(store.service_gone_at(&web), Some(at(OPENED + 5)));
    assert!(!rows(&model).contains(&"web".to_owned()));
    // It may be made again.
    read(&mut model, OPENED + 9, vec![releasing()]);
    assert!(known(&model).contains(&"web"));
    assert_eq!(
        super::Store::service_gone_at(self::store(&model), &web),
        None
    );
}

#[test]
fn a_loss_that_was_told_before_the_last_good_answer_is_ignored() {
    let mut model = watching();
    read(&mut model, OPENED + 5, vec![releasing()]);
    lose(&mut model, OPENED + 4, &service_arn("web"));
    assert!(known(&model).contains(&"web"));
}

#[test]
fn a_cluster_that_vanished_takes_its_services_along() {
    let mut model = watching();
    tell(
        &mut model,
        OPENED + 1,
        Data::ClusterArns(vec![cluster("test")]),
    );
    assert_eq!(known(&model), Vec::<&str>::new());
    assert_eq!(rows(&model), Vec::<String>::new());
}

#[test]
fn screens_about_what_vanished_stay_and_do_nothing() {
    for keys in ["enter", "p", "d", "l", "T", "t", "enter p down enter"] {
        let mut model = watching();
        press(&mut model, keys);
        lose(&mut model, OPENED + 5, &service_arn("web"));
        tell(&mut model, OPENED + 6, Data::ClusterArns(vec![]));
        press(&mut model, "down enter F R S U ctrl-d y b d l esc esc esc");
        assert!(model.operations.is_empty(), "{keys}");
    }
}

#[test]
fn evidence_outlives_what_aws_remembers_and_is_bounded() {
    let mut model = watching();
    stopped_tasks(&mut model, OPENED, vec![crashed("a"), crashed("b")]);
    stopped_tasks(&mut model, OPENED + 60, vec![]);
    press(&mut model, "T x");
    assert_eq!(rows(&model), ["a", "b"]);
    assert!(store(&model).task(&task_arn("a")).is_some());
    let headline = |model: &Model| {
        let found = store(model).diagnoses.get(&service_arn("web"));
        found.map(|found| found.headline.clone())
    };
    assert_eq!(
        headline(&model).as_deref(),
        Some("container app exits 1 within 4 s, 2 times")
    );
    let many = (0..300)
        .map(|number| Task {
            stopped_at: Some(at(3_000 + number)),
            ..crashed(&format!("n{number:03}"))
        })
        .collect();
    stopped_tasks(&mut model, OPENED + 70, many);
    let kept = &store(&model).evidence[&service_arn("web")];
    assert_eq!(kept.len(), 200);
    assert!(kept.contains_key(&task_arn("n299")) && !kept.contains_key(&task_arn("n099")));
}

#[test]
fn the_cause_stays_when_the_failed_deployment_is_gone_from_the_service() {
    let failed = Deployment {
        rollout_state: Some(RolloutState::Failed),
        ..active(2, 2)
    };
    let named = |deployments| Service {
        current_deployment: Some(record_arn("b")),
        ..service(deployments)
    };
    let mut model = cockpit(vec![named(vec![moving(3, 1), failed])]);
    let history = |status| vec![record("b", status, 1, 2, 1_000)];
    records(&mut model, OPENED, history(Record::RollbackInProgress));
    let mut other = crashed("z");
    other.created_at = Some(at(10));
    other.started_by = Some("ecs-svc/9".into());
    stopped_tasks(&mut model, OPENED, vec![crashed("a"), other]);
    let tasks = |model: &Model| {
        let found = store(model).diagnoses.get(&service_arn("web"));
        found.map(|found| found.tasks)
    };
    assert_eq!(tasks(&model), Some(1));
    read(&mut model, OPENED + 1, vec![named(vec![deployment(3, 1)])]);
    records(&mut model, OPENED + 1, history(Record::RollbackSuccessful));
    assert_eq!(tasks(&model), Some(1), "and not that of an earlier release");
    records(&mut model, OPENED + 2, history(Record::Successful));
    assert_eq!(tasks(&model), None);
}

#[test]
fn a_task_that_was_looked_at_stays_when_aws_forgets_it() {
    let mut model = cockpit(vec![]);
    let answer = |task: Option<Task>| Data::Task {
        arn: task_arn("a"),
        task: task.map(Box::new),
    };
    tell(&mut model, OPENED, answer(Some(crashed("a"))));
    tell(&mut model, OPENED + 1, answer(None));
    assert_eq!(store(&model).task(&task_arn("a")), Some(&crashed("a")));
}

#[test]
fn a_task_is_found_in_every_list() {
    let mut model = cockpit(vec![quiet("web")]);
    let tasks: Vec<Task> = ["d", "b", "a", "c"].into_iter().map(running).collect();
    let data = Data::Tasks {
        cluster: cluster("prod"),
        service: None,
        stopped: false,
        tasks,
    };
    tell(&mut model, OPENED, data);
    for id in ["a", "b", "c", "d"] {
        assert_eq!(store(&model).task(&task_arn(id)), Some(&running(id)));
    }
    assert_eq!(store(&model).task(&task_arn("e")), None);
}

#[test]
fn a_service_is_found_by_its_name_in_both_arn_formats() {
    let short = ServiceArn::new("arn:aws:ecs:eu-west-1:123456789012:service/old");
    let old = Service {
        arn: short.clone(),
        ..quiet("old")
    };
    let model = cockpit(vec![quiet("web"), old]);
    let find = |name| store(&model).service_named(&cluster("prod"), name);
    assert_eq!(find("web"), Some(&service_arn("web")));
    assert_eq!(find("old"), Some(&short));
    assert_eq!(find("none"), None);
    assert_eq!(store(&model).service_named(&cluster("test"), "web"), None);
}

#[test]
fn a_record_on_two_pages_is_one_release() {
    let mut model = watching();
    let twice = record("b", Record::InProgress, 1, 2, 1_000);
    records(&mut model, OPENED + 1, vec![twice.clone(), twice]);
    assert_eq!(store(&model).releases[&service_arn("web")].len(), 1);
}

#[test]
fn pages_of_revisions_add_up_newest_first() {
    let mut model = cockpit(vec![]);
    for page in [vec![web(10), web(9)], vec![web(2), web(10)]] {
        let data = Data::Revisions {
            family: "web".into(),
            revisions: page,
        };
        tell(&mut model, OPENED, data);
    }
    assert_eq!(store(&model).revisions["web"], [web(10), web(9), web(2)]);
}

#[test]
fn questions_that_are_asked_no_longer_are_forgotten() {
    let mut model = cockpit(vec![]);
    let store = model.store_mut(HERE).unwrap();
    for number in 0..5_000 {
        let query = Query::TaskDefinition(web(number));
        store.end(query, at(OPENED + i64::from(number) * 60), Ok(()));
    }
    assert!(store.queries.len() <= 1_024 + 1, "{}", store.queries.len());
    assert!(
        store
            .queries
            .contains_key(&Query::TaskDefinition(web(4_999)))
    );
}
