//! The program in a pseudo-terminal: types keys, and waits until the screen says something.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

use crate::simulator::Simulator;

/// How long a condition may take before the test fails. Nothing waits this long when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const TAB: &str = "\t";
pub const DOWN: &str = "\x1b[B";

type Shared = Arc<(Mutex<Output>, Condvar)>;

struct Output {
    parser: vt100::Parser,
    /// What a terminal that knows synchronized updates shows: no frame that is half drawn.
    shown: vt100::Screen,
    raw: Vec<u8>,
    closed: bool,
}

/// Where a frame begins and where it ends.
const FRAME: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

impl Output {
    fn new(columns: u16, rows: u16) -> Self {
        let parser = vt100::Parser::new(nonzero(rows), nonzero(columns), 0);
        Self {
            shown: parser.screen().clone(),
            parser,
            raw: Vec::new(),
            closed: false,
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        // A byte at a time, as a mark may lie across two reads.
        let mut within = self.draws();
        for byte in bytes {
            self.raw.push(*byte);
            self.parser.process(std::slice::from_ref(byte));
            if self.raw.ends_with(FRAME.0) {
                within = true;
            } else if self.raw.ends_with(FRAME.1) {
                within = false;
                self.shown = self.parser.screen().clone();
            }
        }
        if !within {
            self.shown = self.parser.screen().clone();
        }
    }

    /// Whether a frame has begun that has not ended.
    fn draws(&self) -> bool {
        let mut windows = self.raw.windows(FRAME.0.len()).rev();
        windows.find(|last| *last == FRAME.0 || *last == FRAME.1) == Some(FRAME.0)
    }
}

pub struct Cockpit {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Shared,
    _home: TempDir,
}

impl Cockpit {
    /// Opens the cockpit on a simulator, at 120x40.
    pub fn open(simulator: &Simulator, arguments: &[&str]) -> Self {
        let endpoint = simulator.endpoint();
        let mut all = vec!["demo", "--at", &endpoint];
        all.extend(arguments);
        Self::run(&all, &[], 120, 40)
    }

    /// Runs the program in a terminal of a size, with a home of its own.
    pub fn run(arguments: &[&str], environment: &[(&str, &str)], columns: u16, rows: u16) -> Self {
        let home = tempfile::tempdir().unwrap();
        Self::run_in(home, arguments, environment, columns, rows)
    }

    /// Runs the program with a home that is prepared.
    pub fn run_in(
        home: TempDir,
        arguments: &[&str],
        environment: &[(&str, &str)],
        columns: u16,
        rows: u16,
    ) -> Self {
        let program = env!("CARGO_BIN_EXE_cutover");
        Self::spawn(program, home, arguments, environment, (columns, rows))
    }

    /// Runs another program, such as a shell.
    pub fn run_program(
        program: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
        columns: u16,
        rows: u16,
    ) -> Self {
        let home = tempfile::tempdir().unwrap();
        Self::spawn(program, home, arguments, environment, (columns, rows))
    }

    fn spawn(
        program: &str,
        home: TempDir,
        arguments: &[&str],
        environment: &[(&str, &str)],
        (columns, rows): (u16, u16),
    ) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("COLORFGBG", "15;0");
        command.env("TZ", "UTC");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let output: Shared = Arc::new((Mutex::new(Output::new(columns, rows)), Condvar::new()));
        let reader = pair.master.try_clone_reader().unwrap();
        std::thread::spawn({
            let output = output.clone();
            move || read(reader, &output)
        });
        let writer = pair.master.take_writer().unwrap();
        Self {
            child,
            master: pair.master,
            writer,
            output,
            _home: home,
        }
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        self.wait(&format!("the screen to show {text:?}"), |screen| {
            screen.contains(text)
        })
    }

    /// Waits until the screen shows a text no longer.
    #[track_caller]
    pub fn sees_no_more(&mut self, text: &str) -> &mut Self {
        self.wait(&format!("{text:?} to go away"), |screen| {
            !screen.contains(text)
        })
    }

    /// Waits until the screen satisfies a condition.
    #[track_caller]
    pub fn wait(&mut self, what: &str, condition: impl Fn(&str) -> bool) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        let (lock, changed) = &*self.output;
        let mut output = lock.lock().unwrap();
        loop {
            let screen = output.shown.contents();
            if condition(&screen) {
                break;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !output.closed,
                "waited for {what}; the screen is:\n{screen}"
            );
            output = changed.wait_timeout(output, left).unwrap().0;
        }
        drop(output);
        self
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.output.0.lock().unwrap().shown.contents()
    }

    /// Looks at the screen with its colours.
    pub fn with_screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(&self.output.0.lock().unwrap().shown)
    }

    /// Everything that the program wrote.
    pub fn raw(&self) -> Vec<u8> {
        self.output.0.lock().unwrap().raw.clone()
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.output
            .0
            .lock()
            .unwrap()
            .parser
            .screen_mut()
            .set_size(nonzero(rows), nonzero(columns));
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).unwrap();
        self
    }

    /// The process, to send it signals.
    pub fn process_id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Waits until the program has ended and everything it wrote was read, and returns its exit code.
    #[track_caller]
    pub fn ends(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        let (lock, changed) = &*self.output;
        let mut output = lock.lock().unwrap();
        while !output.closed {
            let left = deadline.saturating_duration_since(Instant::now());
            let screen = output.shown.contents();
            assert!(
                !left.is_zero(),
                "waited for the program to end; the screen is:\n{screen}"
            );
            output = changed.wait_timeout(output, left).unwrap().0;
        }
        drop(output);
        self.child.wait().unwrap().exit_code()
    }

    /// Whether the shell has its screen and its cursor. Shells turn bracketed paste on themselves.
    pub fn shows_the_shell(&self) -> bool {
        let output = self.output.0.lock().unwrap();
        let screen = &output.shown;
        !screen.alternate_screen() && !screen.hide_cursor()
    }

    /// Whether the terminal was left as it was found: no alternate screen, a visible cursor, no
    /// bracketed paste.
    pub fn terminal_is_restored(&self) -> bool {
        let output = self.output.0.lock().unwrap();
        let screen = &output.shown;
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    }
}

impl Drop for Cockpit {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
    }
}

fn nonzero(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).expect("a terminal has at least one cell")
}

fn read(mut reader: Box<dyn Read + Send>, output: &Shared) {
    let mut buffer = [0; 8192];
    let (lock, changed) = &**output;
    loop {
        let count = reader.read(&mut buffer).unwrap_or(0);
        // A test that failed while it looked has said all there is to say.
        let Ok(mut output) = lock.lock() else { return };
        if count == 0 {
            output.closed = true;
        } else {
            output.take(&buffer[..count]);
        }
        changed.notify_all();
        if count == 0 {
            return;
        }
    }
}
