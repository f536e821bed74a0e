//! Makes the releases of a service of everything that is known about it.

use jiff::Timestamp;

use super::Store;
use crate::domain::arn::ServiceArn;
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

    /// Notes the stages that releases in flight are in: ECS does not tell when they began.
    pub(super) fn observe(&mut self, records: &[ServiceDeployment], asked_at: Timestamp) {
        for record in records.iter().filter(|record| !record.status.is_over()) {
            let id = ReleaseId(record.arn.as_str().to_owned());
            self.observed
                .entry(id)
                .or_default()
                .observe(record, asked_at);
        }
    }

    /// Forgets when the stages of a service's releases were seen.
    pub(super) fn forget_observed(&mut self, service: &ServiceArn) {
        let records = self.records.get(service).and_then(Remote::value);
        for record in records.into_iter().flatten() {
            self.observed
                .remove(&ReleaseId(record.arn.as_str().to_owned()));
        }
    }
}
