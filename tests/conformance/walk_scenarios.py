"""Reads everything there is in the named scenarios, at the start and a few minutes later."""
from simulator import Walk

# The scenarios, with the options that keep the walk short.
SCENARIOS = {
    "rolling": (),
    "bad-rolling": (),
    "tour": (),
    "blue-green": (),
    "linear": (),
    "canary": (),
    "bad-canary": (),
    "hook-failure": (),
    "superseded": (),
    "codedeploy": (),
    "codedeploy-ready": (),
    "bad-codedeploy": (),
    "external": (),
    "image-gone": (),
    "noisy": (),
    "bad-release-logs": (),
    "pipeline": (),
    "pipeline-codedeploy": (),
    "pipeline-parallel": (),
    "pipeline-failed": (),
    "promotion": (),
    "fleet": ("--services", "120", "--clusters", "4", "--pipelines", "40"),
}

MINUTES = (0, 1, 4, 12)


def walk(simulator, tally, scenario):
    simulator.steer("limits", {"enabled": False})
    places = simulator.steer("scenario")["regions"]
    tally.expect(len(places) > 0, f"{scenario} has a region")
    last = 0
    for minutes in MINUTES:
        simulator.advance((minutes - last) * 60)
        last = minutes
        for place in places:
            walk = Walk(simulator, tally, place["region"], place["account"])
            read(walk, scenario)
            read_traffic(walk)
            read_images(walk)
            read_pipelines(walk)


def batches(items, size):
    return [items[start:start + size] for start in range(0, len(items), size)]


def flat(pages):
    return [item for page in pages for item in page]


def read(walk, scenario):
    clusters = flat(walk.pages("ecs.ListClusters", "clusterArns"))
    walk.tally.expect(len(clusters) > 0, f"{scenario} has clusters")
    include = ["SETTINGS", "CONFIGURATIONS", "STATISTICS", "TAGS", "ATTACHMENTS"]
    for batch in batches(clusters, 100):
        for cluster in walk.ok("ecs.DescribeClusters", clusters=batch, include=include)["clusters"]:
            read_cluster(walk, cluster)
    for family in flat(walk.pages("ecs.ListTaskDefinitionFamilies", "families", status="ACTIVE")):
        for arn in flat(walk.pages("ecs.ListTaskDefinitions", "taskDefinitionArns", familyPrefix=family)):
            walk.ok("ecs.DescribeTaskDefinition", taskDefinition=arn, include=["TAGS"])


def read_pipelines(walk):
    """Every pipeline with its state, its executions and their actions, and every build."""
    for pipeline in flat(walk.pages("codepipeline.ListPipelines", "pipelines")):
        name = pipeline["name"]
        walk.ok("codepipeline.GetPipeline", name=name)
        walk.ok("codepipeline.GetPipelineState", name=name)
        flat(walk.pages("codepipeline.ListPipelineExecutions", "pipelineExecutionSummaries", pipelineName=name))
        details = flat(walk.pages("codepipeline.ListActionExecutions", "actionExecutionDetails", pipelineName=name))
        of_builds = [one["output"]["executionResult"] for one in details if one["actionName"] == "Build"]
        for batch in batches([one["externalExecutionId"] for one in of_builds], 100):
            found = walk.ok("codebuild.BatchGetBuilds", ids=batch)
            walk.tally.expect("buildsNotFound" not in found, "every named build is there")


