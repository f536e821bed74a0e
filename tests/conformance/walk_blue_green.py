"""Releases that shift traffic: a blue/green service with a pause is driven to each of its ends, a linear
and a canary one to theirs, and the real weights are read off the load balancer all the while."""
from walk_ecs import ARN, CLUSTER, NETWORK, register
from walk_elb import forward, path
from walk_releases import newest

NAME = "shift"
ALARM = "shift-errors"
STAGES = [
    "RECONCILE_SERVICE", "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP",
]
ROLE = "arn:aws:iam::123456789012:role/ecsInfrastructureRole"


def walk(walk):
    stand = build(walk)
    create(walk, stand)
    go_on(walk, stand)
    go_on_without_an_action(walk, stand)
    roll_back(walk, stand)
    time_out(walk, stand, "CONTINUE", "SUCCESSFUL")
    time_out(walk, stand, "ROLLBACK", "ROLLBACK_SUCCESSFUL")
    stop(walk, stand)
    alarm(walk, stand)
    overtake(walk, stand)
    steps(walk, stand)
    refused(walk)


def build(walk):
    """A load balancer with a production and a test rule, and an alarm."""
    balancer = walk.ok("elbv2.CreateLoadBalancer", Name=NAME, Subnets=["subnet-0a1", "subnet-0a2"])["LoadBalancers"][0]
    stand = {"balancer": balancer["LoadBalancerArn"]}
    for colour in ("blue", "green"):
        stand[colour] = walk.ok(
            "elbv2.CreateTargetGroup", Name=f"{NAME}-{colour}", Protocol="HTTP", Port=8080, VpcId="vpc-0a1", TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
    for kind, port in (("production", 80), ("test", 8080)):
        listener = walk.ok(
            "elbv2.CreateListener", LoadBalancerArn=stand["balancer"], Protocol="HTTP", Port=port,
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        )["Listeners"][0]["ListenerArn"]
        stand[kind] = walk.ok(
            "elbv2.CreateRule", ListenerArn=listener, Priority=1, Conditions=path("/*"),
            Actions=forward((stand["blue"], 100), (stand["green"], 0)),
        )["Rules"][0]["RuleArn"]
    walk.ok(
        "cloudwatch.PutMetricAlarm", AlarmName=ALARM, MetricName="Errors", Namespace="Shop", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=5.0, ComparisonOperator="GreaterThanThreshold",
    )
    set_alarm(walk, "OK")
    return stand


def set_alarm(walk, state):
    walk.ok("cloudwatch.SetAlarmState", AlarmName=ALARM, StateValue=state, StateReason="by hand")


def configuration(minutes=10, action="ROLLBACK", stages=("POST_TEST_TRAFFIC_SHIFT",), **more):
    """A deployment configuration with a pause."""
    timeout = {"timeoutInMinutes": minutes, "action": action}
    hook = {"targetType": "PAUSE", "lifecycleStages": list(stages), "timeoutConfiguration": timeout}
    return {
        "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 3, "lifecycleHooks": [hook],
        "alarms": {"alarmNames": [ALARM], "enable": True, "rollback": True},
    } | more


def balancers(stand):
    advanced = {
        "alternateTargetGroupArn": stand["green"], "productionListenerRule": stand["production"],
        "testListenerRule": stand["test"], "roleArn": ROLE,
    }
    return [{
        "targetGroupArn": stand["blue"], "containerName": "app", "containerPort": 8080, "advancedConfiguration": advanced,
    }]


def create(walk, stand):
    walk.ok(
        "ecs.CreateService", cluster=CLUSTER, serviceName=NAME, taskDefinition=register(walk, NAME, "example.com/shift:1"),
        desiredCount=2, launchType="FARGATE", networkConfiguration=NETWORK, loadBalancers=balancers(stand),
        deploymentConfiguration=configuration(),
    )
    # A first release may wait at the pause as well.
    for _ in range(120):
        held = waiting(newest(walk, NAME))
        if held:
            walk.ok(
                "ecs.ContinueServiceDeployment", serviceDeploymentArn=newest(walk, NAME)["serviceDeploymentArn"],
                hookId=held["hookId"], action="CONTINUE",
            )
        if newest(walk, NAME)["status"] == "SUCCESSFUL":
            break
        walk.simulator.advance(10)
    ended = newest(walk, NAME)
    walk.tally.expect(ended["status"] == "SUCCESSFUL", f"a blue/green service comes to be, got {ended['status']}")
    walk.tally.expect(sum(weights(walk, stand, "production").values()) == 100, "production weights sum to 100")


def weights(walk, stand, kind):
    """The real weights of a rule, by colour."""
    rule = walk.ok("elbv2.DescribeRules", RuleArns=[stand[kind]])["Rules"][0]
    groups = rule["Actions"][0]["ForwardConfig"]["TargetGroups"]
    found = {group["TargetGroupArn"]: group["Weight"] for group in groups}
    return {colour: found.get(stand[colour], 0) for colour in ("blue", "green")}


def waiting(release):
    """The hook that waits for somebody, if there is one."""
    held = [one for one in release.get("lifecycleHookDetails", ()) if one["status"] == "AWAITING_ACTION"]
    return held[0] if held else None


def release(walk, stand, image, **change):
    """Deploys, waits for the pause, and gives what the release says there and who has the traffic before."""
    before = weights(walk, stand, "production")
    definition = register(walk, NAME, image)
    walk.ok("ecs.UpdateService", cluster=CLUSTER, service=NAME, taskDefinition=definition, **change)
    walk.settle(lambda: waiting(newest(walk, NAME)), f"{image} waits at its pause", step=5)
    held = newest(walk, NAME)
    walk.tally.expect(weights(walk, stand, "production") == before, "production stays where it was until then")
    hook = waiting(held) or {"hookId": "ecs-pause-none"}
    walk.tally.expect(hook.get("targetType") == "PAUSE", f"the hook is a pause, got {hook}")
    return held, hook, before


def answer(walk, held, hook, **action):
    arn = held["serviceDeploymentArn"]
    answered = walk.ok("ecs.ContinueServiceDeployment", serviceDeploymentArn=arn, hookId=hook["hookId"], **action)
    walk.tally.expect(answered["serviceDeploymentArn"] == arn, "the answer names the deployment")


def ends(walk, stand, before, status, what):
    """Waits for the end; the traffic has changed sides when the release succeeded, and only then."""
    stages, sums = [], set()

    def over():
        now = newest(walk, NAME)
        stage = now.get("lifecycleStage")
        if stage and (not stages or stages[-1] != stage):
            stages.append(stage)
        sums.add(sum(weights(walk, stand, "production").values()))
        return now["status"] in ("SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED")

    walk.settle(over, f"{what} comes to an end", step=4)
    ended = newest(walk, NAME)
    walk.tally.expect(ended["status"] == status, f"{what} ends {status}, got {ended['status']}: {ended.get('statusReason')}")
    walk.tally.expect(sums == {100}, f"the weights always sum to 100, got {sums}")
    if status == "SUCCESSFUL":
        places = [STAGES.index(stage) for stage in stages]
        walk.tally.expect(places == sorted(places), f"the stages come in order, got {stages}")
    before = dict(before)
    after = {"blue": before["green"], "green": before["blue"]} if status == "SUCCESSFUL" else before
    found = weights(walk, stand, "production")
    walk.tally.expect(found == after, f"{what}: traffic is at {after}, got {found}")
    empty = [colour for colour in ("blue", "green") if after[colour] == 0]
    for colour in empty:
        walk.settle(lambda: not healthy(walk, stand, colour), f"{what}: no target is left without traffic")
    full = next(colour for colour in after if after[colour])
    walk.tally.expect(healthy(walk, stand, full) == 2, f"{what}: the targets with traffic are healthy")
    if status != "SUCCESSFUL" and "rollback" in ended:
        walk.tally.expect(ended["rollback"]["serviceRevisionArn"] != ended["targetServiceRevision"]["arn"], "a rollback goes back")
    return ended


def healthy(walk, stand, colour):
    rows = walk.ok("elbv2.DescribeTargetHealth", TargetGroupArn=stand[colour])["TargetHealthDescriptions"]
    return sum(row["TargetHealth"]["State"] == "healthy" for row in rows)


def go_on(walk, stand):
    held, hook, before = release(walk, stand, "example.com/shift:2")
    test = weights(walk, stand, "test")
    walk.tally.expect(test != before, f"test traffic has shifted at the pause, got {test}")
    answer(walk, held, hook, action="CONTINUE")
    ended = ends(walk, stand, before, "SUCCESSFUL", "a release that is continued")
    done = [one["status"] for one in ended.get("lifecycleHookDetails", ())]
    walk.tally.expect(done == ["SUCCEEDED"], f"its hook has succeeded, got {done}")
    walk.refused(
        "ecs.ContinueServiceDeployment", "ClientException", serviceDeploymentArn=held["serviceDeploymentArn"],
        hookId=hook["hookId"], action="CONTINUE",
    )


def go_on_without_an_action(walk, stand):
    held, hook, before = release(walk, stand, "example.com/shift:3")
    answer(walk, held, hook)
    ends(walk, stand, before, "SUCCESSFUL", "a release that is continued without an action")


def roll_back(walk, stand):
    held, hook, before = release(walk, stand, "example.com/shift:4")
    answer(walk, held, hook, action="ROLLBACK")
    ended = ends(walk, stand, before, "ROLLBACK_SUCCESSFUL", "a release that is rolled back at its pause")
    walk.tally.expect("rollback" in ended, "a rollback has its record")


def time_out(walk, stand, action, status):
    held, hook, before = release(
        walk, stand, f"example.com/shift:5-{action.lower()}", deploymentConfiguration=configuration(action=action)
    )
    walk.tally.expect(hook.get("timeoutAction") == action, f"the hook says what its time-out does, got {hook}")
    left = hook["expiresAt"].timestamp() - walk.simulator.steer("clock")["now"]
    walk.tally.expect(0 < left <= 600, f"the hook expires within its ten minutes, in {left} s")
    ended = ends(walk, stand, before, status, f"a pause that times out with {action}")
    found = [one["status"] for one in ended.get("lifecycleHookDetails", ())]
    walk.tally.expect(found == ["TIMED_OUT"], f"its hook has timed out, got {found}")


def stop(walk, stand):
    held, _, before = release(walk, stand, "example.com/shift:6", deploymentConfiguration=configuration())
    walk.ok("ecs.StopServiceDeployment", serviceDeploymentArn=held["serviceDeploymentArn"], stopType="ROLLBACK")
    ends(walk, stand, before, "ROLLBACK_SUCCESSFUL", "a release that is stopped")


def alarm(walk, stand):
    held, hook, before = release(walk, stand, "example.com/shift:7")
    answer(walk, held, hook, action="CONTINUE")
    walk.settle(lambda: newest(walk, NAME).get("lifecycleStage") == "BAKE_TIME", "the release bakes", step=3)
    shifted = weights(walk, stand, "production")
    walk.tally.expect(shifted != before, "production has shifted while it bakes")
    set_alarm(walk, "ALARM")
    walk.simulator.advance(1)
    ended = ends(walk, stand, before, "ROLLBACK_SUCCESSFUL", "a release whose alarm fires")
    alarms = ended.get("alarms", {})
    walk.tally.expect(alarms.get("triggeredAlarmNames") == [ALARM], f"it names the alarm, got {alarms}")
    # An alarm that already fires when a release begins doesn't count for it.
    held, hook, before = release(walk, stand, "example.com/shift:8")
    answer(walk, held, hook, action="CONTINUE")
    ends(walk, stand, before, "SUCCESSFUL", "a release that begins while its alarm fires")
    set_alarm(walk, "OK")


def overtake(walk, stand):
    held, _, before = release(walk, stand, "example.com/shift:9")
    older = held["serviceDeploymentArn"]
    newer, hook, _ = release(walk, stand, "example.com/shift:10")
    described = walk.ok("ecs.DescribeServiceDeployments", serviceDeploymentArns=[older])["serviceDeployments"][0]
    walk.tally.expect(described["status"] == "STOPPED", f"a release that is overtaken is stopped, got {described['status']}")
    answer(walk, newer, hook, action="CONTINUE")
    ends(walk, stand, before, "SUCCESSFUL", "a release that overtakes another")


def steps(walk, stand):
    """Linear and canary: a pause before each step has an id of its own."""
    stages = ("PRE_PRODUCTION_TRAFFIC_SHIFT",)
    for strategy, more, count in (
        ("LINEAR", {"linearConfiguration": {"stepPercent": 25.0, "stepBakeTimeInMinutes": 1}}, 4),
        ("CANARY", {"canaryConfiguration": {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 2}}, 2),
    ):
        change = configuration(stages=stages, minutes=60, strategy=strategy, **more)
        held, hook, before = release(walk, stand, f"example.com/shift:{strategy.lower()}", deploymentConfiguration=change)
        ids, shares = [], []
        new = "green" if before["green"] == 0 else "blue"
        while hook and len(ids) < 20:
            ids.append(hook["hookId"])
            answer(walk, held, hook, action="CONTINUE")
            for _ in range(200):
                walk.simulator.advance(4)
                share = weights(walk, stand, "production")[new]
                if share and (not shares or shares[-1] != share):
                    shares.append(share)
                held = newest(walk, NAME)
                hook = waiting(held)
                if hook or held["status"] != "IN_PROGRESS" or held.get("lifecycleStage") == "BAKE_TIME":
                    break
        walk.tally.expect(len(set(ids)) == count, f"{strategy} pauses {count} times, got {ids}")
        wanted = [25, 50, 75, 100] if strategy == "LINEAR" else [10, 100]
        walk.tally.expect(shares == wanted, f"{strategy} shifts {wanted}, got {shares}")
        ends(walk, stand, before, "SUCCESSFUL", f"a {strategy} release")


def refused(walk):
    over = newest(walk, NAME)["serviceDeploymentArn"]
    for code, parameters in (
        ("ClientException", {"serviceDeploymentArn": over, "hookId": "ecs-pause-0", "action": "CONTINUE"}),
        ("InvalidParameterException", {"serviceDeploymentArn": over, "hookId": "nonsense", "action": "CONTINUE"}),
        ("InvalidParameterException", {"serviceDeploymentArn": over, "hookId": "ecs-pause-0", "action": "PERHAPS"}),
        (
            "ServiceDeploymentNotFoundException",
            {"serviceDeploymentArn": f"{ARN}:service-deployment/{CLUSTER}/{NAME}/gone", "hookId": "ecs-pause-0"},
        ),
    ):
        walk.refused("ecs.ContinueServiceDeployment", code, **parameters)
