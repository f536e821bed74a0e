"""CloudWatch alarms: made, set, found, refused."""

ALARM = {
    "AlarmName": "errors", "AlarmDescription": "Too many errors", "MetricName": "HTTPCode_Target_5XX_Count",
    "Namespace": "AWS/ApplicationELB", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 2,
    "DatapointsToAlarm": 1, "Threshold": 10.0, "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching", "Dimensions": [{"Name": "LoadBalancer", "Value": "app/walk/0a"}],
    "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:oncall"],
}


def walk(walk):
    """The whole walk in both protocols: botocore takes JSON by itself, and the SDKs take CBOR."""
    once(walk, "json")
    with walk.over_cbor("cloudwatch"):
        once(walk, "cbor")


def once(walk, front):
    name = f"{front}-errors"
    walk.ok("cloudwatch.PutMetricAlarm", **ALARM | {"AlarmName": name}, Tags=[{"Key": "team", "Value": "web"}])
    latency = {"MetricStat": {"Metric": {"Namespace": "Shop", "MetricName": "Latency"}, "Period": 60, "Stat": "p99"}}
    walk.ok(
        "cloudwatch.PutMetricAlarm", AlarmName=f"{front}-latency", EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Metrics=[{"Id": "m1", "ReturnData": True} | latency],
    )
    for number in range(4):
        walk.ok("cloudwatch.PutMetricAlarm", **ALARM | {"AlarmName": f"{front}-page-{number}"})
    before = described(walk, name)
    walk.tally.expect(before["StateValue"] == "INSUFFICIENT_DATA", "a new alarm has no data")
    walk.tally.expect(before["Threshold"] == 10.0, "an alarm keeps its threshold")
    walk.simulator.advance(30)
    walk.ok(
        "cloudwatch.SetAlarmState", AlarmName=name, StateValue="ALARM", StateReason="by hand",
        StateReasonData='{"by": "hand"}',
    )
    after = described(walk, name)
    walk.tally.expect(after["StateValue"] == "ALARM", "an alarm is set")
    passed = (after["StateUpdatedTimestamp"] - before["StateUpdatedTimestamp"]).total_seconds()
    walk.tally.expect(30 <= passed < 31, f"an alarm says when it was set, got {passed}")
    firing = walk.ok("cloudwatch.DescribeAlarms", StateValue="ALARM", AlarmNamePrefix=front)["MetricAlarms"]
    walk.tally.expect([one["AlarmName"] for one in firing] == [name], "alarms are found by their state")
    pages = walk.pages(
        "cloudwatch.DescribeAlarms", "MetricAlarms", ("NextToken", "NextToken"), AlarmNamePrefix=f"{front}-page-",
        MaxRecords=3,
    )
    walk.tally.expect([len(page) for page in pages] == [3, 1], "alarms come in pages")
    composite = walk.ok("cloudwatch.DescribeAlarms", AlarmTypes=["CompositeAlarm"])
    walk.tally.expect(composite["CompositeAlarms"] == composite["MetricAlarms"] == [], "there are no composite alarms")
    refused(walk, name)


def described(walk, name):
    return walk.ok("cloudwatch.DescribeAlarms", AlarmNames=[name])["MetricAlarms"][0]


def refused(walk, name):
    state = {"AlarmName": name, "StateValue": "OK", "StateReason": "r"}
    both = {"AlarmNames": ["a"], "AlarmNamePrefix": "a"}
    half = {name: value for name, value in ALARM.items() if name != "MetricName"}
    # The codes are those of the query protocol, which botocore reads out of a header.
    for operation, code, parameters in (
        ("DescribeAlarms", "InvalidNextToken", {"NextToken": "nonsense"}),
        ("DescribeAlarms", "ValidationError", {"MaxRecords": 101}),
        ("DescribeAlarms", "InvalidParameterCombination", both),
        ("PutMetricAlarm", "MissingParameter", half),
        ("PutMetricAlarm", "InvalidParameterCombination", ALARM | {"ExtendedStatistic": "p99"}),
        ("PutMetricAlarm", "ValidationError", ALARM | {"ComparisonOperator": "LOUDER"}),
        ("SetAlarmState", "ResourceNotFound", state | {"AlarmName": "gone"}),
        ("SetAlarmState", "InvalidFormat", state | {"StateReasonData": "{"}),
        ("SetAlarmState", "ValidationError", state | {"StateValue": "LOUD"}),
    ):
        walk.refused(f"cloudwatch.{operation}", code, **parameters)


def good_inputs():
    """An input that succeeds for each operation."""
    return {
        "cloudwatch.DescribeAlarms": {},
        "cloudwatch.PutMetricAlarm": ALARM | {"AlarmName": "bad"},
        "cloudwatch.SetAlarmState": {"AlarmName": "json-errors", "StateValue": "OK", "StateReason": "r"},
    }
