//! What containers write to their logs.

use crate::sim::clock::SimTime;
use crate::sim::world::Region;
use crate::sim::world::behaviour::{Behaviour, ImageRule};
use crate::sim::world::ecs::fingerprint;
use crate::sim::world::ids::TaskNumber;
use crate::sim::world::logs::{Delay, LineTemplate, WriterSpec};
use crate::sim::world::task::ContainerStatus;
use crate::sim::world::task_definition::ContainerSpec;

/// Milliseconds between two lines of a service that serves requests.
const REQUEST_INTERVAL: i64 = 1_700;

/// Where a container's lines go, and what they are about.
struct Output {
    group: String,
    stream: String,
    container: String,
    rule: ImageRule,
}

impl Region {
    /// Lets the containers of a task that has just started log.
    pub(super) fn open_output(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        for output in self.outputs(number) {
            for (millis, line) in start_up(&output) {
                let at = now.plus_millis(millis);
                self.logs.append(&output.group, &output.stream, at, line);
            }
            let spec = writer(&output, now);
            self.logs.open_writer(&output.group, &output.stream, spec);
        }
    }

    /// Lets a container that exits by itself say why, and nothing after that.
    pub(super) fn last_words(&mut self, number: TaskNumber, position: usize) {
        let now = self.ecs.now;
        let name = self
            .ecs
            .tasks
            .get(&number)
            .and_then(|task| task.definition.containers.get(position))
            .map(|spec| spec.name.clone());
        let output = self
            .outputs(number)
            .into_iter()
            .find(|one| Some(&one.container) == name.as_ref());
        let Some(output) = output else { return };
        for line in farewell(&output.rule) {
            self.logs.append(&output.group, &output.stream, now, line);
        }
        self.logs.close_writer(&output.group, &output.stream, now);
    }

    /// Lets the running containers of a task note that they are told to stop.
    pub(super) fn note_stop(&mut self, number: TaskNumber) {
        let now = self.ecs.now;
        let Some(task) = self.ecs.tasks.get(&number) else {
            return;
        };
        let running: Vec<&ContainerSpec> = task
            .definition
            .containers
            .iter()
            .zip(&task.containers)
            .filter(|(_, container)| container.status == ContainerStatus::Running)
            .map(|(spec, _)| spec)
            .collect();
        let mut outputs = self.outputs(number);
        outputs.retain(|output| running.iter().any(|spec| spec.name == output.container));
        // What a scenario lets a container write does not mix with other words.
        outputs.retain(|output| output.rule.log.is_none());
        for output in outputs {
            let line = "INFO  SIGTERM received, finishing what is open".to_owned();
            self.logs.append(&output.group, &output.stream, now, line);
        }
    }

    /// Ends the logs of a task whose containers have stopped.
    pub(super) fn close_output(&mut self, number: TaskNumber) {
        let now: SimTime = self.ecs.now;
        for output in self.outputs(number) {
            self.logs.close_writer(&output.group, &output.stream, now);
        }
    }

    fn outputs(&self, number: TaskNumber) -> Vec<Output> {
        let Some(task) = self.ecs.tasks.get(&number) else {
            return Vec::new();
        };
        task.definition
            .containers
            .iter()
            .zip(&task.containers)
            .filter_map(|(spec, container)| {
                let target = spec.logs.as_ref()?;
                Some(Output {
                    group: target.group.clone(),
                    stream: format!("{}/{}/{}", target.prefix, spec.name, task.id),
                    container: spec.name.clone(),
                    rule: container.rule.clone(),
                })
            })
            .collect()
    }
}

/// What a container that starts at `now` writes from then on.
fn writer(output: &Output, now: SimTime) -> WriterSpec {
    let seed = fingerprint(&output.stream);
    let start = now.plus_millis(1_500);
    match &output.rule.log {
        Some(log) => WriterSpec {
            seed,
            start,
            mean_interval_us: log.mean_interval_us,
            templates: log.templates.clone(),
            delay: log.delay,
        },
        None => WriterSpec {
            seed,
            start,
            mean_interval_us: REQUEST_INTERVAL * 1_000,
            templates: templates(&output.rule),
            delay: Delay::default(),
        },
    }
}

/// The first lines of a container, each with its milliseconds after the start.
fn start_up(output: &Output) -> Vec<(i64, String)> {
    if let Some(log) = &output.rule.log {
        return (1..)
            .map(|number| number * 100)
            .zip(log.start.iter().cloned())
            .collect();
    }
    let name = &output.container;
    let mut lines = vec![
        (120, format!("INFO  {name} starting")),
        (
            480,
            "INFO  configuration read from the environment".to_owned(),
        ),
    ];
    match output.rule.behaviour {
        Behaviour::Crash | Behaviour::NoPull => {}
        Behaviour::Slow => lines.push((
            900,
            "INFO  warming up caches, this takes a minute".to_owned(),
        )),
        _ => lines.push((900, "INFO  listening on 0.0.0.0:8080".to_owned())),
    }
    lines
}

/// The last lines of a container that exits by itself.
fn farewell(rule: &ImageRule) -> Vec<String> {
    let message = rule.message.as_deref().unwrap_or("DB_URL is not set");
    match rule.behaviour {
        Behaviour::Crash => vec![
            format!("FATAL Error: {message}"),
            "    at requireEnv (/app/dist/config.js:41:11)".to_owned(),
            "    at loadConfig (/app/dist/config.js:88:5)".to_owned(),
            "    at Object.<anonymous> (/app/dist/main.js:12:18)".to_owned(),
            "    at node:internal/main/run_main_module:36:49".to_owned(),
        ],
        Behaviour::OutOfMemory => {
            vec!["WARN  heap 509 MiB of 512 MiB, allocation of 8 MiB will fail".to_owned()]
        }
        _ => Vec::new(),
    }
}

/// What a running container writes.
fn templates(rule: &ImageRule) -> Vec<LineTemplate> {
    let requests = [
        (30, "INFO  GET /health 200 {ms}ms"),
        (24, "INFO  GET /api/items/{n} 200 {ms}ms request={id}"),
        (12, "INFO  POST /api/orders 201 {ms}ms request={id}"),
        (3, "INFO  GET /api/items/{n} 404 {ms}ms request={id}"),
        (1, "WARN  slow query took {ms}ms request={id}"),
    ];
    let mut lines: Vec<LineTemplate> = requests
        .iter()
        .map(|(weight, text)| LineTemplate::new(*weight, *text))
        .collect();
    match rule.behaviour {
        Behaviour::Errors => {
            let message = rule
                .message
                .as_deref()
                .unwrap_or("upstream inventory timed out");
            lines.push(LineTemplate::new(
                25,
                format!("ERROR {message} after {{ms}}ms request={{id}}"),
            ));
            lines.push(LineTemplate::new(
                9,
                "ERROR GET /api/items/{n} 502 {ms}ms request={id}",
            ));
        }
        Behaviour::Unhealthy => {
            lines = vec![LineTemplate::new(
                1,
                "ERROR GET /health 503 {ms}ms: not ready",
            )];
        }
        Behaviour::OutOfMemory => {
            lines = vec![LineTemplate::new(
                1,
                "WARN  heap above 90 %, collecting garbage took {ms}ms",
            )];
        }
        Behaviour::Crash => lines.clear(),
        Behaviour::Slow => lines.push(LineTemplate::new(4, "INFO  cache warm-up continues")),
        Behaviour::Healthy | Behaviour::NoPull => {}
    }
    lines
}
