//! The configuration chain and the clients that come out of it.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_sdk_sts::config::Credentials as Keys;

use super::locked;
use super::read_only::ReadOnly;
use super::stream_host::StreamHost;
use crate::domain::context::Context;

/// The name in the user agent, by which `CloudTrail` tells cutover's calls from others.
const APP_NAME: &str = "cutover";

/// How long to wait for an endpoint.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For a whole answer.
    pub answer: Duration,
}

impl Default for Timeouts {
    /// 3 s for a connection, 30 s for an answer.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            answer: Duration::from_secs(30),
        }
    }
}

/// Where credentials come from.
#[derive(Clone)]
pub enum Credentials {
    /// The SDK's chain: environment, profile (with SSO and `credential_process`), container,
    /// instance. A profile that is named in the context is the only place looked at.
    Chain,
    /// A fixed pair of keys, for an endpoint that checks none.
    Fixed {
        /// The access key's id.
        access_key_id: String,
        /// The secret access key.
        secret_access_key: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chain => "Chain",
            Self::Fixed { .. } => "Fixed",
        })
    }
}

/// How to reach AWS.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// Profile, Region and endpoint, as far as they were named.
    pub context: Context,
    /// Where credentials come from.
    pub credentials: Credentials,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// How long to wait.
    pub timeouts: Timeouts,
}

/// The clients for calls that change something. They do not exist in a read-only cockpit.
pub(super) struct Mutations {
    pub(super) ecs: aws_sdk_ecs::Client,
    pub(super) codedeploy: aws_sdk_codedeploy::Client,
    pub(super) codepipeline: aws_sdk_codepipeline::Client,
}

/// The clients of one reading of the configuration.
pub(super) struct Clients {
    config: SdkConfig,
    read_only: bool,
    pub(super) ecs: aws_sdk_ecs::Client,
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) codedeploy: aws_sdk_codedeploy::Client,
    pub(super) codepipeline: aws_sdk_codepipeline::Client,
    pub(super) load_balancers: aws_sdk_elasticloadbalancingv2::Client,
    pub(super) alarms: aws_sdk_cloudwatch::Client,
    pub(super) scaling: aws_sdk_applicationautoscaling::Client,
    pub(super) mutations: Option<Mutations>,
    logs: aws_sdk_cloudwatchlogs::Client,
    logs_elsewhere: Mutex<HashMap<String, aws_sdk_cloudwatchlogs::Client>>,
    images: Mutex<HashMap<String, aws_sdk_ecr::Client>>,
}

impl Clients {
    /// Reads the configuration chain and makes the clients.
    pub(super) async fn load(options: &ConnectOptions, region: Option<&str>) -> Self {
        let config = load_config(options, region).await;
        let read_only = options.read_only;
        Self {
            ecs: ecs_client(&config, read_only),
            sts: sts_client(&config, read_only),
            codedeploy: codedeploy_client(&config, read_only),
            codepipeline: codepipeline_client(&config, read_only),
            load_balancers: load_balancer_client(&config, read_only),
            alarms: alarm_client(&config, read_only),
            scaling: scaling_client(&config, read_only),
            mutations: (!read_only).then(|| Mutations {
                ecs: ecs_client(&config, false),
                codedeploy: codedeploy_client(&config, false),
                codepipeline: codepipeline_client(&config, false),
            }),
            logs: logs_client(&config, read_only),
            logs_elsewhere: Mutex::default(),
            images: Mutex::default(),
            config,
            read_only,
        }
    }

    /// The Region that the chain names.
    pub(super) fn region(&self) -> Option<String> {
        self.config.region().map(ToString::to_string)
    }

    /// The endpoint for all services, where the flags, the environment or the profile name one.
    pub(super) fn endpoint(&self) -> Option<String> {
        self.config.endpoint_url().map(str::to_owned)
    }

    /// The client for the logs of a Region; `None` is the context's own Region.
    pub(super) fn logs(&self, region: Option<&str>) -> aws_sdk_cloudwatchlogs::Client {
        let Some(region) = region.filter(|region| self.region().as_deref() != Some(region)) else {
            return self.logs.clone();
        };
        locked(&self.logs_elsewhere)
            .entry(region.to_owned())
            .or_insert_with(|| {
                let mut builder = self.config.clone().into_builder();
                builder.set_region(Region::new(region.to_owned()));
                logs_client(&builder.build(), self.read_only)
            })
            .clone()
    }
}

