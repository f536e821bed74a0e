//! The configuration: where it lives, what it may say, and which source wins.
//!
//! A flag wins over an environment variable, that wins over the file, and that wins over the
//! default. One table, [`table::SETTINGS`], names every setting: reading, `config init`,
//! `config show` and the tests of the documentation all go through it.

pub mod background;
pub mod document;
#[cfg(test)]
mod documentation;
pub mod duration;
pub mod error;
pub mod file;
pub mod finding;
pub mod flags;
pub mod init;
pub mod load;
pub mod origin;
pub mod paths;
pub mod pattern;
pub mod settings;
pub mod show;
pub mod suggest;
pub mod table;
pub mod terminal;
pub mod theme;

/// How an environment variable is looked up. It is a parameter everywhere, so that the rules can
/// be tested without changing the environment of the process.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Looks a variable up and treats an empty value as one that is not set.
pub fn non_empty(environment: Lookup<'_>, name: &str) -> Option<String> {
    environment(name).filter(|value| !value.is_empty())
}
