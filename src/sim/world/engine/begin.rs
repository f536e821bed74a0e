//! The beginning of a deployment: a service revision, a service deployment, and an entry in
//! `deployments[]`.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Event, timing};
use crate::sim::world::Region;
use crate::sim::world::deployment::{Deployment, Release, ReleaseStatus, Revision, RolloutState};
use crate::sim::world::ids::{DeploymentNumber, RevisionNumber, ServiceNumber};
use crate::sim::world::service::Service;
use crate::sim::world::task_definition::TaskDefinition;

/// The members of a service that belong to its revisions.
const REVISION_MEMBERS: [&str; 11] = [
    "capacityProviderStrategy",
    "launchType",
    "platformVersion",
    "platformFamily",
    "loadBalancers",
    "serviceRegistries",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "fargateEphemeralStorage",
    "vpcLatticeConfigurations",
];

impl Region {
    /// Starts to deploy `definition` with the service's present members. What was under way is
    /// superseded.
    pub(super) fn deploy(&mut self, number: ServiceNumber, definition: &Arc<TaskDefinition>) {
        self.supersede(number);
        let sources = self.running_revisions(number);
        let revision = self.new_revision(number, definition);
        let Some(release) = self.new_release(number, revision, sources) else {
            return;
        };
        self.new_deployment(number, revision, release, "in progress.");
        let delay = timing::BEGIN.pick(&mut self.ecs.rng);
        self.after(delay, Event::BeginRelease(number, release));
    }

    /// A service deployment leaves PENDING, unless something ended it meanwhile.
    pub(super) fn begin_release(&mut self, number: ServiceNumber, position: usize) {
        let now = self.ecs.now;
        let release = self
            .ecs
            .services
            .get_mut(&number)
            .and_then(|service| service.releases.get_mut(position))
            .filter(|release| release.status == ReleaseStatus::Pending);
        if let Some(release) = release {
            release.status = ReleaseStatus::InProgress;
            release.started_at = Some(now);
            release.updated_at = now;
            let shifts = release.shift.is_some();
            self.wake_at(number, now);
            if shifts {
                self.begin_shift(number, position);
            }
        }
    }

    /// The revisions that a new release takes over from: those that have tasks now, from the
    /// oldest.
    fn running_revisions(&self, number: ServiceNumber) -> Vec<RevisionNumber> {
        let Some(service) = self.ecs.services.get(&number) else {
            return Vec::new();
        };
        let mut revisions: Vec<RevisionNumber> = self
            .ecs
            .live_tasks(service)
            .filter(|task| task.wanted)
            .map(|task| task.revision)
            .collect();
        revisions.sort();
        revisions.dedup();
        service.sources(revisions)
    }

    fn new_revision(
        &mut self,
        number: ServiceNumber,
        definition: &Arc<TaskDefinition>,
    ) -> RevisionNumber {
        let members = self.ecs.services.get(&number).map(revision_members);
        self.new_revision_of(number, definition, members.unwrap_or_default())
    }

    /// A revision with these members, whatever the service itself says.
    pub(super) fn new_revision_of(
        &mut self,
        number: ServiceNumber,
        definition: &Arc<TaskDefinition>,
        members: Map<String, Value>,
    ) -> RevisionNumber {
        let now = self.ecs.now;
        let id = self.ecs.rng.digits(19);
        let arn = self.history_arn("service-revision", number, &id);
        let Some(service) = self.ecs.services.get_mut(&number) else {
            return RevisionNumber(0);
        };
        let position = u32::try_from(service.revisions.len()).unwrap_or(u32::MAX);
        let revision = RevisionNumber(position);
        service.revisions.push(Revision {
            number: revision,
            arn,
            definition: Arc::clone(definition),
            members,
            alternate: service.takes_alternate(),
            created_at: now,
        });
        revision
    }

    /// Adds a service deployment and gives its position in the history.
    fn new_release(
        &mut self,
        number: ServiceNumber,
        target: RevisionNumber,
        sources: Vec<RevisionNumber>,
    ) -> Option<usize> {
        let now = self.ecs.now;
        let id = self.ecs.rng.token(21);
        let arn = self.history_arn("service-deployment", number, &id);
        let service = self.ecs.services.get(&number)?;
        let settings = service.settings.clone();
        let shift = self.new_shift(service, &settings, &sources, target);
        let alarms = self.new_watch(&settings);
        if shift.is_none() {
            self.return_traffic(number);
        }
        let service = self.ecs.services.get_mut(&number)?;
        service.releases.push(Release {
            arn,
            created_at: now,
            started_at: None,
            finished_at: None,
            stopped_at: None,
            updated_at: now,
            sources,
            target,
            status: ReleaseStatus::Pending,
            status_reason: None,
            rollback: None,
            threshold: settings
                .breaker
                .threshold
                .unwrap_or_default()
                .tasks(service.desired),
            settings,
            failure_count: 0,
            triggered: false,
            alarms,
            shift,
            final_counts: None,
        });
        service.releases.len().checked_sub(1)
    }

    /// Puts a new entry at the head of `deployments[]`. `words` follow its id in the reason of
    /// its rollout state.
    pub(super) fn new_deployment(
        &mut self,
        number: ServiceNumber,
        revision: RevisionNumber,
        release: usize,
        words: &str,
    ) -> Option<DeploymentNumber> {
        let now = self.ecs.now;
        let id = format!("ecs-svc/{}", self.ecs.rng.digits(19));
        let service = self.ecs.services.get_mut(&number)?;
        let definition = Arc::clone(&service.revision(revision)?.definition);
        let deployment = DeploymentNumber(service.deployment_count);
        service.deployment_count = service.deployment_count.saturating_add(1);
        service.steady = false;
        service.deployments.insert(
            0,
            Deployment {
                number: deployment,
                rollout_reason: format!("ECS deployment {id} {words}"),
                id,
                revision,
                definition,
                release,
                failed_tasks: 0,
                failures_in_row: 0,
                resume_at: now,
                created_at: now,
                updated_at: now,
                rollout: RolloutState::InProgress,
            },
        );
        Some(deployment)
    }

    /// A newer deployment takes the place of the one under way.
    fn supersede(&mut self, number: ServiceNumber) {
        self.end_release(
            number,
            ReleaseStatus::Stopped,
            "Service deployment stopped because a newer service deployment superseded it.",
        );
    }

    pub(super) fn history_arn(&self, kind: &str, number: ServiceNumber, id: &str) -> String {
        let Some(service) = self.ecs.services.get(&number) else {
            return String::new();
        };
        let cluster = self
            .ecs
            .clusters
            .get(&service.cluster)
            .map_or("", |cluster| cluster.name.as_str());
        self.ecs
            .place
            .ecs(&format!("{kind}/{cluster}/{}/{id}", service.name))
    }
}

/// The members of a service that its revisions repeat.
pub(super) fn revision_members(service: &Service) -> Map<String, Value> {
    REVISION_MEMBERS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), service.members.get(*name)?.clone())))
        .collect()
}
