//! Smithy RPC v2 over CBOR: the operation is in the path, the body is a CBOR map in and out.
//!
//! The specification is "Smithy RPC v2 CBOR protocol" at smithy.io. Timestamps are epoch seconds
//! under tag 1.

use ciborium::Value as Cbor;
use serde_json::{Map, Number, Value};

use crate::sim::api::ApiError;

/// The value of the header `smithy-protocol`.
pub const PROTOCOL: &str = "rpc-v2-cbor";
/// The media type of a body.
pub const MEDIA_TYPE: &str = "application/cbor";
/// The CBOR tag of a time in epoch seconds.
const TIME: u64 = 1;

/// The service names of paths, with the signing name that each stands for, and the namespace of
/// its errors.
const SERVICES: [(&str, &str, &str); 1] = [(
    "GraniteServiceVersion20100801",
    "monitoring",
    "com.amazonaws.cloudwatch",
)];

/// The service (by its signing name, when it is one of those here) and the operation that a path
/// names: `/service/…/operation/…`.
pub fn target(path: &str) -> Option<(Option<&'static str>, &str)> {
    let (service, operation) = path.strip_prefix("/service/")?.split_once("/operation/")?;
    let known = SERVICES.iter().find(|(name, _, _)| *name == service);
    Some((known.map(|(_, signing, _)| *signing), operation))
}

/// The input of an operation, as JSON.
pub fn input(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    let mut rest = body;
    let value: Cbor = ciborium::from_reader(&mut rest)
        .map_err(|error| ApiError::serialization(format!("The body is not CBOR: {error}")))?;
    match json_of(value) {
        Some(value @ Value::Object(_)) if rest.is_empty() => Ok(value),
        _ => Err(ApiError::serialization("The body is not one CBOR map.")),
    }
}

/// The JSON that stands for a CBOR value; none for what no input has: blobs, keys that aren't
/// texts, numbers that JSON can't hold.
fn json_of(value: Cbor) -> Option<Value> {
    Some(match value {
        Cbor::Null => Value::Null,
        Cbor::Bool(flag) => Value::Bool(flag),
        Cbor::Text(text) => Value::String(text),
        Cbor::Integer(number) => Value::Number(i64::try_from(number).ok()?.into()),
        Cbor::Float(number) => Value::Number(Number::from_f64(number)?),
        Cbor::Array(items) => items
            .into_iter()
            .map(json_of)
            .collect::<Option<Vec<_>>>()?
            .into(),
        Cbor::Map(entries) => {
            let mut members = Map::new();
            for (name, value) in entries {
                members.insert(name.into_text().ok()?, json_of(value)?);
            }
            Value::Object(members)
        }
        Cbor::Tag(TIME, inner) => json_of(*inner).filter(Value::is_number)?,
        _ => return None,
    })
}

/// The body of an answer; empty when the operation has no output.
pub fn output(value: &Value) -> Vec<u8> {
    if value.is_null() {
        return Vec::new();
    }
    write(&cbor_of("", value))
}

/// The body of an error of a service.
pub fn error(service: &str, error: &ApiError) -> Vec<u8> {
    let space = SERVICES.iter().find(|(_, signing, _)| *signing == service);
    let kind = match space {
        // Errors of the protocol belong to no service.
        Some((_, _, space)) if query_code(&error.code).is_some() => {
            format!("{space}#{}", error.code)
        }
        _ => error.code.clone(),
    };
    let member = |name: &str, text: String| (Cbor::Text(name.to_owned()), Cbor::Text(text));
    write(&Cbor::Map(vec![
        member("__type", kind),
        member("message", error.message.clone()),
    ]))
}

/// The code that an error had in the query protocol, which `CloudWatch` spoke before and tells old
/// clients in a header; none for errors that aren't of its model.
pub fn query_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "ResourceNotFound" => "ResourceNotFound",
        "InvalidNextToken" => "InvalidNextToken",
        "InvalidFormatFault" => "InvalidFormat",
        "LimitExceededFault" => "LimitExceeded",
        "InvalidParameterValueException" => "InvalidParameterValue",
        "InvalidParameterCombinationException" => "InvalidParameterCombination",
        "MissingRequiredParameterException" => "MissingParameter",
        _ => return None,
    })
}

