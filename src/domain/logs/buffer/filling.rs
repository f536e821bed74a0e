//! How lines come in, and how the oldest go.

use jiff::Timestamp;

use super::Buffer;
use super::chunk::{Arrival, Chunk, Size};
use super::entry::{LineId, Mark, Taken};
use super::seen::Source;
use super::streams::Above;
use crate::domain::logs::LogLine;
use crate::domain::logs::level::Level;

/// Entries that are looked through for the line that a late one belongs to.
const LOOKED_THROUGH: usize = 256;

/// A line that was not there before.
struct Fresh {
    line: LogLine,
    stream: u32,
    at: i64,
}

impl Buffer {
    /// Takes in lines, each once, and puts them where they belong. What of them passes the filters
    /// is known at once.
    pub fn take(&mut self, lines: Vec<LogLine>) -> Taken {
        let mut taken = Taken::default();
        let mut fresh = Vec::with_capacity(lines.len());
        for line in lines {
            let at = line.at.as_millisecond();
            if self.floor.is_some_and(|floor| at <= floor) {
                taken.too_old += 1;
                continue;
            }
            let sieve = self.sieve.as_ref();
            let stream = self.streams.number(&line.stream, |name| {
                sieve.is_none_or(|sieve| sieve.lets_stream_pass(name))
            });
            let from = Source {
                event: line.event,
                delivery: line.delivery,
            };
            if self.seen.is_new(stream, at, &line.message, from) {
                fresh.push(Fresh { line, stream, at });
            } else {
                taken.doubled += 1;
            }
        }
        taken.fresh = fresh.len();
        fresh.sort_by_key(|fresh| fresh.at);
        let arrivals = fresh.into_iter().map(|fresh| self.read(fresh)).collect();
        taken.dropped = self.settle(arrivals);
        taken
    }

    /// Puts a remark between the lines. It passes every filter.
    pub fn mark(&mut self, mark: Mark) -> LineId {
        let id = LineId::head(mark.at.as_millisecond(), self.next_number());
        let arrival = Arrival {
            id,
            stream: None,
            ingested_at: None,
            level: None,
            text: mark.text,
        };
        self.settle(vec![arrival]);
        id
    }

    fn next_number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Finds out what a line is, and counts it. Lines come here in the order of their times.
    fn read(&mut self, fresh: Fresh) -> Arrival {
        let Fresh { line, stream, at } = fresh;
        let number = self.next_number();
        let own = Level::of(&line.message);
        let above = self.above(stream, at, &line.message, own);
        let within = above.map(|above| above.within).unwrap_or_default();
        let reading = within.read(&line.message, own, above.and_then(|above| above.level));
        let bytes = line.message.len();
        let joined = above.filter(|above| reading.continues && above.has_room(at, bytes));
        let behind = joined.and_then(|above| Some((above, above.id.behind(at, number)?)));
        let (id, last) = match behind {
            Some((above, id)) => {
                let last = Above {
                    id,
                    lines: above.lines + 1,
                    bytes: above.bytes + bytes,
                    ..above
                };
                (id, last)
            }
            None => {
                let id = LineId::head(at, number);
                (id, Above::of(id, own))
            }
        };
        if let Some(stream) = self.streams.get_mut(stream) {
            let error = last.level.is_some_and(Level::is_error) && !id.continues();
            stream.minutes.add(at, error);
            stream.last = Some(Above {
                within: reading.within,
                ..last
            });
        }
        Arrival {
            id,
            stream: Some(stream),
            ingested_at: line.ingested_at.map(Timestamp::as_millisecond),
            level: last.level,
            text: line.message,
        }
    }

    /// The line that one at a time may belong to: the last one of its stream, or the one before it
    /// where it comes late.
    fn above(&self, stream: u32, at: i64, message: &str, level: Option<Level>) -> Option<Above> {
        let last = self.streams.get(stream)?.last?;
        if last.is_near(at) {
            return Some(last);
        }
        let may_belong = || {
            last.within
                .read(message, level, Some(Level::Error))
                .continues
        };
        if last.id.at() < at || !may_belong() {
            return None;
        }
        self.before_late(stream, at)
    }

