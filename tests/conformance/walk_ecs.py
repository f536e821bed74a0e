"""A walk through clusters, task definitions, services, tasks and tags of Amazon ECS."""
from simulator import ACCOUNT, REGION

CLUSTER = "conformance"
ARN = f"arn:aws:ecs:{REGION}:{ACCOUNT}"
NETWORK = {
    "awsvpcConfiguration": {"subnets": ["subnet-0a1"], "securityGroups": ["sg-0a1"], "assignPublicIp": "DISABLED"}
}


def container(image, **more):
    """A container that logs to CloudWatch Logs."""
    return {
        "name": "app",
        "image": image,
        "essential": True,
        "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
        "environment": [{"name": "STAGE", "value": "test"}],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {"awslogs-group": "/ecs/conformance", "awslogs-region": REGION, "awslogs-stream-prefix": "web"},
        },
    } | more


def register(walk, family, image, **more):
    """Registers a revision and gives its ARN."""
    answer = walk.ok(
        "ecs.RegisterTaskDefinition",
        family=family,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container(image, **more)],
        tags=[{"key": "team", "value": "web"}],
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def create(walk, name, definition, desired=2, **more):
    """Creates a service on Fargate and gives it."""
    return walk.ok(
        "ecs.CreateService",
        cluster=CLUSTER,
        serviceName=name,
        taskDefinition=definition,
        desiredCount=desired,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
        **more,
    )["service"]


def service(walk, name):
    """A service as it is now."""
    return walk.ok("ecs.DescribeServices", cluster=CLUSTER, services=[name])["services"][0]


def steady(walk, name):
    """Waits until the service runs what it wants and nothing is in flight."""

    def holds():
        now = service(walk, name)
        alone = len(now["deployments"]) == 1
        return alone and now["deployments"][0].get("rolloutState") == "COMPLETED" and now["pendingCount"] == 0

    walk.settle(holds, f"{name} becomes steady")
    return service(walk, name)


def walk(walk):
    clusters(walk)
    task_definitions(walk)
    services(walk)
    tasks(walk)
    tags(walk)


def clusters(walk):
    walk.ok("ecs.CreateCluster")
    for name in (CLUSTER, "second", "third"):
        walk.ok(
            "ecs.CreateCluster",
            clusterName=name,
            tags=[{"key": "env", "value": "test"}],
            settings=[{"name": "containerInsights", "value": "enabled"}],
            capacityProviders=["FARGATE"],
            defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
        )
    walk.refused("ecs.CreateCluster", "InvalidParameterException", clusterName="no spaces")
    pages = walk.pages("ecs.ListClusters", "clusterArns", maxResults=3)
    walk.tally.expect([len(page) for page in pages] == [3, 1], "clusters come page by page")
    walk.refused("ecs.ListClusters", "InvalidParameterException", maxResults=101)
    walk.refused("ecs.ListClusters", "InvalidParameterException", nextToken="made up")
    include = ["ATTACHMENTS", "SETTINGS", "CONFIGURATIONS", "STATISTICS", "TAGS"]
    answer = walk.ok("ecs.DescribeClusters", clusters=[CLUSTER, f"{ARN}:cluster/second", "none"], include=include)
    walk.tally.expect(len(answer["clusters"]) == 2, "two clusters are described")
    reasons = [failure["reason"] for failure in answer["failures"]]
    walk.tally.expect(reasons == ["MISSING"], "a cluster that isn't there is a failure")
    default = walk.ok("ecs.DescribeClusters")["clusters"]
    walk.tally.expect([one["clusterName"] for one in default] == ["default"], "without names it is the default")
    walk.refused("ecs.DescribeClusters", "InvalidParameterException", clusters=["c"] * 101)


