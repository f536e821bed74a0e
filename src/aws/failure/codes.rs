//! What AWS's error codes mean for the person and for the program.

use crate::domain::failure::FailureKind;

/// The kind of an error that AWS named. Codes come from the common errors of the AWS APIs and from
/// the ECS, CodeDeploy, Elastic Load Balancing, CloudWatch, CloudWatch Logs and STS references.
pub(super) fn kind_of(code: &str, message: &str, status: u16) -> FailureKind {
    match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            FailureKind::ExpiredCredentials
        }
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "InvalidAccessKeyId"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "AuthFailure"
        | "RequestTimeTooSkewed" => FailureKind::InvalidCredentials,
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "NotAuthorized"
        | "AuthorizationError" => FailureKind::AccessDenied,
        "UnknownOperationException"
        | "UnknownOperation"
        | "InvalidAction"
        | "NotImplemented"
        | "NotImplementedException"
        | "NotImplementedError"
        | "UnsupportedOperation"
        | "UnsupportedOperationException" => FailureKind::Unsupported,
        "ConflictException"
        | "UpdateInProgressException"
        | "ResourceInUseException"
        | "OperationAbortedException"
        | "DeploymentAlreadyCompletedException"
        | "DeploymentIsNotInReadyStateException"
        | "DeploymentLimitExceededException" => FailureKind::Conflict,
        "ServerException"
        | "InternalFailure"
        | "InternalServerError"
        | "InternalError"
        | "ServiceUnavailable"
        | "ServiceUnavailableException" => FailureKind::ServerFault,
        _ if is_throttle(code) => FailureKind::Throttled,
        _ if is_missing(code, message) => FailureKind::NotFound,
        _ => kind_of_status(status),
    }
}

fn is_throttle(code: &str) -> bool {
    code.starts_with("Throttl")
        || matches!(
            code,
            "TooManyRequestsException"
                | "TooManyRequests"
                | "RequestLimitExceeded"
                | "RequestThrottled"
                | "RequestThrottledException"
                | "SlowDown"
        )
}

/// ECS says some absences with a general code and a sentence only.
fn is_missing(code: &str, message: &str) -> bool {
    let message = message.to_lowercase();
    code.ends_with("NotFoundException")
        || code.ends_with("DoesNotExistException")
        || code.ends_with("NotFound")
        || (matches!(code, "ClientException" | "InvalidParameterException")
            && (message.contains("not found")
                || message.contains("unable to describe task definition")))
}

/// The kind where only the HTTP status tells.
pub(super) fn kind_of_status(status: u16) -> FailureKind {
    match status {
        401 => FailureKind::InvalidCredentials,
        403 => FailureKind::AccessDenied,
        404 | 405 | 501 => FailureKind::Unsupported,
        429 => FailureKind::Throttled,
        500..=599 => FailureKind::ServerFault,
        400..=499 => FailureKind::Refused,
        _ => FailureKind::Garbled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart() {
        use FailureKind as Kind;
        let cases = [
            ("ExpiredTokenException", 400, Kind::ExpiredCredentials),
            ("ExpiredToken", 403, Kind::ExpiredCredentials),
            ("UnrecognizedClientException", 400, Kind::InvalidCredentials),
            ("InvalidClientTokenId", 403, Kind::InvalidCredentials),
            ("AccessDeniedException", 400, Kind::AccessDenied),
            ("ThrottlingException", 400, Kind::Throttled),
            ("Throttling", 400, Kind::Throttled),
            ("ClusterNotFoundException", 400, Kind::NotFound),
            ("ServiceNotFoundException", 400, Kind::NotFound),
            ("ResourceNotFoundException", 400, Kind::NotFound),
            ("UnknownOperationException", 400, Kind::Unsupported),
            ("InvalidAction", 400, Kind::Unsupported),
            ("ConflictException", 400, Kind::Conflict),
            ("ServerException", 500, Kind::ServerFault),
            ("DeploymentDoesNotExistException", 400, Kind::NotFound),
            ("DeploymentGroupDoesNotExistException", 400, Kind::NotFound),
            ("DeploymentAlreadyCompletedException", 400, Kind::Conflict),
            ("DeploymentIsNotInReadyStateException", 400, Kind::Conflict),
            ("DeploymentLimitExceededException", 400, Kind::Conflict),
            (
                "UnsupportedActionForDeploymentTypeException",
                400,
                Kind::Refused,
            ),
            ("TargetGroupNotFound", 400, Kind::NotFound),
            ("RuleNotFound", 400, Kind::NotFound),
            ("ListenerNotFound", 400, Kind::NotFound),
            ("InternalServiceFault", 500, Kind::ServerFault),
            ("SomethingNew", 400, Kind::Refused),
            ("SomethingNew", 500, Kind::ServerFault),
            ("UnsupportedFeatureException", 400, Kind::Refused),
        ];
        for (code, status, kind) in cases {
            assert_eq!(kind_of(code, "", status), kind, "{code} {status}");
        }
    }

    #[test]
    fn absences_said_in_words_are_understood() {
        let kind = |message| kind_of("ClientException", message, 400);
        assert_eq!(
            kind("Unable to describe task definition."),
            FailureKind::NotFound
        );
        assert_eq!(
            kind("The referenced task was not found."),
            FailureKind::NotFound
        );
        assert_eq!(kind("Too many containers."), FailureKind::Refused);
    }
}
