//! The table, as people read it.

use crate::program::{Program, simulator};

/// The ages and the time of reading, which differ from run to run, as marks.
fn masked(table: &str) -> String {
    let mut lines = table.lines();
    let first = lines.next().unwrap();
    let (head, time) = first.rsplit_once("  ").unwrap();
    assert!(time.ends_with('Z') && time.len() == 20, "{time}");
    let titles = lines.next().unwrap();
    let age = titles.rfind("AGE").unwrap();
    let rest = lines.map(|line| {
        if let Some((until, then)) = line.split_once(" until ") {
            let rest = then.split_once(',').map_or("", |(_, rest)| rest);
            return format!("{until} until TIME {rest}").trim_end().to_owned();
        }
        if line.starts_with("  ") || line.starts_with("could not") {
            return line.to_owned();
        }
        // Columns count in characters: an arrow is one.
        let kept: String = line.chars().take(age).collect();
        kept.trim_end().to_owned()
    });
    let rest: Vec<String> = rest.collect();
    let titles = titles.get(..age).unwrap();
    format!("{head}  TIME\n{titles}AGE  TOOK\n{}", rest.join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_as_a_table() {
    let server = simulator(Some("tour")).await;
    let run = Program::new(&["status"]).at(&server).run().await;
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!("tour", masked(&run.out));
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_release_as_a_table() {
    let server = simulator(Some("bad-rolling")).await;
    let run = Program::new(&["status"]).at(&server).run().await;
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!("bad-rolling", masked(&run.out));
    server.shutdown().await;
}
