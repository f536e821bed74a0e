//! Filters as they are typed.

use super::parse_rule;
use crate::domain::fixture::stream;
use crate::domain::logs::fields::FieldPath;
use crate::domain::logs::level::Level;
use crate::domain::logs::rules::{Bound, Comparison, Rule, RuleKind, StreamSet, Test};
use crate::domain::logs::search::Search;
use crate::domain::logs::{Origin, Origins, Side, StreamName};

fn origins() -> Origins {
    let origin = |side| Origin {
        container: "app".into(),
        task: None,
        definition: None,
        release: None,
        side: Some(side),
        started_at: None,
        stopped_at: None,
    };
    let of = |task, side| (StreamName::clone(&stream("app", task)), origin(side));
    [
        of("4f1c", Side::Old),
        of("4f9a", Side::New),
        of("90ab", Side::New),
    ]
    .into_iter()
    .collect()
}

fn read(text: &str) -> Rule {
    parse_rule(text, &origins()).unwrap()
}

fn why(text: &str) -> String {
    parse_rule(text, &origins()).unwrap_err()
}

#[test]
fn texts_expressions_and_letters() {
    assert_eq!(
        read("db url").test,
        Test::Text(Search::plain("db url").unwrap())
    );
    assert_eq!(
        read("-r 5..$").test,
        Test::Text(Search::regex("5..$").unwrap())
    );
    assert_eq!(read("-f dbu").test, Test::Fuzzy("dbu".into()));
    assert_eq!(read("! health").kind, RuleKind::Exclude);
    assert_eq!(read("health").kind, RuleKind::Include);
    assert_eq!(read("...").test, Test::Text(Search::plain("...").unwrap()));
    assert!(why("-r a(").contains("unclosed"));
    assert!(why("").contains("nothing"));
    assert!(why("!").contains("nothing"));
}

#[test]
fn levels_tasks_containers_and_sides() {
    assert_eq!(read("level>=warn").test, Test::Level(Level::Warn));
    assert_eq!(read("level:error").test, Test::Level(Level::Error));
    assert_eq!(read("task:90").test, Test::Task("90ab".into()));
    assert_eq!(read("container:app").test, Test::Container("app".into()));
    let Test::Streams(StreamSet { label, streams }) = read("side:new").test else {
        panic!("no set");
    };
    assert_eq!((label.as_str(), streams.len()), ("new", 2));
    assert!(why("level>=loud").contains("no level"));
    assert!(why("task:4f").contains("2 tasks"));
    assert!(why("task:x").contains("no task"));
    assert!(why("side:left").contains("old or new"));
}

#[test]
fn fields_are_compared() {
    let path = FieldPath::new("http.status").unwrap();
    let field = |comparison| Test::Field {
        path: path.clone(),
        comparison,
    };
    let bound = |number| Bound::new(number).unwrap();
    assert_eq!(
        read(".http.status>=500").test,
        field(Comparison::AtLeast(bound(500.0)))
    );
    assert_eq!(
        read("$.http.status<500").test,
        field(Comparison::Below(bound(500.0)))
    );
    assert_eq!(
        read(".http.status=200").test,
        field(Comparison::Equals("200".into()))
    );
    assert_eq!(
        read(".http.status != x y").test,
        field(Comparison::Differs("x y".into()))
    );
    assert_eq!(
        read(".http.status~20").test,
        field(Comparison::Contains(Search::plain("20").unwrap()))
    );
    assert_eq!(read(".http.status").test, field(Comparison::Exists));
    assert!(why(".http.status>=many").contains("no number"));
    assert!(why(".http.status<=5").contains("compared with"));
}
