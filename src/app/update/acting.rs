//! The path of an action: wish, facts, plan, confirmation, sending, following.

use tui_input::Input;

use super::pipelines;
use crate::app::availability::chooses_release;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::model::{Mode, Model};
use crate::app::msg::Execution;
use crate::app::operation::{Operation, OperationId, OperationState};
use crate::app::pipeline_links::upcoming_deploys;
use crate::app::selection::{selected_release, selection};
use crate::domain::confirmation::Confirmation;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::facts::Findings;
use crate::domain::failure::Failure;
use crate::domain::follow::Progress;
use crate::domain::intent::{Intent, PipelineIntent, ServiceIntent, Wish};
use crate::domain::pipeline::link::UpcomingDeploy;
use crate::domain::plan::Refusal;
use crate::domain::planner::plan_for;
use crate::keys::Action;

/// Finished actions that are kept.
const OPERATIONS_KEPT: usize = 100;

/// Begins the action that a key stands for: by reading the facts, or by asking for a number first.
pub(super) fn wish(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some((context, intent)) = intent(model, action) else {
        return Vec::new();
    };
    // From now on the cursor stays on what was acted on, wherever its row goes.
    let list = &mut model.navigation.current_mut().list;
    list.move_to(list.position());
    match intent {
        Intent::Pipeline(intent) => pipelines::begin(model, context, intent),
        Intent::Service(intent) if action == Action::DesiredCount => {
            ask_count(model, context, intent);
            Vec::new()
        }
        Intent::Service(_) => begin(model, context, intent),
    }
}

fn intent(model: &Model, action: Action) -> Option<(ContextId, Intent)> {
    if let Some((context, intent)) = pipelines::intent(model, action) {
        return Some((context, Intent::Pipeline(intent)));
    }
    let selected = selection(model);
    let wish = match action {
        Action::ForceRedeploy => Wish::ForceRedeploy,
        Action::RollBack => Wish::RollBack {
            to: chosen_target(model),
        },
        Action::CutOver => Wish::CutOver,
        Action::StopRelease => Wish::Stop,
        Action::Deploy => Wish::Deploy {
            task_definition: selected.task_definition.clone()?,
        },
        // The number is asked for later; until then the wish is for the present one.
        Action::DesiredCount => Wish::SetDesiredCount {
            desired: model
                .store(selected.context)
                .zip(selected.service.as_ref())
                .and_then(|(store, service)| store.service(service))
                .map_or(0, |service| service.desired),
        },
        Action::StopTask => Wish::StopTask {
            task: selected.task.clone()?,
        },
        _ => return None,
    };
    let intent = ServiceIntent {
        cluster: selected.cluster?,
        service: selected.service,
        wish,
    };
    Some((selected.context, Intent::Service(intent)))
}

/// On a list of releases the row under the cursor is where to go back to.
fn chosen_target(model: &Model) -> Option<crate::domain::arn::TaskDefinitionArn> {
    let selected = selection(model);
    if !chooses_release(&model.navigation.current().screen, &selected) {
        return None;
    }
    let release = selected_release(model, &selected).filter(|r| r.status.is_over())?;
    release.new.as_ref()?.task_definition.clone()
}

fn ask_count(model: &mut Model, context: ContextId, intent: ServiceIntent) {
    let Some(service) = intent.service else {
        return;
    };
    let now = model
        .store(context)
        .and_then(|store| store.service(&service))
        .map_or(0, |service| service.desired);
    model.dialog = Some(Dialog::Count {
        cluster: intent.cluster,
        service: Scoped::new(context, service),
        now,
        input: Input::default(),
    });
}

/// The number was typed.
pub(super) fn count_entered(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Count {
        cluster,
        service,
        input,
        ..
    }) = model.dialog.take()
    else {
        return Vec::new();
    };
    if let Ok(desired) = input.value().parse() {
        let intent = ServiceIntent {
            cluster,
            service: Some(service.id),
            wish: Wish::SetDesiredCount { desired },
        };
        begin(model, service.context, Intent::Service(intent))
    } else {
        model.say("no number was given: nothing was changed");
        Vec::new()
    }
}

pub(super) fn begin(model: &mut Model, context: ContextId, intent: Intent) -> Vec<Effect> {
    begin_before(model, context, intent, None)
}

