use super::*;

fn stream(name: &str) -> Arc<StreamName> {
    Arc::new(StreamName {
        region: None,
        group: "web".into(),
        stream: name.into(),
    })
}

fn rule(kind: RuleKind, test: Test) -> Rule {
    Rule {
        kind,
        test,
        enabled: true,
    }
}

fn text(text: &str) -> Test {
    Test::Text(Search::plain(text).unwrap())
}

fn field(path: &str, comparison: Comparison) -> Test {
    Test::Field {
        path: FieldPath::new(path).unwrap(),
        comparison,
    }
}

fn sieve(rules: Vec<Rule>) -> Sieve {
    let filters = Filters {
        rules,
        ..Filters::default()
    };
    Sieve::of(&filters).unwrap()
}

fn judge(sieve: &mut Sieve, lines: &[&str]) -> Verdict {
    let level = lines.first().and_then(|line| Level::of(line));
    sieve.judge(level, &lines.iter().copied())
}

#[test]
fn inclusions_of_one_kind_are_alternatives_and_of_several_narrow() {
    use RuleKind::Include;
    let mut sieve = sieve(vec![
        rule(Include, text("cart")),
        rule(Include, Test::Fuzzy("pymt".into())),
        rule(Include, Test::Level(Level::Warn)),
    ]);
    assert_eq!(judge(&mut sieve, &["WARN cart full"]), Verdict::Found);
    assert_eq!(judge(&mut sieve, &["ERROR payment late"]), Verdict::Found);
    assert_eq!(judge(&mut sieve, &["INFO cart full"]), Verdict::Near);
    assert_eq!(judge(&mut sieve, &["ERROR mailer"]), Verdict::Near);
    assert_eq!(judge(&mut sieve, &["cart without a level"]), Verdict::Near);
}

#[test]
fn an_exclusion_hides_the_whole_trace() {
    let mut sieve = sieve(vec![rule(RuleKind::Exclude, text("Cart.java"))]);
    assert_eq!(
        judge(&mut sieve, &["ERROR x", "\tat a(Cart.java:1)"]),
        Verdict::Hidden
    );
    assert_eq!(
        judge(&mut sieve, &["ERROR x", "\tat a(Db.java:1)"]),
        Verdict::Found
    );
}

#[test]
fn an_inclusion_may_find_any_line_of_a_trace() {
    let both = vec![
        rule(RuleKind::Include, text("db.java")),
        rule(RuleKind::Include, Test::Level(Level::Error)),
    ];
    let mut sieve = sieve(both);
    assert_eq!(
        judge(&mut sieve, &["ERROR x", "\tat a(Db.java:1)"]),
        Verdict::Found
    );
}

#[test]
fn streams_pass_by_task_container_and_set() {
    use RuleKind::{Exclude, Include};
    let set = StreamSet {
        label: "new".into(),
        streams: Arc::new(BTreeSet::from([
            stream("ecs/app/one"),
            stream("ecs/app/two"),
        ])),
    };
    let sieve = sieve(vec![
        rule(Include, Test::Streams(set)),
        rule(Include, Test::Container("app".into())),
        rule(Exclude, Test::Task("two".into())),
    ]);
    assert!(sieve.lets_stream_pass(&stream("ecs/app/one")));
    assert!(!sieve.lets_stream_pass(&stream("ecs/app/two")));
    assert!(!sieve.lets_stream_pass(&stream("ecs/app/three")));
    assert!(!sieve.lets_stream_pass(&stream("ecs/envoy/one")));
}

#[test]
fn fields_are_compared_as_what_they_are() {
    let line = r#"{"status":502,"user":{"id":"Ann"},"none":null}"#;
    let bound = |number| Bound::new(number).unwrap();
    let cases = [
        ("status", Comparison::AtLeast(bound(500.0)), true),
        ("status", Comparison::Below(bound(500.0)), false),
        ("user.id", Comparison::Equals("ann".into()), true),
        ("user.id", Comparison::Differs("ann".into()), false),
        ("absent", Comparison::Differs("ann".into()), false),
        ("none", Comparison::Exists, false),
        ("user", Comparison::Exists, true),
        (
            "status",
            Comparison::Contains(Search::regex("^5..$").unwrap()),
            true,
        ),
    ];
    for (path, comparison, holds) in cases {
        let said = format!("{path} {comparison:?}");
        let mut sieve = sieve(vec![rule(RuleKind::Include, field(path, comparison))]);
        assert_eq!(
            judge(&mut sieve, &[line]) == Verdict::Found,
            holds,
            "{said}"
        );
    }
    assert_eq!(Bound::new(f64::NAN), None);
}

#[test]
fn what_is_switched_off_does_nothing() {
    let mut off = rule(RuleKind::Exclude, text("x"));
    off.enabled = false;
    let filters = Filters {
        rules: vec![off],
        ..Filters::default()
    };
    assert!(filters.is_open() && Sieve::of(&filters).is_none());
}
