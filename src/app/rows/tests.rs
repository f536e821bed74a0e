//! The order of services, and that filtering and sorting see what the order does not need.

use super::*;
use crate::app::filter::Filter;
use crate::app::list::Sort;
use crate::config::settings::ProductionRules;
use crate::domain::arn::ServiceArn;
use crate::domain::context::{Context, ContextId};
use crate::domain::fixture;
use crate::domain::remote::Remote;
use crate::keys::Keymap;
use std::time::Duration;

/// Services by cluster and name, with as many tasks running as wanted or one less.
fn model(services: &[(&str, &str, bool)]) -> Model {
    let preferences = crate::app::model::Preferences {
        refresh: Duration::from_secs(2),
        live_logs: true,
        read_only: false,
        production: ProductionRules::default(),
        cluster: None,
        service: None,
        zone: jiff::tz::TimeZone::UTC,
    };
    let context = Context {
        id: ContextId(0),
        profile: None,
        region: None,
        endpoint: None,
        demo: false,
    };
    let now = fixture::at(0);
    let mut model = Model::new(preferences, Keymap::standard(), vec![context], now);
    let store = model.store_mut(ContextId(0)).unwrap();
    for (cluster, name, short) in services {
        let arn = ServiceArn::new(format!("arn:aws:ecs:r:1:service/{cluster}/{name}"));
        let mut service = fixture::service(vec![fixture::deployment(1, 1)]);
        service.arn = arn.clone();
        service.running = service.desired - u32::from(*short);
        store
            .cluster_of
            .insert(arn.clone(), fixture::cluster(cluster));
        store.services.insert(arn, Remote::fresh(service, now));
    }
    model.navigation.open(Screen::Services(None));
    model
}

fn names(model: &Model) -> Vec<&str> {
    let rows = model.navigation.current().list.rows.iter();
    rows.map(|row| match row {
        RowId::Service(_, arn) => arn.name(),
        other => panic!("{other:?} is no service"),
    })
    .collect()
}

fn mixed() -> Model {
    model(&[
        ("Beta", "y", false),
        ("Beta", "X", false),
        ("alpha", "z", false),
        ("gamma", "broken", true),
    ])
}

#[test]
fn services_stand_by_what_is_wrong_then_by_cluster_and_name_in_any_case() {
    let mut model = mixed();
    refresh(&mut model);
    assert_eq!(names(&model), ["broken", "z", "X", "y"]);
}

#[test]
fn a_sort_column_sees_its_keys() {
    let mut model = mixed();
    model.navigation.current_mut().list.sort = Sort {
        column: Some(0),
        descending: true,
    };
    refresh(&mut model);
    assert_eq!(names(&model), ["z", "y", "X", "broken"]);
}

#[test]
fn a_filter_sees_the_text() {
    let mut model = mixed();
    model.navigation.current_mut().list.filter = Filter::new("beta");
    refresh(&mut model);
    assert_eq!(names(&model), ["X", "y"]);
    assert_eq!(model.navigation.current().list.total, 4);
}
