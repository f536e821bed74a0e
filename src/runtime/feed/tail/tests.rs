//! The rule against a log service that loses connections, delays lines, samples and refuses.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::app::feed::PollReason;
use crate::aws::{LiveEnd, LiveUpdate, LogPage, StreamPart};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::logs::{EventId, StreamName};

/// Lines of a page.
const PAGE: usize = 40;
/// Lines of an update.
const UPDATE: usize = 5;
/// The time at which the feed begins: in 2026, as the newest lines come first only since 2024.
const BEGIN: i64 = 1_795_000_000_000;

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(BEGIN + millisecond).unwrap()
}

fn millisecond(time: Timestamp) -> i64 {
    time.as_millisecond() - BEGIN
}

fn failure(kind: FailureKind) -> Failure {
    Failure {
        call: "logs:StartLiveTail".into(),
        kind,
        code: None,
        message: "it failed".into(),
        request_id: None,
    }
}

/// A line in the service: when it was written, when it was taken in, from when on it is found.
#[derive(Clone, Debug)]
struct Written {
    number: u64,
    at: i64,
    taken: i64,
    found: i64,
    stream: &'static str,
}

/// The service and the feed, side by side.
struct World {
    now: i64,
    lines: Vec<Written>,
    tail: Tail,
    /// When the open session began, and up to when it has told.
    session: Option<(Delivery, i64)>,
    opening: Option<Delivery>,
    page: Option<PageOrder>,
    refuse: Option<FailureKind>,
    silent: bool,
    /// How often each line came: by deliveries without ids, and by ids.
    seen: BTreeMap<u64, Came>,
    sampled: u64,
    pages: u64,
    told: Vec<FeedEvent>,
}

#[derive(Clone, Debug, Default)]
struct Came {
    live: BTreeMap<Delivery, u32>,
    ids: Vec<EventId>,
}

fn wish(names: &[&str], not_live: Option<PollReason>) -> Wish {
    Wish {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        not_live,
        pace: Duration::from_secs(2),
    }
}

impl World {
    fn new(wish: Wish) -> Self {
        let range = Range {
            since: at(-60_000),
            until: None,
        };
        let deliveries = Deliveries::default();
        let patience = Patience::default();
        Self {
            now: 0,
            lines: Vec::new(),
            tail: Tail::new("web".into(), range, true, wish, patience, deliveries),
            session: None,
            opening: None,
            page: None,
            refuse: None,
            silent: false,
            seen: BTreeMap::new(),
            sampled: 0,
            pages: 0,
            told: Vec::new(),
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            elapsed: Duration::from_millis(u64::try_from(self.now).unwrap()),
            clock: at(self.now),
        }
    }

    fn write(&mut self, stream: &'static str, at: i64, delay: i64, found: i64) {
        let number = self.lines.len() as u64;
        let taken = at.max(self.now) + delay;
        self.lines.push(Written {
            number,
            at,
            taken,
            found: taken + found,
            stream,
        });
    }

    /// A fifth of a second: answers to what was asked, and now and then an update.
    fn step(&mut self) {
        self.now += 200;
        self.answer();
        if self.now % 1_000 == 0 && !self.silent {
            self.update();
        }
        self.obey();
    }

    fn obey(&mut self) {
        for order in self.tail.due(self.moment(), true) {
            match order {
                Order::Open { delivery, .. } => self.opening = Some(delivery),
                Order::Close => (self.session, self.opening) = (None, None),
                Order::Read(page) => {
                    assert_eq!(self.page, None, "one page at a time");
                    self.page = Some(page);
                }
            }
        }
        self.told.extend(self.tail.events());
    }

    fn answer(&mut self) {
        let now = self.moment();
        if let Some(delivery) = self.opening.take() {
            match self.refuse.clone() {
                Some(kind) => self.tail.not_opened(failure(kind), now),
                None => {
                    self.tail.opened(now);
                    self.session = Some((delivery, self.now));
                }
            }
        }
        if let Some(order) = self.page.take() {
            let page = self.page(&order);
            self.pages += 1;
            let lines = self.tail.read(page, now);
            self.count(&lines);
        }
    }

