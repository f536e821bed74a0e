//! What a scenario says about logs: what the containers of an image write, and where to.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::sim::world::logs::{Delay, ImageLog, LineTemplate};

/// The most lines a second of one container.
const MOST_RATE: f64 = 20_000.0;

/// The most seconds that a line takes until it can be read.
const MOST_DELAY: f64 = 3_600.0;

/// What each container of an image writes, in place of what its behaviour would say.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "LogFields")]
pub struct LogEntry(pub Arc<ImageLog>);

/// The keys of [`LogEntry`], before they are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogFields {
    /// Lines a second, or entries when some have several lines.
    rate: f64,
    delay: Option<DelayFields>,
    /// The first lines, which come at once.
    #[serde(default)]
    start: Vec<String>,
    line: Vec<LineFields>,
}

/// How long lines take until they can be read, in seconds.
#[derive(Copy, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct DelayFields {
    #[serde(default)]
    least: f64,
    most: f64,
    /// Of the lines, so many percent take `late` seconds instead.
    #[serde(default)]
    late_percent: f64,
    #[serde(default)]
    late: f64,
}

/// A text that comes again and again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineFields {
    text: String,
    #[serde(default = "one")]
    weight: u32,
    #[serde(default)]
    together: bool,
}

fn one() -> u32 {
    1
}

impl TryFrom<LogFields> for LogEntry {
    type Error = String;

    fn try_from(fields: LogFields) -> Result<Self, String> {
        if !(fields.rate > 0.0 && fields.rate <= MOST_RATE) {
            return Err(format!("rate is more than 0 and at most {MOST_RATE}"));
        }
        if fields.line.iter().all(|line| line.weight == 0) {
            return Err("at least one line has a weight".to_owned());
        }
        let delay = fields.delay.map(delay).transpose()?;
        Ok(Self(Arc::new(ImageLog {
            mean_interval_us: whole(1_000_000.0 / fields.rate),
            delay: delay.unwrap_or_default(),
            start: fields.start,
            templates: fields.line.into_iter().map(template).collect(),
        })))
    }
}

fn template(line: LineFields) -> LineTemplate {
    LineTemplate {
        weight: line.weight,
        text: line.text,
        together: line.together,
    }
}

fn delay(fields: DelayFields) -> Result<Delay, String> {
    let times = [fields.least, fields.most, fields.late];
    if !times.iter().all(|it| (0.0..=MOST_DELAY).contains(it)) || fields.least > fields.most {
        return Err(format!(
            "least, most and late are seconds from 0 to {MOST_DELAY}, and least is not above most"
        ));
    }
    if !(0.0..=100.0).contains(&fields.late_percent) {
        return Err("late_percent goes from 0 to 100".to_owned());
    }
    Ok(Delay {
        least_ms: whole(fields.least * 1_000.0),
        most_ms: whole(fields.most * 1_000.0),
        late_per_thousand: u32::try_from(whole(fields.late_percent * 10.0)).unwrap_or(0),
        late_ms: whole(fields.late * 1_000.0),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what comes here was checked to be small"
)]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// Where the output of a container goes: without anything else to the group of its service, in
/// streams that start with `ecs`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogsEntry {
    /// The log driver; `awslogs` if it is absent, and none at all for `none`.
    pub driver: Option<String>,
    /// The log group, if not that of the service.
    pub group: Option<String>,
    /// The prefix of the streams; an empty one leaves the option out.
    pub prefix: Option<String>,
}

impl LogsEntry {
    /// Whether Fargate takes it: there, `awslogs` wants a prefix.
    pub fn suits_fargate(&self) -> bool {
        self.driver.is_some() || self.prefix.as_deref() != Some("")
    }

    /// The `logConfiguration` of a container definition; null for none.
    pub fn configuration(&self, region: &str, usual_group: &str) -> Value {
        match self.driver.as_deref() {
            Some("none") => Value::Null,
            Some(driver) if driver != "awslogs" => {
                json!({"logDriver": driver, "options": {"Name": "stdout"}})
            }
            _ => {
                let mut options = json!({
                    "awslogs-group": self.group.as_deref().unwrap_or(usual_group),
                    "awslogs-region": region,
                });
                let prefix = self.prefix.as_deref().unwrap_or("ecs");
                if let (false, Some(members)) = (prefix.is_empty(), options.as_object_mut()) {
                    members.insert("awslogs-stream-prefix".to_owned(), json!(prefix));
                }
                json!({"logDriver": "awslogs", "options": options})
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_checked_where_it_is_written() {
        let log: LogEntry = toml::from_str(
            "rate = 5000\ndelay = { most = 5.0, late_percent = 0.5, late = 30.0 }\n\
             line = [{ text = \"x {seq}\" }]",
        )
        .unwrap();
        assert_eq!(log.0.mean_interval_us, 200);
        assert_eq!(log.0.delay.late_per_thousand, 5);
        assert_eq!(log.0.delay.most_ms, 5_000);
        for (text, problem) in [
            ("rate = 0\nline = [{ text = \"x\" }]", "rate"),
            ("rate = 1\nline = []", "weight"),
            ("rate = 1\nline = [{ text = \"x\", weight = 0 }]", "weight"),
            ("rate = 1\nline = [{ text = \"x\" }]\nspeed = 2", "speed"),
            (
                "rate = 1\nline = [{ text = \"x\" }]\ndelay = { least = 2.0, most = 1.0 }",
                "least",
            ),
            (
                "rate = 1\nline = [{ text = \"x\" }]\ndelay = { most = 1.0, late_percent = 101.0 }",
                "late_percent",
            ),
        ] {
            let error = toml::from_str::<LogEntry>(text).unwrap_err();
            assert!(error.to_string().contains(problem), "{error}");
        }
    }

    #[test]
    fn containers_log_to_where_they_are_told() {
        let usual = LogsEntry::default().configuration("eu-west-1", "/ecs/a/b");
        assert_eq!(usual["options"]["awslogs-group"], "/ecs/a/b");
        assert_eq!(usual["options"]["awslogs-stream-prefix"], "ecs");
        let bare = LogsEntry {
            prefix: Some(String::new()),
            ..LogsEntry::default()
        };
        assert!(!bare.suits_fargate());
        let options = &bare.configuration("eu-west-1", "/g")["options"];
        assert_eq!(options.get("awslogs-stream-prefix"), None);
        let firelens = LogsEntry {
            driver: Some("awsfirelens".to_owned()),
            ..LogsEntry::default()
        };
        assert_eq!(
            firelens.configuration("r", "/g")["logDriver"],
            "awsfirelens"
        );
        let silent = LogsEntry {
            driver: Some("none".to_owned()),
            ..LogsEntry::default()
        };
        assert_eq!(silent.configuration("r", "/g"), Value::Null);
    }
}
