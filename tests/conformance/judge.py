"""Holds messages of the AWS protocols against the service models that AWS publishes.

The models come with the PyPI package `botocore`. Nothing here knows the simulator: it would judge
any endpoint.
"""
import json
import re
import xml.etree.ElementTree as xml

# Errors that every service may answer, whatever its model says: "Common Errors" in the API
# references of Amazon ECS and of CloudWatch Logs, and the protocol errors of awsJson.
COMMON_ERRORS = {
    "AccessDeniedException", "ExpiredTokenException", "IncompleteSignatureException", "InternalFailure",
    "MissingAuthenticationTokenException", "SerializationException", "ServiceUnavailable",
    "ThrottlingException", "UnknownOperationException", "UnrecognizedClientException", "ValidationError",
    "ValidationException", "InvalidAction", "MissingAction",
}

NUMBERS = {"integer", "long", "float", "double", "timestamp"}
# A timestamp outside of the years 2001 to 2100 is in another unit than seconds.
SECONDS = (1_000_000_000, 4_102_444_800)


def faults_of(shape, value, where="$"):
    """The ways in which `value` is not what `shape` describes, as readable lines."""
    judge = _KINDS.get(shape.type_name)
    if value is None:
        return [f"{where} is null, which AWS leaves out"]
    if judge is None:
        return [f"{where} has the kind {shape.type_name}, which no answer here should have"]
    return list(judge(shape, value, where))


def _structure(shape, value, where):
    if not isinstance(value, dict):
        yield f"{where} is {_kind(value)} instead of a structure"
        return
    known = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    for name in shape.required_members:
        if shape.members[name].serialization.get("name", name) not in value:
            yield f"{where} lacks {name}, which is required"
    for name, inner in value.items():
        if name in known:
            yield from faults_of(known[name], inner, f"{where}.{name}")
        else:
            yield f"{where}.{name} is not in the model"


def _list(shape, value, where):
    if not isinstance(value, list):
        yield f"{where} is {_kind(value)} instead of a list"
        return
    yield from _bounds(shape, len(value), f"{where} has a length of")
    for place, inner in enumerate(value):
        yield from faults_of(shape.member, inner, f"{where}[{place}]")


def _map(shape, value, where):
    if not isinstance(value, dict):
        yield f"{where} is {_kind(value)} instead of a map"
        return
    yield from _bounds(shape, len(value), f"{where} has a size of")
    for key, inner in value.items():
        yield from faults_of(shape.key, key, f"the key {where}[{key}]")
        yield from faults_of(shape.value, inner, f"{where}[{key}]")


def _string(shape, value, where):
    if not isinstance(value, str):
        yield f"{where} is {_kind(value)} instead of a string"
        return
    if shape.enum and value not in shape.enum:
        yield f"{where} is {value!r}, which the enum {shape.name} lacks"
    yield from _bounds(shape, len(value), f"{where} has a length of")
    pattern = shape.metadata.get("pattern")
    if pattern:
        try:
            fits = re.search(f"^(?:{pattern})$", value, re.DOTALL)
        except re.error:
            fits = True  # written for another engine of regular expressions
        if not fits:
            yield f"{where} is {value!r}, which does not fit {pattern}"


def _number(shape, value, where):
    whole = shape.type_name in ("integer", "long")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield f"{where} is {_kind(value)} instead of a number"
    elif whole and not isinstance(value, int):
        yield f"{where} is {value} instead of a whole number"
    elif shape.type_name == "timestamp":
        if not SECONDS[0] < value < SECONDS[1]:
            yield f"{where} is {value}, which is no time in epoch seconds"
    else:
        yield from _bounds(shape, value, f"{where} is")


def _boolean(_shape, value, where):
    if not isinstance(value, bool):
        yield f"{where} is {_kind(value)} instead of true or false"


def _bounds(shape, size, what):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{what} {size}, under {least}"
    if most is not None and size > most:
        yield f"{what} {size}, over {most}"


def _kind(value):
    return {dict: "an object", list: "an array", str: "a text", bool: "a truth value"}.get(type(value), "a number")


