//! Makes the releases of a service of everything that is known about it.

use std::collections::HashSet;

use jiff::Timestamp;

use super::Store;
use crate::domain::arn::{ServiceArn, ServiceDeploymentArn};
use crate::domain::release::{self, ReleaseId, Sources};
use crate::domain::remote::Remote;
use crate::domain::service_deployment::ServiceDeployment;

impl Store {
    /// Makes the releases of a service anew.
    pub(super) fn assemble(&mut self, arn: &ServiceArn) {
        let Some(service) = self.services.get(arn).and_then(Remote::value) else {
            return;
        };
        let codedeploy = self.code_deployments_for(arn);
        let sources = Sources {
            service,
            history: self.records_of(arn),
            codedeploy: &codedeploy,
            traffic: &self.traffic,
            alarms: &self.alarms,
            observed: &self.observed,
        };
        let newest = release::current_of(&sources);
        let earlier = release::past_of(&sources, newest.as_ref().map(|release| &release.id));
        let releases = newest.into_iter().chain(earlier).collect();
        self.releases.insert(arn.clone(), releases);
        self.diagnose(arn);
    }

    pub(super) fn take_records(
        &mut self,
        service: &ServiceArn,
        records: Vec<ServiceDeployment>,
        asked_at: Timestamp,
    ) {
        let known = self.records.get(service).and_then(Remote::fetched_at);
        if known.is_some_and(|known| known > asked_at) {
            return;
        }
        let kept: HashSet<&ServiceDeploymentArn> =
            records.iter().map(|record| &record.arn).collect();
        self.forget_observed(service, |arn| kept.contains(arn));
        self.observe(&records, asked_at);
        let known = self.records.entry(service.clone()).or_default();
        known.succeed(records, asked_at);
        self.assemble(service);
    }

    /// Notes the stages that releases in flight are in: ECS does not tell when they began.
    fn observe(&mut self, records: &[ServiceDeployment], asked_at: Timestamp) {
        for record in records.iter().filter(|record| !record.status.is_over()) {
            let log = self.observed.entry(id_of(&record.arn)).or_default();
            log.observe(record, asked_at);
        }
    }

    /// Forgets when the stages of a service's releases were seen, but for some records.
    pub(super) fn forget_observed(
        &mut self,
        service: &ServiceArn,
        is_kept: impl Fn(&ServiceDeploymentArn) -> bool,
    ) {
        let records = self.records.get(service).and_then(Remote::value);
        for record in records.into_iter().flatten() {
            if !is_kept(&record.arn) {
                self.observed.remove(&id_of(&record.arn));
            }
        }
    }
}

fn id_of(record: &ServiceDeploymentArn) -> ReleaseId {
    ReleaseId(record.as_str().to_owned())
}
