"""Walks through CodePipeline: pipelines of every mode, and everything that can be done to them."""
from simulator import Simulator, Walk

SCENARIOS = ("pipeline", "pipeline-codedeploy", "pipeline-parallel", "pipeline-failed", "promotion")
ROLE = "arn:aws:iam::123456789012:role/pipeline"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def action(name, category, provider, **more):
    """An action of a declaration."""
    type_id = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": type_id, **more}


def rule(name, provider, **configuration):
    """A rule of a condition."""
    type_id = {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "ruleTypeId": type_id, "configuration": configuration}


def declaration(name, mode="QUEUED", **more):
    """A pipeline with a source, a build, an approval, and a stage that checks; `more` is for the last one."""
    source = action(
        "Source", "Source", "CodeStarSourceConnection", namespace="SourceVariables",
        configuration={
            "ConnectionArn": "arn:aws:codestar-connections:ap-northeast-1:123456789012:connection/1",
            "FullRepositoryId": "acme/shop", "BranchName": "main",
        },
        outputArtifacts=[{"name": "Source"}],
    )
    build = action(
        "Build", "Build", "CodeBuild", configuration={"ProjectName": name},
        inputArtifacts=[{"name": "Source"}], outputArtifacts=[{"name": "Build"}],
    )
    approve = action("Approve", "Approval", "Manual", configuration={
        "CustomData": "Deploy #{SourceVariables.CommitId}?", "ExternalEntityLink": "https://example.com/shop",
    })
    check = action("Check", "Invoke", "Lambda", configuration={"FunctionName": "check"})
    return {
        "name": name, "roleArn": ROLE, "artifactStore": {"type": "S3", "location": "artifacts"},
        "pipelineType": "V2", "executionMode": mode,
        "variables": [{"name": "reason", "defaultValue": "none"}],
        "stages": [
            {"name": "Source", "actions": [source]},
            {"name": "Build", "actions": [build]},
            {"name": "Approve", "actions": [approve]},
            {"name": "Check", "actions": [check], **more},
        ],
    }


def state(walk, name, stage):
    """A stage as it stands."""
    stages = walk.ok("codepipeline.GetPipelineState", name=name)["stageStates"]
    return next((one for one in stages if one["stageName"] == stage), {})


def start(walk, name, **more):
    return walk.ok("codepipeline.StartPipelineExecution", name=name, **more)["pipelineExecutionId"]


def status(walk, name, execution):
    found = walk.ok("codepipeline.GetPipelineExecution", pipelineName=name, pipelineExecutionId=execution)
    return found["pipelineExecution"]["status"]


def token(walk, name):
    """The token of the approval that waits, or nothing."""
    actions = state(walk, name, "Approve").get("actionStates", [{}])
    return actions[0].get("latestExecution", {}).get("token")


def answer(walk, name, answer_token, verdict="Approved"):
    walk.ok("codepipeline.PutApprovalResult", **approval(name, answer_token, verdict))


def approval(name, answer_token, verdict="Approved"):
    return {
        "pipelineName": name, "stageName": "Approve", "actionName": "Approve", "token": answer_token,
        "result": {"summary": "looks good", "status": verdict},
    }


def read_everything(walk):
    """Reads all pipelines; gives their names."""
    names = [one["name"] for page in walk.pages("codepipeline.ListPipelines", "pipelines", maxResults=2) for one in page]
    for name in names:
        walk.ok("codepipeline.GetPipeline", name=name)
        walk.ok("codepipeline.GetPipelineState", name=name)
        summaries = walk.pages(
            "codepipeline.ListPipelineExecutions", "pipelineExecutionSummaries", pipelineName=name, maxResults=3)
        ids = [one["pipelineExecutionId"] for page in summaries for one in page]
        for execution in ids:
            walk.ok("codepipeline.GetPipelineExecution", pipelineName=name, pipelineExecutionId=execution)
        runs = walk.pages("codepipeline.ListActionExecutions", "actionExecutionDetails", pipelineName=name, maxResults=5)
        runs = [one for page in runs for one in page]
        times = [one["startTime"] for one in runs]
        walk.tally.expect(times == sorted(times, reverse=True), "runs of actions are listed with the newest first")
        for execution in ids[:2]:
            for filters in (
                {"pipelineExecutionId": execution},
                {"latestInPipelineExecution": {"pipelineExecutionId": execution, "startTimeRange": "Latest"}},
            ):
                found = walk.ok("codepipeline.ListActionExecutions", pipelineName=name, filter=filters)
                others = {one["pipelineExecutionId"] for one in found["actionExecutionDetails"]} - {execution}
                walk.tally.expect(not others, "runs of an execution are its own")
    return names