/// In the services here each member whose name ends so is a timestamp, and no other one is.
fn is_timestamp(name: &str) -> bool {
    name.ends_with("Timestamp")
}

fn cbor_of(name: &str, value: &Value) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(flag) => Cbor::Bool(*flag),
        Value::String(text) => Cbor::Text(text.clone()),
        Value::Number(number) if is_timestamp(name) => {
            let seconds = Cbor::Float(number.as_f64().unwrap_or_default());
            Cbor::Tag(TIME, Box::new(seconds))
        }
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Cbor::Integer(whole.into()),
            None => Cbor::Float(number.as_f64().unwrap_or_default()),
        },
        Value::Array(items) => Cbor::Array(items.iter().map(|one| cbor_of(name, one)).collect()),
        Value::Object(members) => Cbor::Map(
            members
                .iter()
                .map(|(name, value)| (Cbor::Text(name.clone()), cbor_of(name, value)))
                .collect(),
        ),
    }
}

fn write(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A vector takes everything, and every value here can be written.
    match ciborium::into_writer(value, &mut bytes) {
        Ok(()) => bytes,
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as CBOR");
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bytes(value: &Cbor) -> Vec<u8> {
        write(value)
    }

    #[test]
    fn a_path_names_service_and_operation() {
        assert_eq!(
            target("/service/GraniteServiceVersion20100801/operation/DescribeAlarms"),
            Some((Some("monitoring"), "DescribeAlarms"))
        );
        assert_eq!(target("/service/Other/operation/X"), Some((None, "X")));
        assert_eq!(target("/"), None);
        assert_eq!(target("/service/Other"), None);
    }

    #[test]
    fn a_map_goes_in_and_out_as_it_was() {
        let value = json!({"A": [1, -2, 1.5, true, null, "text"], "B": {"C": {}}});
        assert_eq!(input(&output(&value)).unwrap(), value);
        assert_eq!(input(b"").unwrap(), Value::Null);
        assert_eq!(output(&Value::Null), b"");
    }

    #[test]
    fn timestamps_have_their_tag() {
        let body = output(&json!({"StateUpdatedTimestamp": 1_700_000_000.5}));
        let read: Cbor = ciborium::from_reader(body.as_slice()).unwrap();
        let (_, time) = read.as_map().unwrap()[0].clone();
        let (tag, seconds) = time.as_tag().unwrap();
        assert_eq!((tag, seconds.as_float()), (1, Some(1_700_000_000.5)));
        assert_eq!(
            input(&body).unwrap(),
            json!({"StateUpdatedTimestamp": 1_700_000_000.5})
        );
    }

    #[test]
    fn maps_of_unknown_length_are_understood() {
        // {_ "A": [_ 1]}
        assert_eq!(
            input(b"\xbf\x61A\x9f\x01\xff\xff").unwrap(),
            json!({"A": [1]})
        );
    }

    #[test]
    fn what_is_not_one_map_of_texts_is_refused() {
        let two = [bytes(&Cbor::Map(vec![])), vec![0]].concat();
        let keyed = Cbor::Map(vec![(Cbor::Integer(1.into()), Cbor::Null)]);
        let blob = Cbor::Map(vec![(Cbor::Text("A".to_owned()), Cbor::Bytes(vec![1]))]);
        let not_a_number = Cbor::Map(vec![(Cbor::Text("A".to_owned()), Cbor::Float(f64::NAN))]);
        for body in [
            vec![0xff],
            b"{}".to_vec(),
            bytes(&Cbor::Array(vec![])),
            two,
            bytes(&keyed),
            bytes(&blob),
            bytes(&not_a_number),
            vec![0x9f; 100_000],
        ] {
            let error = input(&body).unwrap_err();
            assert_eq!(error.code, "SerializationException");
        }
    }

    #[test]
    fn errors_of_the_model_have_their_namespace() {
        let kind = |code| {
            let body = error("monitoring", &ApiError::new(code, "why"));
            input(&body).unwrap()["__type"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            kind("ResourceNotFound"),
            "com.amazonaws.cloudwatch#ResourceNotFound"
        );
        assert_eq!(kind("ThrottlingException"), "ThrottlingException");
    }
}
