"""Holds the simulated AWS against the service models that AWS publishes.

    pip install botocore
    python3 tests/conformance/check.py --binary target/debug/cutover

It starts `cutover sim`, walks through every operation with botocore's own clients, with good input
and with bad, and judges each message on the wire: types, enums, required members, members that the
model lacks, limits, patterns, error codes. It prints what is wrong, and `N passed, N failed` as the
last line, and exits with 1 if anything failed.
"""
import argparse
import sys

import bad_input
import judge
import walk_accounts
import walk_alarms
import walk_autoscaling
import walk_blue_green
import walk_builds
import walk_codedeploy
import walk_ecs
import walk_elb
import walk_images
import walk_live_tail
import walk_logs
import walk_pipelines
import walk_releases
import walk_scenarios
import walk_wire
from simulator import Simulator, Tally, Walk

SUPPORTED = {
    "ecs": (
        "CreateCluster ListClusters DescribeClusters CreateService UpdateService DeleteService ListServices "
        "DescribeServices ListTasks DescribeTasks StopTask RegisterTaskDefinition DeregisterTaskDefinition "
        "ListTaskDefinitionFamilies ListTaskDefinitions DescribeTaskDefinition ListServiceDeployments "
        "DescribeServiceDeployments DescribeServiceRevisions StopServiceDeployment "
        "ContinueServiceDeployment ListTagsForResource "
        "CreateTaskSet UpdateTaskSet DeleteTaskSet DescribeTaskSets "
        "UpdateServicePrimaryTaskSet"
    ),
    "logs": (
        "CreateLogGroup CreateLogStream PutLogEvents DescribeLogGroups DescribeLogStreams GetLogEvents "
        "FilterLogEvents StartLiveTail"
    ),
    "codedeploy": (
        "CreateApplication GetApplication BatchGetApplications ListApplications CreateDeploymentGroup "
        "GetDeploymentGroup BatchGetDeploymentGroups ListDeploymentGroups CreateDeployment GetDeployment "
        "BatchGetDeployments ListDeployments GetApplicationRevision ListDeploymentTargets GetDeploymentTarget "
        "BatchGetDeploymentTargets GetDeploymentConfig ListDeploymentConfigs ContinueDeployment StopDeployment"
    ),
    "codebuild": "BatchGetBuilds",
    "codepipeline": (
        "CreatePipeline GetPipeline ListPipelines GetPipelineState StartPipelineExecution StopPipelineExecution "
        "GetPipelineExecution ListPipelineExecutions ListActionExecutions PutApprovalResult RetryStageExecution "
        "RollbackStage EnableStageTransition DisableStageTransition OverrideStageCondition"
    ),
    "sts": "GetCallerIdentity",
    "elbv2": (
        "DescribeLoadBalancers DescribeTargetGroups DescribeTargetHealth DescribeListeners DescribeRules "
        "CreateLoadBalancer CreateTargetGroup CreateListener CreateRule ModifyListener ModifyRule"
    ),
    "cloudwatch": "DescribeAlarms PutMetricAlarm SetAlarmState",
    "ecr": (
        "CreateRepository DescribeRepositories PutImage BatchDeleteImage DescribeImages BatchGetImage ListImages"
    ),
    "application-autoscaling": "RegisterScalableTarget DescribeScalableTargets DeregisterScalableTarget",
}


def labels():
    """Every operation that the simulator has to have, as `service.Operation`."""
    return {f"{service}.{name}" for service, names in SUPPORTED.items() for name in names.split()}


def walk_all(walk, binary):
    """The whole walk."""
    # Thousands of calls are made as fast as they are answered. What the limits do is seen apart.
    walk.simulator.steer("limits", {"enabled": False})
    walk_logs.walk(walk)
    walk_live_tail.walk(walk)
    walk_ecs.walk(walk)
    walk_releases.walk(walk)
    stand = walk_elb.walk(walk)
    walk_alarms.walk(walk)
    walk_images.walk(walk)
    walk_autoscaling.walk(walk)
    walk_blue_green.walk(walk)
    walk_pipelines.walk(walk, binary)
    good_inputs = walk_ecs.good_inputs(walk) | walk_elb.good_inputs(stand) | walk_alarms.good_inputs()
    good_inputs |= walk_images.good_inputs() | walk_autoscaling.good_inputs()
    good_inputs |= walk_pipelines.good_inputs() | walk_live_tail.good_inputs()
    bad_input.walk(walk, good_inputs)
    bad_input.unknown_operations(walk, labels())
    walk_wire.walk(walk)
    walk_codedeploy.walk(binary, walk.tally, walk.covered)
    walk_accounts.walk(binary, walk.tally, walk.covered)
    walk_builds.walk(binary, walk.tally, walk.covered)
    for label in sorted(labels()):
        seen = walk.covered[label]
        walk.tally.expect("ok" in seen, f"{label} succeeded at least once")
        if not label.startswith("sts."):
            walk.tally.expect(len(seen) > 1, f"{label} was refused at least once")


def main():
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--binary", required=True, help="the program cutover")
    options = cli.parse_args()
    tally = Tally()
    with Simulator(options.binary) as simulator:
        walk = Walk(simulator, tally)
        missed = judge.misses(walk.models["ecs"]) + judge.misses_elsewhere(walk.models)
        tally.record("the judge", [f"misses {case}" for case in missed])
        walk_all(walk, options.binary)
    for scenario, more in walk_scenarios.SCENARIOS.items():
        with Simulator(options.binary, scenario, *more) as simulator:
            walk_scenarios.walk(simulator, tally, scenario)
    for line, count in tally.failures.most_common():
        print(f"{count:5} × {line}")
    failed = sum(tally.failures.values())
    print(f"{tally.passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
