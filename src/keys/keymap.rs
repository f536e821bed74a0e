//! Which key does what.

use std::collections::{BTreeMap, HashMap};

use thiserror::Error;

use super::action::{ACTIONS, Action};
use super::chord::{Chord, ChordError};

/// The keys in force.
#[derive(Clone, Debug)]
pub struct Keymap {
    in_logs: HashMap<Chord, Action>,
    outside_logs: HashMap<Chord, Action>,
    by_action: HashMap<Action, Vec<Chord>>,
}

/// What is wrong with a `[keys]` entry; the default keys stay in force for it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyWarning {
    /// There is no action of that name.
    #[error("[keys] {0}: there is no such action; `?` in the cockpit lists them")]
    UnknownAction(String),
    /// The text names no key.
    #[error("[keys] {0}: {1}")]
    BadKey(String, ChordError),
    /// Another action has the key.
    #[error("[keys] {0}: {1} is the key of {2} already")]
    Taken(String, String, &'static str),
}

impl Keymap {
    /// The default keys.
    pub fn standard() -> Self {
        Self::configured(&BTreeMap::new()).0
    }

    /// The default keys with those of the configuration in their place. An entry replaces all keys
    /// of its action; what is wrong with one is told and changes nothing.
    pub fn configured(own: &BTreeMap<String, Vec<String>>) -> (Self, Vec<KeyWarning>) {
        let mut warnings: Vec<KeyWarning> = own
            .keys()
            .filter(|name| {
                !ACTIONS
                    .iter()
                    .any(|action| action.spec().name == name.as_str())
            })
            .map(|name| KeyWarning::UnknownAction(name.clone()))
            .collect();
        let mut map = Self {
            in_logs: HashMap::new(),
            outside_logs: HashMap::new(),
            by_action: HashMap::new(),
        };
        let replaced = |name: &str| own.get(name).and_then(|keys| read(name, keys).ok());
        for action in ACTIONS {
            let spec = action.spec();
            if let Some(Err(warning)) = own.get(spec.name).map(|keys| read(spec.name, keys)) {
                warnings.push(warning);
            }
            if let Some(chords) = replaced(spec.name) {
                map.bind(*action, &chords, &mut warnings);
            }
        }
        for action in ACTIONS
            .iter()
            .filter(|action| replaced(action.spec().name).is_none())
        {
            let spec = action.spec();
            let chords: Vec<Chord> = spec
                .keys
                .iter()
                .filter_map(|key| Chord::parse(key).ok())
                .collect();
            let free: Vec<Chord> = chords
                .into_iter()
                .filter(|chord| map.taken(*chord, *action).is_none())
                .collect();
            map.bind(*action, &free, &mut warnings);
        }
        (map, warnings)
    }

    fn bind(&mut self, action: Action, chords: &[Chord], warnings: &mut Vec<KeyWarning>) {
        for chord in chords {
            if let Some(taken) = self.taken(*chord, action) {
                warnings.push(KeyWarning::Taken(
                    action.spec().name.to_owned(),
                    chord.to_string(),
                    taken.spec().name,
                ));
            } else {
                if action.place().holds(true) {
                    self.in_logs.insert(*chord, action);
                }
                if action.place().holds(false) {
                    self.outside_logs.insert(*chord, action);
                }
                self.by_action.entry(action).or_default().push(*chord);
            }
        }
    }

    /// The action that has a key already on a screen where another one wants it.
    fn taken(&self, chord: Chord, wanted_by: Action) -> Option<Action> {
        [true, false]
            .into_iter()
            .filter(|in_logs| wanted_by.place().holds(*in_logs))
            .find_map(|in_logs| self.action(chord, in_logs))
    }

    /// What a key does, where log lines are read or elsewhere.
    pub fn action(&self, chord: Chord, in_logs: bool) -> Option<Action> {
        let keys = if in_logs {
            &self.in_logs
        } else {
            &self.outside_logs
        };
        keys.get(&chord).copied()
    }

    /// The keys of an action, the first one being the one to show.
    pub fn chords(&self, action: Action) -> &[Chord] {
        self.by_action.get(&action).map_or(&[], Vec::as_slice)
    }

