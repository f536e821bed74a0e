//! What a person wants of a pipeline: the wish of a key, and the words that go with it.

use tui_input::Input;

use super::acting;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::selection::{Selection, selection};
use crate::domain::context::ContextId;
use crate::domain::intent::{Intent, PipelineIntent, PipelineWish};
use crate::keys::Action;

/// What a key wants of the pipeline under the cursor; `None` where it wants nothing of one.
pub(super) fn intent(model: &Model, action: Action) -> Option<(ContextId, PipelineIntent)> {
    let selected = selection(model);
    let pipeline = selected.pipeline.clone()?;
    let wish = wish(model, &selected, action)?;
    Some((selected.context, PipelineIntent { pipeline, wish }))
}

fn wish(model: &Model, selected: &Selection, action: Action) -> Option<PipelineWish> {
    let stage = || selected.stage.clone();
    Some(match action {
        Action::Approve | Action::Reject => {
            let approval = selected.approval.clone()?;
            PipelineWish::Answer {
                stage: approval.stage,
                action: approval.action,
                execution: approval.execution,
                approve: action == Action::Approve,
                reason: String::new(),
            }
        }
        Action::Start => PipelineWish::Start,
        Action::StopRelease | Action::Abandon => PipelineWish::StopExecution {
            execution: selected.execution.clone()?,
            abandon: action == Action::Abandon,
            reason: String::new(),
        },
        Action::Retry | Action::RetryAll => PipelineWish::RetryStage {
            stage: stage()?,
            all: action == Action::RetryAll,
        },
        Action::RollBack => PipelineWish::RollBackStage {
            stage: stage()?,
            // On the screen of an execution that one is where to go back to.
            to: match &model.navigation.current().screen {
                Screen::Execution { execution, .. } => Some(execution.clone()),
                _ => None,
            },
        },
        Action::Transition => {
            let stage = stage()?;
            let store = model.store(selected.context)?;
            let state = store.pipeline_state(selected.pipeline.as_ref()?)?;
            let way = state.stage(&stage)?.transition.as_ref();
            PipelineWish::SetTransition {
                enabled: way.is_some_and(|way| !way.enabled),
                stage,
                reason: String::new(),
            }
        }
        Action::Override => PipelineWish::OverrideCondition { stage: stage()? },
        _ => return None,
    })
}

/// Begins with a wish: by asking for the words that go with it, or at once.
pub(super) fn begin(model: &mut Model, context: ContextId, intent: PipelineIntent) -> Vec<Effect> {
    if intent.wish.words().is_some() {
        model.dialog = Some(Dialog::Words {
            context,
            intent,
            input: Input::default(),
        });
        return Vec::new();
    }
    acting::begin(model, context, Intent::Pipeline(intent))
}

/// Whether another character fits into the words.
pub(super) fn has_room(intent: &PipelineIntent, input: &Input) -> bool {
    let most = intent.wish.words().map_or(0, |words| words.most);
    input.value().chars().count() < most
}

/// The words were typed.
pub(super) fn words_entered(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Words {
        context,
        intent,
        input,
    }) = model.dialog.take()
    else {
        return Vec::new();
    };
    let wish = intent.wish.clone().with_words(input.value());
    let checked = intent
        .wish
        .words()
        .map(|words| words.check(input.value().trim()));
    if let Some(Err(why)) = checked {
        model.say(format!("{why}; esc cancels"));
        model.dialog = Some(Dialog::Words {
            context,
            intent,
            input,
        });
        return Vec::new();
    }
    let intent = PipelineIntent { wish, ..intent };
    acting::begin(model, context, Intent::Pipeline(intent))
}
