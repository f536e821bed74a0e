//! The host of Live Tail on loopback.
//!
//! The SDK puts `stream-` before the host of `StartLiveTail`, which leads to AWS's own endpoint for
//! streams. `stream-127.0.0.1` is no address, so that an endpoint on this machine is called by the
//! name that it has.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// What the SDK puts before the host.
const PREFIX: &str = "://stream-";

/// The names of this machine.
const LOOPBACK: [&str; 2] = ["127.0.0.1", "localhost"];

/// Takes the prefix away again, before the request is signed, where the host is this machine.
#[derive(Debug)]
pub(super) struct StreamHost;

impl Intercept for StreamHost {
    fn name(&self) -> &'static str {
        "StreamHost"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        if let Some(uri) = on_this_machine(request.uri()) {
            request.set_uri(uri)?;
        }
        Ok(())
    }
}

/// The address without the prefix; `None` where it is not on this machine or has no prefix.
fn on_this_machine(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once(PREFIX)?;
    let host = rest.split(['/', ':', '?']).next()?;
    LOOPBACK
        .contains(&host)
        .then(|| format!("{scheme}://{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_goes_without_the_prefix() {
        let without = |uri| on_this_machine(uri);
        assert_eq!(
            without("http://stream-127.0.0.1:4577/").as_deref(),
            Some("http://127.0.0.1:4577/")
        );
        assert_eq!(
            without("http://stream-localhost/").as_deref(),
            Some("http://localhost/")
        );
        assert_eq!(
            without("https://stream-logs.eu-west-1.amazonaws.com/"),
            None
        );
        assert_eq!(without("http://stream-127.0.0.1.example.com/"), None);
        assert_eq!(without("http://127.0.0.1:4577/"), None);
    }
}
