"""Starts `cutover sim`, talks to it with botocore, and judges every message on the way."""
import collections
import contextlib
import json
import re
import socket
import subprocess
import unittest.mock
import urllib.parse
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
import botocore.exceptions
import botocore.httpsession
import botocore.session

import cbor
import judge

REGION = "ap-northeast-1"
ACCOUNT = "123456789012"
KEY, SECRET = "AKIDCONFORMANCE", "secret"
SERVICES = (
    "ecs", "logs", "sts", "codedeploy", "codebuild", "codepipeline", "elbv2", "cloudwatch", "ecr",
    "application-autoscaling",
)


class Tally:
    """What passed and what failed."""

    def __init__(self):
        self.passed = 0
        self.failures = collections.Counter()

    def record(self, what, faults=()):
        """Counts one thing that was checked, with its faults."""
        if not faults:
            self.passed += 1
        for fault in faults:
            # Places in lists and ids would make a line of every repetition.
            line = re.sub(r"\[\d+\]", "[…]", f"{what}: {fault}")
            self.failures[line] += 1

    def expect(self, holds, what):
        """Counts one expectation."""
        self.record("expected", () if holds else (what,))
        return holds


class Simulator:
    """A running `cutover sim`, whose clock stands still; its world is empty without a scenario."""

    def __init__(self, binary, scenario=None, *more):
        command = [binary, "sim", "--listen", "127.0.0.1:0", "--seed", "7", "--paused", *more]
        if scenario:
            command += ["--scenario", scenario]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.endpoint = None
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.endpoint = found.group()
                break
        if self.endpoint is None:
            raise SystemExit(f"{' '.join(command)} ended without naming its endpoint")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)

    def steer(self, path, body=None):
        """Calls a control endpoint and gives its JSON."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.endpoint}/_sim/{path}", data) as reply:
            return json.load(reply)

    def advance(self, seconds):
        """Lets simulated seconds pass."""
        return self.steer("advance", {"seconds": seconds})


class Walk:
    """Calls operations with botocore's own clients and judges what goes over the wire."""

    def __init__(self, simulator, tally, region=REGION, key=KEY):
        self.simulator = simulator
        self.tally = tally
        self.covered = collections.defaultdict(set)
        session = botocore.session.Session()
        session.set_credentials(key, SECRET)
        # Bad input has to reach the endpoint, and every answer has to be seen once.
        config = botocore.config.Config(
            parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=30,
            # StartLiveTail would go to stream-127.0.0.1 otherwise.
            inject_host_prefix=False,
        )
        self.session, self.config, self.region = session, config, region
        self.models = {name: session.get_service_model(name) for name in SERVICES}
        self.clients = {
            name: session.create_client(name, region, endpoint_url=simulator.endpoint, config=config)
            for name in self.models
        }
        # Without this option each body would wait for the acknowledgement of its head.
        self.http = botocore.httpsession.URLLib3Session(
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        )
        self.good = True
        for client in self.clients.values():
            self._listen(client)

    def _listen(self, client):
        client.meta.events.register("before-call", self._before_call)
        client.meta.events.register("before-parse", self._before_parse)

    @contextlib.contextmanager
    def over_cbor(self, service):
        """Lets botocore speak CBOR with a service for which it takes JSON by itself."""
        before = self.clients[service]
        with unittest.mock.patch("botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", ("smithy-rpc-v2-cbor",)):
            client = self.session.create_client(
                service, self.region, endpoint_url=self.simulator.endpoint, config=self.config
            )
        self._listen(client)
        self.clients[service] = client
        yield
        self.clients[service] = before

    def _before_call(self, model, params, **_):
        if self.good:
            self.tally.record(f"request {model.name}", judge.request_faults(model, params["body"]))

    def _before_parse(self, operation_model, response_dict, **_):
        headers = {name.lower(): value for name, value in response_dict["headers"].items()}
        if operation_model.has_event_stream_output and response_dict["status_code"] == 200:
            faults = judge.stream_faults(headers)
        else:
            faults = judge.response_faults(
                operation_model,
                response_dict["status_code"],
                headers,
                response_dict["body"],
                operation_model.service_model.resolved_protocol,
            )
        self.tally.record(f"answer of {operation_model.name}", faults)

    def _call(self, label, parameters):
        service, operation = label.split(".")
        method = botocore.xform_name(operation)
        return getattr(self.clients[service], method)(**parameters)

    def ok(self, label, **parameters):
        """Calls an operation such as `ecs.ListClusters`, which has to succeed."""
        self.good = True
        try:
            answer = self._call(label, parameters)
        except botocore.exceptions.ClientError as error:
            self.tally.record(label, [f"was refused: {error} for {parameters}"])
            return collections.defaultdict(list)
        self.covered[label].add("ok")
        self.tally.record(label)
        return answer

    def refused(self, label, code, **parameters):
        """Calls an operation that has to be refused with `code`; gives the message."""
        self.good = False
        try:
            self._call(label, parameters)
        except botocore.exceptions.ClientError as error:
            found = error.response["Error"]
            self.covered[label].add(found["Code"])
            faults = [] if found["Code"] == code else [f"wanted {code} for {parameters}, got {found}"]
            self.tally.record(label, faults)
            return found.get("Message", "")
        self.tally.record(label, [f"wanted {code} for {parameters}, but it succeeded"])
        return ""

    def pages(self, label, member, tokens=("nextToken", "nextToken"), **parameters):
        """Every item of a listing, page by page; `tokens` are those of the request and the answer."""
        asked, given = tokens
        items, page = [], self.ok(label, **parameters)
        for _ in range(1000):
            items.append(page.get(member, []))
            if given not in page:
                return items
            page = self.ok(label, **parameters, **{asked: page[given]})
        self.tally.record(label, ["has no last page"])
        return items

    def raw(self, label, body, sign=True):
        """Sends a body as it is; gives the status and the answer, judged, with its code as `__type`."""
        service, operation = label.split(".")
        model = self.models[service]
        path, headers, data = WRITERS[model.metadata["protocol"]](model, operation, body)
        request = botocore.awsrequest.AWSRequest("POST", self.simulator.endpoint + path, headers, data)
        if sign:
            credentials = botocore.credentials.Credentials(KEY, SECRET)
            botocore.auth.SigV4Auth(credentials, model.signing_name, REGION).add_auth(request)
        reply = self.http.send(request.prepare())
        headers = {name.lower(): value for name, value in reply.headers.items()}
        if operation in model.operation_names:
            shape = model.operation_model(operation)
            faults = judge.response_faults(shape, reply.status_code, headers, reply.content)
            self.tally.record(f"answer of {label}", faults)
        return reply.status_code, READERS[model.metadata["protocol"]](reply.content)

    def settle(self, holds, what, step=5, longest=1800):
        """Lets time pass in steps until `holds()`; counts whether it came to that."""
        for _ in range(0, longest, step):
            if holds():
                return self.tally.expect(True, what)
            self.simulator.advance(step)
        return self.tally.expect(holds(), f"{what} within {longest} s")


