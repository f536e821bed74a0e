//! A small world for tests: a pipeline with a source, a build, an approval and a deploy.

use serde_json::{Value, json};

use crate::sim::api::{ApiError, codepipeline};
use crate::sim::clock::SimTime;
use crate::sim::world::codepipeline::RunKey;
use crate::sim::world::engine::pipelines::deploy::{DeployProgress, Deploying, Outgoing};
use crate::sim::world::{DEFAULT_ACCOUNT, Region, World};

pub const START: SimTime = SimTime(1_700_000_000_000);
pub const REGION: &str = "us-east-1";

/// A world, and how the deploys in it end.
pub struct Ground {
    pub world: World,
    /// What a deploy is answered when it is asked after.
    pub deploys: DeployProgress,
}

impl Ground {
    pub fn empty(seed: u64) -> Self {
        Self {
            world: World::new(seed, START),
            deploys: DeployProgress::Succeeded { summary: None },
        }
    }

    /// A world with the pipeline `shop`, which has never run.
    pub fn new(mode: &str) -> Self {
        Self::with(&declaration(mode))
    }

    /// A world with this pipeline, which has never run.
    pub fn with(declaration: &Value) -> Self {
        let mut ground = Self::empty(7);
        ground.add(declaration);
        ground
    }

    /// Adds a pipeline without running it.
    pub fn add(&mut self, declaration: &Value) {
        let declared = declaration.as_object().unwrap().clone();
        let now = self.region().ecs.now;
        let pipeline = codepipeline::declare::read(declared, now).unwrap();
        codepipeline::pipelines::add(self.region(), pipeline).unwrap();
    }

    pub fn region(&mut self) -> &mut Region {
        self.world.region_mut(DEFAULT_ACCOUNT, REGION)
    }

    pub fn call(&mut self, operation: &str, input: &Value) -> Result<Value, ApiError> {
        codepipeline::handle(&mut self.world, DEFAULT_ACCOUNT, REGION, operation, input).unwrap()
    }

    #[track_caller]
    pub fn ok(&mut self, operation: &str, input: &Value) -> Value {
        self.call(operation, input).unwrap()
    }

    /// The code of the error that the operation answers.
    #[track_caller]
    pub fn error(&mut self, operation: &str, input: &Value) -> String {
        self.call(operation, input).unwrap_err().code
    }

    /// Starts an execution of `shop`; gives its id.
    #[track_caller]
    pub fn start(&mut self) -> String {
        let answer = self.ok("StartPipelineExecution", &json!({"name": "shop"}));
        answer["pipelineExecutionId"].as_str().unwrap().to_owned()
    }

    /// Lets time pass a second at a time, and answers what deploys ask of the world.
    pub fn pass(&mut self, seconds: u32) {
        for _ in 0..seconds {
            let to = self.region().ecs.now.plus_seconds(1.0);
            self.advance(to);
        }
    }

    /// Lets happen in the region what is due by `to`. Deploys are answered here: the world itself
    /// would look for the services that they name.
    pub fn advance(&mut self, to: SimTime) {
        loop {
            self.region().advance_to_delivery(to);
            if self.region().codepipeline.outbox.is_empty() {
                break;
            }
            self.deliver();
        }
        self.region().ecs.now = to;
    }

    /// Answers what deploys ask of the world.
    pub fn deliver(&mut self) {
        let progress = self.deploys.clone();
        for outgoing in std::mem::take(&mut self.region().codepipeline.outbox) {
            match outgoing {
                Outgoing::Start(order) => {
                    self.region().deploy_started(order.run, Ok(deploying()));
                }
                Outgoing::Ask(run, _) => self.region().deploy_progressed(run, progress.clone()),
            }
        }
    }

    pub fn state(&mut self) -> Value {
        self.ok("GetPipelineState", &json!({"name": "shop"}))
    }

    /// A stage of `shop` as it stands.
    pub fn stage(&mut self, name: &str) -> Value {
        let state = self.state();
        let stages = state["stageStates"].as_array().unwrap();
        let found = stages.iter().find(|one| one["stageName"] == name);
        found.unwrap().clone()
    }

    /// The latest run of an action of `shop` as its state shows it.
    pub fn action(&mut self, stage: &str, name: &str) -> Value {
        let stage = self.stage(stage);
        let actions = stage["actionStates"].as_array().unwrap();
        let found = actions.iter().find(|one| one["actionName"] == name);
        found.unwrap()["latestExecution"].clone()
    }

