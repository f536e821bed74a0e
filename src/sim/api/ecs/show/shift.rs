//! What a service deployment that shifts traffic shows besides what every one shows.

use serde_json::{Map, Value, json};

use super::{object, put_time};
use crate::sim::world::deployment::Release;
use crate::sim::world::ids::RevisionNumber;
use crate::sim::world::service::Service;
use crate::sim::world::shift::hook::{HookRun, HookTarget};

/// Adds the stage and the hooks.
pub fn put(release: &Release, shown: &mut Map<String, Value>) {
    let Some(shift) = &release.shift else {
        return;
    };
    if let Some(stage) = shift.stage {
        shown.insert("lifecycleStage".to_owned(), json!(stage.word()));
    }
    let hooks: Vec<Value> = shift.latest_hooks().map(hook).collect();
    if !hooks.is_empty() {
        shown.insert("lifecycleHookDetails".to_owned(), Value::Array(hooks));
    }
}

fn hook(run: &HookRun) -> Value {
    let mut shown = object(json!({
        "hookId": run.id,
        "targetType": run.target.word(),
        "status": run.status.word(),
        "timeoutAction": run.timeout_action.word(),
    }));
    if let HookTarget::Lambda(arn) = &run.target {
        shown.insert("targetArn".to_owned(), json!(arn));
    }
    put_time(&mut shown, "expiresAt", Some(run.expires_at));
    Value::Object(shown)
}

/// Adds what traffic was asked for one revision.
pub fn put_weights(release: &Release, revision: RevisionNumber, shown: &mut Map<String, Value>) {
    let shift = release.shift.as_ref();
    let Some(share) = shift.and_then(|shift| shift.share(revision)) else {
        return;
    };
    let mut put = |name: &str, value: f64| shown.insert(name.to_owned(), json!(value));
    put("requestedTestTrafficWeight", share.test.number());
    put(
        "requestedProductionTrafficWeight",
        share.production.number(),
    );
}

/// The target groups and rules that a revision uses; none without load balancers that have an
/// advanced configuration.
pub fn resolved(service: &Service, revision: RevisionNumber) -> Option<Value> {
    let revision = service.revision(revision)?;
    let balancers: Vec<Value> = revision
        .balancers()
        .filter_map(|one| {
            let advanced = one.get("advancedConfiguration")?;
            let rule = advanced.get("productionListenerRule")?;
            let group = revision.group_of(one)?;
            Some(json!({"targetGroupArn": group, "productionListenerRule": rule}))
        })
        .collect();
    (!balancers.is_empty()).then(|| json!({"loadBalancers": balancers}))
}