def write_json(model, operation, body):
    """The path, headers and data of a request in awsJson."""
    target = f"{model.metadata['targetPrefix']}.{operation}"
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
    return "/", headers, body if isinstance(body, bytes) else json.dumps(body).encode()


def write_cbor(model, operation, body):
    """The same in Smithy RPC v2 over CBOR."""
    headers = {"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"}
    path = f"/service/{model.metadata['targetPrefix']}/operation/{operation}"
    return path, headers, body if isinstance(body, bytes) else cbor.encode(body)


def write_form(model, operation, body):
    """The same in awsQuery."""
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    if isinstance(body, bytes):
        return "/", headers, body
    form = [("Action", operation), ("Version", model.metadata["apiVersion"])]
    for name, value in body.items():
        form.extend(flat_form(name, value))
    return "/", headers, urllib.parse.urlencode(form).encode()


def flat_form(name, value):
    """The pairs of a form that stand for a value; none for null."""
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from flat_form(f"{name}.{inner}", one)
    elif isinstance(value, list):
        if not value:
            yield name, ""
        for place, one in enumerate(value, 1):
            yield from flat_form(f"{name}.member.{place}", one)
    elif value is not None:
        yield name, {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


def read_xml(body):
    """The code of an XML error as awsJson would have it; nothing for an answer that is good."""
    code = re.search(rb"<Code>(.*?)</Code>", body)
    return {"__type": code.group(1).decode()} if code else {}


WRITERS = {"json": write_json, "smithy-rpc-v2-cbor": write_cbor, "query": write_form}
READERS = {
    "json": lambda body: json.loads(body) if body else {},
    "smithy-rpc-v2-cbor": lambda body: cbor.decode(body) if body else {},
    "query": read_xml,
}
