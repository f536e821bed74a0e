"""Walks through CodeDeploy and task sets, in the scenarios that have them."""
import json

from simulator import Simulator, Walk

SERVICE = {"cluster": "demo", "service": "web"}
SCENARIOS = ("codedeploy", "codedeploy-ready", "bad-codedeploy", "external", "tour")


def app_spec(definition, container="web", port=8080):
    """The content of an AppSpec."""
    return json.dumps({
        "version": 0.0,
        "Resources": [{"TargetService": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "TaskDefinition": definition,
                "LoadBalancerInfo": {"ContainerName": container, "ContainerPort": port},
            },
        }}],
    })


def revision(definition):
    """The revision of a deployment."""
    return {"revisionType": "AppSpecContent", "appSpecContent": {"content": app_spec(definition)}}


def read_everything(walk):
    """Reads all of CodeDeploy; gives the deployments, the newest first."""
    applications = walk.ok("codedeploy.ListApplications")["applications"]
    if applications:
        walk.ok("codedeploy.BatchGetApplications", applicationNames=applications)
    for name in applications:
        walk.ok("codedeploy.GetApplication", applicationName=name)
        groups = walk.ok("codedeploy.ListDeploymentGroups", applicationName=name)["deploymentGroups"]
        walk.ok("codedeploy.BatchGetDeploymentGroups", applicationName=name, deploymentGroupNames=groups)
        for group in groups:
            names = {"applicationName": name, "deploymentGroupName": group}
            walk.ok("codedeploy.GetDeploymentGroup", **names)
            walk.ok("codedeploy.ListDeployments", **names)
    ids = walk.ok("codedeploy.ListDeployments")["deployments"]
    infos = walk.ok("codedeploy.BatchGetDeployments", deploymentIds=ids)["deploymentsInfo"] if ids else []
    for info in infos:
        walk.ok("codedeploy.GetDeployment", deploymentId=info["deploymentId"])
        sha256 = info["revision"]["appSpecContent"]["sha256"]
        walk.ok(
            "codedeploy.GetApplicationRevision",
            applicationName=info["applicationName"],
            revision={"revisionType": "AppSpecContent", "appSpecContent": {"sha256": sha256}},
        )
        if "startTime" in info:
            targets = walk.ok("codedeploy.ListDeploymentTargets", deploymentId=info["deploymentId"])["targetIds"]
            names = {"deploymentId": info["deploymentId"]}
            walk.ok("codedeploy.BatchGetDeploymentTargets", **names, targetIds=targets)
            walk.ok("codedeploy.GetDeploymentTarget", **names, targetId=targets[0])
    return infos


def read_services(walk):
    """Reads every service, its task sets and its tasks."""
    for cluster in walk.ok("ecs.ListClusters")["clusterArns"]:
        for arn in walk.ok("ecs.ListServices", cluster=cluster, maxResults=100)["serviceArns"]:
            found = walk.ok("ecs.DescribeServices", cluster=cluster, services=[arn], include=["TAGS"])["services"]
            if found and found[0].get("taskSets"):
                walk.ok("ecs.DescribeTaskSets", cluster=cluster, service=arn, include=["TAGS"])


def watch(walk, rounds, seconds):
    """Reads everything again and again while time passes."""
    for _ in range(rounds):
        read_everything(walk)
        read_services(walk)
        walk.simulator.advance(seconds)


def steer_ready(walk):
    """A deployment that waits is continued, another one is made, refused, and stopped."""
    newest = read_everything(walk)[0]
    names = {key: newest[key] for key in ("applicationName", "deploymentGroupName")}
    own = {"deploymentId": newest["deploymentId"]}
    walk.tally.expect(newest["status"] == "Ready", "the newest deployment is Ready")
    walk.refused("codedeploy.ContinueDeployment", "DeploymentIsNotInReadyStateException",
                 deploymentWaitType="TERMINATION_WAIT", **own)
    definition = walk.ok("ecs.DescribeServices", cluster="demo", services=["web"])["services"][0]["taskDefinition"]
    walk.refused("codedeploy.CreateDeployment", "DeploymentLimitExceededException",
                 revision=revision(definition), **names)
    walk.ok("codedeploy.ContinueDeployment", deploymentWaitType="READY_WAIT", **own)
    walk.simulator.advance(30)
    walk.ok("codedeploy.ContinueDeployment", deploymentWaitType="TERMINATION_WAIT", **own)
    walk.simulator.advance(5)
    status = walk.ok("codedeploy.GetDeployment", **own)["deploymentInfo"]["status"]
    walk.tally.expect(status == "Succeeded", "the continued deployment succeeds")
    walk.refused("codedeploy.StopDeployment", "DeploymentAlreadyCompletedException", **own)
    made = walk.ok("codedeploy.CreateDeployment", revision=revision(definition), description="by hand", **names)
    walk.refused("codedeploy.GetDeploymentTarget", "DeploymentNotStartedException",
                 deploymentId=made["deploymentId"], targetId="demo:web")
    walk.simulator.advance(90)
    walk.ok("codedeploy.StopDeployment", deploymentId=made["deploymentId"], autoRollbackEnabled=True)
    watch(walk, 6, 3)
    newest = read_everything(walk)[0]
    walk.tally.expect(newest["creator"] == "codeDeployRollback", "a stop with rollback is undone")


