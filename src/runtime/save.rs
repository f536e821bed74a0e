//! Writes text to a file that is not there yet, away from the loop.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use tokio::sync::mpsc;

use crate::app::effect::Save;
use crate::app::msg::{Msg, Saved};

/// Files of one name that are tried before giving up.
const MOST_NUMBERS: u32 = 10_000;

/// Where files go.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// The folder for a file without a path.
    pub folder: PathBuf,
    /// What `~` stands for.
    pub home: Option<PathBuf>,
}

/// Writes a file, and tells how it went. A message is sent in any case.
pub(super) fn save(places: Places, save: Save, messages: mpsc::Sender<Msg>) {
    tokio::task::spawn_blocking(move || {
        let outcome = places.write(save);
        if let Err(why) = &outcome {
            tracing::warn!("not saved: {why}");
        }
        // The receiver is gone only when the program ends.
        let _ended = messages.blocking_send(Msg::Saved(outcome));
    });
}

impl Places {
    /// Writes what is to be saved. The error says what could not be done with which file.
    fn write(&self, save: Save) -> Result<Saved, String> {
        let told = |path: &Path, error: &io::Error| format!("{}: {error}", self.shown(path));
        let wanted = match &save.path {
            Some(typed) => self.read(typed, &save.name),
            None => {
                private_folder(&self.folder).map_err(|error| told(&self.folder, &error))?;
                self.folder.join(&save.name)
            }
        };
        let (path, file) = create(&wanted).map_err(|error| told(&wanted, &error))?;
        match fill(file, save) {
            Ok((lines, bytes)) => Ok(Saved {
                path: self.shown(&path),
                lines,
                bytes,
            }),
            Err(error) => {
                // It was made a moment ago, and half a file is worse than none.
                let _gone = std::fs::remove_file(&path);
                Err(told(&path, &error))
            }
        }
    }

    /// The file that a typed path means: in a folder the one of the name.
    fn read(&self, typed: &str, name: &str) -> PathBuf {
        let home = self.home.as_ref();
        let path = match (typed.strip_prefix('~'), home) {
            (Some(""), Some(home)) => home.clone(),
            (Some(rest), Some(home)) if rest.starts_with(MAIN_SEPARATOR) => {
                home.join(rest.trim_start_matches(MAIN_SEPARATOR))
            }
            _ => PathBuf::from(typed),
        };
        if path.is_dir() || typed.ends_with(MAIN_SEPARATOR) {
            path.join(name)
        } else {
            path
        }
    }

    /// A path as a person would write it.
    fn shown(&self, path: &Path) -> String {
        let home = self.home.as_ref();
        let below = home.and_then(|home| path.strip_prefix(home).ok());
        match below {
            Some(below) => format!("~{MAIN_SEPARATOR}{}", below.display()),
            None => path.display().to_string(),
        }
    }
}

/// Makes a folder that only its owner may look into: log lines can hold secrets.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Makes a file. Where there is one already its name gets a number, and nothing is overwritten.
fn create(wanted: &Path) -> io::Result<(PathBuf, File)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut path = wanted.to_path_buf();
    for number in 2..MOST_NUMBERS {
        match options.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                path = numbered(wanted, number);
            }
            outcome => return outcome.map(|file| (path, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// `web.log` with a number: `web-2.log`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match path.extension() {
        Some(ending) => format!("{stem}-{number}.{}", ending.to_string_lossy()),
        None => format!("{stem}-{number}"),
    };
    path.with_file_name(name)
}

/// Writes the text, and tells how many lines and bytes there are.
fn fill(file: File, save: Save) -> io::Result<(usize, usize)> {
    let mut file = BufWriter::new(file);
    let (mut lines, mut bytes) = (0, 0);
    for (text, entries) in save.content.parts() {
        file.write_all(text.as_bytes())?;
        lines += entries;
        bytes += text.len();
    }
    file.flush()?;
    Ok((lines, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effect::Effect;
    use crate::app::fixture::{press, reading_lines};

    /// What `ctrl-s` on a logs screen wants done.
    fn wanted(path: Option<&str>) -> Save {
        let mut model = reading_lines(3);
        match press(&mut model, "ctrl-s").pop() {
            Some(Effect::Save(save)) => Save {
                path: path.map(str::to_owned),
                ..*save
            },
            other => panic!("{other:?}"),
        }
    }

    fn places(home: &Path) -> Places {
        Places {
            folder: home.join("state/saved"),
            home: Some(home.to_owned()),
        }
    }

    #[test]
    fn a_file_is_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let places = places(home.path());
        let first = places.write(wanted(None)).unwrap();
        let second = places.write(wanted(None)).unwrap();
        assert_eq!(first.path, "~/state/saved/web-19700101-003320.log");
        assert_eq!(second.path, "~/state/saved/web-19700101-003320-2.log");
        assert_eq!((first.lines, first.bytes), (second.lines, second.bytes));
        let text = std::fs::read_to_string(home.path().join(&first.path[2..])).unwrap();
        assert_eq!(text.len(), first.bytes);
        assert!(text.contains("one app line 0\n"), "{text}");
    }

    #[test]
    fn a_path_may_be_a_folder_or_begin_at_home() {
        let home = tempfile::tempdir().unwrap();
        let places = places(home.path());
        let name = "web-19700101-003320.log";
        let folder = places.write(wanted(Some("~"))).unwrap();
        assert_eq!(folder.path, format!("~/{name}"));
        let file = places.write(wanted(Some("~/evidence"))).unwrap();
        assert_eq!(file.path, "~/evidence");
        let again = places.write(wanted(Some("~/evidence"))).unwrap();
        assert_eq!(again.path, "~/evidence-2");
    }

    #[test]
    fn what_cannot_be_written_is_said_with_its_path() {
        let home = tempfile::tempdir().unwrap();
        let places = places(home.path());
        let why = places.write(wanted(Some("~/nowhere/web.log"))).unwrap_err();
        assert!(why.starts_with("~/nowhere/web.log: No such file"), "{why}");
        std::fs::write(home.path().join("state"), "no folder").unwrap();
        let why = places.write(wanted(None)).unwrap_err();
        assert!(why.starts_with("~/state/saved: "), "{why}");
    }

    #[test]
    #[cfg(unix)]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let saved = places(home.path()).write(wanted(None)).unwrap();
        let mode = |path: &str| {
            let path = home.path().join(path);
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode(&saved.path[2..]), 0o600);
        assert_eq!(mode("state/saved"), 0o700);
    }
}
