//! The loop: it awaits nothing but the next message, drains what is ready, updates, and draws when
//! a frame is due.

use std::future::Future;
use std::io::{self, Write};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{Event, EventStream};
use crossterm::execute;
use futures_util::StreamExt;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::clock::Clock;
use super::effects::Doer;
use super::feed::{self, Feeder, Patience};
use super::frames::{Cause, Frames};
use super::link;
use super::look::LookSource;
use super::notify;
use super::poll::Asker;
use super::poller::Poller;
use super::recorder::Recorder;
use super::save::{self, Places};
use super::terminal::{self, Terminal};
use crate::app::effect::Effect;
use crate::app::feed::log_feed;
use crate::app::interest::subscriptions;
use crate::app::model::{Model, Preferences};
use crate::app::msg::Msg;
use crate::app::update::{settle, update};
use crate::aws::Aws;
use crate::config::background::{BACKGROUND_QUERY, BackgroundReply, Reply};
use crate::config::paths::Paths;
use crate::config::settings::GateNotice;
use crate::config::theme::load::ThemeError;
use crate::domain::context::Context;
use crate::keys::Keymap;
use crate::view::{self, Look, Shown};

/// How often ages and countdowns move on.
const TICK: Duration = Duration::from_millis(250);
/// Messages that wait for the loop; past that, polls wait.
const WAITING_MESSAGES: usize = 1024;
/// Messages that are taken in before the next frame.
const DRAINED_AT_ONCE: usize = 512;
/// Messages with log lines that are taken in before a key is looked for again.
const FED_AT_ONCE: usize = 4;

/// Connects in the background, so that the first frame does not wait for it.
pub type Connecting = Pin<Box<dyn Future<Output = Result<Aws, anyhow::Error>> + Send>>;

/// Everything that the cockpit is opened with.
pub struct Cockpit {
    /// What the configuration says to the core.
    pub preferences: Preferences,
    /// The keys.
    pub keymap: Keymap,
    /// The context, as far as it is known before connecting.
    pub context: Context,
    /// The connection in the making.
    pub connecting: Connecting,
    /// The time.
    pub clock: Clock,
    /// How it looks.
    pub look: LookSource,
    /// The action log.
    pub recorder: Recorder,
    /// The folder for files that are saved without a path.
    pub saved_dir: PathBuf,
    /// How the terminal is told that a gate has appeared.
    pub notify_gates: GateNotice,
    /// What the person should know from the start, such as warnings about the configuration.
    pub notices: Vec<String>,
}

