"""Holds messages of the AWS protocols against the service models that AWS publishes.

The models come with the PyPI package `botocore`. Nothing here knows the simulator: it would judge
any endpoint.
"""
import datetime
import json
import re
import xml.etree.ElementTree as xml

import cbor

# Errors that every service may answer, whatever its model says: "Common Errors" in the API
# references of Amazon ECS and of CloudWatch Logs, and the protocol errors of awsJson and awsQuery.
COMMON_ERRORS = {
    "AccessDeniedException", "ExpiredTokenException", "IncompleteSignatureException", "InternalFailure",
    "MissingAuthenticationTokenException", "SerializationException", "ServiceUnavailable",
    "ThrottlingException", "UnknownOperationException", "UnrecognizedClientException", "ValidationError",
    "ValidationException", "InvalidAction", "MalformedQueryString", "MissingAction",
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
    if operation.service_model.resolved_protocol != "json":
        return []
    return faults_of(operation.input_shape, json.loads(body or b"{}"))


def stream_faults(headers):
    """Faults of the head of an answer that is an event stream."""
    media = headers.get("content-type", "")
    faults = [] if media == "application/vnd.amazon.eventstream" else [f"the content-type is {media!r}"]
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers.get("x-amzn-requestid", "")):
        faults.append("there is no x-amzn-requestid")
    return faults


def response_faults(operation, status, headers, body, protocol=None):
    """Faults of an answer, good or bad, as it came over the wire; in the service's own protocol
    without `protocol`."""
    protocol = protocol or operation.service_model.metadata["protocol"]
    if protocol == "query":
        return _xml_faults(operation, status, headers, body)
    if protocol == "smithy-rpc-v2-cbor":
        return _cbor_faults(operation, status, headers, body)
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
    return faults + error_faults(operation, status, value) + _query_error_faults(operation, headers, value)


def error_faults(operation, status, value):
    """Faults of the JSON of an error."""
    if not isinstance(value, dict) or not isinstance(value.get("__type"), str):
        return [f"an error without __type: {value!r}"]
    faults = []
    code = value["__type"].rpartition("#")[2]
    shapes = _errors_of(operation)
    if code not in shapes and code not in COMMON_ERRORS:
        faults.append(f"{operation.name} has no error {code}")
    if not 400 <= status < 600:
        faults.append(f"the error {code} has the status {status}")
    if not value.get("message"):
        faults.append(f"the error {code} has no message")
    known = {"__type", "message"} | set(shapes[code].members if code in shapes else ())
    return faults + [f"{code}.{name} is not in the model" for name in value if name not in known]


def _errors_of(operation):
    """The errors that an operation may answer. CloudWatch's model names few with its operations."""
    whole = "awsQueryCompatible" in operation.service_model.metadata
    errors = operation.service_model.error_shapes if whole else operation.error_shapes
    return {shape.name: shape for shape in errors}


def _query_error_faults(operation, headers, value):
    """Services that spoke the query protocol once tell the codes of then in a header."""
    shape = _errors_of(operation).get(str(value.get("__type")).rpartition("#")[2])
    if shape is None or "awsQueryCompatible" not in operation.service_model.metadata:
        return []
    wanted, found = f"{shape.metadata['error']['code']};Sender", headers.get("x-amzn-query-error")
    return [] if found == wanted else [f"the error {shape.name} has the query error {found}"]


def _cbor_faults(operation, status, headers, body):
    faults = []
    if headers.get("smithy-protocol") != "rpc-v2-cbor":
        faults.append("there is no header smithy-protocol")
    if status == 200 and not operation.output_shape:
        return faults + ([f"there is a body: {body[:80]!r}"] if body else [])
    if headers.get("content-type") != "application/cbor":
        faults.append(f"the content-type is {headers.get('content-type')!r}")
    try:
        value = cbor.decode(body)
    except ValueError as error:
        return faults + [f"the body is not CBOR: {error}"]
    if status == 200:
        return faults + list(_types(operation.output_shape, value, "$")) + faults_of(operation.output_shape, value)
    return faults + _cbor_error(operation, status, headers, value)


def _cbor_error(operation, status, headers, value):
    space, _, name = value.get("__type", "").rpartition("#")
    shape = _errors_of(operation).get(name)
    faults = [] if value.get("message") else [f"the error {name} has no message"]
    if shape is None:
        return faults + ([] if name in COMMON_ERRORS else [f"{operation.name} has no error {name}"])
    error = shape.metadata["error"]
    if not space:
        faults.append(f"the error {name} has no namespace")
    if status != error["httpStatusCode"]:
        faults.append(f"the error {name} has the status {status}")
    return faults + _query_error_faults(operation, headers, value)


