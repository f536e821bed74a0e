"""Reads the builds that pipelines have started, and what BatchGetBuilds refuses."""
from simulator import Simulator, Walk

PHASES = [
    "SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE", "INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD",
    "UPLOAD_ARTIFACTS", "FINALIZING", "COMPLETED",
]


def walk(binary, tally, covered):
    """A scenario with a build that failed and others that did not, read as its pipelines name them."""
    with Simulator(binary, "pipeline-failed") as simulator:
        one = Walk(simulator, tally, "us-east-1")
        ids = [build for pipeline in ("catalog", "checkout", "mailer") for build in builds(one, pipeline)]
        found = one.ok("codebuild.BatchGetBuilds", ids=ids)
        tally.expect(len(found["builds"]) == len(ids) and "buildsNotFound" not in found, "every build is found")
        statuses = [build["buildStatus"] for build in found["builds"]]
        tally.expect(statuses.count("FAILED") == 1, f"one build failed, got {statuses}")
        for build in found["builds"]:
            look(one, build)
        missing = "catalog:0b5f4ee2-5e6c-4a57-9a4c-0d9c3a3c5c4e"
        answer = one.ok("codebuild.BatchGetBuilds", ids=[missing])
        tally.expect(answer["buildsNotFound"] == [missing], "a build that isn't there is named")
        refuse(one)
        for label, codes in one.covered.items():
            covered[label] |= codes


def builds(walk, pipeline):
    """The ids of the builds of a pipeline, as its actions name them."""
    details = walk.ok("codepipeline.ListActionExecutions", pipelineName=pipeline)["actionExecutionDetails"]
    of_builds = [one for one in details if one["actionName"] == "Build"]
    return [one["output"]["executionResult"]["externalExecutionId"] for one in of_builds]


def look(walk, build):
    """What a build that is over says about itself has to fit together, and its log is there."""
    kinds = [phase["phaseType"] for phase in build["phases"]]
    walk.tally.expect(kinds == PHASES, f"a build that is over went through all phases, got {kinds}")
    failed = [phase for phase in build["phases"] if phase.get("phaseStatus") == "FAILED"]
    walk.tally.expect(bool(failed) == (build["buildStatus"] == "FAILED"), "a build fails with a phase of it")
    logs = build["logs"]
    events = walk.ok("logs.GetLogEvents", logGroupName=logs["groupName"], logStreamName=logs["streamName"])["events"]
    walk.tally.expect(len(events) > 10, "a build has a log")
    walk.tally.expect(build["initiator"].startswith("codepipeline/"), "a pipeline started the build")


def refuse(walk):
    """Input that CodeBuild refuses."""
    for parameters in ({}, {"ids": []}, {"ids": ["no-colon"]}, {"ids": ["a:b"] * 101}):
        walk.refused("codebuild.BatchGetBuilds", "InvalidInputException", **parameters)
