"""What belongs to no operation: who calls, signatures, throttling, faults."""


def walk(walk):
    identity = walk.ok("sts.GetCallerIdentity")
    walk.tally.expect(identity["Account"] == "123456789012", f"the account, got {identity.get('Account')}")
    walk.refused("sts.GetSessionToken", "InvalidAction")
    status, value = walk.raw("ecs.ListClusters", {}, sign=False)
    walk.tally.expect(
        (status, value.get("__type")) == (403, "MissingAuthenticationTokenException"),
        f"a call without a signature is refused, got {status} {value}",
    )
    throttle(walk)
    faults(walk)


def throttle(walk):
    walk.simulator.steer("limits", {"enabled": True})
    seen = set()
    for _ in range(2000):
        status, value = walk.raw("logs.FilterLogEvents", {"logGroupName": "/conformance/web", "limit": 1})
        seen.add((status, value.get("__type")))
        if status != 200:
            break
    walk.tally.expect(seen == {(200, None), (400, "ThrottlingException")}, f"calls are throttled, got {seen}")
    walk.simulator.steer("limits", {"enabled": False})


def faults(walk):
    fault = {"operation": "ecs.List*", "kind": "error", "code": "AccessDeniedException", "message": "no", "times": 1}
    walk.simulator.steer("faults", [fault])
    walk.refused("ecs.ListClusters", "AccessDeniedException")
    walk.ok("ecs.ListClusters")
    walk.simulator.steer("faults", [])
    calls = walk.simulator.steer("calls")
    walk.tally.expect(calls["errors"]["AccessDeniedException"] == 1, "faults are counted")
    counted = sum(sum(outcomes.values()) for outcomes in calls["operations"].values())
    walk.tally.expect(calls["total"] == counted, "every call is counted once")
