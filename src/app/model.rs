//! The whole state of the cockpit.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tui_input::Input;

use super::action_log::ActionRecord;
use super::dialog::Dialog;
use super::feed::Feed;
use super::inbox::GateWatch;
use super::logs::LogBuffer;
use super::operation::{Operation, OperationId};
use super::screen::{Navigation, Screen};
use super::store::Store;
use crate::config::settings::ProductionRules;
use crate::domain::arn::{ClusterArn, ServiceArn};
use crate::domain::context::{Context, ContextId};
use crate::domain::failure::Failure;
use crate::keys::Keymap;

/// Errors that are kept for the errors screen.
const ERRORS_KEPT: usize = 500;
/// Lines of the action log that are kept for the actions screen.
const ACTIONS_KEPT: usize = 500;

/// What the configuration says that the core has to know.
#[derive(Clone, Debug)]
pub struct Preferences {
    /// The pace of what is on screen and in flight.
    pub refresh: Duration,
    /// Whether log lines may come by Live Tail, which is billed by the minute.
    pub live_logs: bool,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Tells whether an account (by id) or a cluster (by name) is production.
    pub production: ProductionRules,
    /// Show only this cluster, by name or ARN.
    pub cluster: Option<String>,
    /// Show only this service, by name or ARN.
    pub service: Option<String>,
    /// The zone of the times that a person types.
    pub zone: TimeZone,
}

impl Preferences {
    /// Whether a cluster is to be shown.
    pub fn shows_cluster(&self, cluster: &ClusterArn) -> bool {
        let wanted = self.cluster.as_deref();
        wanted.is_none_or(|wanted| wanted == cluster.name() || wanted == cluster.as_str())
    }

    /// Whether a service is to be shown.
    pub fn shows_service(&self, service: &ServiceArn) -> bool {
        let wanted = self.service.as_deref();
        wanted.is_none_or(|wanted| wanted == service.name() || wanted == service.as_str())
    }
}

/// What the keys go to.
#[derive(Clone, Debug, Default)]
pub enum Mode {
    /// The screen.
    #[default]
    Screen,
    /// The command line after `:`.
    Command(Input),
    /// The filter line after `/`; the filter that was there comes back on Esc.
    Filter {
        /// What is typed.
        input: Input,
        /// The filter before.
        before: String,
    },
    /// What to search for in log lines.
    Search(Input),
    /// The fields that log lines of JSON are reduced to.
    Fields(Input),
}

/// A failed question, for the errors screen.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorEntry {
    /// Its number within the run.
    pub number: u64,
    /// When it happened last.
    pub at: Timestamp,
    /// How often it happened.
    pub times: u32,
    /// The context.
    pub context: ContextId,
    /// What failed.
    pub failure: Failure,
}

/// Something said in passing, in the line above the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: String,
    /// When it was said.
    pub at: Timestamp,
}

/// The state. Only `update` changes it.
#[derive(Clone, Debug)]
pub struct Model {
    /// The time, as the last message told it.
    pub now: Timestamp,
    /// Columns of the terminal.
    pub columns: u16,
    /// Rows of the terminal.
    pub rows: u16,
    /// What the configuration says.
    pub preferences: Preferences,
    /// The keys.
    pub keymap: Keymap,
    /// What is known, by context.
    pub contexts: Vec<Store>,
    /// Where one is.
    pub navigation: Navigation,
    /// What the keys go to.
    pub mode: Mode,
    /// A dialog in front of everything.
    pub dialog: Option<Dialog>,
    /// Actions, the newest last.
    pub operations: Vec<Operation>,
    /// What failed, the newest last.
    pub errors: VecDeque<ErrorEntry>,
    /// The action log of this and earlier runs, the newest last.
    pub actions: VecDeque<ActionRecord>,
    /// The lines of the logs screen.
    pub log_buffer: Option<LogBuffer>,
    /// How the lines of the logs screen come.
    pub feed: Feed,
    /// Knows which of what waits for a person is new.
    pub gate_watch: GateWatch,
    /// Something said in passing.
    pub notice: Option<Notice>,
    /// Something said that has to be read: it comes back when what was said in passing is gone.
    pub warning: Option<Notice>,
    /// Whether rows and followed actions have yet to be brought up to what was last read.
    pub unsettled: bool,
    actions_dropped: usize,
    next_operation: u64,
    next_error: u64,
}

