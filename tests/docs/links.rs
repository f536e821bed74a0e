//! What a page links to is there.

use std::path::Path;

const PAGES: [&str; 9] = [
    "README.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/configuration.md",
    "docs/keys.md",
    "docs/logs.md",
    "docs/permissions.md",
    "docs/simulator.md",
    "docs/status.md",
];

#[test]
fn links_between_pages_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for page in PAGES {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let folder = root.join(page).parent().unwrap().to_owned();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let file = target.split('#').next().unwrap();
            // The published package leaves the pictures out, and its tests have to pass too.
            let picture = file.starts_with("screenshots/");
            if file.is_empty() || file.contains("://") || picture {
                continue;
            }
            assert!(folder.join(file).exists(), "{page} links to {target}");
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}
