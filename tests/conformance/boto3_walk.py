"""Builds a world in the simulated AWS with boto3, releases in it, and reads it, as a script of a
user would.

    cutover sim --listen 127.0.0.1:4577 &
    AWS_ENDPOINT_URL=http://127.0.0.1:4577 python3 tests/conformance/boto3_walk.py

It moves the simulator's clock by hand, so it takes seconds, and ends with 1 when something is not
as it should be.
"""
import json
import os
import sys
import urllib.request

import boto3
import botocore.config

ENDPOINT = os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4577")
NAME = "boto3-shop"


def steer(path, body):
    """Calls a control endpoint of the simulator."""
    urllib.request.urlopen(f"{ENDPOINT}/_sim/{path}", json.dumps(body).encode()).read()


def advance(seconds):
    """Lets simulated seconds pass."""
    steer("advance", {"seconds": seconds})


def check(holds, what):
    """Prints one result, and ends the script if it is bad."""
    print("ok" if holds else "FAILED", what)
    if not holds:
        sys.exit(1)


def register(ecs, image):
    """Registers a revision of the shop with this image."""
    options = {"awslogs-group": f"/ecs/{NAME}", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "shop"}
    answer = ecs.register_task_definition(
        family=NAME,
        containerDefinitions=[{
            "name": "shop",
            "image": image,
            "essential": True,
            "memory": 512,
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        }],
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def newest(ecs):
    """The newest service deployment of the shop."""
    listed = ecs.list_service_deployments(cluster=NAME, service=NAME)["serviceDeployments"]
    arn = listed[0]["serviceDeploymentArn"]
    return ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]


def finish(ecs):
    """Lets the newest service deployment end, and gives it."""
    for _ in range(240):
        if newest(ecs)["status"] not in ("PENDING", "IN_PROGRESS", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"):
            break
        advance(5)
    return newest(ecs)


def release(ecs, image):
    """Releases an image and gives the finished service deployment."""
    ecs.update_service(cluster=NAME, service=NAME, taskDefinition=register(ecs, image))
    return finish(ecs)


def read_logs(logs):
    """Reads a log group in all three ways."""
    group = f"/ecs/{NAME}"
    lines = {"text": "numbered {seq}", "count": 300, "over": 2}
    arn = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["logGroupArn"]
    tail = logs.start_live_tail(logGroupIdentifiers=[arn], logStreamNames=["by-hand"])["responseStream"]
    events = iter(tail)
    check("sessionStart" in next(events), "a live tail starts")
    steer("logs", {"region": "eu-west-1", "group": group, "stream": "by-hand", "numbered": lines})
    advance(3)
    updates = [next(events)["sessionUpdate"] for _ in range(3)]
    tail.close()
    seen = [event["message"] for update in updates for event in update["sessionResults"]]
    wanted = [f"numbered {number}" for number in range(1, 301)]
    check(seen == wanted, f"and shows all of {len(seen)} lines in order")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, logStreamNames=["by-hand"], filterPattern="numbered", PaginationConfig={"PageSize": 70}
    )
    found = [event["message"] for page in pages for event in page["events"]]
    check(found == wanted, "a search finds the same lines")
    where = {"logGroupIdentifier": arn, "logStreamName": "by-hand", "startFromHead": True, "limit": 110}
    page, read = logs.get_log_events(**where), []
    while page["events"]:
        read += [event["message"] for event in page["events"]]
        page = logs.get_log_events(**where, nextToken=page["nextForwardToken"])
    check(read == wanted, "and so does reading the stream page by page")


def main():
    session = boto3.session.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1"
    )
    # Live Tail has a host of its own, stream-… in front of the endpoint, which no loopback has.
    config = botocore.config.Config(inject_host_prefix=False)
    ecs, logs, sts = (
        session.client(name, endpoint_url=ENDPOINT, config=config) for name in ("ecs", "logs", "sts")
    )
    check(sts.get_caller_identity()["Account"] == "123456789012", "the caller has an account")
    ecs.create_cluster(clusterName=NAME)
    good = register(ecs, "example.com/shop:1.0")
    ecs.create_service(
        cluster=NAME, serviceName=NAME, taskDefinition=good, desiredCount=3,
        deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
    )
    check(finish(ecs)["status"] == "SUCCESSFUL", "the first deployment succeeds")
    check(release(ecs, "example.com/shop:1.1")["status"] == "SUCCESSFUL", "a good release succeeds")
    bad = release(ecs, "example.com/shop:1.2-crash")
    check(bad["status"] == "ROLLBACK_SUCCESSFUL", "a bad release is rolled back")
    service = ecs.describe_services(cluster=NAME, services=[NAME])["services"][0]
    check(service["taskDefinition"].endswith(":2"), "the service runs the revision before it")
    for page in ecs.get_paginator("list_tasks").paginate(cluster=NAME, desiredStatus="STOPPED"):
        tasks = ecs.describe_tasks(cluster=NAME, tasks=page["taskArns"])["tasks"]
    crashed = [task for task in tasks if task["containers"][0].get("exitCode") == 1]
    check(crashed, "stopped tasks say how their container ended")
    stream = "shop/shop/" + crashed[0]["taskArn"].rsplit("/")[-1]
    events = logs.filter_log_events(logGroupName=f"/ecs/{NAME}", logStreamNames=[stream])["events"]
    check(events, "and logged why: " + events[-1]["message"].splitlines()[0])
    read_logs(logs)
    ecs.delete_service(cluster=NAME, service=NAME, force=True)
    print("done")


if __name__ == "__main__":
    main()
