use proptest::prelude::*;

use super::*;

const LINE: &str = r#"{"level":"info","http":{"status":502,"path":"/a \"b\""},"log.level":"warn","tags":["x",{"y":true}],"none":null}"#;

fn at(line: &str, path: &str) -> Option<String> {
    let path = FieldPath::new(path).unwrap();
    find(line, &path).map(|value| value.text().to_owned())
}

#[test]
fn paths_lead_into_objects_and_lists() {
    let cases = [
        ("level", Some("info")),
        ("$.http.status", Some("502")),
        (".http.path", Some("/a \"b\"")),
        ("log.level", Some("warn")),
        ("tags.0", Some("x")),
        ("tags.1.y", Some("true")),
        ("none", Some("null")),
        ("http.missing", None),
        ("lev", None),
        ("tags.9", None),
    ];
    for (path, value) in cases {
        assert_eq!(at(LINE, path).as_deref(), value, "{path}");
    }
    assert_eq!(at(r#"{"\u0061":1}"#, "a").as_deref(), Some("1"));
    assert_eq!(FieldPath::new("$."), None);
    assert_eq!(FieldPath::new("a b"), None);
}

#[test]
fn logfmt_has_keys_and_values() {
    let line = r#"2026-11-21 level=warn msg="slow \"db\"" took=12.5 ok=false url=/a?b=c"#;
    assert_eq!(at(line, "level").as_deref(), Some("warn"));
    assert_eq!(at(line, "msg").as_deref(), Some("slow \"db\""));
    assert_eq!(at(line, "url").as_deref(), Some("/a?b=c"));
    let took = find(line, &FieldPath::new("took").unwrap()).unwrap();
    assert_eq!(took.number(), Some(12.5));
    assert_eq!(fields(line).len(), 5);
    assert!(fields("nothing here").is_empty());
}

#[test]
fn a_line_that_breaks_off_has_the_fields_before() {
    let cut = r#"{"a":1,"b":{"c":2"#;
    assert_eq!(fields(cut).len(), 1);
    assert_eq!(at(cut, "a").as_deref(), Some("1"));
    assert_eq!(at(cut, "b.c"), None);
}

#[test]
fn a_line_is_reduced_to_what_was_chosen() {
    let paths = ["http.status", "absent", "level"].map(|path| FieldPath::new(path).unwrap());
    assert_eq!(
        reduce(LINE, &paths).as_deref(),
        Some("http.status=502 level=info")
    );
    assert_eq!(reduce("plain", &paths), None);
}

#[test]
fn json_is_printed_over_lines_within_bounds() {
    let lines = pretty(LINE, Bounds::default()).unwrap();
    let expected = [
        "{",
        "  \"level\": \"info\",",
        "  \"http\": {",
        "    \"status\": 502,",
        "    \"path\": \"/a \\\"b\\\"\"",
        "  },",
        "  \"log.level\": \"warn\",",
        "  \"tags\": [",
        "    \"x\",",
        "    {",
        "      \"y\": true",
        "    }",
        "  ],",
        "  \"none\": null",
        "}",
    ];
    assert_eq!(lines, expected);
    let short = pretty(LINE, Bounds { lines: 2, depth: 1 }).unwrap();
    assert_eq!(short, ["{", "  \"level\": \"info\",", "…"]);
    let flat = pretty(r#"{"a":{"b":{}}}"#, Bounds { lines: 9, depth: 1 }).unwrap();
    assert_eq!(flat, ["{", "  \"a\": {\"b\":{}}", "}"]);
    assert_eq!(pretty("{\"a\":", Bounds::default()), None);
    assert_eq!(pretty("plain", Bounds::default()), None);
}

/// The key of a field in a test is a plain name.
fn named() -> impl Strategy<Value = String> {
    "[a-z]{1,6}"
}

proptest! {
    #[test]
    fn what_serde_wrote_is_found(key in named(), inner in named(), text in ".{0,40}", number in any::<i32>()) {
        prop_assume!(key != inner);
        let mut object = serde_json::Map::new();
        object.insert(inner.clone(), text.clone().into());
        let line = serde_json::json!({ &inner: number, &key: object }).to_string();
        let number = number.to_string();
        prop_assert_eq!(at(&line, &inner), Some(number));
        prop_assert_eq!(at(&line, &format!("$.{key}.{inner}")), Some(text));
    }

    #[test]
    fn no_text_is_too_strange(text in r#"[\[\]{}":=,\\ a-z0-9é\n-]{0,80}"#) {
        for line in [text.clone(), format!("{{{text}"), format!("{{\"a\":{text}}}")] {
            let _ = fields(&line);
            let _ = at(&line, "a.b.0");
            let _ = pretty(&line, Bounds::default());
        }
    }
}
