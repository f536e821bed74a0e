"""Load balancers: built through the API, followed while a service stands behind them, and refused."""
from simulator import ACCOUNT, REGION
from walk_ecs import CLUSTER, NETWORK, register

GONE = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:"


def walk(walk):
    """The whole walk; gives the ARNs of what it has built."""
    stand = build(walk)
    read(walk, stand)
    shift(walk, stand)
    behind(walk, stand)
    refused(walk, stand)
    return stand


def forward(*weights):
    """Actions that share requests between target groups."""
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def path(pattern):
    return [{"Field": "path-pattern", "Values": [pattern]}]


def build(walk):
    balancer = walk.ok(
        "elbv2.CreateLoadBalancer", Name="walk", Subnets=["subnet-0a1", "subnet-0a2"], SecurityGroups=["sg-0a1"],
        Scheme="internal", Type="application", Tags=[{"Key": "team", "Value": "web"}],
    )["LoadBalancers"][0]
    stand = {"balancer": balancer["LoadBalancerArn"]}
    for colour in ("blue", "green"):
        group = walk.ok(
            "elbv2.CreateTargetGroup", Name=f"walk-{colour}", Protocol="HTTP", Port=8080, VpcId="vpc-0a1",
            TargetType="ip", HealthCheckPath="/health", HealthCheckIntervalSeconds=10, Matcher={"HttpCode": "200-299"},
        )["TargetGroups"][0]
        stand[colour] = group["TargetGroupArn"]
    for name, port in (("listener", 80), ("test", 8080)):
        listener = walk.ok(
            "elbv2.CreateListener", LoadBalancerArn=stand["balancer"], Protocol="HTTP", Port=port,
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        )["Listeners"][0]
        stand[name] = listener["ListenerArn"]
    rule = walk.ok(
        "elbv2.CreateRule", ListenerArn=stand["listener"], Priority=10, Conditions=path("/*"),
        Actions=forward((stand["blue"], 100), (stand["green"], 0)),
    )["Rules"][0]
    stand["rule"] = rule["RuleArn"]
    conditions = [
        {"Field": "host-header", "HostHeaderConfig": {"Values": ["shop.example.com", "*.example.org"]}},
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-test", "Values": ["1"]}},
        {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "v", "Value": "2"}]}},
        {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}},
        {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}},
    ]
    redirect = [{"Type": "redirect", "Order": 1, "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]
    odd = walk.ok(
        "elbv2.CreateRule", ListenerArn=stand["listener"], Priority=5, Conditions=conditions, Actions=redirect
    )["Rules"][0]
    walk.tally.expect(len(odd["Conditions"]) == 5, "a rule keeps all of its conditions")
    walk.tally.expect(odd["Actions"] == redirect, f"a redirect stays as it is, got {odd['Actions']}")
    return stand


def read(walk, stand):
    rules = walk.ok("elbv2.DescribeRules", ListenerArn=stand["listener"])["Rules"]
    order = [rule["Priority"] for rule in rules]
    walk.tally.expect(order == ["5", "10", "default"], f"rules come by priority, got {order}")
    pages = walk.pages("elbv2.DescribeRules", "Rules", ("Marker", "NextMarker"), ListenerArn=stand["listener"], PageSize=1)
    walk.tally.expect([len(page) for page in pages] == [1, 1, 1], "rules come in pages")
    listeners = walk.ok("elbv2.DescribeListeners", LoadBalancerArn=stand["balancer"])["Listeners"]
    walk.tally.expect([one["Port"] for one in listeners] == [80, 8080], "a load balancer has its listeners")
    walk.ok("elbv2.DescribeListeners", ListenerArns=[stand["test"]])
    groups = walk.ok("elbv2.DescribeTargetGroups", LoadBalancerArn=stand["balancer"])["TargetGroups"]
    walk.tally.expect(len(groups) == 2, "a load balancer has its target groups")
    named = walk.ok("elbv2.DescribeTargetGroups", Names=["walk-green"])["TargetGroups"]
    walk.tally.expect(named[0]["LoadBalancerArns"] == [stand["balancer"]], "a target group has its load balancer")
    found = walk.ok("elbv2.DescribeLoadBalancers", Names=["walk"])["LoadBalancers"]
    walk.tally.expect(found[0]["LoadBalancerArn"] == stand["balancer"], "a load balancer is found by its name")
    walk.ok("elbv2.DescribeLoadBalancers")


def weights(walk, stand):
    rule = walk.ok("elbv2.DescribeRules", RuleArns=[stand["rule"]])["Rules"][0]
    return [group["Weight"] for group in rule["Actions"][0]["ForwardConfig"]["TargetGroups"]]


def shift(walk, stand):
    walk.ok("elbv2.ModifyRule", RuleArn=stand["rule"], Actions=forward((stand["blue"], 90), (stand["green"], 10)))
    walk.tally.expect(weights(walk, stand) == [90, 10], "weights change")
    walk.ok("elbv2.ModifyRule", RuleArn=stand["rule"], Conditions=path("/shop/*"))
    walk.tally.expect(weights(walk, stand) == [90, 10], "weights stay when conditions change")
    changed = walk.ok(
        "elbv2.ModifyListener", ListenerArn=stand["test"], Port=8443,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": stand["green"]}],
    )["Listeners"][0]
    walk.tally.expect(changed["Port"] == 8443, "a listener changes its port")


def health(walk, stand, colour):
    rows = walk.ok("elbv2.DescribeTargetHealth", TargetGroupArn=stand[colour])["TargetHealthDescriptions"]
    return sorted(row["TargetHealth"]["State"] for row in rows)


def behind(walk, stand):
    """A service whose tasks become targets."""
    definition = register(walk, "balanced", "example.com/balanced:1.0")
    balancers = [{"targetGroupArn": stand["blue"], "containerName": "app", "containerPort": 8080}]
    walk.ok(
        "ecs.CreateService", cluster=CLUSTER, serviceName="balanced", taskDefinition=definition, desiredCount=2,
        launchType="FARGATE", networkConfiguration=NETWORK, loadBalancers=balancers,
    )
    seen = set()

    def healthy():
        states = health(walk, stand, "blue")
        seen.update(states)
        return states == ["healthy", "healthy"]

    walk.settle(healthy, "the tasks of a service become healthy targets", step=2)
    walk.tally.expect("initial" in seen, f"targets are checked first, saw {seen}")
    walk.tally.expect(health(walk, stand, "green") == [], "the other target group has no targets")
    walk.ok("elbv2.DescribeTargetHealth", TargetGroupArn=stand["blue"], Include=["All"], Targets=[{"Id": "10.9.9.9"}])
    walk.ok("ecs.UpdateService", cluster=CLUSTER, service="balanced", desiredCount=0)
    walk.settle(lambda: "draining" in health(walk, stand, "blue"), "targets drain", step=1, longest=60)
    walk.settle(lambda: health(walk, stand, "blue") == [], "targets are gone in the end")
    walk.ok("ecs.DeleteService", cluster=CLUSTER, service="balanced")
    walk.refused(
        "ecs.CreateService", "InvalidParameterException", cluster=CLUSTER, serviceName="nowhere",
        taskDefinition=definition, loadBalancers=[balancers[0] | {"targetGroupArn": GONE + "targetgroup/x/0a"}],
    )


def refused(walk, stand):
    group = {"Protocol": "HTTP", "Port": 80, "VpcId": "vpc-0a1"}
    actions = forward((stand["blue"], 1))
    rule = {"ListenerArn": stand["listener"], "Conditions": path("/x"), "Actions": actions}
    listener = {"LoadBalancerArn": stand["balancer"], "Protocol": "HTTP", "Port": 81, "DefaultActions": actions}
    for operation, code, parameters in (
        ("DescribeLoadBalancers", "LoadBalancerNotFound", {"Names": ["gone"]}),
        ("DescribeLoadBalancers", "LoadBalancerNotFound", {"LoadBalancerArns": [GONE + "loadbalancer/app/x/0a"]}),
        ("DescribeTargetGroups", "TargetGroupNotFound", {"TargetGroupArns": [GONE + "targetgroup/x/0a"]}),
        ("DescribeTargetGroups", "ValidationError", {"Names": ["a"], "TargetGroupArns": ["b"]}),
        ("DescribeTargetGroups", "ValidationError", {"PageSize": 401}),
        ("DescribeTargetGroups", "ValidationError", {"Marker": "nonsense"}),
        ("DescribeTargetHealth", "TargetGroupNotFound", {"TargetGroupArn": GONE + "targetgroup/x/0a"}),
        ("DescribeListeners", "ListenerNotFound", {"ListenerArns": [GONE + "listener/app/x/0a/0b"]}),
        ("DescribeListeners", "ValidationError", {}),
        ("DescribeRules", "RuleNotFound", {"RuleArns": [GONE + "listener-rule/app/x/0a/0b/0c"]}),
        ("DescribeRules", "ListenerNotFound", {"ListenerArn": GONE + "listener/app/x/0a/0b"}),
        ("DescribeRules", "ValidationError", {}),
        ("CreateLoadBalancer", "DuplicateLoadBalancerName", {"Name": "walk", "Subnets": ["a", "b"]}),
        ("CreateLoadBalancer", "ValidationError", {"Name": "x" * 33, "Subnets": ["a", "b"]}),
        ("CreateTargetGroup", "DuplicateTargetGroupName", group | {"Name": "walk-blue"}),
        ("CreateTargetGroup", "ValidationError", {"Name": "half"}),
        ("CreateListener", "DuplicateListener", listener | {"Port": 80}),
        ("CreateListener", "UnsupportedProtocol", listener | {"Protocol": "TCP"}),
        ("CreateListener", "TargetGroupNotFound", listener | {"DefaultActions": forward((GONE + "targetgroup/x/0a", 1))}),
        ("CreateRule", "PriorityInUse", rule | {"Priority": 10}),
        ("CreateRule", "ValidationError", rule | {"Priority": 50_001}),
        ("CreateRule", "ValidationError", rule | {"Priority": 7, "Actions": forward((stand["blue"], 1000))}),
        ("ModifyRule", "RuleNotFound", {"RuleArn": GONE + "listener-rule/app/x/0a/0b/0c"}),
        ("ModifyListener", "ListenerNotFound", {"ListenerArn": GONE + "listener/app/x/0a/0b"}),
    ):
        walk.refused(f"elbv2.{operation}", code, **parameters)


def good_inputs(stand):
    """An input that succeeds for each operation."""
    actions = [{"Type": "forward", "TargetGroupArn": stand["blue"]}]
    return {
        "elbv2.DescribeLoadBalancers": {},
        "elbv2.DescribeTargetGroups": {},
        "elbv2.DescribeTargetHealth": {"TargetGroupArn": stand["blue"]},
        "elbv2.DescribeListeners": {"LoadBalancerArn": stand["balancer"]},
        "elbv2.DescribeRules": {"ListenerArn": stand["listener"]},
        "elbv2.CreateLoadBalancer": {"Name": "bad", "Subnets": ["subnet-0a1", "subnet-0a2"]},
        "elbv2.CreateTargetGroup": {"Name": "bad", "Protocol": "HTTP", "Port": 80, "VpcId": "vpc-0a1"},
        "elbv2.CreateListener": {
            "LoadBalancerArn": stand["balancer"], "Protocol": "HTTP", "Port": 90, "DefaultActions": actions,
        },
        "elbv2.ModifyListener": {"ListenerArn": stand["test"], "DefaultActions": actions},
        "elbv2.CreateRule": {
            "ListenerArn": stand["listener"], "Priority": 900, "Conditions": path("/bad"), "Actions": actions,
        },
        "elbv2.ModifyRule": {"RuleArn": stand["rule"], "Actions": actions},
    }
