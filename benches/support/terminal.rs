//! The real program in a pseudo-terminal, with the moment at which each piece of output came.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;
use vt100::Screen;

/// How long a condition may take before the bench gives up.
const PATIENCE: Duration = Duration::from_mins(3);

/// Columns and rows of the terminal.
pub const COLUMNS: u16 = 200;
/// Rows of the terminal.
pub const ROWS: u16 = 50;

/// A piece of output, and when it was read.
struct Piece {
    at: Instant,
    bytes: Vec<u8>,
}

/// The program in a terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    pieces: Receiver<Piece>,
    parser: vt100::Parser,
    started: Instant,
    _home: TempDir,
}

impl Terminal {
    /// Starts the program with a home of its own.
    pub fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let command = command(&home, arguments, environment);
        let reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, pieces) = channel();
        std::thread::spawn(move || read(reader, &sender));
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let cells = |count| NonZeroU16::new(count).unwrap();
        Self {
            child,
            _master: pair.master,
            writer,
            pieces,
            parser: vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0),
            started,
            _home: home,
        }
    }

    /// The moment just before the program was started.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Types, and tells when.
    pub fn type_keys(&mut self, keys: &str) -> Instant {
        let at = Instant::now();
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        at
    }

    /// Takes in output until the screen satisfies a condition, and tells when the piece of output
    /// came that made it do so.
    pub fn until(&mut self, what: &str, condition: impl Fn(&Screen) -> bool) -> Instant {
        let deadline = Instant::now() + PATIENCE;
        let mut at = Instant::now();
        while !condition(self.screen()) {
            at = self.piece(deadline).unwrap_or_else(|| {
                let screen = self.screen().contents();
                panic!("waited for {what}; the screen is:\n{screen}")
            });
        }
        at
    }

    /// Takes in output until a moment.
    pub fn take_in(&mut self, until: Instant) {
        while self.piece(until).is_some() {}
    }

    /// The screen as far as output was taken in.
    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// Takes in the next piece of output, and tells when it came; `None` when none came until a
    /// moment.
    fn piece(&mut self, until: Instant) -> Option<Instant> {
        let left = until.saturating_duration_since(Instant::now());
        match self.pieces.recv_timeout(left) {
            Ok(piece) => {
                self.parser.process(&piece.bytes);
                Some(piece.at)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!(
                "the program ended; the screen is:\n{}",
                self.screen().contents()
            ),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The lines of the screen.
pub fn lines(screen: &Screen) -> impl Iterator<Item = String> {
    screen.rows(0, COLUMNS)
}

fn command(home: &TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cutover"));
    command.args(arguments);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.env("COLORFGBG", "15;0");
    command.env("TZ", "UTC");
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    for (name, value) in environment {
        command.env(name, value);
    }
    command
}

fn read(mut reader: Box<dyn Read + Send>, pieces: &Sender<Piece>) {
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = reader.read(&mut buffer).unwrap_or(0);
        let piece = Piece {
            at: Instant::now(),
            bytes: buffer[..count].to_vec(),
        };
        if count == 0 || pieces.send(piece).is_err() {
            return;
        }
    }
}
