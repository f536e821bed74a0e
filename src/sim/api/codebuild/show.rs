//! How CodeBuild shows a build: the output structure of the service model.

use serde_json::{Map, Value, json};

use crate::sim::clock::SimTime;
use crate::sim::world::arn::Place;
use crate::sim::world::codebuild::{Build, BuildStatus, PhaseKind};

/// A build as it is at `now`.
pub fn build(place: &Place, build: &Build, now: SimTime) -> Value {
    let progress = build.progress(now);
    let over = progress.status != BuildStatus::InProgress;
    let (account, region) = (&place.account, &place.region);
    let mut shown = Map::new();
    for (name, value) in [
        ("id", json!(build.id)),
        ("arn", json!(build.arn(place))),
        ("buildNumber", json!(build.number)),
        ("startTime", build.started_at().json()),
        ("currentPhase", json!(progress.phase.word())),
        ("buildStatus", json!(progress.status.word())),
        ("projectName", json!(build.made.project)),
        ("phases", phases(build, now)),
        (
            "source",
            json!({"type": "CODEPIPELINE", "insecureSsl": false}),
        ),
        ("artifacts", artifacts(place, build)),
        ("cache", json!({"type": "NO_CACHE"})),
        ("environment", environment()),
        (
            "serviceRole",
            json!(format!(
                "arn:aws:iam::{account}:role/service-role/codebuild"
            )),
        ),
        ("timeoutInMinutes", json!(60)),
        ("queuedTimeoutInMinutes", json!(480)),
        ("buildComplete", json!(over)),
        ("initiator", json!(build.made.initiator)),
        (
            "encryptionKey",
            json!(format!("arn:aws:kms:{region}:{account}:alias/aws/s3")),
        ),
    ] {
        shown.insert(name.to_owned(), value);
    }
    let sources = [
        ("sourceVersion", &build.made.source_version),
        ("resolvedSourceVersion", &build.made.resolved_source_version),
    ];
    for (name, value) in sources {
        if let Some(value) = value {
            shown.insert(name.to_owned(), json!(value));
        }
    }
    if over {
        shown.insert("endTime".to_owned(), build.ends_at().json());
    }
    shown.insert("logs".to_owned(), logs(place, build, progress.phase));
    Value::Object(shown)
}

/// The phases that have begun. The one under way has neither an end nor a status.
fn phases(build: &Build, now: SimTime) -> Value {
    let mut shown: Vec<Value> = Vec::new();
    for phase in build.course.phases.iter().filter(|one| one.start <= now) {
        if now < phase.end {
            shown.push(json!({
                "phaseType": phase.kind.word(),
                "startTime": phase.start.json(),
            }));
            continue;
        }
        let status = if phase.fails {
            BuildStatus::Failed
        } else {
            BuildStatus::Succeeded
        };
        let (code, message) = build.context(phase);
        shown.push(json!({
            "phaseType": phase.kind.word(),
            "phaseStatus": status.word(),
            "startTime": phase.start.json(),
            "endTime": phase.end.json(),
            "durationInSeconds": phase.end.millis_since(phase.start) / 1_000,
            "contexts": [{"statusCode": code, "message": message}],
        }));
    }
    if now >= build.ends_at() {
        let completed = PhaseKind::Completed.word();
        shown.push(json!({"phaseType": completed, "startTime": build.ends_at().json()}));
    }
    Value::Array(shown)
}

/// Where the log is. Before the machine runs there is no stream yet.
fn logs(place: &Place, build: &Build, phase: PhaseKind) -> Value {
    let (region, account) = (&place.region, &place.account);
    let settings = json!({"status": "ENABLED"});
    let disabled = json!({"status": "DISABLED", "encryptionDisabled": false});
    let group = build.log_group();
    let console =
        format!("https://console.aws.amazon.com/cloudwatch/home?region={region}#logsV2:log-groups");
    if phase < PhaseKind::DownloadSource {
        return json!({
            "deepLink": console,
            "cloudWatchLogsArn":
                format!("arn:aws:logs:{region}:{account}:log-group:null:log-stream:null"),
            "cloudWatchLogs": settings,
            "s3Logs": disabled,
        });
    }
    // The console wants the slashes of a name encoded twice.
    let escaped = group.replace('/', "$252F");
    json!({
        "groupName": group,
        "streamName": build.uuid,
        "deepLink": format!("{console}/log-group/{escaped}/log-events/{}", build.uuid),
        "cloudWatchLogsArn": build.log_arn(place),
        "cloudWatchLogs": settings,
        "s3Logs": disabled,
    })
}

fn artifacts(place: &Place, build: &Build) -> Value {
    let (region, account) = (&place.region, &place.account);
    let pipeline = build.made.initiator.rsplit('/').next().unwrap_or_default();
    let object: String = build.uuid.chars().take(7).collect();
    json!({
        "location": format!(
            "arn:aws:s3:::codepipeline-{region}-{account}/{pipeline}/BuildArtif/{object}"
        ),
        "overrideArtifactName": false,
        "encryptionDisabled": false,
    })
}

fn environment() -> Value {
    json!({
        "type": "LINUX_CONTAINER",
        "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        "computeType": "BUILD_GENERAL1_SMALL",
        "environmentVariables": [],
        "privilegedMode": true,
        "imagePullCredentialsType": "CODEBUILD",
    })
}