    fn update(&mut self) {
        let Some((delivery, told)) = self.session else {
            return;
        };
        let due = |line: &&Written| line.taken > told && line.taken <= self.now;
        let lines: Vec<&Written> = self.lines.iter().filter(due).collect();
        let sampled = lines.len() > UPDATE;
        let shown = lines
            .iter()
            .take(UPDATE)
            .map(|it| line(it, delivery, false));
        let update = LiveUpdate {
            lines: shown.collect(),
            sampled,
        };
        self.sampled += u64::from(sampled);
        self.session = Some((delivery, self.now));
        let lines = self.tail.updated(update, self.moment());
        self.count(&lines);
    }

    fn page(&self, order: &PageOrder) -> LogPage {
        let wanted = |line: &&Written| {
            let found = line.found <= self.now;
            let early = at(line.at) < order.from;
            let late = order.until.is_some_and(|until| at(line.at) > until);
            let stream = match &order.part {
                StreamPart::Names(names) => names.iter().any(|name| name == line.stream),
                StreamPart::Prefix(prefix) => line.stream.starts_with(prefix.as_str()),
            };
            found && !early && !late && stream
        };
        let mut lines: Vec<&Written> = self.lines.iter().filter(wanted).collect();
        lines.sort_by_key(|line| (line.at, line.number));
        if order.newest_first {
            lines.reverse();
        }
        // The token names the last line of the page before, as AWS's seem to do.
        let last = order
            .token
            .as_ref()
            .map(|token| token.parse::<u64>().unwrap());
        let key = |line: &Written| (line.at, line.number);
        let after = last.map(|number| key(&self.lines[usize::try_from(number).unwrap()]));
        let is_behind = |line: &&&Written| match after {
            None => true,
            Some(after) if order.newest_first => key(line) < after,
            Some(after) => key(line) > after,
        };
        let rest: Vec<&&Written> = lines.iter().filter(is_behind).collect();
        let shown = &rest[..rest.len().min(PAGE)];
        let mut told: Vec<LogLine> = shown
            .iter()
            .map(|it| line(it, order.delivery, true))
            .collect();
        if order.newest_first {
            told.reverse();
        }
        LogPage {
            lines: told,
            next: (rest.len() > PAGE).then(|| shown[PAGE - 1].number.to_string()),
        }
    }

    fn count(&mut self, lines: &[LogLine]) {
        for line in lines {
            let came = self.seen.entry(line.message.parse().unwrap()).or_default();
            match line.event {
                Some(id) if came.ids.contains(&id) => {}
                Some(id) => came.ids.push(id),
                None => *came.live.entry(line.delivery).or_default() += 1,
            }
        }
    }

    fn end(&mut self, end: LiveEnd) {
        if self.session.take().is_some() {
            self.tail.ended(end, self.moment());
        }
    }

    /// Lets a minute pass without anything new, so that everything open is read.
    fn settle(&mut self) {
        (self.refuse, self.silent) = (None, false);
        for _ in 0..600 {
            self.step();
        }
    }

    /// Every line that is wanted came, and no delivery brought it twice.
    fn check(&self) -> Result<(), TestCaseError> {
        for line in &self.lines {
            let came = self.seen.get(&line.number);
            if !self.tail.streams.wants(line.stream) {
                prop_assert!(came.is_none(), "{line:?} was not wanted");
                continue;
            }
            prop_assert!(came.is_some(), "{line:?} is missing");
            let came = came.unwrap();
            prop_assert!(came.ids.len() <= 1, "{line:?} {came:?}");
            prop_assert!(came.live.values().all(|times| *times == 1), "{came:?}");
        }
        Ok(())
    }
}

fn line(written: &Written, delivery: Delivery, read: bool) -> LogLine {
    let message = written.number.to_string();
    LogLine {
        event: read.then(|| EventId::of(&message)),
        delivery,
        at: at(written.at),
        ingested_at: Some(at(written.taken)),
        stream: Arc::new(StreamName {
            region: None,
            group: "web".into(),
            stream: written.stream.into(),
        }),
        message,
    }
}