/// Begins an action after which another one is wanted.
fn begin_before(
    model: &mut Model,
    context: ContextId,
    intent: Intent,
    next: Option<Intent>,
) -> Vec<Effect> {
    let id = model.number_operation();
    model.operations.push(Operation {
        id,
        context,
        intent: intent.clone(),
        state: OperationState::Planning,
        goal: None,
        asked_at: model.now,
        sent_at: None,
        ended_at: None,
        request_id: None,
        next,
    });
    forget_oldest(model);
    model.dialog = Some(Dialog::Planning {
        operation: id,
        intent: intent.clone(),
    });
    vec![Effect::ReadFacts {
        operation: id,
        context,
        intent,
    }]
}

fn forget_oldest(model: &mut Model) {
    while model.operations.len() > OPERATIONS_KEPT {
        match model
            .operations
            .iter()
            .position(|operation| !operation.is_open())
        {
            Some(index) => model.operations.remove(index),
            None => return,
        };
    }
}

/// A key that cannot be used for an action is written down too, with its reason.
pub(super) fn record_off(model: &Model, action: Action, reason: &str) -> Vec<Effect> {
    match intent(model, action) {
        Some((context, intent)) => vec![Effect::RecordRefusal {
            context,
            intent,
            refusal: Refusal::new(reason),
        }],
        None => Vec::new(),
    }
}

/// The facts were read: the plan is shown, or why there is none. If the dialog was closed meanwhile
/// nothing opens.
pub(super) fn facts_read(
    model: &mut Model,
    id: OperationId,
    facts: Result<Box<Findings>, Failure>,
) -> Vec<Effect> {
    let waiting =
        matches!(&model.dialog, Some(Dialog::Planning { operation, .. }) if *operation == id);
    let now = model.now;
    let upcoming = upcoming(model, id);
    let Some(operation) = model.operation_mut(id).filter(|_| waiting) else {
        return Vec::new();
    };
    let (intent, context) = (operation.intent.clone(), operation.context);
    let outcome = match facts {
        Ok(mut findings) => {
            findings.expect_deploys(upcoming);
            plan_for(&intent, &findings)
        }
        Err(failure) => Err(Refusal::new(format!(
            "the facts could not be read: {}: {}",
            failure.call, failure.message
        ))
        .instead(failure.advice())),
    };
    match outcome {
        Ok(plan) => {
            operation.state = OperationState::Confirming;
            operation.goal = Some(plan.goal.clone());
            model.dialog = Some(Dialog::Confirm {
                operation: id,
                confirmation: Box::new(Confirmation::new(plan)),
                scroll: 0,
            });
            Vec::new()
        }
        Err(refusal) => {
            operation.state = OperationState::Refused(refusal.clone());
            operation.ended_at = Some(now);
            model.dialog = Some(Dialog::Refused {
                title: intent.title(),
                refusal: refusal.clone(),
            });
            vec![Effect::RecordRefusal {
                context,
                intent,
                refusal,
            }]
        }
    }
}

/// The executions of the context's own pipelines that will deploy what an action is about.
fn upcoming(model: &Model, id: OperationId) -> Vec<UpcomingDeploy> {
    let operation = model.operation(id);
    let Some((context, Intent::Service(intent))) =
        operation.map(|operation| (operation.context, &operation.intent))
    else {
        return Vec::new();
    };
    let Some(service) = intent.service.clone() else {
        return Vec::new();
    };
    let found = upcoming_deploys(model, &Scoped::new(context, service));
    let own = found.into_iter().filter(|one| one.context == context);
    own.map(|one| one.id).collect()
}

/// Closes the dialog. Nothing is sent.
pub(super) fn cancel(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Planning { operation: id, .. } | Dialog::Confirm { operation: id, .. }) =
        model.dialog.take()
    else {
        return Vec::new();
    };
    let now = model.now;
    if let Some(operation) = model.operation_mut(id) {
        operation.state = OperationState::Cancelled;
        operation.ended_at = Some(now);
    }
    model.say("cancelled: nothing was sent");
    Vec::new()
}

