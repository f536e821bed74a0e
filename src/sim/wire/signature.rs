//! The credential scope of a signature (version 4). The simulator reads who calls and for which
//! region, and does not check the signature itself: it has no secrets to check it with.

use crate::sim::api::ApiError;

/// Who calls, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The access key id.
    pub access_key: String,
    /// The region that was signed for.
    pub region: String,
    /// The signing name of the service.
    pub service: String,
}

/// Reads the scope out of the `Authorization` header.
pub fn scope(authorization: Option<&str>) -> Result<Scope, ApiError> {
    let Some(authorization) = authorization else {
        return Err(ApiError {
            code: "MissingAuthenticationTokenException".to_owned(),
            message: "Missing Authentication Token".to_owned(),
            status: 403,
        });
    };
    parse(authorization).ok_or_else(|| ApiError {
        code: "IncompleteSignatureException".to_owned(),
        message: "Authorization header requires 'Credential' parameter of the form \
                  access-key/date/region/service/aws4_request."
            .to_owned(),
        status: 403,
    })
}

fn parse(authorization: &str) -> Option<Scope> {
    let (algorithm, parameters) = authorization.split_once(' ')?;
    if !algorithm.starts_with("AWS4-") {
        return None;
    }
    let credential = parameters
        .split(',')
        .find_map(|parameter| parameter.trim().strip_prefix("Credential="))?;
    // An access key may hold slashes; the parts of the scope don't.
    let mut parts = credential.rsplitn(5, '/');
    let (terminator, service) = (parts.next()?, parts.next()?);
    let (region, _date, access_key) = (parts.next()?, parts.next()?, parts.next()?);
    (terminator == "aws4_request").then(|| Scope {
        access_key: access_key.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_is_read() {
        let header = "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-west-2/ecs/aws4_request, SignedHeaders=a;b, Signature=1";
        let scope = scope(Some(header)).unwrap();
        assert_eq!(scope.access_key, "AKID");
        assert_eq!(scope.region, "us-west-2");
        assert_eq!(scope.service, "ecs");
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        assert_eq!(
            scope(None).unwrap_err().code,
            "MissingAuthenticationTokenException"
        );
        for header in [
            "",
            "Bearer x",
            "AWS4-HMAC-SHA256 Signature=1",
            "AWS4-HMAC-SHA256 Credential=AKID/us-west-2/ecs/aws4_request",
            "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-west-2/ecs/other",
        ] {
            assert_eq!(
                scope(Some(header)).unwrap_err().code,
                "IncompleteSignatureException"
            );
        }
    }
}
