//! The action log on disk: one JSON object a line, appended and never changed.

use std::fs::{File, OpenOptions, create_dir_all};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::action_log::ActionRecord;

/// Appends to the action log.
#[derive(Clone, Debug)]
pub struct Recorder {
    path: PathBuf,
    one_at_a_time: Arc<Mutex<()>>,
}

impl Recorder {
    /// The log at a path; the file and its folder are made when the first line is written.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            one_at_a_time: Arc::default(),
        }
    }

    /// Where the log is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line and waits until the disk has it. Errors are those of the file system.
    pub fn append(&self, record: &ActionRecord) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        let _guard = self
            .one_at_a_time
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = self.path.parent() {
            create_dir_all(folder)?;
        }
        let mut file = open_private(&self.path)?;
        file.write_all(&line)?;
        file.sync_data()
    }

    /// The lines that are there already, the oldest first, and how many could not be read. A log
    /// that is not there yet is empty.
    pub fn read(&self) -> io::Result<(Vec<ActionRecord>, usize)> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            Err(error) => return Err(error),
        };
        let (mut records, mut unreadable) = (Vec::new(), 0);
        for line in BufReader::new(file).lines() {
            match serde_json::from_str(&line?) {
                Ok(record) => records.push(record),
                Err(_) => unreadable += 1,
            }
        }
        Ok((records, unreadable))
    }
}

/// The log names accounts and people: only its owner may read it.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action_log::RecordKind;
    use jiff::Timestamp;

    fn record(outcome: &str) -> ActionRecord {
        ActionRecord {
            time: Timestamp::from_second(1_000).unwrap(),
            kind: RecordKind::Sent,
            identity: None,
            account: Some("123456789012".into()),
            region: None,
            call: "aws ecs update-service".into(),
            target: "web".into(),
            outcome: outcome.into(),
            request_id: None,
        }
    }

    #[test]
    fn lines_are_appended_and_read_back_past_a_broken_one() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::new(folder.path().join("state/actions.jsonl"));
        assert_eq!(recorder.read().unwrap(), (vec![], 0));
        recorder.append(&record("one\nline")).unwrap();
        std::fs::OpenOptions::new()
            .append(true)
            .open(recorder.path())
            .unwrap()
            .write_all(b"{\"half\":\n")
            .unwrap();
        recorder.append(&record("two")).unwrap();
        let (records, unreadable) = recorder.read().unwrap();
        assert_eq!(records, [record("one\nline"), record("two")]);
        assert_eq!(unreadable, 1);
    }
}