impl Model {
    /// The cockpit as it opens: at home, with nothing known.
    pub fn new(
        preferences: Preferences,
        keymap: Keymap,
        contexts: Vec<Context>,
        now: Timestamp,
    ) -> Self {
        Self {
            now,
            columns: 80,
            rows: 24,
            preferences,
            keymap,
            contexts: contexts.into_iter().map(Store::new).collect(),
            navigation: Navigation::new(Screen::Releases),
            mode: Mode::Screen,
            dialog: None,
            operations: Vec::new(),
            errors: VecDeque::new(),
            actions: VecDeque::new(),
            log_buffer: None,
            feed: Feed::default(),
            gate_watch: GateWatch::new(now),
            notice: None,
            warning: None,
            unsettled: true,
            actions_dropped: 0,
            next_operation: 1,
            next_error: 1,
        }
    }

    /// What is known of a context.
    pub fn store(&self, id: ContextId) -> Option<&Store> {
        self.contexts.iter().find(|store| store.context.id == id)
    }

    /// What is known of a context, to change.
    pub fn store_mut(&mut self, id: ContextId) -> Option<&mut Store> {
        self.contexts
            .iter_mut()
            .find(|store| store.context.id == id)
    }

    /// The context that new screens open in.
    pub fn main_context(&self) -> ContextId {
        self.contexts
            .first()
            .map(|store| store.context.id)
            .unwrap_or_default()
    }

    /// Whether a cluster, by name, or the account it is in, is marked as production.
    pub fn is_production(&self, context: ContextId, cluster: Option<&str>) -> bool {
        let account = self.store(context).and_then(|store| store.identity.value());
        let rules = &self.preferences.production;
        account.is_some_and(|identity| rules.is_production_account(&identity.account, None))
            || cluster.is_some_and(|cluster| rules.is_production_cluster(cluster))
    }

    /// An action by its number.
    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// An action by its number, to change.
    pub fn operation_mut(&mut self, id: OperationId) -> Option<&mut Operation> {
        self.operations
            .iter_mut()
            .find(|operation| operation.id == id)
    }

    /// A number for a new action.
    pub fn number_operation(&mut self) -> OperationId {
        let id = OperationId(self.next_operation);
        self.next_operation += 1;
        id
    }

    /// Says something in passing.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            at: self.now,
        });
    }

    /// Says something that has to be read.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.say(text);
        self.warning.clone_from(&self.notice);
    }

    /// Notes a failure. The same one again only counts up.
    pub fn note_error(&mut self, context: ContextId, failure: &Failure) {
        let now = self.now;
        let same = self.errors.iter().position(|entry| {
            entry.context == context
                && entry.failure.call == failure.call
                && entry.failure.kind == failure.kind
                && entry.failure.message == failure.message
        });
        if let Some(place) = same
            && let Some(mut entry) = self.errors.remove(place)
        {
            entry.at = now;
            entry.times = entry.times.saturating_add(1);
            entry.failure.request_id.clone_from(&failure.request_id);
            self.errors.push_back(entry);
            return;
        }
        self.errors.push_back(ErrorEntry {
            number: self.next_error,
            at: now,
            times: 1,
            context,
            failure: failure.clone(),
        });
        self.next_error += 1;
        if self.errors.len() > ERRORS_KEPT {
            self.errors.pop_front();
        }
    }

    /// Takes in a line of the action log.
    pub fn note_action(&mut self, record: ActionRecord) {
        self.actions.push_back(record);
        if self.actions.len() > ACTIONS_KEPT {
            self.actions.pop_front();
            self.actions_dropped += 1;
        }
    }

    /// The kept lines of the action log with their numbers within the run, the newest last.
    pub fn numbered_actions(&self) -> impl DoubleEndedIterator<Item = (usize, &ActionRecord)> {
        let first = self.actions_dropped;
        let kept = self.actions.iter().enumerate();
        kept.map(move |(place, record)| (first + place, record))
    }

    /// A line of the action log by its number, while it is kept.
    pub fn action(&self, number: usize) -> Option<&ActionRecord> {
        self.actions.get(number.checked_sub(self.actions_dropped)?)
    }
}
