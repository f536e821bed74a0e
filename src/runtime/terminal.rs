//! The terminal: taken over, given back whatever happens.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Frame;
use ratatui::backend::CrosstermBackend;

/// The terminal that the cockpit draws on.
pub(super) type Terminal = ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Whether the terminal is ours: the panic hook and the guard restore it once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back when it is dropped.
pub(super) struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Takes the terminal over, and arranges that a panic gives it back before it speaks.
pub(super) fn take() -> io::Result<(Terminal, Guard)> {
    speak_after_restoring();
    enter()?;
    let guard = Guard;
    let backend = CrosstermBackend::new(BufWriter::with_capacity(64 * 1024, stdout()));
    Ok((Terminal::new(backend)?, guard))
}

/// A panic of the loop ends the program: the terminal is given back before it speaks. A panic in a
/// task of its own is caught there: it must not write over the screen, so it goes to the log.
fn speak_after_restoring() {
    let earlier = std::panic::take_hook();
    let drawing = std::thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == drawing {
            restore();
            earlier(panic);
        } else {
            tracing::error!("{panic}");
        }
    }));
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
}

/// Draws a frame that a terminal which knows synchronized updates shows as a whole: over a slow link
/// the upper half of a screen never speaks of another moment than the lower. Others ignore the marks.
pub(super) fn draw(terminal: &mut Terminal, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
    queue!(terminal.backend_mut(), BeginSynchronizedUpdate)?;
    let drawn = terminal.draw(render).map(|_| ());
    execute!(terminal.backend_mut(), EndSynchronizedUpdate)?;
    drawn
}

fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // There is nobody left to tell when the terminal itself is gone.
        let _screen = execute!(
            stdout(),
            EndSynchronizedUpdate,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show
        );
        let _mode = disable_raw_mode();
        let _flushed = stdout().flush();
    }
}

/// Hands the terminal to the shell, stops, and takes it over again when the shell continues us.
#[cfg(unix)]
pub(super) fn suspend(terminal: &mut Terminal) -> io::Result<()> {
    restore();
    rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
    enter()?;
    redraw(terminal)
}

/// There is no job control to hand the terminal to.
#[cfg(not(unix))]
pub(super) fn suspend(terminal: &mut Terminal) -> io::Result<()> {
    redraw(terminal)
}

/// Clears the terminal, so that the next frame draws every cell. `Terminal::clear` would ask the
/// terminal where its cursor is, and wait for an answer that the reader of the keys takes away.
pub(super) fn redraw(terminal: &mut Terminal) -> io::Result<()> {
    let size = terminal.size()?;
    terminal.resize(size.into())
}
