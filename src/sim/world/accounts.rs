//! The accounts of a world, and which one an access key belongs to.
//!
//! AWS tells the account of a key from records that nobody else has. Here it is a rule, so that any
//! client can reach any account: a key that a scenario names belongs to the account that names it,
//! a key of twelve digits belongs to the account with that number, and every other key belongs to
//! the default account of the scenario.

use super::DEFAULT_ACCOUNT;

/// How many digits the number of an account has.
const DIGITS: usize = 12;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// What people call it, such as `staging`.
    pub name: Option<String>,
    /// The access key that leads to it.
    pub access_key: String,
}

impl Account {
    /// An account without a name, whose access key is its number.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: None,
            access_key: id.to_owned(),
        }
    }
}

/// The accounts of a world.
#[derive(Clone, Debug)]
pub struct Accounts {
    default: String,
    named: Vec<Account>,
}

impl Default for Accounts {
    /// The default account of the simulator alone.
    fn default() -> Self {
        Self::new(DEFAULT_ACCOUNT)
    }
}

impl Accounts {
    /// Accounts of which `default` is the one that unknown keys belong to.
    pub fn new(default: &str) -> Self {
        Self {
            default: default.to_owned(),
            named: vec![Account::new(default)],
        }
    }

    /// The account that unknown keys belong to.
    pub fn default_id(&self) -> &str {
        &self.default
    }

    /// Every account that the world was made with, the default one first.
    pub fn all(&self) -> &[Account] {
        &self.named
    }

    /// Adds an account, or says more about one that is there.
    pub fn put(&mut self, account: Account) {
        match self.named.iter_mut().find(|one| one.id == account.id) {
            Some(known) => *known = account,
            None => self.named.push(account),
        }
    }

    /// Adds an account of which nothing but its number is known, if it isn't there yet.
    pub fn meet(&mut self, id: &str) {
        if self.named.iter().all(|one| one.id != id) {
            self.named.push(Account::new(id));
        }
    }

    /// The number of the account that an access key belongs to.
    pub fn of_key<'a>(&'a self, access_key: &'a str) -> &'a str {
        let named = self.named.iter().find(|one| one.access_key == access_key);
        match named {
            Some(account) => &account.id,
            None if is_account_id(access_key) => access_key,
            None => &self.default,
        }
    }
}

/// Whether a text is the number of an account.
pub fn is_account_id(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The ARN of the caller in an account: everybody who calls is the person on call, signed in
/// through a role.
pub fn caller_arn(account: &str) -> String {
    format!("arn:aws:sts::{account}:assumed-role/oncall/oncall")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_to_its_account() {
        let mut accounts = Accounts::new("111122223333");
        accounts.put(Account {
            id: "444455556666".to_owned(),
            name: Some("staging".to_owned()),
            access_key: "AKIASTAGING".to_owned(),
        });
        for (key, account) in [
            ("AKIASTAGING", "444455556666"),
            ("444455556666", "444455556666"),
            ("777788889999", "777788889999"),
            ("AKIAOTHER", "111122223333"),
            ("", "111122223333"),
            ("77778888999", "111122223333"),
            ("77778888999x", "111122223333"),
        ] {
            assert_eq!(accounts.of_key(key), account, "{key}");
        }
    }

    #[test]
    fn an_account_is_there_once() {
        let mut accounts = Accounts::default();
        accounts.meet(DEFAULT_ACCOUNT);
        accounts.meet("444455556666");
        accounts.put(Account {
            id: "444455556666".to_owned(),
            name: Some("staging".to_owned()),
            access_key: "AKIASTAGING".to_owned(),
        });
        accounts.meet("444455556666");
        let names: Vec<_> = accounts
            .all()
            .iter()
            .map(|one| one.name.as_deref())
            .collect();
        assert_eq!(names, [None, Some("staging")]);
    }
}