def task_definitions(walk):
    arns = [register(walk, "web", f"example.com/web:1.{minor}") for minor in range(3)]
    walk.tally.expect(arns[0] == f"{ARN}:task-definition/web:1", "the first revision is 1")
    register(walk, "worker", "example.com/worker:1")
    walk.refused("ecs.RegisterTaskDefinition", "ClientException", family="web", containerDefinitions=[])
    walk.refused(
        "ecs.RegisterTaskDefinition", "ClientException",
        family="no spaces", containerDefinitions=[container("x")],
    )
    families = walk.pages("ecs.ListTaskDefinitionFamilies", "families", maxResults=1)
    walk.tally.expect(families[:2] == [["web"], ["worker"]], "families come page by page")
    walk.ok("ecs.ListTaskDefinitionFamilies", familyPrefix="w", status="ALL")
    walk.refused("ecs.ListTaskDefinitionFamilies", "InvalidParameterException", maxResults=0)
    newest = walk.ok("ecs.ListTaskDefinitions", familyPrefix="web", sort="DESC", maxResults=1)
    walk.tally.expect(newest["taskDefinitionArns"] == arns[2:], "the newest revision first")
    pages = walk.pages("ecs.ListTaskDefinitions", "taskDefinitionArns", familyPrefix="web", maxResults=2)
    walk.tally.expect(sum(pages, []) == arns, "revisions come page by page")
    walk.refused("ecs.ListTaskDefinitions", "InvalidParameterException", nextToken="made up")
    for name in ("web", "web:1", arns[0]):
        walk.ok("ecs.DescribeTaskDefinition", taskDefinition=name, include=["TAGS"])
    walk.refused("ecs.DescribeTaskDefinition", "ClientException", taskDefinition="none")
    walk.refused("ecs.DescribeTaskDefinition", "ClientException", taskDefinition="web:99")
    gone = register(walk, "gone", "example.com/gone:1")
    walk.ok("ecs.DeregisterTaskDefinition", taskDefinition=gone)
    inactive = walk.ok("ecs.DescribeTaskDefinition", taskDefinition=gone)["taskDefinition"]
    walk.tally.expect(inactive["status"] == "INACTIVE", "an inactive revision can still be described")
    listed = walk.ok("ecs.ListTaskDefinitions", status="INACTIVE")["taskDefinitionArns"]
    walk.tally.expect(listed == [gone], "inactive revisions are listed apart")
    walk.refused("ecs.DeregisterTaskDefinition", "ClientException", taskDefinition="none:1")
    walk.refused(
        "ecs.CreateService", "ClientException",
        cluster=CLUSTER, serviceName="gone", taskDefinition=gone, networkConfiguration=NETWORK, desiredCount=1,
    )


def services(walk):
    for number in range(12):
        create(walk, f"idle-{number:02}", "worker:1", desired=0)
    made = create(walk, "web", "web:1", 3, tags=[{"key": "team", "value": "web"}], propagateTags="SERVICE")
    walk.tally.expect(made["status"] == "ACTIVE" and made["desiredCount"] == 3, "a service is made")
    pages = walk.pages("ecs.ListServices", "serviceArns", cluster=CLUSTER)
    walk.tally.expect([len(page) for page in pages] == [10, 3], "ten services a page unless more are asked for")
    pages = walk.pages("ecs.ListServices", "serviceArns", cluster=CLUSTER, maxResults=100, launchType="FARGATE")
    walk.tally.expect([len(page) for page in pages] == [13], "up to a hundred services a page")
    walk.ok("ecs.ListServices", cluster=CLUSTER, schedulingStrategy="DAEMON")
    found = walk.ok("ecs.DescribeServices", cluster=CLUSTER, services=["web", "none"], include=["TAGS"])
    walk.tally.expect(len(found["services"]) == 1 and len(found["failures"]) == 1, "one is found, one is missing")
    steady(walk, "web")

    for label, name, more in (
        ("ecs.CreateService", "serviceName", {"taskDefinition": "web"}),
        ("ecs.UpdateService", "service", {"desiredCount": 1}),
        ("ecs.DeleteService", "service", {}),
        ("ecs.ListTasks", "serviceName", {}),
        ("ecs.ListServiceDeployments", "service", {}),
    ):
        walk.refused(label, "ClusterNotFoundException", cluster="none", **{name: "web"}, **more)
    walk.refused("ecs.ListServices", "ClusterNotFoundException", cluster="none")
    walk.refused("ecs.ListServices", "InvalidParameterException", cluster=CLUSTER, maxResults=101)
    walk.refused("ecs.DescribeServices", "ClusterNotFoundException", cluster="none", services=["web"])
    walk.refused("ecs.DescribeServices", "InvalidParameterException", cluster=CLUSTER, services=["web"] * 11)
    walk.refused("ecs.DescribeServices", "InvalidParameterException", cluster=CLUSTER, services=[])
    for code, parameters in (
        ("InvalidParameterException", {"serviceName": "no spaces"}),
        ("InvalidParameterException", {"serviceName": "web"}),
        ("ClientException", {"serviceName": "new", "taskDefinition": "none"}),
        ("InvalidParameterException", {"serviceName": "new", "networkConfiguration": None}),
        ("InvalidParameterException", {"serviceName": "new", "desiredCount": -1}),
        ("InvalidParameterException", {"serviceName": "new", "deploymentController": {"type": "CODE_DEPLOY"}}),
    ):
        given = {"cluster": CLUSTER, "taskDefinition": "web:2", "desiredCount": 1, "networkConfiguration": NETWORK}
        given = {name: value for name, value in (given | parameters).items() if value is not None}
        walk.refused("ecs.CreateService", code, **given)
    walk.refused("ecs.UpdateService", "ServiceNotFoundException", cluster=CLUSTER, service="none", desiredCount=1)
    walk.refused("ecs.UpdateService", "ClientException", cluster=CLUSTER, service="web", taskDefinition="none")
    delete(walk)