_KINDS = {"structure": _structure, "list": _list, "map": _map, "string": _string, "boolean": _boolean}
_KINDS |= {kind: _number for kind in NUMBERS}


def request_faults(operation, body):
    """Faults of the body of a request, as it went over the wire."""
    if operation.service_model.metadata["protocol"] != "json":
        return []
    return faults_of(operation.input_shape, json.loads(body or b"{}"))


def response_faults(operation, status, headers, body):
    """Faults of an answer, good or bad, as it came over the wire."""
    if operation.service_model.metadata["protocol"] == "query":
        return _xml_faults(operation, status, headers, body)
    faults = []
    media = headers.get("content-type", "")
    if media != "application/x-amz-json-" + operation.service_model.metadata["jsonVersion"]:
        faults.append(f"the content-type is {media!r}")
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers.get("x-amzn-requestid", "")):
        faults.append("there is no x-amzn-requestid")
    if status == 200 and not operation.output_shape:
        return faults + ([f"there is a body: {body[:80]!r}"] if body else [])
    try:
        value = json.loads(body)
    except ValueError:
        return faults + [f"the body is not JSON: {body[:80]!r}"]
    if status == 200:
        return faults + faults_of(operation.output_shape, value)
    return faults + error_faults(operation, status, value)


def error_faults(operation, status, value):
    """Faults of the JSON of an error."""
    if not isinstance(value, dict) or not isinstance(value.get("__type"), str):
        return [f"an error without __type: {value!r}"]
    faults = []
    code = value["__type"].rpartition("#")[2]
    shapes = {shape.name: shape for shape in operation.error_shapes}
    if code not in shapes and code not in COMMON_ERRORS:
        faults.append(f"{operation.name} has no error {code}")
    if not 400 <= status < 600:
        faults.append(f"the error {code} has the status {status}")
    if not value.get("message"):
        faults.append(f"the error {code} has no message")
    known = {"__type", "message"} | set(shapes[code].members if code in shapes else ())
    return faults + [f"{code}.{name} is not in the model" for name in value if name not in known]


def _xml_faults(operation, status, headers, body):
    faults = [] if headers.get("content-type", "").startswith("text/xml") else ["the content-type is not text/xml"]
    root = xml.fromstring(body)
    space = "{" + operation.service_model.metadata["xmlNamespace"] + "}"
    if status != 200:
        code = root.findtext(f"{space}Error/{space}Code")
        return faults + ([] if code in COMMON_ERRORS else [f"the error code is {code}"])
    shape = operation.output_shape
    result = root.find(space + shape.serialization["resultWrapper"])
    if root.findtext(f"{space}ResponseMetadata/{space}RequestId") is None:
        faults.append("there is no RequestId")
    values = {element.tag.removeprefix(space): element.text for element in result}
    return faults + faults_of(shape, values)


def misses(model):
    """What this judge fails to see in answers of ECS that are wrong on purpose; it has to be nothing."""
    operation = model.operation_model("ListClusters")
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amzn-requestid": "01234567-89ab-cdef-0123-456789abcdef",
    }
    services = model.operation_model("DescribeServices")
    wrong = [
        (operation, 200, headers, {"clusterArns": "text"}),
        (operation, 200, headers, {"clusterArns": [1]}),
        (operation, 200, headers, {"clusterArns": None}),
        (operation, 200, headers, {"colour": "red"}),
        (operation, 200, {}, {"clusterArns": []}),
        (operation, 400, headers, {"__type": "ClusterNotFoundException", "message": "x"}),
        (operation, 400, headers, {"message": "x"}),
        (operation, 200, headers, []),
        (services, 200, headers, {"services": [{"launchType": "MOON"}]}),
        (services, 200, headers, {"services": [{"desiredCount": 1.5}]}),
        (services, 200, headers, {"services": [{"createdAt": 1_700_000_000_000}]}),
        (services, 200, headers, {"services": [{"enableExecuteCommand": "yes"}]}),
    ]
    found = [case for case in wrong if not response_faults(*case[:3], json.dumps(case[3]))]
    right = response_faults(operation, 200, headers, json.dumps({"clusterArns": ["arn"]}))
    return found + right
