//! Asks what moves the two sides of releases: CodeDeploy, load balancers, alarms.

use jiff::{SignedDuration, Timestamp};

use super::Asker;
use crate::app::msg::Data;
use crate::domain::arn::{ServiceArn, TargetGroupArn};
use crate::domain::codedeploy::GroupId;
use crate::domain::failure::Failure;
use crate::domain::traffic::RouteArn;

/// How far back deployments of a group are read: as long as ECS keeps its own records.
const HISTORY: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Asker {
    pub(super) async fn code_deployments(
        &self,
        asked_at: Timestamp,
        ids: &[String],
        targets: bool,
    ) -> Result<Option<Failure>, Failure> {
        let read = if targets {
            self.aws.code_deployments(ids).await?
        } else {
            self.aws.code_deployments_in_short(ids).await?
        };
        self.tell(asked_at, Data::CodeDeployments(read.items)).await;
        Ok(read.unread)
    }

    pub(super) async fn code_history(
        &self,
        asked_at: Timestamp,
        service: &ServiceArn,
        group: &GroupId,
    ) -> Result<Option<Failure>, Failure> {
        let read = self.history(asked_at, group).await?;
        let data = Data::CodeDeployHistory {
            service: service.clone(),
            deployments: read.items,
        };
        self.tell(asked_at, data).await;
        Ok(read.unread)
    }

    pub(super) async fn group_deployments(
        &self,
        asked_at: Timestamp,
        group: &GroupId,
    ) -> Result<Option<Failure>, Failure> {
        let read = self.history(asked_at, group).await?;
        let data = Data::GroupDeployments {
            group: group.clone(),
            deployments: read.items,
        };
        self.tell(asked_at, data).await;
        Ok(read.unread)
    }

    async fn history(
        &self,
        now: Timestamp,
        group: &GroupId,
    ) -> Result<crate::aws::CodeDeployments, Failure> {
        let since = now.checked_sub(HISTORY).unwrap_or(Timestamp::UNIX_EPOCH);
        self.aws.code_deployment_history(group, since).await
    }

    pub(super) async fn traffic(
        &self,
        asked_at: Timestamp,
        routes: &[RouteArn],
        groups: &[TargetGroupArn],
        names: &[String],
        behind: &[TargetGroupArn],
    ) -> Result<Option<Failure>, Failure> {
        let mut read = self.aws.traffic(routes, groups, names).await;
        if !behind.is_empty() {
            let found = self.aws.routes_behind(behind).await;
            read.traffic.behind = found.traffic.behind;
            read.unread = read.unread.or(found.unread);
        }
        let data = Data::Traffic {
            traffic: read.traffic,
            gone: read.gone,
        };
        self.tell(asked_at, data).await;
        Ok(read.unread)
    }

    pub(super) async fn alarms(&self, names: &[String]) -> Result<Data, Failure> {
        let read = self.aws.alarms(names).await?;
        let gone = read.missing.into_iter().map(|(name, _)| name).collect();
        Ok(Data::Alarms {
            alarms: read.items,
            gone,
        })
    }
}
