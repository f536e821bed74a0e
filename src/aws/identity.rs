//! Who the calls are made as.

use super::Aws;
use super::budget::Group;
use super::call::Operation;
use super::failure::of_kind;
use crate::domain::context::Identity;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::printable;

const GET_CALLER_IDENTITY: Operation =
    Operation::new("sts:GetCallerIdentity", Group::IdentityReads);

impl Aws {
    /// The account and the ARN that calls are made as. Needs no permission.
    pub async fn identity(&self) -> Result<Identity, Failure> {
        let answer = self
            .call(GET_CALLER_IDENTITY, |clients| {
                clients.sts.get_caller_identity().send()
            })
            .await?;
        match (answer.account(), answer.arn()) {
            (Some(account), Some(arn)) => Ok(Identity {
                account: printable(account),
                arn: printable(arn),
            }),
            _ => Err(of_kind(
                GET_CALLER_IDENTITY.name,
                FailureKind::Garbled,
                "the answer names no account",
            )),
        }
    }
}
