"""Application Auto Scaling: a service becomes a scalable target, is described, and is none again."""

CLUSTER, SERVICE = "scaled", "web"
TARGET = {
    "ServiceNamespace": "ecs", "ResourceId": f"service/{CLUSTER}/{SERVICE}",
    "ScalableDimension": "ecs:service:DesiredCount",
}
NAME = "application-autoscaling"


def walk(walk):
    walk.ok("ecs.CreateCluster", clusterName=CLUSTER)
    walk.ok(
        "ecs.RegisterTaskDefinition", family="scaled",
        containerDefinitions=[{"name": "app", "image": "web:1", "memory": 128}],
    )
    for name in (SERVICE, "api"):
        walk.ok("ecs.CreateService", cluster=CLUSTER, serviceName=name, taskDefinition="scaled", desiredCount=1)
    made = walk.ok(f"{NAME}.RegisterScalableTarget", **TARGET, MinCapacity=3, MaxCapacity=6)
    found = walk.ok("ecs.DescribeServices", cluster=CLUSTER, services=[SERVICE])["services"][0]
    walk.tally.expect(found["desiredCount"] == 3, "a service below its bounds is brought within them")
    state = {"DynamicScalingInSuspended": True, "ScheduledScalingSuspended": True}
    again = walk.ok(f"{NAME}.RegisterScalableTarget", **TARGET, SuspendedState=state)
    walk.tally.expect(made["ScalableTargetARN"] == again["ScalableTargetARN"], "a target keeps its ARN")
    other = TARGET | {"ResourceId": f"service/{CLUSTER}/api"}
    walk.ok(f"{NAME}.RegisterScalableTarget", **other, MinCapacity=1, MaxCapacity=1)
    pages = walk.pages(
        f"{NAME}.DescribeScalableTargets", "ScalableTargets", ("NextToken", "NextToken"), ServiceNamespace="ecs",
        MaxResults=1,
    )
    walk.tally.expect([len(page) for page in pages] == [1, 1], "targets come in pages")
    shown = walk.ok(
        f"{NAME}.DescribeScalableTargets", ServiceNamespace="ecs", ResourceIds=[TARGET["ResourceId"]],
    )["ScalableTargets"][0]
    walk.tally.expect((shown["MinCapacity"], shown["MaxCapacity"]) == (3, 6), "a target keeps its bounds")
    walk.tally.expect(shown["SuspendedState"] == state | {"DynamicScalingOutSuspended": False}, "and what is suspended")
    walk.ok(f"{NAME}.DescribeScalableTargets", ServiceNamespace="lambda")
    walk.ok(f"{NAME}.DeregisterScalableTarget", **other)
    refused(walk, other)


def refused(walk, gone):
    bounds = {"MinCapacity": 1, "MaxCapacity": 2}
    for operation, code, parameters in (
        ("RegisterScalableTarget", "ValidationException", gone),
        ("RegisterScalableTarget", "ValidationException", gone | {"MinCapacity": 3, "MaxCapacity": 2}),
        ("RegisterScalableTarget", "ValidationException", gone | bounds | {"ResourceId": "service/scaled/none"}),
        ("RegisterScalableTarget", "ValidationException", gone | bounds | {"ServiceNamespace": "lambda"}),
        ("DescribeScalableTargets", "InvalidNextTokenException", {"ServiceNamespace": "ecs", "NextToken": "nonsense"}),
        ("DescribeScalableTargets", "ValidationException", {"ServiceNamespace": "ecs", "MaxResults": 51}),
        ("DescribeScalableTargets", "ValidationException", {key: gone[key] for key in gone if key != "ResourceId"}),
        ("DeregisterScalableTarget", "ObjectNotFoundException", gone),
    ):
        walk.refused(f"{NAME}.{operation}", code, **parameters)


def good_inputs():
    """An input that succeeds for each operation."""
    return {
        f"{NAME}.RegisterScalableTarget": TARGET | {"MinCapacity": 1, "MaxCapacity": 2},
        f"{NAME}.DescribeScalableTargets": {"ServiceNamespace": "ecs"},
        f"{NAME}.DeregisterScalableTarget": TARGET,
    }
