//! Service events in few words.
//!
//! ECS words its events for a log that stands alone: every one names the service, task ids are 32
//! characters long, and a target group is told by its ARN. On a screen that is about the service
//! the names and the verbs are what matters. The wording of events is described in the ECS developer
//! guide, "Amazon ECS service event messages"; text that does not follow it is left as it is.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::service::Service;
use super::text::count;

/// Events of the same kind that are this many seconds apart, or nearer, are told together.
const TOGETHER_SECONDS: i64 = 90;
/// Tasks that are named; the others are counted.
const NAMED: usize = 4;
/// Characters of a task id that tell it from others.
const TASK_ID: usize = 8;

/// Some events of the same kind that happened soon after each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When it happened last.
    pub last: Timestamp,
    /// When it happened first.
    pub first: Timestamp,
    /// How often it happened.
    pub times: usize,
    /// What happened, without the tasks that it happened to.
    pub what: String,
    /// The tasks that it happened to, by the beginning of their ids, the latest first.
    pub tasks: Vec<String>,
}

impl Happening {
    /// The whole in one line. `clock` tells a time in words.
    pub fn sentence(&self, clock: impl Fn(Timestamp) -> String) -> String {
        let mut words = self.what.clone();
        // Writing into a text cannot fail.
        if self.times > 1 {
            let _ = write!(words, ", {} times", self.times);
            if self.first.as_second() != self.last.as_second() {
                let _ = write!(words, " since {}", clock(self.first));
            }
        }
        if !self.tasks.is_empty() {
            let named: Vec<&str> = self.tasks.iter().take(NAMED).map(String::as_str).collect();
            let _ = write!(words, ": {}", named.join(" "));
            let more = self.tasks.len() - named.len();
            if more > 0 {
                let _ = write!(words, " and {more} more");
            }
        }
        words
    }
}

/// Tells events together where they say the same of other tasks. The events come with the latest
/// first, and so do the happenings, by when each happened last. `name` tells what a deployment, by
/// its id, brings.
pub fn happenings<'a>(
    events: impl IntoIterator<Item = (Timestamp, &'a str)>,
    name: impl Fn(&str) -> Option<String>,
) -> Vec<Happening> {
    let mut told: Vec<Happening> = Vec::new();
    for (at, message) in events {
        let (what, tasks) = in_short(message, &name);
        let near = |known: &&mut Happening| {
            known.what == what && known.first.as_second() - at.as_second() <= TOGETHER_SECONDS
        };
        match told.iter_mut().rev().find(near) {
            Some(known) => {
                known.first = at;
                known.times += 1;
                known.tasks.extend(tasks);
            }
            None => told.push(Happening {
                last: at,
                first: at,
                times: 1,
                what,
                tasks,
            }),
        }
    }
    told
}

/// The revision that a deployment of a service brings, while the service still names it.
pub fn brought_by(service: &Service, id: &str) -> Option<String> {
    let mut deployments = service.deployments.iter();
    let found = deployments.find(|deployment| deployment.id.as_str() == id)?;
    Some(found.task_definition.family_revision().to_owned())
}

/// One event by itself. `name` tells what a deployment, by its id, brings.
pub fn in_words(message: &str, name: impl Fn(&str) -> Option<String>) -> String {
    let (what, tasks) = in_short(message, &name);
    if tasks.is_empty() {
        what
    } else {
        format!("{what}: {}", tasks.join(" "))
    }
}

/// What an event says in short, and the tasks that it happened to where it ends with a list of them.
fn in_short(message: &str, name: &impl Fn(&str) -> Option<String>) -> (String, Vec<String>) {
    let message = without_service(message);
    let (head, tasks) = match message.split_once(": (task ") {
        Some((head, list)) => (head.to_owned(), task_list(list)),
        None => (message, Vec::new()),
    };
    let words = name_deployment(&replace_references(&head), name);
    // Where to read about it is not what happened.
    let words = words.split(". For more information").next();
    let words = words.unwrap_or_default().trim_end_matches('.');
    let words = words.strip_prefix("has ").unwrap_or(words);
    (singular(words), tasks)
}