/// Why the cockpit could not open, or had to close.
#[derive(Debug, Error)]
pub enum CockpitError {
    /// The terminal cannot be used.
    #[error("failed to use the terminal")]
    Terminal(#[from] io::Error),
    /// The theme cannot be read.
    #[error(transparent)]
    Theme(#[from] ThemeError),
    /// The simulated AWS could not start.
    #[error("failed to connect")]
    Connect(#[source] anyhow::Error),
}

/// Opens the cockpit, and returns when the person closes it.
pub async fn run(cockpit: Cockpit) -> Result<(), CockpitError> {
    let (look, theme_notices) = cockpit.look.make()?;
    let (terminal, guard) = terminal::take()?;
    let (sender, receiver) = mpsc::channel(WAITING_MESSAGES);
    let (feed_sender, fed) = mpsc::channel(feed::WAITING_MESSAGES);
    let now = cockpit.clock.now();
    let mut model = Model::new(
        cockpit.preferences,
        cockpit.keymap,
        vec![cockpit.context],
        now,
    );
    let notices: Vec<&String> = cockpit.notices.iter().chain(&theme_notices).collect();
    for notice in &notices {
        tracing::warn!("{notice}");
    }
    match notices.as_slice() {
        [] => {}
        [only] => model.warn(*only),
        [first, others @ ..] => model.warn(format!("{first} (and {} more: :log)", others.len())),
    }
    take_action_log(&mut model, &cockpit.recorder);
    let mut event_loop = EventLoop {
        model,
        look,
        look_source: cockpit.look,
        terminal,
        clock: cockpit.clock,
        recorder: cockpit.recorder,
        places: Places {
            folder: cockpit.saved_dir,
            home: Paths::home(),
        },
        notify_gates: cockpit.notify_gates,
        sender,
        receiver,
        feed_sender,
        fed,
        connected: None,
        background: BackgroundReply::default(),
        quit: false,
    };
    let outcome = event_loop.run(cockpit.connecting).await;
    drop(guard);
    outcome
}

fn take_action_log(model: &mut Model, recorder: &Recorder) {
    match recorder.read() {
        Ok((records, unreadable)) => {
            for record in records {
                model.note_action(record);
            }
            if unreadable > 0 {
                tracing::warn!("{unreadable} lines of the action log could not be read");
            }
        }
        Err(error) => {
            let path = recorder.path().display();
            model.warn(format!("the action log {path} could not be read: {error}"));
        }
    }
}

struct Connected {
    poller: Poller,
    feeder: Feeder,
    doer: Doer,
    aws: Aws,
}

struct EventLoop {
    model: Model,
    look: Look,
    look_source: LookSource,
    terminal: Terminal,
    clock: Clock,
    recorder: Recorder,
    places: Places,
    notify_gates: GateNotice,
    sender: mpsc::Sender<Msg>,
    receiver: mpsc::Receiver<Msg>,
    feed_sender: mpsc::Sender<Msg>,
    fed: mpsc::Receiver<Msg>,
    connected: Option<Connected>,
    background: BackgroundReply,
    quit: bool,
}

impl EventLoop {
    async fn run(&mut self, connecting: Connecting) -> Result<(), CockpitError> {
        let size = self.terminal.size()?;
        self.take(Msg::Resize {
            columns: size.width,
            rows: size.height,
        })?;
        self.draw()?;
        if self.look_source.wants_background() {
            io::stdout().write_all(BACKGROUND_QUERY.as_bytes())?;
            io::stdout().flush()?;
        }
        let mut connecting = Some(connecting);
        let mut keys = EventStream::new();
        let mut signals = Signals::new()?;
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut frames = Frames::new(Instant::now());
        while !self.quit {
            tokio::select! {
                biased;
                () = frame(frames.due()) => {
                    self.draw()?;
                    frames.drawn(Instant::now());
                    continue;
                }
                event = keys.next() => match event {
                    Some(event) => {
                        self.event(event?)?;
                        frames.want(Cause::Key);
                    }
                    None => return Ok(()),
                },
                Some(message) = self.receiver.recv() => self.take(message)?,
                Some(message) = self.fed.recv() => self.take(message)?,
                made = connected(&mut connecting) => {
                    self.connect(made.map_err(CockpitError::Connect)?)?;
                }
                () = signals.end() => return Ok(()),
                _ = ticks.tick() => self.tick()?,
            }
            self.drain()?;
            let effects = settle(&mut self.model);
            self.perform(effects)?;
            self.reconcile();
            frames.want(Cause::Background);
        }
        Ok(())
    }

    /// Takes in the messages that are there already.
    fn drain(&mut self) -> Result<(), CockpitError> {
        for _ in 0..DRAINED_AT_ONCE {
            match self.receiver.try_recv() {
                Ok(message) => self.take(message)?,
                Err(_) => break,
            }
        }
        for _ in 0..FED_AT_ONCE {
            match self.fed.try_recv() {
                Ok(message) => self.take(message)?,
                Err(_) => break,
            }
        }
        Ok(())
    }

    fn take(&mut self, message: Msg) -> Result<(), CockpitError> {
        let effects = update(&mut self.model, self.clock.now(), message);
        self.perform(effects)
    }

    fn tick(&mut self) -> Result<(), CockpitError> {
        tui_logger::move_events();
        if let Some(connected) = &self.connected {
            let meter = connected.aws.meter();
            self.take(Msg::Metered {
                context: connected.aws.context().id,
                calls_per_minute: meter.calls_last_minute,
                slowed: !meter.slowed.is_empty(),
            })?;
        }
        self.take(Msg::Tick)
    }

    fn event(&mut self, event: Event) -> Result<(), CockpitError> {
        #[cfg(debug_assertions)]
        rehearse_panic(&event);
        match event {
            Event::Key(key) => match self.background.take(key) {
                Reply::Held => {}
                Reply::Keys(keys) => {
                    for key in keys {
                        self.take(Msg::Key(key))?;
                    }
                }
                Reply::Answer(background) => {
                    self.look_source.background = background;
                    self.look = self.look_source.make()?.0;
                }
            },
            Event::Paste(text) => self.take(Msg::Paste(text))?,
            Event::Resize(columns, rows) => self.take(Msg::Resize { columns, rows })?,
            Event::FocusGained | Event::FocusLost | Event::Mouse(_) => {}
        }
        Ok(())
    }

    fn connect(&mut self, aws: Aws) -> Result<(), CockpitError> {
        let asker = Asker {
            aws: aws.clone(),
            messages: self.sender.clone(),
            clock: self.clock.clone(),
        };
        let doer = Doer {
            aws: aws.clone(),
            messages: self.sender.clone(),
            clock: self.clock.clone(),
            recorder: self.recorder.clone(),
            production: Arc::new(self.model.preferences.production.clone()),
        };
        let feeder = Feeder::new(
            aws.clone(),
            self.feed_sender.clone(),
            self.clock.clone(),
            Patience::default(),
        );
        let context = aws.context().clone();
        tracing::info!(
            "connected: profile {}, Region {}, endpoint {}",
            context.profile.as_deref().unwrap_or("of the chain"),
            context.region.as_deref().unwrap_or("not known"),
            context.endpoint.as_deref().unwrap_or("AWS's own"),
        );
        self.connected = Some(Connected {
            poller: Poller::new(asker),
            feeder,
            doer,
            aws,
        });
        self.take(Msg::Connected(context))
    }

    fn reconcile(&mut self) {
        if let Some(connected) = &mut self.connected {
            connected.poller.reconcile(&subscriptions(&self.model));
            connected.feeder.reconcile(log_feed(&self.model));
        }
    }

    fn draw(&mut self) -> Result<(), CockpitError> {
        let (model, look) = (&self.model, &self.look);
        let mut shown = Shown::default();
        terminal::draw(&mut self.terminal, |frame| {
            shown = view::draw(frame, model, look);
        })?;
        let Shown { furthest, bottom } = shown;
        self.take(Msg::Scrollable { furthest, bottom })
    }

    fn perform(&mut self, effects: Vec<Effect>) -> Result<(), CockpitError> {
        for effect in effects {
            self.effect(effect)?;
        }
        Ok(())
    }

    fn effect(&mut self, effect: Effect) -> Result<(), CockpitError> {
        match effect {
            Effect::Quit => self.quit = true,
            Effect::Suspend => {
                terminal::suspend(&mut self.terminal)?;
                let size = self.terminal.size()?;
                self.take(Msg::Resize {
                    columns: size.width,
                    rows: size.height,
                })?;
            }
            Effect::Redraw => terminal::redraw(&mut self.terminal)?,
            Effect::Copy(text) => execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))?,
            Effect::Notify(text) => notify::tell(&mut io::stdout(), self.notify_gates, &text)?,
            Effect::OpenLink(url) => self.open_link(url)?,
            // Without room for it the next tick goes on.
            Effect::Sift => drop(self.sender.try_send(Msg::Sift)),
            Effect::Save(wanted) => save::save(self.places.clone(), *wanted, self.sender.clone()),
            Effect::Refresh { query, .. } => {
                if let Some(connected) = &self.connected {
                    connected.poller.nudge(&query);
                }
            }
            Effect::ReadFacts {
                operation, intent, ..
            } => {
                self.with_doer(|doer| doer.read_facts(operation, intent));
            }
            Effect::Execute {
                operation, plan, ..
            } => {
                self.with_doer(|doer| doer.execute(operation, plan));
            }
            Effect::RecordRefusal {
                intent, refusal, ..
            } => {
                self.with_doer(|doer| doer.record_refusal(intent, refusal));
            }
            Effect::RecordEnd {
                intent, outcome, ..
            } => {
                self.with_doer(|doer| doer.record_end(intent, outcome));
            }
        }
        Ok(())
    }

    /// Without a connection there is nothing on screen to act on, so nothing is lost.
    fn with_doer(&self, act: impl FnOnce(&Doer)) {
        if let Some(connected) = &self.connected {
            act(&connected.doer);
        }
    }

    fn open_link(&mut self, url: String) -> Result<(), CockpitError> {
        if link::open(&url) {
            self.model.say(format!("opened {url}"));
            return Ok(());
        }
        self.model.say(format!("no browser here, copied: {url}"));
        self.effect(Effect::Copy(url))
    }
}

/// Lets a test of a debug build see what a panic leaves behind.
#[cfg(debug_assertions)]
fn rehearse_panic(event: &Event) {
    use crossterm::event::KeyCode;
    let asked = matches!(event, Event::Key(key) if key.code == KeyCode::F(12));
    let meant = asked && std::env::var_os("CUTOVER_REHEARSE_PANIC").is_some();
    assert!(!meant, "a rehearsed panic");
}

/// Waits until a frame is due.
async fn frame(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// Waits for the connection, once.
async fn connected(connecting: &mut Option<Connecting>) -> Result<Aws, anyhow::Error> {
    match connecting {
        Some(pending) => {
            let made = pending.await;
            *connecting = None;
            made
        }
        None => std::future::pending().await,
    }
}

/// The signals that ask the program to end.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The signals that ask the program to end.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn end(&mut self) {
        // Without a terminal there is nobody left to tell.
        let _pressed = tokio::signal::ctrl_c().await;
    }
}
