//! From a scenario file to a world.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use toml::Spanned;

use super::file::{AtEntry, ClusterEntry, File, ServiceEntry};
use super::pipeline::PipelineEntry;
use super::time::Offset;
use super::{ScenarioError, ScenarioOptions, accounts, delivery, fleet, request, scaling};
use crate::sim::api::{Input, ecs};
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::World;
use crate::sim::world::alarms::AlarmState;
use crate::sim::world::arn::Place;
use crate::sim::world::behaviour::{Behaviour, ImageRule};
use crate::sim::world::ecr::ImageUri;
use crate::sim::world::ecs::fingerprint;
use crate::sim::world::engine::act::{Act, Action};
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::task_set::Controller;

/// The largest weight of a target group.
const MOST_WEIGHT: u32 = 999;

/// Builds one world.
pub struct Builder<'a> {
    text: &'a str,
    options: &'a ScenarioOptions,
    /// Where each cluster is.
    pub(super) places: BTreeMap<String, Place>,
    /// The services that are there, by `cluster/service`.
    services: BTreeMap<String, ServiceNumber>,
    /// Where each pipeline is that is there.
    pub(super) pipelines: BTreeMap<String, Place>,
}

/// Something that happens while the world is built, in order of time.
enum Moment<'a> {
    Service(&'a ServiceEntry),
    Pipeline(&'a PipelineEntry),
    Act(&'a AtEntry),
}

impl<'a> Builder<'a> {
    /// A builder of the world that `text` describes.
    pub fn new(text: &'a str, options: &'a ScenarioOptions) -> Self {
        Self {
            text,
            options,
            places: BTreeMap::new(),
            services: BTreeMap::new(),
            pipelines: BTreeMap::new(),
        }
    }

    /// Builds it: everything up to the start has happened, the rest is scheduled.
    pub fn build(mut self, file: &File) -> Result<World, ScenarioError> {
        let file = self.with_fleet(file)?;
        let moments = self.moments(&file)?;
        let first = moments.first().map_or(0, |(offset, _)| offset.0.min(0));
        let mut world = World::new(self.options.seed, self.options.now.plus_millis(first));
        world.accounts =
            accounts::accounts(&file).map_err(|(near, problem)| self.wrong(near, problem))?;
        for cluster in &file.cluster {
            self.add_cluster(&mut world, &file, cluster)?;
        }
        self.add_images(&mut world, &file);
        for (offset, moment) in moments {
            let at = self.options.now.plus_millis(offset.0);
            if offset.0 <= 0 {
                world.advance(at);
            }
            match moment {
                Moment::Service(entry) => self.add_service(&mut world, entry)?,
                Moment::Pipeline(entry) => self.add_pipeline(&mut world, &file, entry)?,
                Moment::Act(entry) => self.schedule(&mut world, at, entry)?,
            }
        }
        world.advance(self.options.now);
        Ok(world)
    }

    fn with_fleet(&self, file: &File) -> Result<File, ScenarioError> {
        let mut file = file.clone();
        let sizes = [
            self.options.services,
            self.options.clusters,
            self.options.pipelines,
        ];
        let chosen = sizes.iter().any(Option::is_some);
        match file.fleet.take() {
            Some(entry) => fleet::expand(&entry, self.options, &mut file),
            None if chosen => return Err(ScenarioError::NoFleet),
            None => {}
        }
        Ok(file)
    }

    fn moments<'f>(&self, file: &'f File) -> Result<Vec<(Offset, Moment<'f>)>, ScenarioError> {
        let mut moments = Vec::new();
        for service in &file.service {
            if service.since.0 > 0 {
                let problem = "since has to lie in the past".to_owned();
                return Err(self.wrong(&service.cluster, problem));
            }
            moments.push((service.since, Moment::Service(service)));
        }
        for pipeline in &file.pipeline {
            if pipeline.since.0 > 0 {
                let problem = "since has to lie in the past".to_owned();
                return Err(self.wrong(&pipeline.name, problem));
            }
            moments.push((pipeline.since, Moment::Pipeline(pipeline)));
        }
        let acts = file.at.iter();
        moments.extend(acts.map(|entry| (*entry.time.get_ref(), Moment::Act(entry))));
        moments.sort_by_key(|(offset, _)| *offset);
        Ok(moments)
    }

    fn add_cluster(
        &mut self,
        world: &mut World,
        file: &File,
        entry: &ClusterEntry,
    ) -> Result<(), ScenarioError> {
        let account = entry.account.as_deref();
        let region = entry.region.as_ref().or(file.region.as_ref());
        let place = Place::new(
            account.unwrap_or_else(|| file.account.default_id()),
            region.map_or("us-east-1", String::as_str),
        );
        let input = json!({"clusterName": entry.name, "tags": request::tags(&entry.tags)});
        call(world, &place, "CreateCluster", &input)?;
        let ecs = &mut world.region_mut(&place.account, &place.region).ecs;
        let number = ecs.cluster_names.get(&entry.name).copied();
        if let Some(cluster) = number.and_then(|number| ecs.clusters.get_mut(&number)) {
            cluster.capacity = entry.capacity;
        }
        if self.places.insert(entry.name.clone(), place).is_some() {
            let problem = format!("two clusters are called '{}'", entry.name);
            return Err(ScenarioError::Refused(problem));
        }
        Ok(())
    }

    fn add_images(&self, world: &mut World, file: &File) {
        for place in self.places.values() {
            let ecs = &mut world.region_mut(&place.account, &place.region).ecs;
            for image in &file.image {
                let rule = ImageRule {
                    behaviour: match image.behaviour {
                        Some(word) => word.0,
                        None => Behaviour::from_image(&image.name),
                    },
                    message: image.message.clone(),
                    log: image.log.as_ref().map(|log| Arc::clone(&log.0)),
                };
                ecs.images.insert(image.name.clone(), rule);
            }
            for entry in &file.hook {
                ecs.lambdas.insert(entry.function.clone(), entry.rule());
            }
        }
    }

    fn add_service(
        &mut self,
        world: &mut World,
        entry: &ServiceEntry,
    ) -> Result<(), ScenarioError> {
        let place = self
            .place_of(&entry.cluster, entry.cluster.get_ref())?
            .clone();
        if let Some(problem) = delivery::problem(entry) {
            return Err(self.wrong(&entry.cluster, problem.to_owned()));
        }
        let region = world.region_mut(&place.account, &place.region);
        region
            .ecs
            .task_definitions
            .begin_family(&entry.name, entry.revision);
        let input = request::task_definition(&place, entry);
        Input::new(&input)
            .and_then(|input| ecs::task_definitions::enter(region, input))
            .map_err(|error| self.wrong(&entry.cluster, error.message))?;
        let stand = entry.load_balancer.then(|| {
            let mut ids = Rng::new(fingerprint(&format!(
                "{}/{}",
                entry.cluster.get_ref(),
                entry.name
            )));
            let now = region.ecs.now;
            region.elb.stand(&place, &mut ids, &entry.name, now)
        });
        let now = region.ecs.now;
        for name in entry.alarms.iter().flat_map(|alarms| &alarms.names) {
            region.alarms.put(name, now);
        }
        let input = request::service(&place, entry, stand.as_ref());
        let read = Input::new(&input).and_then(|input| ecs::services::read(&region.ecs, input));
        let (mut new, definition) =
            read.map_err(|error| self.wrong(&entry.cluster, error.message))?;
        if entry.external {
            // Its first task set has been PRIMARY for so long that the service took over its
            // members.
            new.controller = Controller::External;
        }
        let settled = definition.and_then(|definition| region.settle_service(new, &definition));
        if let Some(number) = settled {
            let name = format!("{}/{}", entry.cluster.get_ref(), entry.name);
            self.services.insert(name, number);
        }
        if let (Some(how), Some(stand)) = (&entry.codedeploy, &stand) {
            delivery::set_up(region, entry, how, stand)
                .map_err(|error| self.wrong(&entry.cluster, error.message))?;
        }
        if let (Some(how), Some(number)) = (&entry.autoscaling, settled) {
            scaling::register(region, entry, how, number)
                .map_err(|problem| self.wrong(&entry.cluster, problem))?;
        }
        let sidecars = entry.sidecar.iter().map(|one| one.image.as_str());
        name_images(world, std::iter::once(entry.image.as_str()).chain(sidecars));
        Ok(())
    }

    fn schedule(
        &self,
        world: &mut World,
        at: SimTime,
        entry: &AtEntry,
    ) -> Result<(), ScenarioError> {
        match (&entry.service, &entry.pipeline) {
            (Some(service), None) => self.schedule_for_service(world, at, entry, service),
            (None, Some(pipeline)) => self.schedule_for_pipeline(world, at, entry, pipeline),
            _ => Err(self.wrong(
                &entry.time,
                "exactly one of service and pipeline has to be there".to_owned(),
            )),
        }
    }

    fn schedule_for_service(
        &self,
        world: &mut World,
        at: SimTime,
        entry: &AtEntry,
        near: &Spanned<String>,
    ) -> Result<(), ScenarioError> {
        let name = near.get_ref();
        let unknown = || {
            let problem = format!("there is no service '{name}' (cluster/service) by then");
            self.wrong(near, problem)
        };
        let service = *self.services.get(name).ok_or_else(unknown)?;
        let cluster = name.split('/').next().unwrap_or_default();
        let place = self.place_of(near, cluster)?;
        let act = self.act(entry, near)?;
        if entry.state.is_some() && entry.alarm.is_none() {
            return Err(self.wrong(near, "state goes with alarm".to_owned()));
        }
        if entry
            .weights
            .is_some_and(|one| one.blue.max(one.green) > MOST_WEIGHT)
        {
            return Err(self.wrong(near, "weights go from 0 to 999".to_owned()));
        }
        name_images(world, entry.deploy.as_deref());
        let region = world.region_mut(&place.account, &place.region);
        if let Act::Alarm { name, .. } = &act {
            // It is there from now on, so that its state can be read before it changes.
            let now = region.ecs.now;
            region.alarms.put(name, now);
        }
        region.schedule(at, Action::Service { service, act });
        Ok(())
    }

    fn act(&self, entry: &AtEntry, near: &Spanned<String>) -> Result<Act, ScenarioError> {
        let deploy = entry.deploy.as_ref().map(|image| Act::Deploy {
            image: image.clone(),
            environment: entry.environment.clone(),
            hooks: entry.hooks.clone(),
        });
        let mut acts: Vec<Act> = [
            deploy,
            entry.redeploy.then_some(Act::Redeploy),
            entry.desired.map(Act::Scale),
            entry.stop_deployment.then_some(Act::StopDeployment),
            entry.answer.map(|word| Act::Answer(word.0)),
            entry.stop_task.clone().map(Act::StopTask),
            entry.delete.then_some(Act::Delete),
            delivery::act(entry),
            entry.delete_image.clone().map(Act::DeleteImage),
            entry.alarm.clone().map(|name| Act::Alarm {
                name,
                state: entry.state.map_or(AlarmState::Alarm, |word| word.0),
            }),
            entry.weights.map(|weights| Act::Weights {
                blue: weights.blue,
                green: weights.green,
            }),
        ]
        .into_iter()
        .flatten()
        .collect();
        match (acts.pop(), acts.is_empty()) {
            (Some(act), true) => Ok(act),
            _ => Err(self.wrong(
                near,
                 "exactly one of deploy, redeploy, desired, stop_deployment, answer, stop_task, delete, \
                 task_set, delete_image, alarm and weights has to be there"
                    .to_owned(),
            )),
        }
    }

    pub(super) fn place_of(
        &self,
        near: &Spanned<String>,
        cluster: &str,
    ) -> Result<&Place, ScenarioError> {
        self.places
            .get(cluster)
            .ok_or_else(|| self.wrong(near, format!("there is no cluster '{cluster}'")))
    }

    /// An error on the line that holds `near`.
    pub(super) fn wrong<T>(&self, near: &Spanned<T>, problem: String) -> ScenarioError {
        let before = self.text.get(..near.span().start).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        ScenarioError::Line { line, problem }
    }
}

/// Puts the images of ECR among `images` into the registries that they belong to.
fn name_images<'a>(world: &mut World, images: impl IntoIterator<Item = &'a str>) {
    for image in images {
        if let Some(uri) = ImageUri::parse(image) {
            let region = world.region_mut(&uri.account, &uri.region);
            region.name_images([image]);
        }
    }
}

fn call(
    world: &mut World,
    place: &Place,
    operation: &str,
    input: &Value,
) -> Result<(), ScenarioError> {
    match ecs::handle(world, &place.account, &place.region, operation, input) {
        Some(Ok(_)) => Ok(()),
        Some(Err(error)) => Err(ScenarioError::Refused(error.to_string())),
        None => Err(ScenarioError::Refused(format!(
            "there is no operation {operation}"
        ))),
    }
}
