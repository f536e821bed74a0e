//! The only way from a plan to something that can be sent.

use super::intent::PipelineIntent;
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
    /// What had better be done before the action: it makes a plan of its own.
    First,
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

    /// Moves to the next button. The action cannot be reached while the name is missing.
    pub fn toggle(&mut self) {
        self.button = match self.button {
            Button::Cancel if self.plan.first.is_some() => Button::First,
            Button::Cancel | Button::First if self.is_unlocked() => Button::Proceed,
            _ => Button::Cancel,
        };
    }

    /// What the person wants to be done before the action, if the cursor is on that button.
    pub fn first(&self) -> Option<&PipelineIntent> {
        let first = self.plan.first.as_ref();
        first.filter(|_| self.button == Button::First)
    }

    /// Answers the dialog: the confirmed plan, or `None` for Cancel.
    pub fn answer(self) -> Option<Confirmed<Plan>> {
        (self.button == Button::Proceed && self.is_unlocked()).then_some(Confirmed(self.plan))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{deployment, facts, service, wish};
    use crate::domain::intent::Wish;
    use crate::domain::planner::plan;
    use proptest::prelude::*;

    fn confirmation(production: bool) -> Confirmation {
        let mut facts = facts(service(vec![deployment(1, 1)]), vec![]);
        facts.production = production;
        Confirmation::new(plan(&wish(Wish::ForceRedeploy), &facts).unwrap())
    }

    #[test]
    fn it_opens_on_cancel_and_cancel_confirms_nothing() {
        let opened = confirmation(false);
        assert_eq!(opened.button(), Button::Cancel);
        assert_eq!(opened.answer(), None);
    }

    #[test]
    fn outside_production_nothing_is_typed_and_the_other_button_confirms() {
        let mut asked = confirmation(false);
        assert_eq!(asked.name_to_type(), None);
        asked.push('x');
        assert_eq!(asked.typed(), "");
        asked.toggle();
        assert_eq!(asked.button(), Button::Proceed);
        let plan = asked.plan().clone();
        assert_eq!(asked.answer().unwrap().get(), &plan);
    }

    #[test]
    fn in_production_the_button_stays_locked_until_the_name_is_whole() {
        let mut asked = confirmation(true);
        assert_eq!(asked.name_to_type().as_deref(), Some("web"));
        for c in "we".chars() {
            asked.push(c);
            asked.toggle();
            assert_eq!(asked.button(), Button::Cancel);
        }
        asked.push('b');
        assert_eq!(asked.button(), Button::Cancel, "typing chooses nothing");
        asked.toggle();
        assert_eq!(asked.button(), Button::Proceed);
        for spoil in [Confirmation::pop, |asked: &mut Confirmation| {
            asked.push('b');
        }] {
            let mut spoilt = asked.clone();
            spoil(&mut spoilt);
            assert_eq!(spoilt.button(), Button::Cancel);
            assert_eq!(spoilt.answer(), None);
        }
        assert!(asked.answer().is_some());
    }

    #[test]
    fn what_had_better_be_done_first_is_offered_and_confirms_nothing() {
        let first = PipelineIntent {
            pipeline: crate::domain::pipeline::PipelineName::new("shop"),
            wish: crate::domain::intent::PipelineWish::Start,
        };
        for production in [false, true] {
            let mut asked = confirmation(production);
            asked.plan.first = Some(first.clone());
            assert_eq!(asked.first(), None);
            asked.toggle();
            assert_eq!(asked.first(), Some(&first));
            assert_eq!(asked.clone().answer(), None);
            asked.toggle();
            let after = if production {
                Button::Cancel
            } else {
                Button::Proceed
            };
            assert_eq!(asked.button(), after);
        }
    }

    proptest! {
        #[test]
        fn what_is_confirmed_was_unlocked_and_chosen(
            production: bool,
            steps in proptest::collection::vec(0_u8..6, 0..40),
        ) {
            let mut asked = confirmation(production);
            for step in steps {
                match step {
                    0 => asked.toggle(),
                    1 => asked.pop(),
                    2 => asked.push('w'),
                    3 => asked.push('e'),
                    4 => asked.push('b'),
                    _ => asked.push('\u{7}'),
                }
                let ready = asked.button() == Button::Proceed
                    && (!production || asked.typed() == "web");
                prop_assert_eq!(asked.clone().answer().is_some(), ready);
            }
        }
    }
}
