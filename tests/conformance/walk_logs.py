"""A walk through the operations of CloudWatch Logs."""

GROUP = "/conformance/web"


def walk(walk):
    now = int(walk.simulator.steer("clock")["now"] * 1000)
    make(walk)
    write(walk, now)
    read(walk, now)
    search(walk, now)


def make(walk):
    for name in (GROUP, "/conformance/api", "/other"):
        walk.ok("logs.CreateLogGroup", logGroupName=name, tags={"team": "web"}, logGroupClass="STANDARD")
    for name in ("a", "b", "c"):
        walk.ok("logs.CreateLogStream", logGroupName=GROUP, logStreamName=name)
    walk.refused("logs.CreateLogGroup", "ResourceAlreadyExistsException", logGroupName=GROUP)
    walk.refused("logs.CreateLogGroup", "InvalidParameterException", logGroupName="no spaces")
    walk.refused("logs.CreateLogGroup", "InvalidParameterException", logGroupName="x" * 513)
    walk.refused("logs.CreateLogStream", "ResourceAlreadyExistsException", logGroupName=GROUP, logStreamName="a")
    walk.refused("logs.CreateLogStream", "ResourceNotFoundException", logGroupName="/none", logStreamName="a")
    walk.refused("logs.CreateLogStream", "InvalidParameterException", logGroupName=GROUP, logStreamName="a:b")
    pages = walk.pages("logs.DescribeLogGroups", "logGroups", limit=1, logGroupNamePrefix="/conformance")
    names = [group["logGroupName"] for page in pages for group in page]
    walk.tally.expect(names == ["/conformance/api", GROUP], f"groups page by page, got {names}")
    by_pattern = walk.ok("logs.DescribeLogGroups", logGroupNamePattern="OTHER")["logGroups"]
    walk.tally.expect(len(by_pattern) == 1, "a pattern finds a group whatever its case")
    walk.refused("logs.DescribeLogGroups", "InvalidParameterException", logGroupNamePrefix="a", logGroupNamePattern="b")
    walk.refused("logs.DescribeLogGroups", "InvalidParameterException", limit=51)
    walk.refused("logs.DescribeLogGroups", "InvalidParameterException", nextToken="made up")


def write(walk, now):
    def put(stream, *events):
        listed = [{"timestamp": now + at, "message": message} for at, message in events]
        return walk.ok("logs.PutLogEvents", logGroupName=GROUP, logStreamName=stream, logEvents=listed)

    put("a", *((at, f'{{"level": "{"ERROR" if at % 3 == 0 else "INFO"}", "at": {at}}}') for at in range(0, 30, 2)))
    put("b", *((at, f"GET /items/{at} 200") for at in range(1, 30, 2)))
    left_out = put("c", (-15 * 86_400_000, "long ago")).get("rejectedLogEventsInfo")
    walk.tally.expect(left_out == {"tooOldLogEventEndIndex": 1}, "old events are left out")
    left_out = put("c", (0, "now"), (3 * 3_600_000, "far ahead")).get("rejectedLogEventsInfo")
    walk.tally.expect(left_out == {"tooNewLogEventStartIndex": 1}, "new events are left out")

    def refused(code, events, **where):
        where = {"logGroupName": GROUP, "logStreamName": "a"} | where
        walk.refused("logs.PutLogEvents", code, logEvents=events, **where)

    event = {"timestamp": now, "message": "x"}
    refused("ResourceNotFoundException", [event], logGroupName="/none")
    refused("ResourceNotFoundException", [event], logStreamName="none")
    refused("InvalidParameterException", [])
    refused("InvalidParameterException", [event] * 10_001)
    refused("InvalidParameterException", [event, event | {"timestamp": now - 1}])
    refused("InvalidParameterException", [event | {"timestamp": now - 90_000_000}, event])
    refused("InvalidParameterException", [event | {"message": "x" * 600_000}] * 2)
    refused("InvalidParameterException", [event | {"message": ""}])


