//! A build, and how far it is at a moment.

use super::NewBuild;
use super::course::{Course, Phase};
use crate::sim::clock::SimTime;
use crate::sim::world::arn::Place;

/// How a build or one of its phases stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum BuildStatus {
    /// It is under way.
    InProgress,
    /// It ended well.
    Succeeded,
    /// It failed.
    Failed,
}

impl BuildStatus {
    /// The word of CodeBuild.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

/// A phase of a build.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhaseKind {
    /// It has been accepted.
    Submitted,
    /// It waits for a machine.
    Queued,
    /// The machine starts.
    Provisioning,
    /// The source is fetched.
    DownloadSource,
    /// Tools are installed.
    Install,
    /// What comes before the build, such as signing in to ECR.
    PreBuild,
    /// The build itself.
    Build,
    /// What comes after it, such as pushing the image; also after a build that failed.
    PostBuild,
    /// The artifacts are stored.
    UploadArtifacts,
    /// The machine goes away.
    Finalizing,
    /// It is over.
    Completed,
}

impl PhaseKind {
    /// The word of CodeBuild.
    pub fn word(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::Queued => "QUEUED",
            Self::Provisioning => "PROVISIONING",
            Self::DownloadSource => "DOWNLOAD_SOURCE",
            Self::Install => "INSTALL",
            Self::PreBuild => "PRE_BUILD",
            Self::Build => "BUILD",
            Self::PostBuild => "POST_BUILD",
            Self::UploadArtifacts => "UPLOAD_ARTIFACTS",
            Self::Finalizing => "FINALIZING",
            Self::Completed => "COMPLETED",
        }
    }
}

/// How far a build is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct BuildProgress {
    /// The phase that it is in.
    pub phase: PhaseKind,
    /// How it stands.
    pub status: BuildStatus,
    /// How much of its time has passed, in percent; 100 once it is over.
    pub percent: u32,
}

/// A build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The name of its project, a colon and a UUID.
    pub id: String,
    /// The UUID, which is also the name of its log stream.
    pub uuid: String,
    /// Counts the builds of its project from 1.
    pub number: u64,
    /// What it was started with.
    pub made: NewBuild,
    /// What happens when.
    pub course: Course,
}

impl Build {
    /// When it started.
    pub fn started_at(&self) -> SimTime {
        self.course.start
    }

    /// When it will be over, or was. Nothing moves this moment.
    pub fn ends_at(&self) -> SimTime {
        self.course.end
    }

    /// Why it fails or has failed; none if it succeeds.
    pub fn failure(&self) -> Option<&str> {
        self.course.failure.as_deref()
    }

    /// How far it is at `now`.
    pub fn progress(&self, now: SimTime) -> BuildProgress {
        let phase = self.course.phase_at(now);
        let over = now >= self.ends_at();
        BuildProgress {
            phase,
            status: match (over, self.failure()) {
                (false, _) => BuildStatus::InProgress,
                (true, None) => BuildStatus::Succeeded,
                (true, Some(_)) => BuildStatus::Failed,
            },
            percent: self.percent(now),
        }
    }

    fn percent(&self, now: SimTime) -> u32 {
        let whole = self.ends_at().millis_since(self.started_at()).max(1);
        let passed = now.millis_since(self.started_at()).clamp(0, whole);
        u32::try_from(passed.saturating_mul(100) / whole).unwrap_or(100)
    }

    /// The status code and the message that one of its phases ends with; both are empty when the
    /// phase succeeds.
    pub fn context(&self, phase: &Phase) -> (&'static str, String) {
        if !phase.fails {
            return ("", String::new());
        }
        let command = self.test_command();
        (
            "COMMAND_EXECUTION_ERROR",
            format!("Error while executing command: {command}. Reason: exit status 1"),
        )
    }

    /// The command that fails when the build does.
    pub(super) fn test_command(&self) -> String {
        format!("make -C {} test", self.made.project)
    }

    /// The log group of its project.
    pub fn log_group(&self) -> String {
        format!("/aws/codebuild/{}", self.made.project)
    }

    /// The ARN of its log stream.
    pub fn log_arn(&self, place: &Place) -> String {
        let (region, account) = (&place.region, &place.account);
        let group = self.log_group();
        format!(
            "arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{}",
            self.uuid
        )
    }

    /// Its own ARN.
    pub fn arn(&self, place: &Place) -> String {
        let (region, account) = (&place.region, &place.account);
        format!("arn:aws:codebuild:{region}:{account}:build/{}", self.id)
    }
}