def walk_course(walk):
    """An execution from its source to its end, read at each step."""
    made = walk.ok("codepipeline.CreatePipeline", pipeline=declaration("shop"), tags=[{"key": "team", "value": "shop"}])
    got = walk.ok("codepipeline.GetPipeline", name="shop", version=1)
    walk.tally.expect(got["pipeline"] == made["pipeline"], "a pipeline is as it was made")
    walk.refused("codepipeline.CreatePipeline", "PipelineNameInUseException", pipeline=declaration("shop"))
    for _ in range(8):
        read_everything(walk)
        walk.simulator.advance(30)
    first = token(walk, "shop")
    walk.tally.expect(first, "an approval waits")
    walk.refused("codepipeline.PutApprovalResult", "InvalidApprovalTokenException", **approval("shop", UNKNOWN))
    answer(walk, "shop", first)
    walk.refused("codepipeline.PutApprovalResult", "ApprovalAlreadyCompletedException", **approval("shop", first))
    walk.simulator.advance(60)
    listed = walk.ok("codepipeline.ListPipelineExecutions", pipelineName="shop")["pipelineExecutionSummaries"]
    walk.tally.expect(listed[0]["status"] == "Succeeded", "the execution succeeded")
    walk.tally.expect(listed[0]["trigger"]["triggerType"] == "CreatePipeline", "a new pipeline runs by itself")
    found = walk.ok(
        "codepipeline.ListPipelineExecutions", pipelineName="shop",
        filter={"succeededInStage": {"stageName": "Check"}})["pipelineExecutionSummaries"]
    walk.tally.expect(len(found) == 1, "it succeeded in its last stage")
    return listed[0]["pipelineExecutionId"]


def walk_steering(walk, succeeded):
    """Transitions, stops, retries and rollbacks."""
    way = {"pipelineName": "shop", "stageName": "Approve", "transitionType": "Inbound"}
    walk.ok("codepipeline.DisableStageTransition", **way, reason="release freeze")
    second = start(walk, "shop", variables=[{"name": "reason", "value": "test"}], clientRequestToken="one")
    walk.simulator.advance(240)
    third = start(walk, "shop", sourceRevisions=[
        {"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": "0123456789abcdef0123456789abcdef01234567"}])
    walk.simulator.advance(240)
    waiting = [one["pipelineExecutionId"] for one in state(walk, "shop", "Approve").get("inboundExecutions", ())]
    walk.tally.expect(waiting == [second, third], "queued executions wait in order")
    walk.ok("codepipeline.EnableStageTransition", **way)
    walk.ok("codepipeline.StopPipelineExecution", pipelineName="shop", pipelineExecutionId=second, reason="wrong one")
    read_everything(walk)
    walk.refused(
        "codepipeline.StopPipelineExecution", "DuplicatedStopRequestException",
        pipelineName="shop", pipelineExecutionId=second)
    walk.ok("codepipeline.StopPipelineExecution", pipelineName="shop", pipelineExecutionId=second, abandon=True)
    walk.tally.expect(status(walk, "shop", second) == "Stopped", "an abandoned execution has stopped")
    walk.refused(
        "codepipeline.StopPipelineExecution", "PipelineExecutionNotStoppableException",
        pipelineName="shop", pipelineExecutionId=second)
    answer(walk, "shop", token(walk, "shop"), "Rejected")
    walk.tally.expect(status(walk, "shop", third) == "Failed", "a rejected execution has failed")
    again = {"pipelineName": "shop", "stageName": "Approve", "retryMode": "FAILED_ACTIONS"}
    walk.refused("codepipeline.RetryStageExecution", "NotLatestPipelineExecutionException",
                 **again, pipelineExecutionId=second)
    walk.ok("codepipeline.RetryStageExecution", **again, pipelineExecutionId=third)
    walk.refused("codepipeline.RetryStageExecution", "StageNotRetryableException", **again, pipelineExecutionId=third)
    read_everything(walk)
    answer(walk, "shop", token(walk, "shop"))
    walk.simulator.advance(60)
    back = {"pipelineName": "shop", "stageName": "Check"}
    made = walk.ok("codepipeline.RollbackStage", **back, targetPipelineExecutionId=succeeded)["pipelineExecutionId"]
    walk.refused("codepipeline.RollbackStage", "UnableToRollbackStageException",
                 **back, targetPipelineExecutionId=succeeded)
    walk.refused("codepipeline.RollbackStage", "PipelineExecutionNotFoundException",
                 **back, targetPipelineExecutionId=UNKNOWN)
    walk.simulator.advance(60)
    read_everything(walk)
    walk.tally.expect(status(walk, "shop", made) == "Succeeded", "a rollback succeeded")