    /// The token of the approval that waits in `shop`.
    #[track_caller]
    pub fn token(&mut self) -> String {
        let run = self.action("Approve", "Approve");
        run["token"].as_str().unwrap().to_owned()
    }

    /// Answers the approval of `shop`.
    #[track_caller]
    pub fn answer(&mut self, status: &str) {
        let token = self.token();
        self.ok("PutApprovalResult", &approval(&token, status));
    }

    /// The status of an execution of `shop`.
    pub fn status(&mut self, id: &str) -> String {
        let pipeline = self.region().codepipeline.pipeline("shop").unwrap().1;
        let (_, execution) = pipeline.execution(id).unwrap();
        execution.status.word().to_owned()
    }

    /// The newest run of the action of this name.
    pub fn run(&mut self, name: &str) -> RunKey {
        let codepipeline = &self.region().codepipeline;
        let (pipeline, owner) = codepipeline.pipeline("shop").unwrap();
        let executions = owner.executions.iter().enumerate().rev();
        let found = executions.flat_map(|(execution, one)| {
            let runs = one.runs.iter().enumerate().rev();
            runs.filter(|(_, run)| owner.action(run.stage, run.action).unwrap().name == name)
                .map(move |(run, _)| RunKey {
                    execution: crate::sim::world::codepipeline::ExecutionKey {
                        pipeline,
                        execution,
                    },
                    run,
                })
        });
        found.into_iter().next().unwrap()
    }
}

/// The input of `PutApprovalResult` for the approval of `shop`.
pub fn approval(token: &str, status: &str) -> Value {
    json!({
        "pipelineName": "shop", "stageName": "Approve", "actionName": "Approve", "token": token,
        "result": {"summary": "looks good", "status": status},
    })
}

pub fn deploying() -> Deploying {
    Deploying::Ecs {
        account: DEFAULT_ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        cluster: "prod".to_owned(),
        service: "web".to_owned(),
        task_definition: "arn:aws:ecs:us-east-1:123456789012:task-definition/web:2".to_owned(),
        service_deployment: Some(
            "arn:aws:ecs:us-east-1:123456789012:service-deployment/prod/web/abc".to_owned(),
        ),
    }
}

/// An action with its stage's name left out.
pub fn action(name: &str, category: &str, provider: &str, more: &Value) -> Value {
    let mut action = json!({
        "name": name,
        "actionTypeId":
            {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
    });
    for (key, value) in more.as_object().unwrap() {
        action[key] = value.clone();
    }
    action
}

/// The declaration of the pipeline `shop`: Source, Build, Approve, Deploy.
pub fn declaration(mode: &str) -> Value {
    let source = action(
        "Source",
        "Source",
        "CodeStarSourceConnection",
        &json!({
            "namespace": "SourceVariables",
            "configuration": {
                "ConnectionArn": "arn:aws:codestar-connections:us-east-1:123456789012:connection/1",
                "FullRepositoryId": "acme/shop", "BranchName": "main",
            },
            "outputArtifacts": [{"name": "SourceOutput"}],
        }),
    );
    let build = action(
        "Build",
        "Build",
        "CodeBuild",
        &json!({
            "configuration": {"ProjectName": "shop"},
            "inputArtifacts": [{"name": "SourceOutput"}],
            "outputArtifacts": [{"name": "BuildOutput"}],
        }),
    );
    let approve = action(
        "Approve",
        "Approval",
        "Manual",
        &json!({
            "configuration": {
                "CustomData": "Deploy #{SourceVariables.CommitId}?",
                "ExternalEntityLink": "https://example.com/shop",
            },
        }),
    );
    let deploy = action(
        "Deploy",
        "Deploy",
        "ECS",
        &json!({
            "configuration": {"ClusterName": "prod", "ServiceName": "web"},
            "inputArtifacts": [{"name": "BuildOutput"}],
        }),
    );
    json!({
        "name": "shop",
        "roleArn": "arn:aws:iam::123456789012:role/pipeline",
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "pipelineType": "V2",
        "executionMode": mode,
        "stages": [
            {"name": "Source", "actions": [source]},
            {"name": "Build", "actions": [build]},
            {"name": "Approve", "actions": [approve]},
            {"name": "Deploy", "actions": [deploy]},
        ],
    })
}
