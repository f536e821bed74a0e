"""Releases: what the rolling engine does, seen through the API."""
from walk_ecs import ARN, CLUSTER, create, register, service, steady

BREAKER = {"enable": True, "rollback": True}


def walk(walk):
    succeed(walk)
    supersede(walk)
    stop(walk)
    roll_back(walk)
    fail_for_each_reason(walk)
    refused(walk)


def newest(walk, name):
    """The newest service deployment of a service, described."""
    listed = walk.ok("ecs.ListServiceDeployments", cluster=CLUSTER, service=name)["serviceDeployments"]
    arn = listed[0]["serviceDeploymentArn"]
    return walk.ok("ecs.DescribeServiceDeployments", serviceDeploymentArns=[arn])["serviceDeployments"][0]


def ends(walk, name, *statuses):
    """Waits until the newest service deployment has one of the statuses."""
    walk.settle(lambda: newest(walk, name)["status"] in statuses, f"{name} ends {' or '.join(statuses)}")
    return newest(walk, name)


def update(walk, name, **parameters):
    return walk.ok("ecs.UpdateService", cluster=CLUSTER, service=name, **parameters)["service"]


def watch(walk, name, least, most, statuses):
    """Lets the release of a service run and holds the number of its tasks against its bounds."""
    running, total = [], []
    for _ in range(400):
        now = service(walk, name)
        running.append(now["runningCount"])
        total.append(now["runningCount"] + now["pendingCount"])
        if newest(walk, name)["status"] in statuses:
            break
        walk.simulator.advance(3)
    walk.tally.expect(min(running) >= least, f"{name} keeps {least} tasks running, got {min(running)}")
    walk.tally.expect(max(total) <= most, f"{name} has at most {most} tasks, got {max(total)}")


