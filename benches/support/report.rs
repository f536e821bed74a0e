//! The table of figures beside their targets.

use std::process::ExitCode;

use super::figures::Sample;

/// Set to anything, a missed target makes the bench fail.
const STRICT: &str = "CUTOVER_BENCH_STRICT";

/// The figures of one bench.
pub struct Report {
    title: String,
    rows: Vec<[String; 4]>,
    missed: usize,
}

impl Report {
    /// A table with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            rows: Vec::new(),
            missed: 0,
        }
    }

    /// A figure without a target.
    pub fn figure(&mut self, what: &str, value: f64, unit: &str) {
        self.row(what, value, unit, String::new(), "");
    }

    /// A figure that has to stay below a target in the same unit.
    pub fn below(&mut self, what: &str, value: f64, unit: &str, target: f64) {
        let met = value < target;
        self.missed += usize::from(!met);
        let verdict = if met { "met" } else { "MISSED" };
        self.row(what, value, unit, format!("< {target} {unit}"), verdict);
    }

    /// A figure that has to stay above a target in the same unit.
    pub fn above(&mut self, what: &str, value: f64, unit: &str, target: f64) {
        let met = value > target;
        self.missed += usize::from(!met);
        let verdict = if met { "met" } else { "MISSED" };
        self.row(what, value, unit, format!("> {target} {unit}"), verdict);
    }

    /// The median and the 99th percentile of a sample, the latter with a target in milliseconds.
    pub fn sample(&mut self, what: &str, sample: &Sample, target: Option<f64>) {
        let what = format!("{what} ({} times)", sample.count());
        self.figure(&format!("{what}, p50"), sample.percentile(50), "ms");
        let (label, p99) = (format!("{what}, p99"), sample.percentile(99));
        match target {
            Some(target) => self.below(&label, p99, "ms", target),
            None => self.figure(&label, p99, "ms"),
        }
    }

    /// A number of calls, which may have to stay below a target.
    pub fn calls(&mut self, what: &str, calls: u64, target: Option<u32>) {
        let calls = f64::from(u32::try_from(calls).unwrap());
        match target {
            Some(target) => self.below(what, calls, "calls", f64::from(target)),
            None => self.figure(what, calls, "calls"),
        }
    }

    fn row(&mut self, what: &str, value: f64, unit: &str, target: String, verdict: &str) {
        let value = if unit == "ms" {
            format!("{value:.2} {unit}")
        } else {
            format!("{value:.1} {unit}")
        };
        self.rows
            .push([what.to_owned(), value, target, verdict.to_owned()]);
    }

    /// Prints the table. The exit code tells of a missed target only where that was asked for.
    pub fn finish(self) -> ExitCode {
        println!("\n{}", self.title);
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..4).map(width).collect();
        for [what, value, target, verdict] in &self.rows {
            println!(
                "  {what:<a$}  {value:>b$}  {target:<c$}  {verdict}",
                a = widths[0],
                b = widths[1],
                c = widths[2],
            );
        }
        if self.missed > 0 && std::env::var_os(STRICT).is_some() {
            return ExitCode::FAILURE;
        }
        ExitCode::SUCCESS
    }
}