def read_traffic(walk):
    """Every load balancer with its parts, and every alarm."""
    tokens = ("Marker", "NextMarker")
    for balancer in flat(walk.pages("elbv2.DescribeLoadBalancers", "LoadBalancers", tokens, PageSize=50)):
        listeners = walk.ok("elbv2.DescribeListeners", LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        for listener in listeners:
            rules = walk.ok("elbv2.DescribeRules", ListenerArn=listener["ListenerArn"])["Rules"]
            walk.tally.expect(rules[-1]["IsDefault"], "a listener has a default rule, which comes last")
    for group in flat(walk.pages("elbv2.DescribeTargetGroups", "TargetGroups", tokens)):
        walk.ok("elbv2.DescribeTargetHealth", TargetGroupArn=group["TargetGroupArn"])
    flat(walk.pages("cloudwatch.DescribeAlarms", "MetricAlarms", ("NextToken", "NextToken")))


def read_images(walk):
    """Every repository with its images, and every scalable target."""
    for repository in flat(walk.pages("ecr.DescribeRepositories", "repositories")):
        name = repository["repositoryName"]
        details = flat(walk.pages("ecr.DescribeImages", "imageDetails", repositoryName=name))
        listed = flat(walk.pages("ecr.ListImages", "imageIds", repositoryName=name))
        digests = {one["imageDigest"] for one in details}
        walk.tally.expect(digests == {one["imageDigest"] for one in listed}, "both lists have the same images")
    tokens = ("NextToken", "NextToken")
    flat(walk.pages("application-autoscaling.DescribeScalableTargets", "ScalableTargets", tokens, ServiceNamespace="ecs"))


def read_cluster(walk, cluster):
    arn = cluster["clusterArn"]
    services = flat(walk.pages("ecs.ListServices", "serviceArns", cluster=arn, maxResults=100))
    walk.tally.expect(len(services) == cluster["activeServicesCount"], "a cluster counts its services")
    running = pending = 0
    for batch in batches(services, 10):
        for service in walk.ok("ecs.DescribeServices", cluster=arn, services=batch, include=["TAGS"])["services"]:
            running += service["runningCount"]
            pending += service["pendingCount"]
            read_service(walk, arn, service)
    counts = (cluster["runningTasksCount"], cluster["pendingTasksCount"])
    walk.tally.expect(counts == (running, pending), f"a cluster counts its tasks, {counts} and {running, pending}")
    for status in ("RUNNING", "STOPPED"):
        tasks = flat(walk.pages("ecs.ListTasks", "taskArns", cluster=arn, desiredStatus=status))
        for batch in batches(tasks, 100):
            for task in walk.ok("ecs.DescribeTasks", cluster=arn, tasks=batch, include=["TAGS"])["tasks"]:
                agree(walk, task)


def agree(walk, task):
    """What a task says about itself has to fit together."""
    times = [task[name] for name in ("createdAt", "startedAt", "stoppingAt", "stoppedAt") if name in task]
    walk.tally.expect(times == sorted(times), "the times of a task are in order")
    if task["lastStatus"] == "STOPPED":
        walk.tally.expect("stopCode" in task and task["stoppedReason"], "a stopped task says why")
        alive = [one["lastStatus"] for one in task["containers"] if one["lastStatus"] != "STOPPED"]
        walk.tally.expect(not alive, f"its containers have stopped, got {alive}")


def read_service(walk, cluster, service):
    name = service["serviceArn"]
    if service.get("deploymentController", {}).get("type", "ECS") != "ECS":
        # Its tasks belong to task sets, and ECS keeps no history of it.
        counted = sum(one["runningCount"] for one in service["taskSets"])
        walk.tally.expect(counted == service["runningCount"], "the task sets of a service add up to its tasks")
        return
    counted = sum(deployment["runningCount"] for deployment in service["deployments"])
    walk.tally.expect(counted == service["runningCount"], "the deployments of a service add up to its tasks")
    primary = [one for one in service["deployments"] if one["status"] == "PRIMARY"]
    walk.tally.expect(len(primary) == 1, "a service has one primary deployment")
    listed = flat(walk.pages("ecs.ListServiceDeployments", "serviceDeployments", cluster=cluster, service=name))
    arns = [one["serviceDeploymentArn"] for one in listed]
    revisions = set()
    for batch in batches(arns, 20):
        found = walk.ok("ecs.DescribeServiceDeployments", serviceDeploymentArns=batch)
        walk.tally.expect(not found["failures"], "every listed deployment can be described")
        for one in found["serviceDeployments"]:
            revisions.add(one["targetServiceRevision"]["arn"])
            revisions.update(source["arn"] for source in one.get("sourceServiceRevisions", ()))
    for batch in batches(sorted(revisions), 20):
        found = walk.ok("ecs.DescribeServiceRevisions", serviceRevisionArns=batch)
        walk.tally.expect(not found["failures"], "every named revision can be described")
    in_flight = [one for one in listed if one["status"] in ("PENDING", "IN_PROGRESS")]
    if "currentServiceDeployment" in service and in_flight:
        current = service["currentServiceDeployment"]
        walk.tally.expect(current in arns, "the current deployment is one of the service's")
