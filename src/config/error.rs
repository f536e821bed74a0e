//! Why a configuration could not be read or written.

use std::io;
use std::path::PathBuf;

use super::finding::{Finding, join};

/// What stops the program before it starts. Each text says what was tried, what happened and what
/// to do next.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The home directory is needed for the default paths, and there is none.
    #[error(
        "cannot tell where the configuration lives: there is no home directory; \
         set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME"
    )]
    NoHome,

    /// The file is there, or was asked for by name, and cannot be read.
    #[error(
        "cannot read the configuration {path}: {source}; \
         check the path, or leave out --config and CUTOVER_CONFIG to use the default file"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// Values that cannot be used, all of them at once.
    #[error(
        "the configuration cannot be used:\n{}\nCorrect these. To see every setting with \
         its default: cutover config init --config NEW_FILE",
        join(findings)
    )]
    Invalid {
        /// Every value that was refused, in the order of the sources.
        findings: Vec<Finding>,
    },

    /// `config init` found a file and was not told to replace it.
    #[error(
        "will not overwrite the configuration {path}: it exists; add --force to replace it, \
         or name another file with --config"
    )]
    Exists {
        /// The file that is there.
        path: PathBuf,
    },

    /// `config init` could not write.
    #[error(
        "cannot write the configuration {path}: {source}; check that you may write there, \
         or name another file with --config"
    )]
    Write {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
