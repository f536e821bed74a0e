//! What a note of an incident tells of a release.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::log_sources::{release_of_source, service_of_source};
use super::logs_range::range_in_front;
use super::model::Model;
use super::store::Store;
use super::timeline::moments;
use crate::domain::context::Scoped;
use crate::domain::incident::Incident;
use crate::domain::logs::LogSource;
use crate::domain::release::{Release, Side};
use crate::domain::task_definition::TaskDefinition;

/// What is known of the release that the lines of a source are about.
pub(super) fn incident(model: &Model, source: &Scoped<LogSource>, zone: &TimeZone) -> Incident {
    let now = moment(model.now, zone);
    let mut incident = Incident {
        title: format!("Incident: {}", source.id.name()),
        written: format!("Written {now} with cutover."),
        ..Incident::default()
    };
    let Some(store) = model.store(source.context) else {
        return incident;
    };
    let release = release_of_source(store, &source.id);
    let facts = &mut incident.facts;
    if let Some(service) = service_of_source(store, &source.id) {
        facts.push(("service", service.name().to_owned()));
    }
    if let Some(cluster) = source.id.cluster() {
        facts.push(("cluster", cluster.name().to_owned()));
    }
    let identity = store.identity.value();
    facts.extend(identity.map(|identity| ("account", identity.account.clone())));
    facts.extend(
        store
            .context
            .region
            .clone()
            .map(|region| ("Region", region)),
    );
    if let Some(release) = release {
        of_release(store, release, zone, facts);
        let told = moments(store, release, |at| moment(at, zone));
        let told = told.into_iter().rev();
        incident.timeline = told
            .map(|told| (moment(told.at, zone), told.words))
            .collect();
    }
    let range = range_in_front(model).map(|range| range.label(zone));
    incident
        .facts
        .extend(range.map(|range| ("log lines", range)));
    incident
}

fn of_release(
    store: &Store,
    release: &Release,
    zone: &TimeZone,
    facts: &mut Vec<(&'static str, String)>,
) {
    facts.push(("release", release.id.short().to_owned()));
    facts.push(("mechanism", release.mechanism.label().to_owned()));
    facts.push(("status", release.status.label().to_owned()));
    facts.extend(cause(store, release).map(|cause| ("cause", cause)));
    let at = |at: Timestamp| moment(at, zone);
    facts.extend(release.started_at.map(|began| ("began", at(began))));
    facts.extend(release.finished_at.map(|ended| ("ended", at(ended))));
    facts.extend(release.old.as_ref().map(|old| ("old", side(store, old))));
    facts.extend(release.new.as_ref().map(|new| ("new", side(store, new))));
}

/// Why it is as it is: as the stopped tasks tell it, else in AWS's words.
fn cause(store: &Store, release: &Release) -> Option<String> {
    let newest = store.newest_release(&release.service);
    let newest = newest.is_some_and(|newest| newest.id == release.id);
    let diagnosis = store.diagnoses.get(&release.service).filter(|_| newest);
    let headline = diagnosis.map(|diagnosis| diagnosis.headline.clone());
    headline.or_else(|| release.reason.clone())
}

/// What a side runs: its task definition and its images.
fn side(store: &Store, side: &Side) -> String {
    let Some(definition) = &side.task_definition else {
        return "not known".into();
    };
    let known = store.task_definition(definition);
    let images = if side.images.is_empty() {
        known.map(TaskDefinition::images).unwrap_or_default()
    } else {
        side.images.clone()
    };
    let mut words = vec![definition.family_revision().to_owned()];
    words.extend(images.into_iter().map(|image| format!("image {image}")));
    words.join(", ")
}

/// A time to the second with its date and its distance from UTC.
fn moment(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
