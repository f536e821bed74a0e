//! The errors that operations answer.

use serde_json::Value;

/// An error as AWS words it: a code that programs act on, and a message for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} (HTTP {status}): {message}")]
pub struct ApiError {
    /// The code of the service model, such as `ClusterNotFoundException`.
    pub code: String,
    /// What a person reads.
    pub message: String,
    /// The HTTP status, 400 for nearly all of them.
    pub status: u16,
}

/// What an operation gives back.
pub type Answer = Result<Value, ApiError>;

impl ApiError {
    /// An error with HTTP status 400.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            status: 400,
        }
    }

    /// `InvalidParameterException`, which both ECS and CloudWatch Logs have.
    pub fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    /// `ClientException` of ECS: the request is wrong for the state of things.
    pub fn client(message: impl Into<String>) -> Self {
        Self::new("ClientException", message)
    }

    /// `ResourceNotFoundException` of CloudWatch Logs.
    pub fn resource_not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    /// `SerializationException`: the body is not JSON, or a member has the wrong JSON type.
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }

    /// `UnknownOperationException`: no service here has this operation.
    pub fn unknown_operation() -> Self {
        Self::new(
            "UnknownOperationException",
            "The operation is not known to this simulator.",
        )
    }

    /// `ThrottlingException` with the message of AWS.
    pub fn throttling() -> Self {
        Self::new("ThrottlingException", "Rate exceeded")
    }
}