def delete(walk):
    create(walk, "short", "worker:1", desired=1)
    walk.refused("ecs.DeleteService", "InvalidParameterException", cluster=CLUSTER, service="short")
    walk.ok("ecs.DeleteService", cluster=CLUSTER, service="short", force=True)
    walk.ok("ecs.DeleteService", cluster=CLUSTER, service="idle-11")
    walk.settle(lambda: service(walk, "short")["status"] == "INACTIVE", "a deleted service ends INACTIVE")
    walk.refused("ecs.DeleteService", "ServiceNotFoundException", cluster=CLUSTER, service="none")
    walk.refused("ecs.UpdateService", "ServiceNotActiveException", cluster=CLUSTER, service="short", desiredCount=1)


def tasks(walk):
    pages = walk.pages("ecs.ListTasks", "taskArns", cluster=CLUSTER, serviceName="web", maxResults=2)
    walk.tally.expect([len(page) for page in pages] == [2, 1], "tasks come page by page")
    arns = sum(pages, [])
    walk.ok("ecs.ListTasks", cluster=CLUSTER, family="web", desiredStatus="RUNNING", launchType="FARGATE")
    found = walk.ok("ecs.DescribeTasks", cluster=CLUSTER, tasks=arns + ["0" * 32], include=["TAGS"])
    walk.tally.expect(len(found["tasks"]) == 3 and len(found["failures"]) == 1, "three are found, one is missing")
    running = {task["lastStatus"] for task in found["tasks"]}
    walk.tally.expect(running == {"RUNNING"}, f"the tasks run, got {running}")
    started = found["tasks"][0]["startedBy"]
    walk.tally.expect(started.startswith("ecs-svc/"), "a service's task says which deployment started it")
    by_starter = walk.ok("ecs.ListTasks", cluster=CLUSTER, startedBy=started)["taskArns"]
    walk.tally.expect(sorted(by_starter) == sorted(arns), "tasks are found by who started them")
    walk.ok("ecs.StopTask", cluster=CLUSTER, task=arns[0], reason="conformance")
    walk.settle(lambda: task(walk, arns[0])["lastStatus"] == "STOPPED", "a stopped task ends STOPPED")
    stopped = task(walk, arns[0])
    walk.tally.expect(stopped["stopCode"] == "UserInitiated", f"its stop code, got {stopped['stopCode']}")
    listed = walk.ok("ecs.ListTasks", cluster=CLUSTER, desiredStatus="STOPPED", serviceName="web")["taskArns"]
    walk.tally.expect(listed == [arns[0]], "stopped tasks are listed apart")
    steady(walk, "web")
    walk.simulator.advance(3700)
    gone = walk.ok("ecs.DescribeTasks", cluster=CLUSTER, tasks=[arns[0]])
    walk.tally.expect(len(gone["failures"]) == 1, "a stopped task is forgotten after an hour")
    for code, parameters in (
        ("InvalidParameterException", {"family": "web", "serviceName": "web"}),
        ("InvalidParameterException", {"startedBy": started, "family": "web"}),
        ("ServiceNotFoundException", {"serviceName": "none"}),
        ("InvalidParameterException", {"maxResults": 101}),
    ):
        walk.refused("ecs.ListTasks", code, cluster=CLUSTER, **parameters)
    walk.refused("ecs.DescribeTasks", "InvalidParameterException", cluster=CLUSTER, tasks=[])
    walk.refused("ecs.DescribeTasks", "InvalidParameterException", cluster=CLUSTER, tasks=["a"] * 101)
    walk.refused("ecs.DescribeTasks", "ClusterNotFoundException", cluster="none", tasks=["a"])
    walk.refused("ecs.StopTask", "InvalidParameterException", cluster=CLUSTER, task="0" * 32)
    walk.refused("ecs.StopTask", "ClusterNotFoundException", cluster="none", task="0" * 32)


