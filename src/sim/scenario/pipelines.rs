//! The pipelines of a scenario enter its world, and things happen to them.

use std::collections::BTreeMap;

use toml::Spanned;

use super::ScenarioError;
use super::build::Builder;
use super::declaration::{self, Target};
use super::delivery;
use super::file::{AtEntry, File};
use super::pipeline::{ApprovalEntry, FailEntry, PipelineEntry, PushEntry};
use crate::sim::api::codepipeline::{declare, pipelines};
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::World;
use crate::sim::world::arn::Place;
use crate::sim::world::codepipeline::ActionFault;
use crate::sim::world::codepipeline::pipeline::Pipeline;
use crate::sim::world::codepipeline::revision::Revision;
use crate::sim::world::ecs::fingerprint;
use crate::sim::world::engine::act::Action;
use crate::sim::world::engine::act_pipelines::PipelineAct;
use crate::sim::world::engine::pipelines::approval::Answer;

/// How many digits the id of a commit has.
const COMMIT_DIGITS: usize = 40;

impl Builder<'_> {
    pub(super) fn add_pipeline(
        &mut self,
        world: &mut World,
        file: &File,
        entry: &PipelineEntry,
    ) -> Result<(), ScenarioError> {
        let name = entry.name.get_ref();
        let account = entry.account.as_deref();
        let region = entry.region.as_ref().or(file.region.as_ref());
        let place = Place::new(
            account.unwrap_or_else(|| file.account.default_id()),
            region.map_or("us-east-1", String::as_str),
        );
        let targets = self.targets(file, entry)?;
        let declared = declaration::declaration(&place, entry, &targets);
        let region = world.region_mut(&place.account, &place.region);
        for stage in &entry.stage {
            if let (Some(project), Some(seconds)) = (&stage.build, stage.build_seconds) {
                region.codebuild.project_mut(project).seconds = Some(seconds);
            }
        }
        declare::read(declared, region.ecs.now)
            .and_then(|pipeline| pipelines::add(region, pipeline))
            .map_err(|error| self.wrong(&entry.name, error.message))?;
        if self.pipelines.insert(name.clone(), place).is_some() {
            let problem = format!("two pipelines are called '{name}'");
            return Err(self.wrong(&entry.name, problem));
        }
        Ok(())
    }

    /// The services that a pipeline deploys, by the names that its stages give them.
    fn targets(
        &self,
        file: &File,
        entry: &PipelineEntry,
    ) -> Result<BTreeMap<String, Target>, ScenarioError> {
        let mut targets = BTreeMap::new();
        for name in entry.stage.iter().flat_map(|stage| &stage.deploy) {
            let service = file.service.iter().find(|service| {
                name.get_ref().split_once('/')
                    == Some((service.cluster.get_ref().as_str(), service.name.as_str()))
            });
            let Some(service) = service else {
                let problem = format!("there is no service '{}' (cluster/service)", name.get_ref());
                return Err(self.wrong(name, problem));
            };
            let how = service.codedeploy.as_ref();
            let target = Target {
                place: self.place_of(name, service.cluster.get_ref())?.clone(),
                cluster: service.cluster.get_ref().clone(),
                service: service.name.clone(),
                codedeploy: how.map(|how| delivery::names(service, how)),
            };
            targets.insert(name.get_ref().clone(), target);
        }
        Ok(targets)
    }

    pub(super) fn schedule_for_pipeline(
        &self,
        world: &mut World,
        at: SimTime,
        entry: &AtEntry,
        near: &Spanned<String>,
    ) -> Result<(), ScenarioError> {
        let name = near.get_ref();
        let Some(place) = self.pipelines.get(name) else {
            let problem = format!("there is no pipeline '{name}' by then");
            return Err(self.wrong(near, problem));
        };
        let region = world.region_mut(&place.account, &place.region);
        let pipeline = region.codepipeline.pipeline(name).map(|(_, one)| one);
        let act = pipeline_act(place, entry).map_err(|problem| self.wrong(near, problem))?;
        if let Some(problem) = pipeline.and_then(|one| unknown_part(one, &act)) {
            return Err(self.wrong(near, problem));
        }
        let pipeline = name.clone();
        region.schedule(at, Action::Pipeline { pipeline, act });
        Ok(())
    }
}

/// What an entry does to a pipeline in `place`.
fn pipeline_act(place: &Place, entry: &AtEntry) -> Result<PipelineAct, String> {
    let answer = |one: &ApprovalEntry, approved| PipelineAct::Answer {
        stage: one.stage.clone(),
        answer: Answer {
            approved,
            summary: one.summary.clone(),
            by: person(place, &one.by),
        },
    };
    let mut acts: Vec<PipelineAct> = [
        entry.push.as_ref().map(push),
        entry.approve.as_ref().map(|one| answer(one, true)),
        entry.reject.as_ref().map(|one| answer(one, false)),
        entry.fail.as_ref().map(fail),
    ]
    .into_iter()
    .flatten()
    .collect();
    match (acts.pop(), acts.is_empty()) {
        (Some(act), true) => Ok(act),
        _ => Err("exactly one of push, approve, reject and fail has to be there".to_owned()),
    }
}

/// The stage or the action that an act names and the pipeline hasn't.
fn unknown_part(pipeline: &Pipeline, act: &PipelineAct) -> Option<String> {
    match act {
        PipelineAct::Answer {
            stage: Some(stage), ..
        } => pipeline
            .stage(stage)
            .is_none()
            .then(|| format!("the pipeline has no stage '{stage}'")),
        PipelineAct::Fail { action, .. } => {
            let mut actions = pipeline.stages.iter().flat_map(|stage| &stage.actions);
            let found = actions.any(|one| one.name == *action);
            (!found).then(|| format!("the pipeline has no action '{action}'"))
        }
        PipelineAct::Answer { stage: None, .. } | PipelineAct::Push(_) => None,
    }
}

/// The ARN of a person by a short name.
fn person(place: &Place, name: &str) -> String {
    format!("arn:aws:iam::{}:user/{name}", place.account)
}

fn push(entry: &PushEntry) -> PipelineAct {
    let image = entry.image.iter();
    PipelineAct::Push(Revision {
        id: commit(entry),
        message: entry.message.clone(),
        url: None,
        author: Some(entry.author.clone()).filter(|author| !author.is_empty()),
        email: entry.email.clone(),
        // The moment of the push takes its place.
        created_at: SimTime::default(),
        images: image.map(|image| (String::new(), image.clone())).collect(),
    })
}

/// The whole id of a commit: what the scenario leaves out follows from what it says.
fn commit(entry: &PushEntry) -> String {
    let id = entry.id.clone().unwrap_or_default();
    if id.starts_with("sha256:") || id.len() >= COMMIT_DIGITS {
        return id;
    }
    let said = format!("{id} {} {:?}", entry.message, entry.image);
    let mut rest = Rng::new(fingerprint(&said));
    let missing = COMMIT_DIGITS.saturating_sub(id.len());
    id + &rest.hex(missing)
}

fn fail(entry: &FailEntry) -> PipelineAct {
    PipelineAct::Fail {
        action: entry.action.clone(),
        fault: ActionFault {
            code: "JobFailed".to_owned(),
            message: entry.cause.clone(),
            times: 1,
        },
    }
}
