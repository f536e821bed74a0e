//! The accounts of a scenario.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::file::File;
use crate::sim::world::DEFAULT_ACCOUNT;
use crate::sim::world::accounts::{Account, Accounts, is_account_id};

/// What a scenario says about accounts: nothing, the number of the one that there is, or several,
/// of which the first is the default.
#[derive(Clone, Debug, Default)]
pub enum AccountsEntry {
    /// The default account of the simulator.
    #[default]
    Absent,
    /// `account = "…"`.
    One(String),
    /// `[[account]]`.
    Several(Vec<AccountEntry>),
}

impl AccountsEntry {
    /// The account of everything that doesn't name one.
    pub fn default_id(&self) -> &str {
        match self {
            Self::Absent => DEFAULT_ACCOUNT,
            Self::One(id) => id,
            Self::Several(entries) => entries
                .first()
                .map_or(DEFAULT_ACCOUNT, |entry| entry.id.get_ref()),
        }
    }

    fn several(&self) -> &[AccountEntry] {
        match self {
            Self::Several(entries) => entries,
            Self::Absent | Self::One(_) => &[],
        }
    }
}

impl<'de> Deserialize<'de> for AccountsEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrSeveral)
    }
}

/// Reads a text or a list of tables; an untagged enum would lose the lines of its errors.
struct OneOrSeveral;

impl<'de> Visitor<'de> for OneOrSeveral {
    type Value = AccountsEntry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the number of an account, or [[account]] tables")
    }

    fn visit_str<E>(self, text: &str) -> Result<AccountsEntry, E> {
        Ok(AccountsEntry::One(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut tables: A) -> Result<AccountsEntry, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = tables.next_element()? {
            entries.push(entry);
        }
        Ok(AccountsEntry::Several(entries))
    }
}

/// An account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountEntry {
    /// Twelve digits.
    pub id: Spanned<String>,
    /// What people call it.
    pub name: Option<String>,
    /// The access key that leads to it; its twelve digits without it.
    pub access_key: Option<String>,
}

impl AccountEntry {
    fn account(&self) -> Account {
        let id = self.id.get_ref();
        Account {
            name: self.name.clone(),
            access_key: self.access_key.clone().unwrap_or_else(|| id.clone()),
            ..Account::new(id)
        }
    }
}

/// The accounts of `file`: those it names, and those of its clusters. The error has the entry that
/// is wrong.
pub fn accounts(file: &File) -> Result<Accounts, (&Spanned<String>, String)> {
    let mut accounts = Accounts::new(file.account.default_id());
    let mut seen: Vec<Account> = Vec::new();
    for entry in file.account.several() {
        let account = entry.account();
        if !is_account_id(&account.id) {
            let problem = format!("'{}' is not an account, which has 12 digits", account.id);
            return Err((&entry.id, problem));
        }
        let twice = seen
            .iter()
            .any(|one| one.id == account.id || one.access_key == account.access_key);
        if twice {
            let problem = "two accounts have the same id or the same access key".to_owned();
            return Err((&entry.id, problem));
        }
        accounts.put(account.clone());
        seen.push(account);
    }
    for cluster in &file.cluster {
        if let Some(account) = &cluster.account {
            accounts.meet(account);
        }
    }
    Ok(accounts)
}
