//! The only way from a plan to something that can be sent.

use super::plan::Plan;

/// Bytes that may be typed: as many as the longest name of a service has.
const LONGEST_TYPED: usize = 255;

/// A plan that a person confirmed. Its field is private to this file: nothing else can make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed<T>(T);

impl<T> Confirmed<T> {
    /// What was confirmed.
    pub fn get(&self) -> &T {
        &self.0
    }
}

/// The button that the cursor is on.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Button {
    /// Nothing is sent. The dialog opens here.
    #[default]
    Cancel,
    /// The action.
    Proceed,
}

/// A confirmation dialog's state. It opens on Cancel, with nothing typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    plan: Plan,
    typed: String,
    button: Button,
}

impl Confirmation {
    /// Opens the confirmation of a plan.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            typed: String::new(),
            button: Button::Cancel,
        }
    }

    /// The plan in question.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What has been typed so far.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The button that the cursor is on.
    pub fn button(&self) -> Button {
        self.button
    }

    /// The name that has to be typed; `None` outside production.
    pub fn name_to_type(&self) -> Option<String> {
        self.plan.production.then(|| self.plan.intent.target_name())
    }

    /// Whether the name, where one is asked for, has been typed.
    pub fn is_unlocked(&self) -> bool {
        self.name_to_type().is_none_or(|name| name == self.typed)
    }

    /// Takes a typed character, where a name is asked for. The cursor returns to Cancel if what is
    /// typed is not the name any more.
    pub fn push(&mut self, c: char) {
        if self.name_to_type().is_some() && !c.is_control() && self.typed.len() < LONGEST_TYPED {
            self.typed.push(c);
        }
        self.lock();
    }

    /// Takes the last typed character back. The cursor returns to Cancel if the name is no longer
    /// whole.
    pub fn pop(&mut self) {
        self.typed.pop();
        self.lock();
    }

    fn lock(&mut self) {
        if !self.is_unlocked() {
            self.button = Button::Cancel;
        }
    }

    /// Moves to the other button. The action cannot be reached while the name is missing.
    pub fn toggle(&mut self) {
        self.button = match self.button {
            Button::Cancel if self.is_unlocked() => Button::Proceed,
            _ => Button::Cancel,
        };
    }

    /// Answers the dialog: the confirmed plan, or `None` for Cancel.
    pub fn answer(self) -> Option<Confirmed<Plan>> {
        (self.button == Button::Proceed && self.is_unlocked()).then_some(Confirmed(self.plan))
    }
}