def _types(shape, value, where):
    """Types that JSON would not tell apart: times have a tag, and doubles are no whole numbers."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, inner in value.items():
            if name in shape.members:
                yield from _types(shape.members[name], inner, f"{where}.{name}")
    elif shape.type_name == "list" and isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _types(shape.member, inner, f"{where}[{place}]")
    elif (shape.type_name == "timestamp") != isinstance(value, cbor.Time):
        yield f"{where} is {value!r}, where {shape.type_name} is wanted"
    elif shape.type_name in ("double", "float") and not isinstance(value, float):
        yield f"{where} is the whole number {value!r}"


def _xml_faults(operation, status, headers, body):
    faults = [] if headers.get("content-type", "").startswith("text/xml") else ["the content-type is not text/xml"]
    root = xml.fromstring(body)
    space = "{" + operation.service_model.metadata["xmlNamespace"] + "}"
    if status != 200:
        code = root.findtext(f"{space}Error/{space}Code")
        known = COMMON_ERRORS | {shape.metadata["error"]["code"] for shape in operation.error_shapes}
        if root.findtext(f"{space}Error/{space}Message") in (None, ""):
            faults.append(f"the error {code} has no message")
        return faults + ([] if code in known else [f"the error code is {code}"])
    shape = operation.output_shape
    result = root.find(space + shape.serialization["resultWrapper"])
    if root.findtext(f"{space}ResponseMetadata/{space}RequestId") is None:
        faults.append("there is no RequestId")
    value, problems = {}, []
    if result is not None:
        value = _of_xml(shape, result, space, problems, "$")
    return faults + problems + faults_of(shape, value)


def _of_xml(shape, element, space, problems, where):
    """The value that an element stands for, as the shape reads it."""
    if shape.type_name == "structure":
        members = {one.serialization.get("name", name): one for name, one in shape.members.items()}
        value = {}
        for child in element:
            name = child.tag.removeprefix(space)
            if name in value:
                problems.append(f"{where}.{name} is there twice")
            known = members.get(name)
            value[name] = _of_xml(known, child, space, problems, f"{where}.{name}") if known else child.text
        return value
    if shape.type_name == "list":
        wrong = {child.tag for child in element} - {f"{space}member"}
        problems.extend(f"{where} has items called {tag}" for tag in wrong)
        return [_of_xml(shape.member, child, space, problems, f"{where}[…]") for child in element]
    text = element.text or ""
    try:
        if shape.type_name in ("integer", "long"):
            return int(text)
        if shape.type_name == "boolean":
            return {"true": True, "false": False}[text]
        if shape.type_name == "timestamp":
            return datetime.datetime.fromisoformat(text).timestamp()
    except (ValueError, KeyError):
        problems.append(f"{where} is {text!r}, which is no {shape.type_name}")
    return text


def misses_elsewhere(models):
    """The same for the protocols in XML and CBOR."""
    rules = models["elbv2"].operation_model("DescribeRules")
    namespace = models["elbv2"].metadata["xmlNamespace"]
    media = {"content-type": "text/xml"}

    def rules_faults(inner):
        body = (
            f'<DescribeRulesResponse xmlns="{namespace}"><DescribeRulesResult>{inner}</DescribeRulesResult>'
            "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeRulesResponse>"
        )
        return response_faults(rules, 200, media, body.encode())

    wrong = ["<Colour>red</Colour>", "<Rules><item/></Rules>", "<Rules><member><IsDefault>yes</IsDefault></member></Rules>",
             "<Rules><member><Actions><member><Type>moon</Type></member></Actions></member></Rules>",
             "<Rules><member><Actions><member><Order>1</Order></member></Actions></member></Rules>"]
    found = [case for case in wrong if not rules_faults(case)]
    found += rules_faults("<Rules><member><IsDefault>true</IsDefault></member></Rules>")
    alarms = models["cloudwatch"].operation_model("DescribeAlarms")
    media = {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}

    def alarm_faults(alarm):
        return response_faults(alarms, 200, media, cbor.encode({"MetricAlarms": [alarm]}))

    wrong = [{"Colour": "red"}, {"Threshold": 1}, {"StateUpdatedTimestamp": 1_700_000_000.0}, {"StateValue": "LOUD"}]
    found += [case for case in wrong if not alarm_faults(case)]
    return found + alarm_faults({"Threshold": 1.5, "StateValue": "OK"})


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