def read(walk, now):
    streams = walk.pages("logs.DescribeLogStreams", "logStreams", logGroupName=GROUP, limit=1)
    walk.tally.expect([len(page) for page in streams] == [1, 1, 1], "streams come page by page")
    newest = walk.ok("logs.DescribeLogStreams", logGroupName=GROUP, orderBy="LastEventTime", descending=True)
    walk.tally.expect(newest["logStreams"][0]["logStreamName"] == "b", "the newest stream comes first")
    arn = walk.ok("logs.DescribeLogGroups", logGroupNamePrefix=GROUP)["logGroups"][0]["logGroupArn"]
    walk.ok("logs.DescribeLogStreams", logGroupIdentifier=arn, logStreamNamePrefix="a")
    walk.refused("logs.DescribeLogStreams", "ResourceNotFoundException", logGroupName="/none")
    walk.refused("logs.DescribeLogStreams", "InvalidParameterException", logGroupName=GROUP, logGroupIdentifier=arn)
    walk.refused(
        "logs.DescribeLogStreams", "InvalidParameterException",
        logGroupName=GROUP, orderBy="LastEventTime", logStreamNamePrefix="a",
    )
    where = {"logGroupName": GROUP, "logStreamName": "b"}
    page = walk.ok("logs.GetLogEvents", **where, startFromHead=True, limit=10)
    found = list(page["events"])
    for _ in range(100):
        token = page["nextForwardToken"]
        page = walk.ok("logs.GetLogEvents", **where, nextToken=token, startFromHead=True, limit=10)
        found += page["events"]
        if page["nextForwardToken"] == token:
            break
    times = [event["timestamp"] - now for event in found]
    walk.tally.expect(times == list(range(1, 30, 2)), f"a stream from its head, got {times}")
    page = walk.ok("logs.GetLogEvents", **where, limit=4)
    before = walk.ok("logs.GetLogEvents", **where, limit=4, nextToken=page["nextBackwardToken"])
    times = [event["timestamp"] - now for event in before["events"] + page["events"]]
    walk.tally.expect(times == list(range(15, 30, 2)), f"a stream from its end, got {times}")
    window = walk.ok("logs.GetLogEvents", **where, startTime=now + 3, endTime=now + 9)
    walk.tally.expect(len(window["events"]) == 3, "the end of the window is not read")
    walk.refused("logs.GetLogEvents", "ResourceNotFoundException", logGroupName="/none", logStreamName="b")
    walk.refused("logs.GetLogEvents", "ResourceNotFoundException", logGroupName=GROUP, logStreamName="none")
    walk.refused("logs.GetLogEvents", "InvalidParameterException", **where, nextToken="f/12")
    walk.refused("logs.GetLogEvents", "InvalidParameterException", **where, limit=10_001)
    walk.refused("logs.GetLogEvents", "InvalidParameterException", logStreamName="b")


def search(walk, now):
    pages = walk.pages("logs.FilterLogEvents", "events", logGroupName=GROUP, limit=7, startTime=now, endTime=now + 29)
    found = [event for page in pages for event in page if event["logStreamName"] in "ab"]
    times = [event["timestamp"] - now for event in found]
    walk.tally.expect(times == list(range(30)), f"streams in order of time, got {times}")
    walk.tally.expect(len({event["eventId"] for event in found}) == 30, "event ids differ")
    for pattern, count in (
        ("", 31),
        ("GET", 15),
        ('"GET /items"', 15),
        ('?GET ?now', 16),
        ('GET -"items/1"', 9),
        ('{ $.level = "ERROR" }', 5),
        ('{ $.level = "ERROR" && $.at > 10 }', 3),
        ("nowhere", 0),
        ("[verb, path, status]", 15),
        ("[verb = GET, ..., status = 2*]", 15),
        ("[verb, path = %/items/1[0-9]$%, status]", 5),
        ("%^GET.*200$%", 15),
        ('{ $.level = %^ERR% }', 5),
        ("{ $.['level'] = \"ERROR\" && $.at <= 12 }", 3),
    ):
        pages = walk.pages("logs.FilterLogEvents", "events", logGroupName=GROUP, filterPattern=pattern)
        found = sum(map(len, pages))
        walk.tally.expect(found == count, f"{count} events for the pattern {pattern!r}, got {found}")
    one = walk.ok("logs.FilterLogEvents", logGroupName=GROUP, logStreamNames=["a"], interleaved=True)
    walk.tally.expect(len(one["events"]) == 15, "one stream by its name")
    walk.ok("logs.FilterLogEvents", logGroupName=GROUP, logStreamNamePrefix="b")

    def refused(code, **parameters):
        walk.refused("logs.FilterLogEvents", code, **{"logGroupName": GROUP} | parameters)

    refused("ResourceNotFoundException", logGroupName="/none")
    refused("ResourceNotFoundException", logStreamNames=["none"])
    refused("InvalidParameterException", logStreamNames=["a"], logStreamNamePrefix="a")
    refused("InvalidParameterException", logStreamNames=["a"] * 101)
    refused("InvalidParameterException", filterPattern='"open')
    refused("InvalidParameterException", filterPattern="{ $.level = }")
    refused("InvalidParameterException", filterPattern="[verb, path")
    refused("InvalidParameterException", filterPattern="%(a)%")
    refused("InvalidParameterException", limit=10_001)
    refused("InvalidParameterException", nextToken="made up")
    refused("InvalidParameterException", startTime=2, endTime=1)
