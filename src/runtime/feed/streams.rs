//! How the streams of a group are named to AWS.

use std::collections::BTreeSet;

use crate::aws::StreamPart;

/// AWS's limit of names or prefixes in one call.
const MOST: usize = 100;

/// The streams that are wanted of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Streams {
    names: BTreeSet<String>,
    /// Whether others can join, as tasks of a service do.
    grows: bool,
}

impl Streams {
    pub(super) fn new(names: impl IntoIterator<Item = String>, grows: bool) -> Self {
        Self {
            names: names.into_iter().collect(),
            grows,
        }
    }

    /// Takes in more names, and says which ones are new. None is forgotten: a task that stopped still
    /// has lines to come.
    pub(super) fn join(&mut self, names: &BTreeSet<String>) -> Vec<String> {
        let fresh: Vec<String> = names.difference(&self.names).cloned().collect();
        self.names.extend(fresh.iter().cloned());
        fresh
    }

    pub(super) fn wants(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// What the names of a session's streams begin with; none for the whole group. Where streams can
    /// join, that is all that comes before the task's id: the session goes on when one does, and
    /// what is not wanted is left out afterwards.
    pub(super) fn prefixes(&self) -> Vec<String> {
        let stems: BTreeSet<&str> = self.names.iter().map(|name| stem(name)).collect();
        let whole = !self.grows && self.names.len() <= MOST;
        if whole {
            return self.names.iter().cloned().collect();
        }
        if stems.len() > MOST {
            return Vec::new();
        }
        stems.into_iter().map(str::to_owned).collect()
    }

    /// The calls that read the streams: by names, a hundred in each, or by what they begin with.
    pub(super) fn parts(&self, by_prefix: bool) -> Vec<StreamPart> {
        if self.names.len() == 1 || by_prefix {
            let prefixes: BTreeSet<&str> = match self.names.first() {
                Some(only) if self.names.len() == 1 => [only.as_str()].into(),
                _ => self.names.iter().map(|name| stem(name)).collect(),
            };
            let prefix = |prefix: &str| StreamPart::Prefix(prefix.to_owned());
            return prefixes.into_iter().map(prefix).collect();
        }
        let names: Vec<&String> = self.names.iter().collect();
        let chunk = |chunk: &[&String]| StreamPart::Names(chunk.iter().copied().cloned().collect());
        names.chunks(MOST).map(chunk).collect()
    }
}

/// `prefix/container/` of `prefix/container/task`, the form of the `awslogs` driver.
fn stem(name: &str) -> &str {
    let end = name.rfind('/').map_or(name.len(), |slash| slash + 1);
    name.get(..end).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streams(names: &[&str], grows: bool) -> Streams {
        Streams::new(names.iter().map(|name| (*name).to_owned()), grows)
    }

    #[test]
    fn a_session_is_opened_for_tasks_that_are_still_to_come() {
        let mut web = streams(&["web/app/1", "web/proxy/1", "odd"], true);
        let before = web.prefixes();
        assert_eq!(before, ["odd", "web/app/", "web/proxy/"]);
        let more = ["web/app/1", "web/app/2"].map(str::to_owned).into();
        assert_eq!(web.join(&more), ["web/app/2"]);
        assert_eq!(web.prefixes(), before);
        assert!(web.wants("web/app/2") && !web.wants("web/app/3"));
    }

    #[test]
    fn one_task_has_a_session_of_its_own_streams() {
        let task = streams(&["web/app/1", "web/proxy/1"], false);
        assert_eq!(task.prefixes(), ["web/app/1", "web/proxy/1"]);
    }

    #[test]
    fn a_single_stream_is_read_whether_it_exists_or_not() {
        let one = streams(&["web/app/1"], true);
        assert_eq!(one.parts(false), [StreamPart::Prefix("web/app/1".into())]);
    }

    #[test]
    fn many_streams_are_read_a_hundred_at_a_time_or_by_their_beginning() {
        let names: Vec<String> = (0..230).map(|n| format!("web/app/{n}")).collect();
        let many = Streams::new(names, true);
        let sizes = many.parts(false).into_iter().map(|part| match part {
            StreamPart::Names(names) => names.len(),
            StreamPart::Prefix(_) => 0,
        });
        assert_eq!(sizes.collect::<Vec<_>>(), [100, 100, 30]);
        assert_eq!(many.parts(true), [StreamPart::Prefix("web/app/".into())]);
    }
}