def steer_external(walk):
    """Task sets are made, scaled, made PRIMARY, and deleted."""
    service = walk.ok("ecs.DescribeServices", cluster="demo", services=["web"])["services"][0]
    old = service["taskSets"][0]
    made = walk.ok("ecs.CreateTaskSet", taskDefinition=service["taskDefinition"], externalId="mine",
                   launchType="FARGATE", loadBalancers=old["loadBalancers"],
                   networkConfiguration=old["networkConfiguration"],
                   scale={"value": 25.0, "unit": "PERCENT"}, tags=[{"key": "a", "value": "b"}], **SERVICE)["taskSet"]
    walk.simulator.advance(5)
    walk.ok("ecs.UpdateTaskSet", taskSet=made["id"], scale={"value": 50.0, "unit": "PERCENT"}, **SERVICE)
    watch(walk, 5, 10)
    walk.ok("ecs.UpdateServicePrimaryTaskSet", primaryTaskSet=made["taskSetArn"], **SERVICE)
    walk.refused("ecs.DeleteTaskSet", "InvalidParameterException", taskSet=old["id"], **SERVICE)
    walk.ok("ecs.DeleteTaskSet", taskSet=old["id"], force=True, **SERVICE)
    watch(walk, 5, 10)
    for label, more in (
        ("ecs.UpdateTaskSet", {"taskSet": "ecs-svc/1", "scale": {"value": 1.0}}),
        ("ecs.DeleteTaskSet", {"taskSet": "ecs-svc/1"}),
        ("ecs.UpdateServicePrimaryTaskSet", {"primaryTaskSet": "ecs-svc/1"}),
    ):
        walk.refused(label, "TaskSetNotFoundException", **more, **SERVICE)
    walk.refused("ecs.CreateTaskSet", "ClientException", taskDefinition="nobody", **SERVICE)
    walk.refused("ecs.DescribeTaskSets", "ServiceNotFoundException", cluster="demo", service="nobody")
    walk.refused("ecs.UpdateService", "InvalidParameterException", taskDefinition="web", **SERVICE)


def refuse(walk):
    """What is wrong has the error that CodeDeploy has for it."""
    name = {"applicationName": "walked"}
    walk.ok("codedeploy.CreateApplication", computePlatform="ECS", **name)
    walk.refused("codedeploy.CreateApplication", "ApplicationAlreadyExistsException", **name)
    nobody = {"applicationName": "nobody"}
    for operation, code, more in (
        ("GetApplication", "ApplicationDoesNotExistException", nobody),
        ("BatchGetApplications", "ApplicationNameRequiredException", {"applicationNames": []}),
        ("ListApplications", "InvalidNextTokenException", {"nextToken": "x"}),
        ("CreateDeploymentGroup", "RoleRequiredException", {"deploymentGroupName": "g", **name}),
        ("GetDeploymentGroup", "DeploymentGroupDoesNotExistException", {"deploymentGroupName": "g", **name}),
        ("BatchGetDeploymentGroups", "ApplicationDoesNotExistException", {"deploymentGroupNames": ["g"], **nobody}),
        ("ListDeploymentGroups", "ApplicationDoesNotExistException", nobody),
        ("GetDeployment", "DeploymentDoesNotExistException", {"deploymentId": "d-NOBODY"}),
        ("BatchGetDeployments", "BatchLimitExceededException", {"deploymentIds": ["d-A"] * 26}),
        ("ListDeployments", "DeploymentGroupNameRequiredException", name),
        ("ListDeploymentTargets", "DeploymentDoesNotExistException", {"deploymentId": "d-NOBODY"}),
        ("BatchGetDeploymentTargets", "DeploymentTargetIdRequiredException", {"deploymentId": "d-A", "targetIds": []}),
        ("GetDeploymentTarget", "DeploymentDoesNotExistException", {"deploymentId": "d-A", "targetId": "a:b"}),
        ("GetDeploymentConfig", "DeploymentConfigDoesNotExistException", {"deploymentConfigName": "Mine"}),
        ("ListDeploymentConfigs", "InvalidNextTokenException", {"nextToken": "x"}),
        ("GetApplicationRevision", "RevisionRequiredException", name),
    ):
        walk.refused(f"codedeploy.{operation}", code, **more)
    for config in walk.ok("codedeploy.ListDeploymentConfigs")["deploymentConfigsList"]:
        walk.ok("codedeploy.GetDeploymentConfig", deploymentConfigName=config)


def make_group(walk):
    """A group like the one that the scenario has, for a service that has none."""
    groups = walk.ok("codedeploy.GetDeploymentGroup", applicationName="AppECS-demo-web",
                     deploymentGroupName="DgpECS-demo-web")["deploymentGroupInfo"]
    given = ("deploymentStyle", "blueGreenDeploymentConfiguration", "loadBalancerInfo", "alarmConfiguration",
             "autoRollbackConfiguration", "serviceRoleArn", "deploymentConfigName")
    walk.ok("codedeploy.CreateDeploymentGroup", applicationName="walked", deploymentGroupName="other",
            ecsServices=[{"clusterName": "demo", "serviceName": "other"}], **{name: groups[name] for name in given})


def walk(binary, tally, covered):
    """The whole walk, in a simulator for each scenario; adds what was called to `covered`."""
    for scenario in SCENARIOS:
        with Simulator(binary, scenario) as simulator:
            region = simulator.steer("scenario")["regions"][0]["region"]
            own = Walk(simulator, tally, region)
            simulator.steer("limits", {"enabled": False})
            if scenario == "codedeploy-ready":
                steer_ready(own)
                refuse(own)
                make_group(own)
            if scenario == "external":
                steer_external(own)
            watch(own, 12 if scenario == "tour" else 40, 60 if scenario == "tour" else 20)
            for label, seen in own.covered.items():
                covered[label] |= seen
