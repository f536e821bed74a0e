"""A walk through StartLiveTail, whose answer is an event stream."""
import json

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.eventstream

import judge
from simulator import ACCOUNT, KEY, REGION, SECRET, write_json

GROUP = "/conformance/tail"
ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}"


def walk(walk):
    walk.ok("logs.CreateLogGroup", logGroupName=GROUP)
    walk.ok("logs.CreateLogGroup", logGroupName="/conformance/rare", logGroupClass="INFREQUENT_ACCESS")
    refusals(walk)
    updates(walk)
    through_botocore(walk)
    endings(walk)


def good_inputs():
    """An input that is taken, for bad ones to be made of."""
    return {"logs.StartLiveTail": {"logGroupIdentifiers": [ARN]}}


def refusals(walk):
    def refused(code, **parameters):
        walk.refused("logs.StartLiveTail", code, **{"logGroupIdentifiers": [ARN]} | parameters)

    refused("InvalidParameterException", logGroupIdentifiers=[])
    refused("InvalidParameterException", logGroupIdentifiers=[GROUP])
    refused("InvalidParameterException", logGroupIdentifiers=[f"{ARN}:*"])
    refused("InvalidParameterException", logGroupIdentifiers=[ARN] * 11)
    refused("ResourceNotFoundException", logGroupIdentifiers=[f"{ARN}/none"])
    refused("InvalidOperationException", logGroupIdentifiers=[ARN.replace("/tail", "/rare")])
    refused("InvalidParameterException", logStreamNames=["a"], logStreamNamePrefixes=["a"])
    refused("InvalidParameterException", logStreamNames=[])
    refused("InvalidParameterException", logEventFilterPattern="[a,")


def append(walk, **lines):
    walk.simulator.steer("logs", {"region": REGION, "group": GROUP, "stream": "tail/app/1"} | lines)


class Session:
    """A session whose messages are judged as they come over the wire."""

    def __init__(self, walk, **parameters):
        self.walk = walk
        self.model = walk.models["logs"]
        self.buffer = botocore.eventstream.EventStreamBuffer()
        path, headers, data = write_json(self.model, "StartLiveTail", {"logGroupIdentifiers": [ARN]} | parameters)
        url = walk.simulator.endpoint + path
        request = botocore.awsrequest.AWSRequest("POST", url, headers, data, stream_output=True)
        credentials = botocore.credentials.Credentials(KEY, SECRET)
        botocore.auth.SigV4Auth(credentials, self.model.signing_name, REGION).add_auth(request)
        self.reply = walk.http.send(request.prepare())
        headers = {name.lower(): value for name, value in self.reply.headers.items()}
        walk.tally.record("answer of StartLiveTail", judge.stream_faults(headers))

    def next(self):
        """The kind of the next message and its content; nothing at the end."""
        while True:
            for event in self.buffer:
                kind = event.headers.get(":event-type") or event.headers[":exception-type"]
                content = json.loads(event.payload)
                shapes = self.model.shape_for("StartLiveTailResponseStream").members
                faults = judge.faults_of(shapes[kind], content) if kind in shapes else []
                if kind not in shapes and (kind, content) != ("initial-response", {}):
                    faults = ["is not in the model"]
                self.walk.tally.record(f"message {kind}", faults)
                return kind, content
            data = self.reply.raw.read1(65536)
            if not data:
                return None, None
            self.buffer.add_data(data)

    def close(self):
        self.reply.raw.close()


def updates(walk):
    session = Session(walk, logStreamNamePrefixes=["tail/"], logEventFilterPattern="?line ?odd")
    kinds = [session.next()[0] for _ in range(2)]
    walk.tally.expect(kinds == ["initial-response", "sessionStart"], f"a session starts, got {kinds}")
    append(walk, lines=[{"message": "line 1"}, {"message": "else"}, {"message": "odd \x1b[31m \x00 \u202e"}])
    walk.simulator.advance(1)
    _, update = session.next()
    texts = [event["message"] for event in update["sessionResults"]]
    walk.tally.expect(texts == ["line 1", "odd \x1b[31m \x00 \u202e"], f"what came in a second, got {texts}")
    walk.tally.expect(update["sessionMetadata"] == {"sampled": False}, "all of it")
    append(walk, numbered={"text": "line {seq}", "count": 2000})
    walk.simulator.advance(2)
    _, update = session.next()
    walk.tally.expect(len(update["sessionResults"]) == 500, "500 events are the most")
    walk.tally.expect(update["sessionMetadata"] == {"sampled": True}, "which is said")
    _, update = session.next()
    walk.tally.expect(update["sessionResults"] == [], "an update without events")
    session.close()


def through_botocore(walk):
    answer = walk.ok("logs.StartLiveTail", logGroupIdentifiers=[ARN])
    append(walk, lines=[{"message": "for botocore"}])
    walk.simulator.advance(1)
    seen = []
    for event in answer["responseStream"]:
        seen += [one["message"] for one in event.get("sessionUpdate", {}).get("sessionResults", [])]
        if "sessionUpdate" in event:
            break
    walk.tally.expect(seen == ["for botocore"], f"botocore reads the stream, got {seen}")
    answer["responseStream"].close()


def endings(walk):
    for end, last in (
        ("timeout", "SessionTimeoutException"),
        ("exception", "SessionStreamingException"),
        ("close", "sessionUpdate"),
    ):
        fault = {"operation": "logs.StartLiveTail", "kind": "session", "updates": 1, "end": end, "times": 1}
        walk.simulator.steer("faults", [fault])
        session = Session(walk)
        walk.simulator.advance(3)
        kinds = []
        while (kind := session.next()[0]) is not None:
            kinds.append(kind)
        walk.tally.expect(kinds[-1] == last and len(kinds) == (3 if end == "close" else 4), f"{end}, got {kinds}")
    walk.simulator.steer("faults", [])
