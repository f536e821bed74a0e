//! Images come and go.

use super::*;
use crate::sim::world::World;

const NOW: SimTime = SimTime(5_000);
const WEB: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.0.0";

fn with_region(check: impl FnOnce(&mut Region)) {
    let mut world = World::new(1, NOW);
    check(world.region_mut("123456789012", "us-east-1"));
}

fn tag(text: &str) -> Reference {
    Reference::Tag(text.to_owned())
}

#[test]
fn what_is_named_is_there_until_it_is_deleted() {
    with_region(|region| {
        assert!(region.is_gone(WEB));
        region.name_images([WEB, "web:1", "acme/web:2"]);
        assert!(!region.is_gone(WEB));
        assert_eq!(region.ecr.repositories.len(), 1);
        region.delete_image("shop/web:1.0.0");
        assert!(region.is_gone(WEB));
        region.name_images([WEB]);
        assert!(region.is_gone(WEB), "naming it again does not push it");
    });
}

#[test]
fn an_image_of_another_registry_is_never_gone() {
    with_region(|region| {
        for image in [
            "web:1",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1",
            "999999999999.dkr.ecr.us-east-1.amazonaws.com/web:1",
        ] {
            assert!(!region.is_gone(image), "{image}");
        }
    });
}

#[test]
fn a_deleted_image_that_is_put_again_is_there() {
    let mut repository = Repository::new("web", NOW);
    let image = Image::of_manifest("{}", None, NOW);
    repository.put(image.clone(), Some("1"));
    assert!(repository.delete(&tag("1")).is_some());
    assert_eq!(repository.image(&tag("1")), None);
    repository.put(image.clone(), Some("1"));
    assert_eq!(repository.image(&tag("1")), Some(&image));
}

#[test]
fn an_image_goes_with_its_last_tag_and_its_tags_with_it() {
    let mut repository = Repository::new("web", NOW);
    let image = Image::of_manifest("{}", None, NOW);
    let digest = image.digest.clone();
    repository.put(image.clone(), Some("1"));
    repository.put(image.clone(), Some("stable"));
    let gone = repository.delete(&tag("1")).unwrap();
    assert_eq!(gone, [(digest.clone(), Some("1".to_owned()))]);
    assert_eq!(repository.image(&tag("stable")), Some(&image));
    repository.put(image, Some("1"));
    let gone = repository.delete(&Reference::Digest(digest)).unwrap();
    let tags: Vec<Option<String>> = gone.into_iter().map(|(_, tag)| tag).collect();
    assert_eq!(tags, [Some("1".to_owned()), Some("stable".to_owned())]);
    assert!(repository.images.is_empty());
    assert_eq!(repository.delete(&tag("1")), None);
}

#[test]
fn a_tag_moves_to_the_image_that_is_put_with_it() {
    let mut repository = Repository::new("web", NOW);
    repository.put(Image::of_manifest("{}", None, NOW), Some("latest"));
    let newer = Image::of_manifest(r#"{"layers": [{"size": 7}, {"size": 8}]}"#, None, NOW);
    assert_eq!(newer.size, 15);
    repository.put(newer.clone(), Some("latest"));
    assert_eq!(repository.image(&tag("latest")), Some(&newer));
    assert_eq!(repository.images.len(), 2);
}
