//! The inputs of the operations, as the service model describes them. Members that the simulator
//! has no use for are left out, and so ignored.

use crate::sim::api::ecs::shape::Shape::{Flag, List, Structure, Text, Whole, Words};
use crate::sim::api::ecs::shape::{Member, may, must};

const PROTOCOLS: &[&str] = &[
    "HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC",
];

/// Conditions of a rule.
const CONDITION: &[Member] = &[
    may("Field", Text),
    may("Values", List(&Text)),
    may("HostHeaderConfig", Structure(VALUES)),
    may("PathPatternConfig", Structure(VALUES)),
    may("HttpHeaderConfig", Structure(HEADER)),
    may("QueryStringConfig", Structure(QUERY)),
    may("HttpRequestMethodConfig", Structure(VALUES)),
    may("SourceIpConfig", Structure(VALUES)),
];
const VALUES: &[Member] = &[may("Values", List(&Text))];
const HEADER: &[Member] = &[may("HttpHeaderName", Text), may("Values", List(&Text))];
const QUERY: &[Member] = &[may("Values", List(&Structure(PAIR)))];
const PAIR: &[Member] = &[may("Key", Text), may("Value", Text)];

/// Actions of a rule or listener.
const ACTION: &[Member] = &[
    must(
        "Type",
        Words(&[
            "forward",
            "authenticate-oidc",
            "authenticate-cognito",
            "redirect",
            "fixed-response",
            "jwt-validation",
        ]),
    ),
    may("TargetGroupArn", Text),
    may("Order", Whole),
    may("RedirectConfig", Structure(REDIRECT)),
    may("FixedResponseConfig", Structure(FIXED_RESPONSE)),
    may("ForwardConfig", Structure(FORWARD)),
];
const REDIRECT: &[Member] = &[
    may("Protocol", Text),
    may("Port", Text),
    may("Host", Text),
    may("Path", Text),
    may("Query", Text),
    must("StatusCode", Words(&["HTTP_301", "HTTP_302"])),
];
const FIXED_RESPONSE: &[Member] = &[
    may("MessageBody", Text),
    must("StatusCode", Text),
    may("ContentType", Text),
];
const FORWARD: &[Member] = &[
    may("TargetGroups", List(&Structure(SHARE))),
    may("TargetGroupStickinessConfig", Structure(STICKINESS)),
];
const SHARE: &[Member] = &[may("TargetGroupArn", Text), may("Weight", Whole)];
const STICKINESS: &[Member] = &[may("Enabled", Flag), may("DurationSeconds", Whole)];

const CERTIFICATE: &[Member] = &[may("CertificateArn", Text), may("IsDefault", Flag)];
const SUBNET: &[Member] = &[may("SubnetId", Text)];
const TARGET: &[Member] = &[must("Id", Text), may("Port", Whole)];
const MATCHER: &[Member] = &[may("HttpCode", Text), may("GrpcCode", Text)];

/// `DescribeLoadBalancers`.
pub const DESCRIBE_LOAD_BALANCERS: &[Member] = &[
    may("LoadBalancerArns", List(&Text)),
    may("Names", List(&Text)),
    may("Marker", Text),
    may("PageSize", Whole),
];

/// `CreateLoadBalancer`.
pub const CREATE_LOAD_BALANCER: &[Member] = &[
    must("Name", Text),
    may("Subnets", List(&Text)),
    may("SubnetMappings", List(&Structure(SUBNET))),
    may("SecurityGroups", List(&Text)),
    may("Scheme", Words(&["internet-facing", "internal"])),
    may("Type", Words(&["application", "network", "gateway"])),
    may(
        "IpAddressType",
        Words(&["ipv4", "dualstack", "dualstack-without-public-ipv4"]),
    ),
];

/// `DescribeTargetGroups`.
pub const DESCRIBE_TARGET_GROUPS: &[Member] = &[
    may("LoadBalancerArn", Text),
    may("TargetGroupArns", List(&Text)),
    may("Names", List(&Text)),
    may("Marker", Text),
    may("PageSize", Whole),
];

/// `CreateTargetGroup`.
pub const CREATE_TARGET_GROUP: &[Member] = &[
    must("Name", Text),
    may("Protocol", Words(PROTOCOLS)),
    may("ProtocolVersion", Text),
    may("Port", Whole),
    may("VpcId", Text),
    may("HealthCheckProtocol", Words(PROTOCOLS)),
    may("HealthCheckPort", Text),
    may("HealthCheckEnabled", Flag),
    may("HealthCheckPath", Text),
    may("HealthCheckIntervalSeconds", Whole),
    may("HealthCheckTimeoutSeconds", Whole),
    may("HealthyThresholdCount", Whole),
    may("UnhealthyThresholdCount", Whole),
    may("Matcher", Structure(MATCHER)),
    may("TargetType", Words(&["instance", "ip", "lambda", "alb"])),
    may("IpAddressType", Words(&["ipv4", "ipv6"])),
];

/// `DescribeTargetHealth`.
pub const DESCRIBE_TARGET_HEALTH: &[Member] = &[
    must("TargetGroupArn", Text),
    may("Targets", List(&Structure(TARGET))),
    may("Include", List(&Words(&["AnomalyDetection", "All"]))),
];

/// `DescribeListeners`.
pub const DESCRIBE_LISTENERS: &[Member] = &[
    may("LoadBalancerArn", Text),
    may("ListenerArns", List(&Text)),
    may("Marker", Text),
    may("PageSize", Whole),
];

/// `CreateListener`.
pub const CREATE_LISTENER: &[Member] = &[
    must("LoadBalancerArn", Text),
    may("Protocol", Words(PROTOCOLS)),
    may("Port", Whole),
    may("SslPolicy", Text),
    may("Certificates", List(&Structure(CERTIFICATE))),
    must("DefaultActions", List(&Structure(ACTION))),
];

/// `ModifyListener`.
pub const MODIFY_LISTENER: &[Member] = &[
    must("ListenerArn", Text),
    may("Protocol", Words(PROTOCOLS)),
    may("Port", Whole),
    may("SslPolicy", Text),
    may("Certificates", List(&Structure(CERTIFICATE))),
    may("DefaultActions", List(&Structure(ACTION))),
];

/// `DescribeRules`.
pub const DESCRIBE_RULES: &[Member] = &[
    may("ListenerArn", Text),
    may("RuleArns", List(&Text)),
    may("Marker", Text),
    may("PageSize", Whole),
];

/// `CreateRule`.
pub const CREATE_RULE: &[Member] = &[
    must("ListenerArn", Text),
    must("Conditions", List(&Structure(CONDITION))),
    must("Priority", Whole),
    must("Actions", List(&Structure(ACTION))),
];

/// `ModifyRule`.
pub const MODIFY_RULE: &[Member] = &[
    must("RuleArn", Text),
    may("Conditions", List(&Structure(CONDITION))),
    may("Actions", List(&Structure(ACTION))),
];
