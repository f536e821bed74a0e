"""Bad input, made from the models: every member of every operation, with the wrong type, with a
word that its enum lacks, and left out where it is required. Nothing of it may succeed, and nothing
may end in an error of the server."""

# Members that came to the models after the simulator was made, or that it has no use for. It ignores
# them, whatever they hold, as AWS ignores members that it does not know.
TOO_NEW = {
    "elbv2.CreateLoadBalancer": {"CustomerOwnedIpv4Pool", "EnablePrefixForIpv6SourceNat", "IpamPools"},
    "elbv2.CreateTargetGroup": {"TargetControlPort"},
    "elbv2.CreateListener": {"AlpnPolicy", "MutualAuthentication"},
    "elbv2.ModifyListener": {"AlpnPolicy", "MutualAuthentication"},
    "elbv2.CreateRule": {"Transforms"},
    "elbv2.ModifyRule": {"Transforms", "ResetTransforms"},
    "cloudwatch.PutMetricAlarm": {"EvaluationWindow", "WarmUpConfiguration", "EvaluationCriteria", "EvaluationInterval"},
    "ecs.CreateService": {"gatewayConnectors"},
    "ecs.UpdateService": {"gatewayConnectors"},
    "ecs.RegisterTaskDefinition": {"trustedExecutionConfiguration"},
}


# Bodies that are no input at all.
BROKEN = {
    "json": (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": }'),
    "smithy-rpc-v2-cbor": (b"{}", b"\x80", b"\xff", b"\xa1", b"\xa0\xa0", b"\xa1\x01\x02"),
    "query": (b"", b"\xff\xfe", b"Action=", b"Version=2015-12-01"),
}


def wrong_type(shape):
    """A JSON value that is not of the shape's type."""
    return {"list": {"a": 1}, "map": [1], "structure": "text", "string": [1]}.get(shape.type_name, ["text"])


def bad_bodies(operation, good, too_new=()):
    """Bodies that are wrong in one member, each with words for what is wrong in it."""
    shape = operation.input_shape
    for name in shape.required_members:
        yield f"without {name}", {key: value for key, value in good.items() if key != name}
        yield f"with {name} null", good | {name: None}
    for name, member in shape.members.items():
        if name in too_new:
            continue
        yield f"with {name} of a wrong type", good | {name: wrong_type(member)}
        if getattr(member, "enum", None):
            yield f"with {name} outside of its enum", good | {name: "NO_SUCH_WORD"}
        if member.type_name == "list":
            yield f"with a wrong item in {name}", good | {name: [wrong_type(member.member)]}
    for body in BROKEN[operation.service_model.metadata["protocol"]]:
        yield f"with the body {body!r}", body


def walk(walk, good_inputs):
    """Sends every bad body; `good_inputs` has an input that succeeds for each operation."""
    for label, good in good_inputs.items():
        service, operation = label.split(".")
        model = walk.models[service].operation_model(operation)
        for what, body in bad_bodies(model, good, TOO_NEW.get(label, ())):
            status, value = walk.raw(label, body)
            # An empty body is an empty input, which some operations take, and so is null.
            may_succeed = isinstance(body, bytes) and body in (b"", b"null") and not model.input_shape.required_members
            if may_succeed and status == 200:
                continue
            if 400 <= status < 500:
                walk.covered[label].add(value.get("__type"))
                walk.tally.record(label)
            else:
                walk.tally.record(label, [f"{what}: answered {status} {str(value)[:120]}"])


def unknown_operations(walk, supported):
    """Every operation that the models have and the simulator has not says so."""
    for service, model in walk.models.items():
        wanted = "InvalidAction" if model.metadata["protocol"] == "query" else "UnknownOperationException"
        for operation in model.operation_names:
            label = f"{service}.{operation}"
            if label in supported:
                continue
            status, value = walk.raw(label, {})
            code = value.get("__type")
            walk.tally.record(label, [] if (status, code) == (400, wanted) else [f"answered {status} {code}"])