def succeed(walk):
    definition = register(walk, "web", "example.com/web:2.0")
    before = service(walk, "web")
    changed = update(
        walk, "web", taskDefinition=definition,
        deploymentConfiguration={"minimumHealthyPercent": 100, "maximumPercent": 134},
    )
    walk.tally.expect(len(changed["deployments"]) == 2, "old and new stand side by side")
    watch(walk, "web", 3, 4, ("SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "STOPPED"))
    ended = newest(walk, "web")
    walk.tally.expect(ended["status"] == "SUCCESSFUL", f"a good release succeeds, got {ended['status']}")
    steady(walk, "web")
    revisions = [ended["targetServiceRevision"]["arn"]] + [one["arn"] for one in ended["sourceServiceRevisions"]]
    described = walk.ok("ecs.DescribeServiceRevisions", serviceRevisionArns=revisions)["serviceRevisions"]
    found = [one["taskDefinition"] for one in described]
    walk.tally.expect(found == [definition, before["taskDefinition"]], f"the revisions name both, got {found}")
    missing = walk.ok("ecs.DescribeServiceRevisions", serviceRevisionArns=[revisions[0][:-3] + "000"])
    walk.tally.expect(len(missing["failures"]) == 1, "a revision that isn't there is a failure")
    events = [event["message"] for event in service(walk, "web")["events"]]
    walk.tally.expect(any("has reached a steady state." in text for text in events), "the event of a steady state")
    walk.tally.expect(any("deployment completed." in text for text in events), "the event of a completed deployment")
    scaled = update(walk, "web", desiredCount=4)
    walk.tally.expect(len(scaled["deployments"]) == 1, "a new count makes no deployment")
    steady(walk, "web")


def supersede(walk):
    first = update(walk, "web", forceNewDeployment=True)
    walk.tally.expect(len(first["deployments"]) == 2, "a forced deployment is one")
    older = newest(walk, "web")
    walk.simulator.advance(10)
    update(walk, "web", taskDefinition=register(walk, "web", "example.com/web:2.1"))
    ends(walk, "web", "SUCCESSFUL")
    again = walk.ok("ecs.DescribeServiceDeployments", serviceDeploymentArns=[older["serviceDeploymentArn"]])
    status = again["serviceDeployments"][0]["status"]
    walk.tally.expect(status == "STOPPED", f"a superseded deployment ends STOPPED, got {status}")
    pages = walk.pages("ecs.ListServiceDeployments", "serviceDeployments", cluster=CLUSTER, service="web", maxResults=2)
    walk.tally.expect([len(page) for page in pages] == [2, 2], "deployments come page by page")
    stopped = walk.ok("ecs.ListServiceDeployments", cluster=CLUSTER, service="web", status=["STOPPED"])
    walk.tally.expect(len(stopped["serviceDeployments"]) == 1, "deployments are found by status")


def stop(walk):
    good = steady(walk, "web")["taskDefinition"]
    update(walk, "web", taskDefinition=register(walk, "web", "example.com/web:2.2-slow"))
    walk.simulator.advance(5)
    arn = newest(walk, "web")["serviceDeploymentArn"]
    answer = walk.ok("ecs.StopServiceDeployment", serviceDeploymentArn=arn, stopType="ROLLBACK")
    walk.tally.expect(answer["serviceDeploymentArn"] == arn, "the stopped deployment is named")
    ended = ends(walk, "web", "ROLLBACK_SUCCESSFUL")
    walk.tally.expect("rollback" in ended, "it says what it was rolled back to")
    walk.tally.expect(steady(walk, "web")["taskDefinition"] == good, "the service runs what it ran before")
    walk.refused("ecs.StopServiceDeployment", "ConflictException", serviceDeploymentArn=arn, stopType="ROLLBACK")
    walk.refused("ecs.StopServiceDeployment", "UnsupportedFeatureException", serviceDeploymentArn=arn, stopType="ABORT")


def roll_back(walk):
    create(
        walk, "guarded", "web:1", 2,
        deploymentConfiguration={
            "deploymentCircuitBreaker": BREAKER, "minimumHealthyPercent": 100, "maximumPercent": 200,
        },
    )
    good = steady(walk, "guarded")["taskDefinition"]
    update(walk, "guarded", taskDefinition=register(walk, "web", "example.com/web:3.0-crash"))
    watch(walk, "guarded", 2, 4, ("ROLLBACK_SUCCESSFUL", "SUCCESSFUL", "STOPPED"))
    ended = newest(walk, "guarded")
    walk.tally.expect(ended["status"] == "ROLLBACK_SUCCESSFUL", f"the breaker rolls back, got {ended['status']}")
    breaker = ended["deploymentCircuitBreaker"]
    walk.tally.expect(breaker["status"] == "TRIGGERED", f"the breaker is triggered, got {breaker}")
    walk.tally.expect(breaker["failureCount"] >= breaker["threshold"], f"it counted to its threshold, got {breaker}")
    walk.tally.expect(steady(walk, "guarded")["taskDefinition"] == good, "the service runs what it ran before")
    crashed = stopped_task(walk, "guarded")
    app = crashed["containers"][0]
    walk.tally.expect(app.get("exitCode") == 1, f"the container exits with 1, got {app.get('exitCode')}")
    walk.tally.expect(crashed["stopCode"] == "EssentialContainerExited", f"stop code {crashed['stopCode']}")
    stream = f"web/app/{crashed['taskArn'].rsplit('/')[-1]}"
    logged = walk.ok("logs.GetLogEvents", logGroupName="/ecs/conformance", logStreamName=stream)["events"]
    walk.tally.expect(len(logged) > 1, "the container logged why")


def stopped_task(walk, name):
    """One stopped task of a service."""
    arns = walk.ok("ecs.ListTasks", cluster=CLUSTER, serviceName=name, desiredStatus="STOPPED")["taskArns"]
    tasks = walk.ok("ecs.DescribeTasks", cluster=CLUSTER, tasks=arns)["tasks"]
    failed = [task for task in tasks if "Scaling activity" not in task.get("stoppedReason", "")]
    return (failed or tasks)[0]


def fail_for_each_reason(walk):
    """Every behaviour of an image, with every kind of threshold."""
    thresholds = (
        {"type": "COUNT", "value": 3},
        {"type": "BOUNDED_PERCENT", "value": 50},
        {"type": "UNBOUNDED_PERCENT", "value": 100},
    )
    check = {"healthCheck": {"command": ["CMD-SHELL", "curl -f localhost"], "interval": 5, "retries": 2}}
    for number, (word, reason) in enumerate((
        ("oom", "OutOfMemoryError"),
        ("nopull", "CannotPullContainerError"),
        ("unhealthy", "failed container health checks"),
    )):
        name = f"bad-{word}"
        breaker = BREAKER | {"thresholdConfiguration": thresholds[number], "resetOnHealthyTask": True}
        create(walk, name, "web:1", 2, deploymentConfiguration={"deploymentCircuitBreaker": breaker})
        steady(walk, name)
        update(walk, name, taskDefinition=register(walk, word, f"example.com/web:{word}", **check))
        ends(walk, name, "ROLLBACK_SUCCESSFUL")
        task = stopped_task(walk, name)
        text = str(task.get("stoppedReason")) + str(task["containers"][0].get("reason"))
        walk.tally.expect(reason in text, f"{word} says {reason}, got {text}")
    for word in ("slow", "errors"):
        create(walk, f"fine-{word}", register(walk, word, f"example.com/web:{word}", **check), 1)
        ends(walk, f"fine-{word}", "SUCCESSFUL")
        steady(walk, f"fine-{word}")


def refused(walk):
    arn = newest(walk, "web")["serviceDeploymentArn"]
    none = arn[:-3] + "000"
    walk.refused("ecs.DescribeServiceDeployments", "InvalidParameterException", serviceDeploymentArns=[arn] * 21)
    walk.refused("ecs.DescribeServiceDeployments", "InvalidParameterException", serviceDeploymentArns=["no arn"])
    missing = walk.ok("ecs.DescribeServiceDeployments", serviceDeploymentArns=[none])
    walk.tally.expect(len(missing["failures"]) == 1, "a deployment that isn't there is a failure")
    walk.refused("ecs.DescribeServiceRevisions", "InvalidParameterException", serviceRevisionArns=["no arn"])
    walk.refused("ecs.DescribeServiceRevisions", "InvalidParameterException", serviceRevisionArns=[arn] * 21)
    walk.refused("ecs.StopServiceDeployment", "ServiceDeploymentNotFoundException", serviceDeploymentArn=none)
    walk.refused("ecs.ListServiceDeployments", "ServiceNotFoundException", cluster=CLUSTER, service="none")
    walk.refused(
        "ecs.ListServiceDeployments", "InvalidParameterException",
        cluster=CLUSTER, service="web", maxResults=101,
    )
    events = service(walk, "web")["events"]
    times = [event["createdAt"] for event in events]
    walk.tally.expect(times == sorted(times, reverse=True), "the newest event comes first")
    cluster = walk.ok("ecs.DescribeClusters", clusters=[f"{ARN}:cluster/{CLUSTER}"], include=["STATISTICS"])
    counted = cluster["clusters"][0]["runningTasksCount"]
    running = walk.pages("ecs.ListTasks", "taskArns", cluster=CLUSTER, desiredStatus="RUNNING")
    walk.tally.expect(counted == sum(map(len, running)), "a cluster counts its running tasks")