def walk_conditions(walk):
    """Conditions that hold, fail and are overridden, and stages that fail."""
    alarm = {
        "AlarmName": "pipelines", "MetricName": "Errors", "Namespace": "Shop", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold",
    }
    walk.ok("cloudwatch.PutMetricAlarm", **alarm)
    walk.ok("cloudwatch.SetAlarmState", AlarmName="pipelines", StateValue="ALARM", StateReason="by hand")
    gates = {
        "beforeEntry": {"conditions": [{"result": "FAIL", "rules": [
            rule("alarm", "CloudWatchAlarm", AlarmName="pipelines"),
            rule("branch", "VariableCheck", Variable="#{SourceVariables.BranchName}", Value="main", Operator="EQ"),
        ]}]},
        "onSuccess": {"conditions": [{"result": "FAIL", "rules": [
            rule("ask", "LambdaInvoke", FunctionName="smoke-fails"),
        ]}]},
        "onFailure": {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}},
    }
    walk.ok("codepipeline.CreatePipeline", pipeline=declaration("guarded", **gates))
    execution = start(walk, "guarded")
    walk.simulator.advance(300)
    answer(walk, "guarded", token(walk, "guarded"))
    walk.simulator.advance(1)
    read_everything(walk)
    walk.simulator.advance(30)
    names = {"pipelineName": "guarded", "stageName": "Check"}
    stage = state(walk, "guarded", "Check")
    first = stage["latestExecution"]["pipelineExecutionId"]
    walk.tally.expect(stage["latestExecution"]["status"] == "Failed", "an alarm keeps an execution out")
    walk.refused("codepipeline.OverrideStageCondition", "ConditionNotOverridableException",
                 **names, pipelineExecutionId=first, conditionType="ON_SUCCESS")
    walk.refused("codepipeline.OverrideStageCondition", "NotLatestPipelineExecutionException",
                 **names, pipelineExecutionId=execution, conditionType="BEFORE_ENTRY")
    walk.ok("codepipeline.OverrideStageCondition", **names, pipelineExecutionId=first, conditionType="BEFORE_ENTRY")
    walk.simulator.advance(60)
    read_everything(walk)
    walk.ok("codepipeline.OverrideStageCondition", **names, pipelineExecutionId=first, conditionType="ON_SUCCESS")
    walk.tally.expect(status(walk, "guarded", first) == "Succeeded", "an overridden condition lets it pass")
    walk.ok("cloudwatch.SetAlarmState", AlarmName="pipelines", StateValue="OK", StateReason="by hand")


def walk_modes(walk):
    """Executions that supersede each other, and executions side by side."""
    walk.ok("codepipeline.CreatePipeline", pipeline=declaration("newest", "SUPERSEDED"))
    walk.ok("codepipeline.CreatePipeline", pipeline=declaration("beside", "PARALLEL"))
    for name in ("newest", "beside"):
        for _ in range(3):
            walk.simulator.advance(200)
            start(walk, name)
        walk.simulator.advance(200)
    listed = walk.ok("codepipeline.ListPipelineExecutions", pipelineName="newest")["pipelineExecutionSummaries"]
    walk.tally.expect("Superseded" in {one["status"] for one in listed}, "a waiting execution was superseded")
    read_everything(walk)
    walk.tally.expect(token(walk, "beside") is None, "the state of a PARALLEL pipeline has no token")
    runs = walk.ok("codepipeline.ListActionExecutions", pipelineName="beside")["actionExecutionDetails"]
    waiting = [one for one in runs if one["actionName"] == "Approve" and one["status"] == "InProgress"]
    walk.tally.expect(len(waiting) == 4, f"four approvals wait side by side, got {len(waiting)}")
    answer(walk, "beside", waiting[-1]["output"]["executionResult"]["externalExecutionId"])
    walk.simulator.advance(60)
    walk.tally.expect(
        status(walk, "beside", waiting[-1]["pipelineExecutionId"]) == "Succeeded", "the token answers the approval")