def task(walk, arn):
    """A task as it is now."""
    return walk.ok("ecs.DescribeTasks", cluster=CLUSTER, tasks=[arn])["tasks"][0]


def tags(walk):
    for arn in (f"{ARN}:cluster/{CLUSTER}", f"{ARN}:service/{CLUSTER}/web", f"{ARN}:task-definition/web:1"):
        tags = walk.ok("ecs.ListTagsForResource", resourceArn=arn)["tags"]
        walk.tally.expect(len(tags) == 1, f"{arn} has its tag, got {tags}")
    walk.refused("ecs.ListTagsForResource", "InvalidParameterException", resourceArn="no arn")
    walk.refused("ecs.ListTagsForResource", "ClusterNotFoundException", resourceArn=f"{ARN}:service/none/web")


def good_inputs(walk):
    """An input that succeeds for every operation that takes JSON."""
    now = int(walk.simulator.steer("clock")["now"] * 1000)
    deployments = walk.ok("ecs.ListServiceDeployments", cluster=CLUSTER, service="web")["serviceDeployments"]
    deployment, revision = deployments[0]["serviceDeploymentArn"], deployments[0]["targetServiceRevisionArn"]
    running = walk.ok("ecs.ListTasks", cluster=CLUSTER, serviceName="web")["taskArns"]
    new_service = {"cluster": CLUSTER, "serviceName": "bad", "taskDefinition": "web:1", "networkConfiguration": NETWORK}
    stream = {"logGroupName": "/conformance/web", "logStreamName": "a"}
    return {
        "ecs.CreateCluster": {"clusterName": "bad"},
        "ecs.ListClusters": {},
        "ecs.DescribeClusters": {"clusters": [CLUSTER]},
        "ecs.CreateService": new_service | {"desiredCount": 0},
        "ecs.UpdateService": {"cluster": CLUSTER, "service": "web", "desiredCount": 3},
        "ecs.DeleteService": {"cluster": CLUSTER, "service": "idle-10"},
        "ecs.ListServices": {"cluster": CLUSTER},
        "ecs.DescribeServices": {"cluster": CLUSTER, "services": ["web"]},
        "ecs.ListTasks": {"cluster": CLUSTER},
        "ecs.DescribeTasks": {"cluster": CLUSTER, "tasks": running},
        "ecs.StopTask": {"cluster": CLUSTER, "task": running[0]},
        "ecs.RegisterTaskDefinition": {"family": "bad", "containerDefinitions": [container("x")], "memory": "512"},
        "ecs.DeregisterTaskDefinition": {"taskDefinition": "worker:1"},
        "ecs.ListTaskDefinitionFamilies": {},
        "ecs.ListTaskDefinitions": {},
        "ecs.DescribeTaskDefinition": {"taskDefinition": "web:1"},
        "ecs.ListServiceDeployments": {"cluster": CLUSTER, "service": "web"},
        "ecs.DescribeServiceDeployments": {"serviceDeploymentArns": [deployment]},
        "ecs.DescribeServiceRevisions": {"serviceRevisionArns": [revision]},
        "ecs.StopServiceDeployment": {"serviceDeploymentArn": deployment, "stopType": "ROLLBACK"},
        "ecs.ListTagsForResource": {"resourceArn": f"{ARN}:cluster/{CLUSTER}"},
        "logs.CreateLogGroup": {"logGroupName": "/bad"},
        "logs.CreateLogStream": {"logGroupName": "/conformance/web", "logStreamName": "bad"},
        "logs.PutLogEvents": stream | {"logEvents": [{"timestamp": now, "message": "x"}]},
        "logs.DescribeLogGroups": {},
        "logs.DescribeLogStreams": {"logGroupName": "/conformance/web"},
        "logs.GetLogEvents": stream,
        "logs.FilterLogEvents": {"logGroupName": "/conformance/web"},
    }
