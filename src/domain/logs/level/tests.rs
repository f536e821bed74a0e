use proptest::prelude::*;

use super::*;

#[test]
fn json_lines_name_their_level() {
    let cases = [
        (r#"{"level":"error","msg":"x"}"#, Some(Level::Error)),
        (r#"{"time":"INFO","severity":"WARNING"}"#, Some(Level::Warn)),
        (r#"  {"lvl":"dbg"}"#, Some(Level::Debug)),
        (r#"{"log.level":"FATAL"}"#, Some(Level::Fatal)),
        (
            r#"{"log":{"level":"warn"},"message":"x"}"#,
            Some(Level::Warn),
        ),
        (r#"{"level":50,"msg":"pino"}"#, Some(Level::Error)),
        (r#"{"level":30}"#, Some(Level::Info)),
        (r#"{"level":3}"#, None),
        (r#"{"msg":"level error"}"#, None),
        (r#"{"status":503,"path":"/"}"#, Some(Level::Error)),
        (r#"{"status":200,"level":"error"}"#, Some(Level::Error)),
        (r#"{"level""#, None),
        ("{", None),
    ];
    for (line, level) in cases {
        assert_eq!(Level::of(line), level, "{line}");
    }
}

#[test]
fn plain_lines_have_it_where_formats_have_it() {
    let cases = [
        ("2026-11-21T02:41:00Z ERROR db: refused", Some(Level::Error)),
        (
            "2026-11-21 02:41:00,123 [main] WARN  c.s.App - slow",
            Some(Level::Warn),
        ),
        ("[error] 12#12: refused", Some(Level::Error)),
        ("[ERROR] refused", Some(Level::Error)),
        ("<warning> low", Some(Level::Warn)),
        ("error: no such file", Some(Level::Error)),
        ("Warning: deprecated", Some(Level::Warn)),
        (" INFO shop: listening", Some(Level::Info)),
        ("npm ERR! missing script", Some(Level::Error)),
        ("02:41:00 error refused", Some(Level::Error)),
        ("at=x level=warn msg=y", Some(Level::Warn)),
        (r#"time=1 level="error" msg=y"#, Some(Level::Error)),
        ("lvl=dbug lvl=debug", Some(Level::Debug)),
        ("E1121 02:41:00.1 1 main.go:1] no", Some(Level::Error)),
        ("I1121 02:41:00.1 1 main.go:1] yes", Some(Level::Info)),
        ("no error was found", None),
        ("GET /ERROR/1", None),
        ("errors: none", None),
        ("", None),
        ("ünïcödé", None),
    ];
    for (line, level) in cases {
        assert_eq!(Level::of(line), level, "{line}");
    }
}

#[test]
fn traces_and_failed_requests_are_errors() {
    let cases = [
        ("Traceback (most recent call last):", Some(Level::Error)),
        ("java.lang.IllegalStateException: no", Some(Level::Error)),
        ("TypeError: x is undefined", Some(Level::Error)),
        (
            "panic: runtime error: index out of range",
            Some(Level::Fatal),
        ),
        (
            "thread 'main' panicked at src/main.rs:1:5:",
            Some(Level::Error),
        ),
        (
            r#"10.0.0.1 - - [21/Nov/2026] "GET / HTTP/1.1" 502 0"#,
            Some(Level::Error),
        ),
        (
            r#"10.0.0.1 - - [21/Nov/2026] "GET / HTTP/1.1" 404 0"#,
            Some(Level::Info),
        ),
        (r#""GET / HTTP/1.1" 5021 0"#, None),
        ("MyErrorHandler started", None),
    ];
    for (line, level) in cases {
        assert_eq!(Level::of(line), level, "{line}");
    }
}

#[test]
fn every_name_is_a_level_of_its_own() {
    for level in Level::ALL {
        assert_eq!(Level::named(level.name()), Some(level));
    }
    assert!(Level::Fatal.is_error() && Level::Error.is_error() && !Level::Warn.is_error());
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in r#"[\[\]{}":=\\ a-zA-Z0-9éß\n]{0,200}"#) {
        let _ = Level::of(&text);
        let _ = Level::of(&format!("{{{text}"));
    }
}