impl Clients {
    /// The client for the images of a Region: those that a service runs can be kept in any.
    pub(super) fn images(&self, region: &str) -> aws_sdk_ecr::Client {
        locked(&self.images)
            .entry(region.to_owned())
            .or_insert_with(|| {
                let mut builder = self.config.clone().into_builder();
                builder.set_region(Region::new(region.to_owned()));
                image_client(&builder.build(), self.read_only)
            })
            .clone()
    }
}

async fn load_config(options: &ConnectOptions, region: Option<&str>) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(options.timeouts.connect)
        .operation_attempt_timeout(options.timeouts.answer)
        .build();
    // The time for a whole answer is bounded above: a second judgement of slow answers would only
    // give the same fault another name.
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Ok(name) = AppName::new(APP_NAME) {
        loader = loader.app_name(name);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    if let Some(endpoint) = &options.context.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if let Some(profile) = &options.context.profile {
        loader = loader.profile_name(profile);
    }
    match (&options.credentials, &options.context.profile) {
        (
            Credentials::Fixed {
                access_key_id,
                secret_access_key,
            },
            _,
        ) => {
            let keys = Keys::new(access_key_id, secret_access_key, None, None, APP_NAME);
            loader.credentials_provider(keys).load().await
        }
        // In the SDK's chain, keys in the environment win over a profile. Whoever names a profile
        // means that profile: keys left over from elsewhere must not lead to another account.
        (Credentials::Chain, Some(profile)) => {
            let provider = ProfileFileCredentialsProvider::builder()
                .profile_name(profile)
                .build();
            loader.credentials_provider(provider).load().await
        }
        (Credentials::Chain, None) => loader.load().await,
    }
}

/// The profile that the environment names, unless keys in the environment win over it.
pub(super) fn profile_of_environment() -> Option<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match set("AWS_ACCESS_KEY_ID") {
        Some(_) => None,
        None => set("AWS_PROFILE"),
    }
}

fn ecs_client(config: &SdkConfig, read_only: bool) -> aws_sdk_ecs::Client {
    let mut builder =
        aws_sdk_ecs::config::Builder::from(config).retry_config(RetryConfig::disabled());
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_ecs::Client::from_conf(builder.build())
}

fn sts_client(config: &SdkConfig, read_only: bool) -> aws_sdk_sts::Client {
    let mut builder =
        aws_sdk_sts::config::Builder::from(config).retry_config(RetryConfig::disabled());
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_sts::Client::from_conf(builder.build())
}

fn logs_client(config: &SdkConfig, read_only: bool) -> aws_sdk_cloudwatchlogs::Client {
    let mut builder = aws_sdk_cloudwatchlogs::config::Builder::from(config)
        .retry_config(RetryConfig::disabled())
        .interceptor(StreamHost);
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_cloudwatchlogs::Client::from_conf(builder.build())
}

fn codedeploy_client(config: &SdkConfig, read_only: bool) -> aws_sdk_codedeploy::Client {
    let mut builder =
        aws_sdk_codedeploy::config::Builder::from(config).retry_config(RetryConfig::disabled());
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_codedeploy::Client::from_conf(builder.build())
}

fn codepipeline_client(config: &SdkConfig, read_only: bool) -> aws_sdk_codepipeline::Client {
    let mut builder =
        aws_sdk_codepipeline::config::Builder::from(config).retry_config(RetryConfig::disabled());
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_codepipeline::Client::from_conf(builder.build())
}

fn load_balancer_client(
    config: &SdkConfig,
    read_only: bool,
) -> aws_sdk_elasticloadbalancingv2::Client {
    let mut builder = aws_sdk_elasticloadbalancingv2::config::Builder::from(config)
        .retry_config(RetryConfig::disabled());
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_elasticloadbalancingv2::Client::from_conf(builder.build())
}

fn alarm_client(config: &SdkConfig, read_only: bool) -> aws_sdk_cloudwatch::Client {
    let mut builder =
        aws_sdk_cloudwatch::config::Builder::from(config).retry_config(RetryConfig::disabled());
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_cloudwatch::Client::from_conf(builder.build())
}

fn scaling_client(config: &SdkConfig, read_only: bool) -> aws_sdk_applicationautoscaling::Client {
    let mut builder = aws_sdk_applicationautoscaling::config::Builder::from(config)
        .retry_config(RetryConfig::disabled());
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_applicationautoscaling::Client::from_conf(builder.build())
}

fn image_client(config: &SdkConfig, read_only: bool) -> aws_sdk_ecr::Client {
    let mut builder =
        aws_sdk_ecr::config::Builder::from(config).retry_config(RetryConfig::disabled());
    if read_only {
        builder = builder.interceptor(ReadOnly);
    }
    aws_sdk_ecr::Client::from_conf(builder.build())
}
