//! The wire protocols of AWS: from an HTTP request to an operation, and back to an HTTP answer.

pub mod cbor;
pub mod event_stream;
pub mod query;
pub mod reply;
pub mod signature;
pub mod xml;

use hyper::HeaderMap;
use hyper::header::CONTENT_TYPE;
use serde_json::Value;

use super::api::ApiError;

pub use reply::Reply;
use signature::Scope;

/// The prefixes of `x-amz-target`, with the service that each stands for.
const TARGETS: [(&str, &str); 8] = [
    ("AmazonEC2ContainerServiceV20141113", "ecs"),
    ("Logs_20140328", "logs"),
    ("GraniteServiceVersion20100801", "monitoring"),
    ("CodeDeploy_20141006", "codedeploy"),
    ("CodePipeline_20150709", "codepipeline"),
    ("CodeBuild_20161006", "codebuild"),
    ("AmazonEC2ContainerRegistry_V20150921", "ecr"),
    ("AnyScaleFrontendService", "application-autoscaling"),
];

/// How a call is written on the wire.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// awsJson 1.1, or 1.0 for alarms: a JSON object in, a JSON object out.
    Json,
    /// awsQuery: a form in, XML out.
    Query,
    /// Smithy RPC v2: a CBOR map in, a CBOR map out.
    Cbor,
}

/// A call that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The service by its signing name, such as `ecs`.
    pub service: String,
    /// The operation, such as `ListClusters`.
    pub operation: String,
    /// How the answer has to be written.
    pub protocol: Protocol,
    /// The access key that signed the call.
    pub access_key: String,
    /// The region that the call is for.
    pub region: String,
    /// What the client sent.
    pub input: Value,
}

impl Call {
    /// The name under which the call is counted and hit by faults: `service.Operation`.
    pub fn label(&self) -> String {
        format!("{}.{}", self.service, self.operation)
    }
}

/// A call that could not be understood, and how to say so.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The name under which it is counted.
    pub label: String,
    /// How the answer has to be written.
    pub protocol: Protocol,
    /// Why.
    pub error: ApiError,
}

/// Understands an HTTP request. The protocol says what names the operation: the target, the path,
/// or the form.
pub fn understand(path: &str, headers: &HeaderMap, body: &[u8]) -> Result<Call, Refusal> {
    let target = header(headers, "x-amz-target");
    let protocol = protocol(target, headers);
    let form = if protocol == Protocol::Query {
        query::decode(body)
    } else {
        Vec::new()
    };
    let (known, operation) = match (protocol, target) {
        (Protocol::Cbor, _) => cbor::target(path).unwrap_or_default(),
        (_, Some(target)) => json_target(target),
        (_, None) => (None, query::member(&form, "Action").unwrap_or_default()),
    };
    let refuse = |label: String, error| Refusal {
        label,
        protocol,
        error,
    };
    let scope = match signature::scope(header(headers, "authorization")) {
        Ok(scope) => scope,
        Err(error) => return Err(refuse(format!("unsigned.{operation}"), error)),
    };
    let service = known.unwrap_or(&scope.service).to_owned();
    if operation.is_empty() {
        return Err(refuse(
            format!("{service}.unknown"),
            missing_action(protocol),
        ));
    }
    let label = format!("{service}.{operation}");
    let input = match protocol {
        Protocol::Query => query_input(&service, operation, &form),
        _ if known.is_none() => Err(ApiError::unknown_operation()),
        Protocol::Json => json_input(body),
        Protocol::Cbor => cbor::input(body),
    };
    let input = input.map_err(|error| refuse(label, error))?;
    let Scope {
        access_key, region, ..
    } = scope;
    Ok(Call {
        service,
        operation: operation.to_owned(),
        protocol,
        access_key,
        region,
        input,
    })
}

/// The service, when it is one of those here, and the operation that a target names.
fn json_target(target: &str) -> (Option<&'static str>, &str) {
    let (prefix, operation) = target.rsplit_once('.').unwrap_or(("", target));
    let known = TARGETS.iter().find(|(known, _)| *known == prefix);
    (known.map(|(_, service)| *service), operation)
}

fn query_input(
    service: &str,
    operation: &str,
    form: &[(String, String)],
) -> Result<Value, ApiError> {
    let version = query::member(form, "Version").unwrap_or_default();
    if query::has_version(service, version) {
        return query::input(form);
    }
    Err(ApiError::new(
        "InvalidAction",
        format!("Could not find operation {operation} for version {version}"),
    ))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn protocol(target: Option<&str>, headers: &HeaderMap) -> Protocol {
    let form = header(headers, CONTENT_TYPE.as_str())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if header(headers, "smithy-protocol") == Some(cbor::PROTOCOL) {
        Protocol::Cbor
    } else if target.is_none() && form {
        Protocol::Query
    } else {
        Protocol::Json
    }
}

fn json_input(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(ApiError::serialization(
            "Start of structure or map expected.",
        )),
        Err(error) => Err(ApiError::serialization(format!(
            "The body is not JSON: {error}"
        ))),
    }
}