/// Enter in the confirmation: on Cancel nothing is sent, on the action the confirmed plan is.
pub(super) fn answered(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Confirm {
        operation: id,
        confirmation,
        scroll,
    }) = model.dialog.take()
    else {
        return Vec::new();
    };
    if let Some(first) = confirmation.first() {
        return do_first(model, id, first.clone());
    }
    if !confirmation.is_unlocked() {
        model.say(format!(
            "type {} to confirm, or press esc",
            confirmation.name_to_type().unwrap_or_default()
        ));
        model.dialog = Some(Dialog::Confirm {
            operation: id,
            confirmation,
            scroll,
        });
        return Vec::new();
    }
    if let Some(confirmed) = confirmation.clone().answer() {
        let now = model.now;
        let Some(operation) = model.operation_mut(id) else {
            return Vec::new();
        };
        operation.state = OperationState::Sending;
        operation.sent_at = Some(now);
        let context = operation.context;
        vec![Effect::Execute {
            operation: id,
            context,
            plan: Box::new(confirmed),
        }]
    } else {
        model.dialog = Some(Dialog::Confirm {
            operation: id,
            confirmation,
            scroll,
        });
        cancel(model)
    }
}

/// Leaves a plan for what had better be done before it, and comes back to it afterwards.
fn do_first(model: &mut Model, id: OperationId, first: PipelineIntent) -> Vec<Effect> {
    let now = model.now;
    let Some(operation) = model.operation_mut(id) else {
        return Vec::new();
    };
    operation.state = OperationState::Cancelled;
    operation.ended_at = Some(now);
    let (context, next) = (operation.context, operation.intent.clone());
    begin_before(model, context, Intent::Pipeline(first), Some(next))
}

/// What was wanted after an action that has taken effect: it is planned at once, unless the person
/// does something else meanwhile.
pub(super) fn go_on(model: &mut Model, context: ContextId, next: Intent) -> Vec<Effect> {
    if model.dialog.is_some() || !matches!(model.mode, Mode::Screen) {
        model.warn(format!("{} is still to be done", next.title()));
        return Vec::new();
    }
    begin(model, context, next)
}

/// The call was made, or was not.
pub(super) fn executed(model: &mut Model, id: OperationId, outcome: Execution) {
    let now = model.now;
    let Some(operation) = model
        .operation_mut(id)
        .filter(|operation| operation.state == OperationState::Sending)
    else {
        return;
    };
    let title = operation.intent.title();
    let context = operation.context;
    match outcome {
        Execution::Sent { request_id, detail } => {
            // The facts were read again before the call: only what is asked from now on can prove it.
            operation.sent_at = Some(now);
            operation.request_id = request_id;
            if let (Some(goal), Some(made)) = (&mut operation.goal, &detail) {
                goal.made(made);
            }
            let begun = operation.goal.as_ref().and_then(begun);
            operation.state = OperationState::Following(Progress::Waiting(
                detail.unwrap_or_else(|| "AWS took the call".into()),
            ));
            if let (Some((service, deployment)), Some(store)) = (begun, model.store_mut(context)) {
                store.note_code_deployment(&service, deployment);
            }
            model.say(format!("{title}: sent"));
        }
        Execution::Moved(moved) => {
            operation.state = OperationState::NotSent(moved.clone());
            operation.ended_at = Some(now);
            tell(model, Dialog::Moved { title, moved });
        }
        Execution::NotChecked(failure) => {
            let text = format!("the facts could not be read again: {}", failure.message);
            operation.state = OperationState::NotSent(vec![text.clone()]);
            operation.ended_at = Some(now);
            let moved = vec![text];
            tell(model, Dialog::Moved { title, moved });
            model.note_error(context, &failure);
        }
        Execution::Failed(failure) => {
            operation.state = OperationState::Failed(failure.clone());
            operation.ended_at = Some(now);
            model.note_error(context, &failure);
            let refusal =
                Refusal::new(format!("{} was refused: {}", failure.call, failure.message))
                    .instead(failure.advice());
            tell(model, Dialog::Refused { title, refusal });
        }
    }
    model.unsettled = true;
}

/// The CodeDeploy deployment that has to be watched, with its service.
fn begun(goal: &crate::domain::plan::Goal) -> Option<(crate::domain::arn::ServiceArn, String)> {
    let (_, service) = goal.service()?;
    Some((service.clone(), goal.code_deployment()?.to_owned()))
}

/// Says that nothing was done: in a dialog, unless the person is in another one or is typing.
fn tell(model: &mut Model, dialog: Dialog) {
    if model.dialog.is_none() && matches!(model.mode, Mode::Screen) {
        model.dialog = Some(dialog);
        return;
    }
    let text = match dialog {
        Dialog::Moved { title, moved } => format!("{title}: NOT sent: {}", moved.join("; ")),
        Dialog::Refused { title, refusal } => format!("{title}: {}", refusal.reason),
        _ => return,
    };
    model.warn(text);
}