/// `(service web) ` in front says nothing new; of `(service web, taskSet ID) ` the task set does.
fn without_service(message: &str) -> String {
    let rest = message.strip_prefix("(service ");
    let Some((subject, rest)) = rest.and_then(|rest| rest.split_once(") ")) else {
        return message.to_owned();
    };
    match subject.split_once(", taskSet ") {
        Some((_, set)) => format!("task set {set} {rest}"),
        None => rest.to_owned(),
    }
}

/// The ids of a list such as `1f3c…) (task 77aa…).`, shortened.
fn task_list(list: &str) -> Vec<String> {
    list.split("(task ")
        .filter_map(|one| one.split(')').next())
        .map(short_id)
        .collect()
}

fn short_id(id: &str) -> String {
    id.chars().take(TASK_ID).collect()
}

/// Puts a short name in place of each reference in brackets.
fn replace_references(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        words.push_str(before);
        let Some((inner, behind)) = closed(after) else {
            words.push('(');
            rest = after;
            continue;
        };
        let short = reference(inner).unwrap_or_else(|| format!("({inner})"));
        words.push_str(&short);
        rest = behind;
    }
    words.push_str(rest);
    words
}

/// Says what a deployment brings in place of its id.
fn name_deployment(words: &str, name: &impl Fn(&str) -> Option<String>) -> String {
    const BEFORE: &str = "deployment ecs-svc/";
    let Some((before, after)) = words.split_once(BEFORE) else {
        return words.to_owned();
    };
    let end = after.find(|c: char| !c.is_ascii_alphanumeric());
    let (number, behind) = after.split_at(end.unwrap_or(after.len()));
    // ECS begins with the deployment in brackets, and then says the word again.
    let behind = behind.strip_prefix(" deployment").unwrap_or(behind);
    let named = deployment(&format!("ecs-svc/{number}"), name);
    format!("{before}{named}{behind}")
}

/// A deployment by what it brings, or else by its id.
fn deployment(id: &str, name: &impl Fn(&str) -> Option<String>) -> String {
    match name(id) {
        Some(brought) => format!("deployment of {brought}"),
        None => format!("deployment {id}"),
    }
}

