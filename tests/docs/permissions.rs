//! The policies of `docs/permissions.md` allow every call that the program can make, and no other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cutover::domain::arn::{
    ClusterArn, ServiceArn, ServiceDeploymentArn, TaskArn, TaskDefinitionArn,
};
use cutover::domain::call::{
    Call, ConditionKind, DeploymentOrder, DeploymentWait, HookAnswer, PipelineCall,
};
use cutover::domain::codedeploy::GroupId;
use cutover::domain::pipeline::{ExecutionId, PipelineName};
use serde_json::Value;

const PAGE: &str = include_str!("../../docs/permissions.md");

/// What AWS asks for beside the calls themselves.
const DEPENDENT: [&str; 2] = ["ecs:TagResource", "iam:PassRole"];

/// The actions of the policy under a heading.
fn policy(heading: &str) -> BTreeSet<String> {
    let (_, section) = PAGE.split_once(&format!("\n## {heading}\n")).unwrap();
    let (_, block) = section.split_once("```json\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let policy: Value = serde_json::from_str(block).unwrap();
    assert_eq!(policy["Version"], "2012-10-17");
    let mut actions = BTreeSet::new();
    for statement in policy["Statement"].as_array().unwrap() {
        assert_eq!(statement["Effect"], "Allow");
        let action = &statement["Action"];
        let listed = action
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![action.clone()]);
        for action in listed {
            assert!(
                actions.insert(action.as_str().unwrap().to_owned()),
                "{action} twice"
            );
        }
    }
    actions
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries
        .map(|entry| entry.unwrap().path())
        .partition(|path| path.is_dir());
    folders
        .iter()
        .flat_map(|folder| self::files(folder))
        .chain(files)
        .collect()
}

/// The operations that `src/aws` declares: (reads, changes). A call cannot be made without one.
fn declared() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut reads, mut changes) = (BTreeSet::new(), BTreeSet::new());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/aws");
    for file in files(&folder) {
        let text = std::fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for declaration in code.split("Operation::new(").skip(1) {
            let (arguments, _) = declaration.split_once(");").unwrap();
            let name = arguments.split('"').nth(1).unwrap().to_owned();
            let reading = [
                "BatchGet",
                "Describe",
                "Filter",
                "Get",
                "List",
                "StartLiveTail",
            ];
            let operation = name.split(':').nth(1).unwrap();
            let reads_only = reading.iter().any(|verb| operation.starts_with(verb));
            if reads_only { &mut reads } else { &mut changes }.insert(name);
        }
    }
    (reads, changes)
}

#[test]
fn the_policy_for_watching_is_what_the_program_reads() {
    let (reads, _) = declared();
    assert!(reads.len() > 10, "{reads:?}");
    assert_eq!(policy("Watching"), reads);
}

#[test]
fn the_policy_for_acting_is_what_the_program_changes() {
    let (_, changes) = declared();
    assert!(changes.len() > 3, "{changes:?}");
    let mut acting = policy("Acting");
    for action in DEPENDENT {
        assert!(acting.remove(action), "{action}");
    }
    assert_eq!(acting, changes);
}

/// What a plan says it will send is allowed.
#[test]
fn every_planned_call_is_in_the_policies() {
    let (cluster, service) = (ClusterArn::new("c"), ServiceArn::new("s"));
    let task_definition = TaskDefinitionArn::new("web:1");
    let order = |copy| DeploymentOrder {
        group: GroupId {
            application: "a".into(),
            group: "g".into(),
        },
        task_definition: task_definition.clone(),
        container: "app".into(),
        port: 80,
        copy,
    };
    let pipeline = || PipelineName::new("shop");
    let stage = || "Prod".to_owned();
    let calls = [
        Call::Pipeline(PipelineCall::PutApprovalResult {
            pipeline: pipeline(),
            stage: stage(),
            action: "Approve".into(),
            token: "t".into(),
            approve: true,
            summary: String::new(),
        }),
        Call::Pipeline(PipelineCall::StartPipelineExecution {
            pipeline: pipeline(),
        }),
        Call::Pipeline(PipelineCall::StopPipelineExecution {
            pipeline: pipeline(),
            execution: ExecutionId::new("e"),
            abandon: false,
            reason: String::new(),
        }),
        Call::Pipeline(PipelineCall::RetryStageExecution {
            pipeline: pipeline(),
            stage: stage(),
            execution: ExecutionId::new("e"),
            all: false,
        }),
        Call::Pipeline(PipelineCall::RollbackStage {
            pipeline: pipeline(),
            stage: stage(),
            to: ExecutionId::new("e"),
        }),
        Call::Pipeline(PipelineCall::EnableStageTransition {
            pipeline: pipeline(),
            stage: stage(),
        }),
        Call::Pipeline(PipelineCall::DisableStageTransition {
            pipeline: pipeline(),
            stage: stage(),
            reason: "r".into(),
        }),
        Call::Pipeline(PipelineCall::OverrideStageCondition {
            pipeline: pipeline(),
            stage: stage(),
            execution: ExecutionId::new("e"),
            condition: ConditionKind::BeforeEntry,
        }),
        Call::CreateDeployment(order(false)),
        Call::CreateDeployment(order(true)),
        Call::ContinueServiceDeployment {
            deployment: ServiceDeploymentArn::new("d"),
            hook: "h".into(),
            answer: HookAnswer::Continue,
        },
        Call::StopDeployment {
            deployment: "d-A".into(),
            roll_back: true,
        },
        Call::ContinueDeployment {
            deployment: "d-A".into(),
            wait: DeploymentWait::Ready,
        },
        Call::UpdatePrimaryTaskSet {
            cluster: cluster.clone(),
            service: service.clone(),
            task_set: "ecs-svc/1".into(),
        },
        Call::ForceNewDeployment {
            cluster: cluster.clone(),
            service: service.clone(),
        },
        Call::UpdateTaskDefinition {
            cluster: cluster.clone(),
            service: service.clone(),
            task_definition: task_definition.clone(),
        },
        Call::RegisterCopyAndUpdate {
            cluster: cluster.clone(),
            service: service.clone(),
            source: task_definition.clone(),
        },
        Call::UpdateDesiredCount {
            cluster: cluster.clone(),
            service,
            desired: 1,
        },
        Call::StopServiceDeployment {
            deployment: ServiceDeploymentArn::new("d"),
        },
        Call::StopTask {
            cluster,
            task: TaskArn::new("t"),
            reason: String::new(),
        },
    ];
    let allowed: BTreeSet<String> = policy("Watching")
        .union(&policy("Acting"))
        .cloned()
        .collect();
    for call in calls {
        for operation in call.operations() {
            assert!(allowed.contains(*operation), "{operation}");
        }
    }
}

/// The README lists the same actions in short.
#[test]
fn the_readme_names_the_same_permissions() {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n## Permissions\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let named = |text: &str| -> BTreeSet<String> {
        let block = text.split("```").nth(1).unwrap();
        block.split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(named(section), policy("Watching"));
    let (_, acting) = section.split_once("To act, also:").unwrap();
    assert_eq!(named(acting), policy("Acting"));
}