    /// The key to show for an action; empty when it has none.
    pub fn label(&self, action: Action) -> String {
        self.chords(action)
            .first()
            .map(Chord::to_string)
            .unwrap_or_default()
    }
}

fn read(name: &str, keys: &[String]) -> Result<Vec<Chord>, KeyWarning> {
    keys.iter()
        .map(|key| Chord::parse(key))
        .collect::<Result<_, _>>()
        .map_err(|error| KeyWarning::BadKey(name.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_keys_are_keys_and_none_is_taken_twice() {
        let (map, warnings) = Keymap::configured(&BTreeMap::new());
        assert_eq!(warnings, []);
        for action in ACTIONS {
            let spec = action.spec();
            assert_eq!(map.chords(*action).len(), spec.keys.len(), "{}", spec.name);
        }
    }

    #[test]
    fn an_own_key_replaces_and_takes_a_default_one() {
        let own = BTreeMap::from([("roll-back".to_owned(), vec!["F".to_owned()])]);
        let (map, warnings) = Keymap::configured(&own);
        assert_eq!(warnings, []);
        assert_eq!(
            map.action(Chord::parse("F").unwrap(), false),
            Some(Action::RollBack)
        );
        assert_eq!(map.action(Chord::parse("R").unwrap(), false), None);
        assert_eq!(map.label(Action::ForceRedeploy), "");
    }

    #[test]
    fn what_is_wrong_is_told_and_the_default_stays() {
        let own = BTreeMap::from([
            ("no-such".to_owned(), vec!["F".to_owned()]),
            ("roll-back".to_owned(), vec!["nokey".to_owned()]),
        ]);
        let (map, warnings) = Keymap::configured(&own);
        assert_eq!(warnings.len(), 2);
        assert_eq!(map.label(Action::RollBack), "R");
    }

    #[test]
    fn one_letter_has_a_meaning_where_lines_are_read_and_another_elsewhere() {
        let map = Keymap::standard();
        let key = Chord::parse("N").unwrap();
        assert_eq!(map.action(key, true), Some(Action::PreviousMatch));
        assert_eq!(map.action(key, false), Some(Action::Start));
        let own = BTreeMap::from([("wrap".to_owned(), vec!["/".to_owned()])]);
        let (map, warnings) = Keymap::configured(&own);
        assert_eq!(warnings, []);
        let slash = Chord::parse("/").unwrap();
        assert_eq!(map.action(slash, true), Some(Action::Wrap));
        assert_eq!(map.action(slash, false), None, "a filter without a key");
    }

    #[test]
    fn an_action_can_be_left_without_keys() {
        let own = BTreeMap::from([("quit".to_owned(), vec![])]);
        let (map, warnings) = Keymap::configured(&own);
        assert_eq!(warnings, []);
        assert_eq!(map.action(Chord::parse("q").unwrap(), false), None);
        assert_eq!(map.label(Action::QuitOrBack), "");
    }

    #[test]
    fn two_own_entries_for_one_key_are_told_and_the_first_in_the_help_has_it() {
        let own = BTreeMap::from([
            ("roll-back".to_owned(), vec!["X".to_owned()]),
            ("force-redeploy".to_owned(), vec!["X".to_owned()]),
        ]);
        let (map, warnings) = Keymap::configured(&own);
        let taken = KeyWarning::Taken("roll-back".into(), "X".into(), "force-redeploy");
        assert_eq!(warnings, [taken]);
        let key = Chord::parse("X").unwrap();
        assert_eq!(map.action(key, false), Some(Action::ForceRedeploy));
    }

    #[test]
    fn a_key_of_one_entry_that_names_no_key_changes_nothing_of_it() {
        let own = BTreeMap::from([(
            "roll-back".to_owned(),
            vec!["Y".to_owned(), "nokey".to_owned()],
        )]);
        let (map, warnings) = Keymap::configured(&own);
        assert!(matches!(&warnings[..], [KeyWarning::BadKey(..)]));
        assert_eq!(map.action(Chord::parse("Y").unwrap(), false), None);
        assert_eq!(map.label(Action::RollBack), "R");
    }
}