def walk_refusals(walk):
    """What is refused in every operation that names a pipeline, a stage or an execution."""
    shop = {"pipelineName": "shop"}
    execution = {"pipelineExecutionId": UNKNOWN}
    stage = {"stageName": "Check"}
    wanted = {
        "GetPipeline": {"name": "none"},
        "GetPipelineState": {"name": "none"},
        "StartPipelineExecution": {"name": "none"},
        "StopPipelineExecution": {"pipelineName": "none", **execution},
        "GetPipelineExecution": {"pipelineName": "none", **execution},
        "ListPipelineExecutions": {"pipelineName": "none"},
        "ListActionExecutions": {"pipelineName": "none"},
        "PutApprovalResult": approval("none", UNKNOWN),
        "RetryStageExecution": {"pipelineName": "none", **stage, **execution, "retryMode": "ALL_ACTIONS"},
        "RollbackStage": {"pipelineName": "none", **stage, "targetPipelineExecutionId": UNKNOWN},
        "EnableStageTransition": {"pipelineName": "none", **stage, "transitionType": "Inbound"},
        "DisableStageTransition": {"pipelineName": "none", **stage, "transitionType": "Inbound", "reason": "no"},
        "OverrideStageCondition": {"pipelineName": "none", **stage, **execution, "conditionType": "ON_SUCCESS"},
    }
    for operation, parameters in wanted.items():
        walk.refused(f"codepipeline.{operation}", "PipelineNotFoundException", **parameters)
        if "stageName" in parameters:
            walk.refused(
                f"codepipeline.{operation}", "StageNotFoundException",
                **parameters | shop | {"stageName": "None"})
    walk.refused("codepipeline.PutApprovalResult", "ActionNotFoundException",
                 **approval("shop", UNKNOWN) | {"actionName": "None"})
    walk.refused("codepipeline.GetPipeline", "PipelineVersionNotFoundException", name="shop", version=9)
    walk.refused("codepipeline.GetPipelineExecution", "PipelineExecutionNotFoundException", **shop, **execution)
    for operation in ("ListPipelineExecutions", "ListActionExecutions"):
        walk.refused(f"codepipeline.{operation}", "InvalidNextTokenException", **shop, nextToken="zz")
        walk.refused(f"codepipeline.{operation}", "ValidationException", **shop, maxResults=101)
    walk.refused("codepipeline.ListPipelines", "InvalidNextTokenException", nextToken="zz")
    walk.refused("codepipeline.ListPipelines", "ValidationException", maxResults=0)
    one_stage = declaration("other")
    one_stage["stages"] = one_stage["stages"][:1]
    walk.refused("codepipeline.CreatePipeline", "InvalidStructureException", pipeline=one_stage)
    nothing = declaration("other")
    nothing["stages"][1]["actions"] = []
    walk.refused("codepipeline.CreatePipeline", "InvalidStageDeclarationException", pipeline=nothing)
    nothing = declaration("other")
    del nothing["stages"][1]["actions"][0]["configuration"]
    walk.refused("codepipeline.CreatePipeline", "InvalidActionDeclarationException", pipeline=nothing)


def good_inputs():
    """An input for each operation that would succeed, or be refused only for how things stand."""
    stage = {"pipelineName": "shop", "stageName": "Check"}
    execution = {"pipelineExecutionId": UNKNOWN}
    return {
        "codepipeline.CreatePipeline": {"pipeline": declaration("shop"), "tags": []},
        "codepipeline.GetPipeline": {"name": "shop"},
        "codepipeline.ListPipelines": {},
        "codepipeline.GetPipelineState": {"name": "shop"},
        "codepipeline.StartPipelineExecution": {"name": "shop"},
        "codepipeline.StopPipelineExecution": {"pipelineName": "shop", **execution},
        "codepipeline.GetPipelineExecution": {"pipelineName": "shop", **execution},
        "codepipeline.ListPipelineExecutions": {"pipelineName": "shop"},
        "codepipeline.ListActionExecutions": {"pipelineName": "shop"},
        "codepipeline.PutApprovalResult": approval("shop", UNKNOWN),
        "codepipeline.RetryStageExecution": {**stage, **execution, "retryMode": "ALL_ACTIONS"},
        "codepipeline.RollbackStage": {**stage, "targetPipelineExecutionId": UNKNOWN},
        "codepipeline.EnableStageTransition": {**stage, "transitionType": "Inbound"},
        "codepipeline.DisableStageTransition": {**stage, "transitionType": "Inbound", "reason": "no"},
        "codepipeline.OverrideStageCondition": {**stage, **execution, "conditionType": "ON_SUCCESS"},
    }


def walk_scenario(binary, tally, covered, scenario):
    """Reads everything in a scenario, again and again while time passes."""
    with Simulator(binary, scenario) as simulator:
        simulator.steer("limits", {"enabled": False})
        names = []
        for _ in range(8):
            for place in simulator.steer("scenario")["regions"]:
                walk = Walk(simulator, tally, place["region"], place["account"])
                walk.covered = covered
                names += read_everything(walk)
            simulator.advance(150)
        tally.expect(names, f"{scenario} has a pipeline")


def walk(walk, binary):
    """The whole walk."""
    succeeded = walk_course(walk)
    walk_steering(walk, succeeded)
    walk_conditions(walk)
    walk_modes(walk)
    walk_refusals(walk)
    for scenario in SCENARIOS:
        walk_scenario(binary, walk.tally, walk.covered, scenario)