fn missing_action(protocol: Protocol) -> ApiError {
    match protocol {
        Protocol::Json | Protocol::Cbor => ApiError::unknown_operation(),
        Protocol::Query => ApiError::new(
            "MissingAction",
            "The request must contain the parameter Action",
        ),
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;
    use serde_json::json;

    use super::*;

    const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/ap-northeast-1/sts/aws4_request, SignedHeaders=host, Signature=00";

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        list.iter()
            .map(|(name, value)| {
                (
                    (*name).parse().unwrap(),
                    HeaderValue::from_str(value).unwrap(),
                )
            })
            .collect()
    }

    #[test]
    fn the_target_names_the_operation() {
        let headers = headers(&[
            ("authorization", SIGNED),
            (
                "x-amz-target",
                "AmazonEC2ContainerServiceV20141113.ListClusters",
            ),
        ]);
        let call = understand("/", &headers, br#"{"maxResults": 3}"#).unwrap();
        assert_eq!(call.label(), "ecs.ListClusters");
        assert_eq!(call.region, "ap-northeast-1");
        assert_eq!(call.access_key, "AKIDEXAMPLE");
        assert_eq!(call.input, json!({"maxResults": 3}));
    }

    #[test]
    fn a_form_names_its_action() {
        let headers = headers(&[
            ("authorization", SIGNED),
            (
                "content-type",
                "application/x-www-form-urlencoded; charset=utf-8",
            ),
        ]);
        let call = understand(
            "/",
            &headers,
            b"Action=GetCallerIdentity&Version=2011-06-15",
        )
        .unwrap();
        assert_eq!(call.label(), "sts.GetCallerIdentity");
        assert_eq!(call.protocol, Protocol::Query);
        let refusal = understand("/", &headers, b"Version=2011-06-15").unwrap_err();
        assert_eq!(refusal.error.code, "MissingAction");
    }

    #[test]
    fn an_unsigned_call_is_refused() {
        let headers = headers(&[("x-amz-target", "Logs_20140328.GetLogEvents")]);
        let refusal = understand("/", &headers, b"{}").unwrap_err();
        assert_eq!(refusal.error.code, "MissingAuthenticationTokenException");
        assert_eq!(refusal.error.status, 403);
        assert_eq!(refusal.label, "unsigned.GetLogEvents");
    }

    #[test]
    fn a_body_that_is_no_json_object_is_refused() {
        let headers = headers(&[
            ("authorization", SIGNED),
            ("x-amz-target", "Logs_20140328.GetLogEvents"),
        ]);
        for body in ["{", "[]", "1", "\u{0}"] {
            let refusal = understand("/", &headers, body.as_bytes()).unwrap_err();
            assert_eq!(refusal.error.code, "SerializationException");
        }
        assert_eq!(understand("/", &headers, b"").unwrap().input, Value::Null);
    }

    #[test]
    fn an_unknown_target_is_counted_for_the_service_of_the_signature() {
        let headers = headers(&[
            ("authorization", SIGNED),
            ("x-amz-target", "CodeCommit_20150413.GetBranch"),
        ]);
        let refusal = understand("/", &headers, b"{}").unwrap_err();
        assert_eq!(refusal.label, "sts.GetBranch");
        assert_eq!(refusal.error.code, "UnknownOperationException");
    }

    #[test]
    fn a_path_names_an_operation_in_cbor() {
        let headers = headers(&[
            ("authorization", SIGNED),
            ("smithy-protocol", "rpc-v2-cbor"),
        ]);
        let path = "/service/GraniteServiceVersion20100801/operation/DescribeAlarms";
        let call = understand(path, &headers, b"\xa0").unwrap();
        assert_eq!(call.label(), "monitoring.DescribeAlarms");
        assert_eq!(call.protocol, Protocol::Cbor);
        let refusal = understand(path, &headers, b"{}").unwrap_err();
        assert_eq!(refusal.error.code, "SerializationException");
        for path in ["/", "/service/Other/operation/DescribeAlarms"] {
            let refusal = understand(path, &headers, b"\xa0").unwrap_err();
            assert_eq!(refusal.error.code, "UnknownOperationException");
            assert_eq!(refusal.protocol, Protocol::Cbor);
        }
    }

    #[test]
    fn another_version_of_a_service_is_not_here() {
        let headers = headers(&[
            ("authorization", SIGNED),
            ("content-type", "application/x-www-form-urlencoded"),
        ]);
        let form = b"Action=GetCallerIdentity&Version=2012-06-01";
        let refusal = understand("/", &headers, form).unwrap_err();
        assert_eq!(refusal.error.code, "InvalidAction");
    }
}