    fn before_late(&self, stream: u32, at: i64) -> Option<Above> {
        let mut place = self.place_from(LineId::start_of(at.saturating_add(1)));
        for _ in 0..LOOKED_THROUGH {
            place = self.place_before(place)?;
            let meta = self.meta(place)?;
            if meta.id.sorted_at() < Above::earliest(at) {
                return None;
            }
            if meta.stream() == Some(stream) && meta.id.at() <= at {
                let above = Above::of(meta.id, meta.level);
                return above.is_near(at).then_some(above);
            }
        }
        None
    }

    /// Puts entries into their chunks, drops the oldest ones, and tells how many lines went.
    fn settle(&mut self, mut arrivals: Vec<Arrival>) -> usize {
        arrivals.sort_by_key(|arrival| arrival.id);
        self.lines += arrivals
            .iter()
            .filter(|arrival| arrival.stream.is_some())
            .count();
        let mut rest = arrivals.as_slice();
        while let Some(first) = rest.first() {
            let chunk = self.chunk_from(first.id).saturating_sub(1);
            let next = self.chunks.get(chunk + 1).and_then(Chunk::first);
            let own = |arrival: &Arrival| next.is_none_or(|next| arrival.id < next);
            let (run, behind) = rest.split_at(rest.partition_point(own));
            self.fill(chunk, run);
            rest = behind;
        }
        let dropped = self.drop_oldest();
        self.recount();
        dropped
    }

    /// Puts a run of entries into a chunk, and looks at what came in.
    fn fill(&mut self, chunk: usize, run: &[Arrival]) {
        let size = self.size;
        if self.chunks.is_empty() {
            self.chunks.push_back(Chunk::default());
        }
        let is_last = chunk + 1 == self.chunks.len();
        let first = run.first().map(|arrival| arrival.id);
        let mut end = chunk + 1;
        if is_last
            && self
                .chunks
                .get(chunk)
                .is_some_and(|chunk| chunk.last() < first)
        {
            self.append(run, size);
            end = self.chunks.len();
        } else if let Some(target) = self.chunks.get_mut(chunk) {
            target.merge(run);
            if target.is_too_large(size) {
                let parts = std::mem::take(target).split(size);
                end = chunk + parts.len();
                let behind = self.chunks.split_off(chunk + 1);
                self.chunks.pop_back();
                self.chunks.extend(parts);
                self.chunks.extend(behind);
            }
        }
        for chunk in chunk..end {
            self.judge(chunk);
        }
    }

    /// Puts entries behind all others.
    fn append(&mut self, run: &[Arrival], size: Size) {
        for arrival in run {
            let full = self.chunks.back().is_some_and(|chunk| chunk.is_full(size));
            if full && !arrival.id.continues() {
                if let Some(chunk) = self.chunks.back_mut() {
                    chunk.shrink();
                }
                self.chunks.push_back(Chunk::default());
            }
            if let Some(chunk) = self.chunks.back_mut() {
                chunk.push(arrival);
            }
        }
    }

    fn drop_oldest(&mut self) -> usize {
        let mut gone = 0;
        let mut bytes = self.bytes();
        while bytes > self.limits.bytes && self.chunks.len() > 1 {
            let Some(chunk) = self.chunks.pop_front() else {
                break;
            };
            gone += chunk.lines();
            self.floor = self.floor.max(chunk.latest());
            let seen = self.seen.bytes();
            if let Some(floor) = self.floor {
                self.seen.forget_until(floor);
            }
            bytes = bytes.saturating_sub(chunk.bytes() + seen - self.seen.bytes());
        }
        self.lines -= gone;
        self.dropped += u64::try_from(gone).unwrap_or(u64::MAX);
        gone
    }
}