/// The text up to the bracket that closes the one before it, and what comes behind.
fn closed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (place, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some((text.get(..place)?, text.get(place + 1..)?)),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The short name of what stands in brackets, where it is a reference.
fn reference(inner: &str) -> Option<String> {
    let (kind, value) = inner.split_once(' ')?;
    match kind {
        "task" => Some(format!("task {}", short_id(value))),
        "target-group" => Some(format!("target group {}", target_group(value))),
        "deployment" | "instance" | "port" | "service" => Some(inner.to_owned()),
        "elb" => Some(format!("load balancer {value}")),
        "reason" => Some(value.to_owned()),
        _ => None,
    }
}

/// The name in `arn:…:targetgroup/NAME/ID`.
fn target_group(arn: &str) -> &str {
    let name = arn
        .split_once(":targetgroup/")
        .and_then(|(_, rest)| rest.split('/').next());
    name.unwrap_or(arn)
}

/// `1 tasks` is how ECS counts.
fn singular(words: &str) -> String {
    const NOUNS: [&str; 4] = ["running task", "task", "target", "instance"];
    let mut words = words.to_owned();
    for noun in NOUNS {
        words = words.replace(&format!(" 1 {noun}s"), &format!(" {}", count(1, noun)));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn named(id: &str) -> Option<String> {
        (id == "ecs-svc/42").then(|| "checkout:119".to_owned())
    }

    fn told(events: &[(i64, &str)]) -> Vec<String> {
        let events = events.iter().map(|(second, words)| (at(*second), *words));
        happenings(events, named)
            .iter()
            .map(|one| one.sentence(|at| format!("second {}", at.as_second())))
            .collect()
    }

    fn one(message: &str) -> String {
        told(&[(1, message)]).remove(0)
    }

    const GROUP: &str = "(target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:\
                         targetgroup/checkout/80a8bb2c33667dd0)";

    #[test]
    fn names_take_the_place_of_references() {
        assert_eq!(
            one(&format!(
                "(service checkout) registered 1 targets in {GROUP}"
            )),
            "registered 1 target in target group checkout"
        );
        assert_eq!(
            one("(service web) has started 1 tasks: (task 18d6ab6549e82effb2784b8948d46e50)."),
            "started 1 task: 18d6ab65"
        );
        assert_eq!(
            one(
                "(service web) has stopped 2 running tasks: (task 18d6ab6549e82eff) (task \
                 c724139054b13478)."
            ),
            "stopped 2 running tasks: 18d6ab65 c7241390"
        );
        assert_eq!(
            one("(service web) (deployment ecs-svc/42) deployment completed."),
            "deployment of checkout:119 completed"
        );
        assert_eq!(
            one("(service web) (deployment ecs-svc/7) deployment failed: tasks failed to start."),
            "deployment ecs-svc/7 failed: tasks failed to start"
        );
        assert_eq!(
            one("(service web) rolling back to deployment ecs-svc/42."),
            "rolling back to deployment of checkout:119"
        );
    }

    #[test]
    fn what_is_unhealthy_keeps_its_reason() {
        let message = format!(
            "(service web) (task 18d6ab6549e82eff) (port 8080) is unhealthy in {GROUP} due to \
             (reason Health checks failed with these codes: [502])"
        );
        assert_eq!(
            one(&message),
            "task 18d6ab65 port 8080 is unhealthy in target group checkout due to Health checks \
             failed with these codes: [502]"
        );
        let message = "(service web, taskSet ecs-svc/7) has begun draining connections on 1 tasks.";
        assert_eq!(
            one(message),
            "task set ecs-svc/7 has begun draining connections on 1 task"
        );
    }

    #[test]
    fn where_to_read_more_is_left_out() {
        assert_eq!(
            one(
                "(service web) is unable to consistently start tasks successfully. For more \
                 information, see the Troubleshooting section."
            ),
            "is unable to consistently start tasks successfully"
        );
    }

    #[test]
    fn words_that_are_not_known_stay() {
        for message in [
            "was unable to place a task (because (nothing) fits)",
            "an open (bracket",
            "11 tasks",
            "",
        ] {
            assert_eq!(one(message), message);
        }
    }

    #[test]
    fn the_same_soon_after_is_told_once_with_all_its_tasks() {
        let events: Vec<(i64, String)> = (0..6)
            .map(|n| {
                let words = format!("(service w) has started 1 tasks: (task {n}aaaaaaaaaaa).");
                (100 - 20 * n, words)
            })
            .collect();
        let mut events: Vec<(i64, &str)> = events
            .iter()
            .map(|(second, words)| (*second, words.as_str()))
            .collect();
        events.insert(1, (95, "(service w) has reached a steady state."));
        assert_eq!(
            told(&events),
            [
                "started 1 task, 6 times since second 0: 0aaaaaaa 1aaaaaaa 2aaaaaaa 3aaaaaaa and \
                 2 more",
                "reached a steady state",
            ]
        );
    }

    #[test]
    fn the_same_in_the_same_second_has_no_beginning_and_long_after_is_told_again() {
        let steady = "(service w) has reached a steady state.";
        assert_eq!(
            told(&[(500, steady), (500, steady), (100, steady)]),
            ["reached a steady state, 2 times", "reached a steady state"]
        );
    }

    proptest! {
        #[test]
        fn no_event_is_lost_and_the_latest_is_first(
            events in proptest::collection::vec((0_i64..500, "\\PC{0,12}|a|b"), 0..30)
        ) {
            let mut events = events;
            events.sort_by_key(|(second, _)| std::cmp::Reverse(*second));
            let told = happenings(
                events.iter().map(|(second, words)| (at(*second), words.as_str())),
                named,
            );
            prop_assert_eq!(told.iter().map(|one| one.times).sum::<usize>(), events.len());
            prop_assert!(told.windows(2).all(|two| two[0].last >= two[1].last));
            prop_assert!(told.iter().all(|one| one.first <= one.last));
        }
    }
}
