use super::*;

/// Which of the lines belong to the one above them.
fn continuing(lines: &[&str]) -> Vec<bool> {
    let mut within = Within::default();
    let mut above = None;
    let read = |line: &&str| {
        let level = Level::of(line);
        let reading = within.read(line, level, above);
        within = reading.within;
        if !reading.continues {
            above = level;
        }
        reading.continues
    };
    lines.iter().map(read).collect()
}

#[test]
fn java_traces_stay_with_the_line_that_reports_them() {
    let lines = [
        "2026-11-21 ERROR cart: failed",
        "java.lang.IllegalStateException: empty",
        "\tat shop.Cart.add(Cart.java:12)",
        "\t... 12 more",
        "Caused by: java.io.IOException: closed",
        " at shop.Db.read(Db.java:3)",
        "2026-11-21 INFO cart: next",
    ];
    assert_eq!(
        continuing(&lines),
        [false, true, true, true, true, true, false]
    );
}

#[test]
fn python_tracebacks_end_with_the_exception_and_may_be_chained() {
    let lines = [
        "Traceback (most recent call last):",
        "  File \"app.py\", line 3, in <module>",
        "    run()",
        "KeyError: 'id'",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        "  File \"app.py\", line 5, in <module>",
        "ValueError: no id",
        "INFO next",
    ];
    let mut expected = [true; 11];
    expected[0] = false;
    expected[10] = false;
    assert_eq!(continuing(&lines), expected);
}

#[test]
fn dumps_of_go_and_rust_stay_together() {
    let go = [
        "panic: runtime error: index out of range [3]",
        "",
        "goroutine 1 [running]:",
        "main.main()",
        "\t/app/main.go:12 +0x1d",
        "exit status 2",
        "started",
    ];
    assert_eq!(
        continuing(&go),
        [false, true, true, true, true, true, false]
    );
    let rust = [
        "thread 'main' panicked at src/main.rs:2:5:",
        "no such cart",
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
        "started",
    ];
    assert_eq!(continuing(&rust), [false, true, true, false]);
}

#[test]
fn indented_lines_and_closing_braces_go_on_unless_they_name_a_level() {
    let lines = [
        "{",
        "  \"a\": 1",
        "}",
        " INFO shop: up",
        "  WARN shop: low",
        "plain",
        "at noon",
    ];
    assert_eq!(
        continuing(&lines),
        [false, true, true, false, false, false, false]
    );
}