/// Something that happens to the world.
#[derive(Clone, Debug)]
enum Event {
    Steps(u8),
    Lines { count: u8, delay: u16, found: u16 },
    Break,
    Timeout,
    Silence,
    Refuse(u8),
    Accept,
    Join,
    Look,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (1_u8..60).prop_map(Event::Steps),
        6 => (1_u8..30, 0_u16..8_000, 0_u16..9_000)
            .prop_map(|(count, delay, found)| Event::Lines { count, delay, found }),
        2 => Just(Event::Break),
        1 => Just(Event::Timeout),
        1 => Just(Event::Silence),
        1 => (0_u8..4).prop_map(Event::Refuse),
        1 => Just(Event::Accept),
        1 => Just(Event::Join),
        1 => Just(Event::Look),
    ]
}

fn play(world: &mut World, event: &Event) {
    match event {
        Event::Steps(count) => (0..*count).for_each(|_| world.step()),
        Event::Lines {
            count,
            delay,
            found,
        } => {
            for number in 0..*count {
                let stream = ["web/app/1", "web/app/2"][usize::from(number % 2)];
                let now = world.now;
                world.write(stream, now, i64::from(*delay), i64::from(*found));
                world.step();
            }
        }
        Event::Break => world.end(LiveEnd::Broken(failure(FailureKind::Unreachable))),
        Event::Timeout => world.end(LiveEnd::TimedOut),
        Event::Silence => world.silent = !world.silent,
        Event::Refuse(kind) => {
            let kinds = [
                FailureKind::Throttled,
                FailureKind::AccessDenied,
                FailureKind::ServerFault,
                FailureKind::Unsupported,
            ];
            world.refuse = kinds.get(usize::from(*kind)).cloned();
            world.end(LiveEnd::Broken(failure(FailureKind::Unreachable)));
        }
        Event::Accept => world.refuse = None,
        Event::Join => {
            let now = world.moment();
            let not_live = world.tail.wish.not_live.clone();
            let wish = wish(&["web/app/1", "web/app/2"], not_live);
            world.tail.want(wish, now);
        }
        Event::Look => {
            let now = world.moment();
            world.tail.suspend(std::iter::empty(), now);
            (world.session, world.opening, world.page) = (None, None, None);
            let wish = world.tail.wish.clone();
            world.now += 3_000;
            let now = world.moment();
            world.tail.resume(wish, now);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_line_is_missing_and_none_comes_twice(
        events in proptest::collection::vec(event(), 1..40),
        live in any::<bool>(),
    ) {
        let not_live = (!live).then_some(PollReason::Configured);
        let mut world = World::new(wish(&["web/app/1"], not_live));
        for second in -50..0 {
            world.write("web/app/1", second * 1_000, 0, 0);
        }
        for event in &events {
            play(&mut world, event);
        }
        world.settle();
        world.check()?;
    }
}

#[test]
fn what_was_there_comes_at_once_and_what_comes_is_live() {
    let mut world = World::new(wish(&["web/app/1"], None));
    for second in -50..-20 {
        world.write("web/app/1", second * 1_000, 0, 0);
    }
    world.step();
    world.step();
    assert_eq!(world.seen.len(), 30, "before anything is settled");
    assert!(matches!(world.tail.mode(), FeedMode::Live { .. }));
    world.write("web/app/1", 401, 0, 0);
    let pages = world.pages;
    (0..4).for_each(|_| world.step());
    assert_eq!(world.seen.len(), 31);
    assert_eq!(world.pages, pages, "by the session, not by a reading");
    world.settle();
    let pages = world.pages;
    world.settle();
    assert_eq!(world.pages, pages, "a session in peace reads nothing");
}

#[test]
fn a_sampled_second_is_read_afterwards() {
    let mut world = World::new(wish(&["web/app/1"], None));
    (0..100).for_each(|_| world.step());
    for number in 0..20 {
        let now = world.now;
        world.write("web/app/1", now + number, 0, 0);
    }
    world.settle();
    assert_eq!((world.sampled, world.seen.len()), (1, 20));
    let state = world.tail.state(world.moment());
    assert_eq!((state.tally.sampled, state.tally.open_milliseconds), (1, 0));
    let filled = |event: &FeedEvent| matches!(event, FeedEvent::Filled { .. });
    assert!(world.told.iter().any(filled));
}

#[test]
fn what_was_dropped_while_the_machine_slept_is_read() {
    let mut world = World::new(wish(&["web/app/1"], None));
    (0..104).for_each(|_| world.step());
    assert!(matches!(world.tail.mode(), FeedMode::Live { .. }));
    for second in 0..30 {
        let at = world.now + second * 1_000;
        world.write("web/app/1", at, 0, 0);
    }
    world.now += 30_000;
    let (delivery, _) = world.session.unwrap();
    // Of the updates that waited only the last two seconds are left.
    world.session = Some((delivery, world.now - 2_000));
    world.step();
    assert!(world.seen.len() < 30);
    world.settle();
    assert_eq!(world.seen.len(), 30);
    assert_eq!(world.tail.state(world.moment()).tally.sessions, 1);
}

#[test]
fn without_permission_lines_are_asked_for_and_the_reason_is_told() {
    let mut world = World::new(wish(&["web/app/1"], None));
    world.refuse = Some(FailureKind::AccessDenied);
    (0..10).for_each(|_| world.step());
    let FeedMode::Polling { why } = world.tail.mode() else {
        panic!("{:?}", world.tail.mode());
    };
    assert_eq!(why.short(), "logs:StartLiveTail is not permitted");
    let now = world.now;
    world.write("web/app/1", now, 0, 0);
    (0..20).for_each(|_| world.step());
    assert_eq!(world.seen.len(), 1);
    assert_eq!(world.tail.state(world.moment()).tally.sessions, 0);
}

#[test]
fn a_session_that_ends_after_three_hours_is_followed_by_another_one() {
    let mut world = World::new(wish(&["web/app/1"], None));
    (0..100).for_each(|_| world.step());
    world.end(LiveEnd::TimedOut);
    world.step();
    world.step();
    assert!(matches!(world.tail.mode(), FeedMode::Live { .. }));
    let broken = |event: &FeedEvent| matches!(event, FeedEvent::Broken { .. });
    assert!(!world.told.iter().any(broken), "that is no fault");
}

#[test]
fn a_session_that_says_nothing_is_given_up() {
    let mut world = World::new(wish(&["web/app/1"], None));
    (0..100).for_each(|_| world.step());
    world.silent = true;
    (0..60).for_each(|_| world.step());
    let told = |event: &FeedEvent| match event {
        FeedEvent::Broken { why, .. } => why.contains("says nothing"),
        _ => false,
    };
    assert!(world.told.iter().any(told));
}

#[test]
fn a_task_that_joins_is_shown_from_its_first_line_without_another_session() {
    let mut world = World::new(wish(&["web/app/1"], None));
    (0..100).for_each(|_| world.step());
    let now = world.now;
    world.write("web/app/2", now, 0, 0);
    (0..10).for_each(|_| world.step());
    assert!(world.seen.is_empty(), "not wanted yet");
    play(&mut world, &Event::Join);
    (0..10).for_each(|_| world.step());
    assert_eq!(world.seen.len(), 1);
    let tally = world.tail.state(world.moment()).tally;
    assert_eq!((tally.sessions, tally.reconnects), (1, 0));
}

#[test]
fn more_than_can_be_read_is_given_up_and_told() {
    let mut world = World::new(wish(&["web/app/1"], None));
    (0..100).for_each(|_| world.step());
    let long = Window {
        from: at(world.now - 400_000),
        until: at(world.now),
    };
    world.tail.open.add(long, at(i64::from(u32::MAX)));
    for number in 0..20 {
        let now = world.now;
        world.write("web/app/1", now + number, 0, 0);
    }
    (0..10).for_each(|_| world.step());
    let gaps: Vec<SignedDuration> = world
        .told
        .iter()
        .filter_map(|event| match event {
            FeedEvent::Gap { from, until, .. } => Some(until.duration_since(*from)),
            _ => None,
        })
        .collect();
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0] > SignedDuration::from_secs(90), "{gaps:?}");
    assert!(millisecond(long.from) < 0);
}
