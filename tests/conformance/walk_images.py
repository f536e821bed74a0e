"""Amazon ECR: repositories and images are made, found, deleted, refused."""
import json

REPOSITORY = "walk/web"


def manifest(layer):
    """A manifest of Docker with one layer, whose digest ends with these digits."""
    digest = "sha256:" + layer.rjust(64, "0")
    return json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 7, "digest": digest},
        "layers": [{
            "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 1000, "digest": digest,
        }],
    })


def walk(walk):
    made = walk.ok(
        "ecr.CreateRepository", repositoryName=REPOSITORY, tags=[{"Key": "team", "Value": "web"}],
        imageScanningConfiguration={"scanOnPush": True},
    )["repository"]
    walk.tally.expect(made["repositoryUri"].endswith(f".amazonaws.com/{REPOSITORY}"), "a repository has a URI")
    walk.ok("ecr.CreateRepository", repositoryName="walk/fixed", imageTagMutability="IMMUTABLE")
    pages = walk.pages("ecr.DescribeRepositories", "repositories", maxResults=1)
    names = [one["repositoryName"] for page in pages for one in page]
    walk.tally.expect(names == ["walk/fixed", REPOSITORY], f"repositories come in pages, got {names}")
    walk.ok("ecr.DescribeRepositories", repositoryNames=[REPOSITORY])
    for layer, tag in (("1", "1.0"), ("2", "latest"), ("3", "latest")):
        walk.ok("ecr.PutImage", repositoryName=REPOSITORY, imageManifest=manifest(layer), imageTag=tag)
    images(walk)
    refused(walk)


def images(walk):
    named = [{"imageTag": "1.0"}, {"imageTag": "latest"}]
    details = walk.ok("ecr.DescribeImages", repositoryName=REPOSITORY, imageIds=named)["imageDetails"]
    walk.tally.expect([one["imageTags"] for one in details] == [["1.0"], ["latest"]], "images have their tags")
    walk.tally.expect(details[0]["imageSizeInBytes"] == 1000, "an image is as large as its layers")
    untagged = walk.ok("ecr.DescribeImages", repositoryName=REPOSITORY, filter={"tagStatus": "UNTAGGED"})
    walk.tally.expect(len(untagged["imageDetails"]) == 1, "a tag that moves leaves an image behind")
    listed = walk.pages("ecr.ListImages", "imageIds", repositoryName=REPOSITORY, maxResults=2)
    walk.tally.expect([len(page) for page in listed] == [2, 1], "images come in pages")
    got = walk.ok("ecr.BatchGetImage", repositoryName=REPOSITORY, imageIds=[*named, {"imageTag": "gone"}])
    walk.tally.expect(got["images"][0]["imageManifest"] == manifest("1"), "an image gives its manifest back")
    walk.tally.expect([one["failureCode"] for one in got["failures"]] == ["ImageNotFound"], "a miss is told")
    gone = walk.ok("ecr.BatchDeleteImage", repositoryName=REPOSITORY, imageIds=[{"imageTag": "1.0"}, {"imageTag": "x"}])
    walk.tally.expect(len(gone["imageIds"]) == len(gone["failures"]) == 1, "what is there is deleted")
    left = walk.ok("ecr.BatchGetImage", repositoryName=REPOSITORY, imageIds=named)
    walk.tally.expect(len(left["images"]) == 1, "a deleted image is gone")


def refused(walk):
    put = {"repositoryName": "walk/fixed", "imageManifest": manifest("4"), "imageTag": "1.0"}
    walk.ok("ecr.PutImage", **put)
    image = {"repositoryName": REPOSITORY, "imageIds": [{"imageTag": "1.0"}]}
    both = {"repositoryName": REPOSITORY, "imageIds": [{"imageTag": "latest"}], "maxResults": 1}
    for operation, code, parameters in (
        ("CreateRepository", "RepositoryAlreadyExistsException", {"repositoryName": REPOSITORY}),
        ("CreateRepository", "InvalidParameterException", {"repositoryName": "Walk"}),
        ("DescribeRepositories", "RepositoryNotFoundException", {"repositoryNames": ["walk/none"]}),
        ("DescribeRepositories", "InvalidParameterException", {"maxResults": 1001}),
        ("PutImage", "ImageAlreadyExistsException", put),
        ("PutImage", "ImageTagAlreadyExistsException", put | {"imageManifest": manifest("5")}),
        ("PutImage", "ImageDigestDoesNotMatchException", put | {"imageDigest": "sha256:" + "0" * 64}),
        ("PutImage", "RepositoryNotFoundException", put | {"repositoryName": "walk/none"}),
        ("DescribeImages", "ImageNotFoundException", image),
        ("DescribeImages", "RepositoryNotFoundException", image | {"repositoryName": "walk/none"}),
        ("DescribeImages", "InvalidParameterException", both),
        ("BatchGetImage", "RepositoryNotFoundException", image | {"repositoryName": "walk/none"}),
        ("BatchGetImage", "InvalidParameterException", image | {"imageIds": []}),
        ("BatchDeleteImage", "RepositoryNotFoundException", image | {"repositoryName": "walk/none"}),
        ("ListImages", "RepositoryNotFoundException", {"repositoryName": "walk/none"}),
        ("ListImages", "RepositoryNotFoundException", {"repositoryName": REPOSITORY, "registryId": "999999999999"}),
    ):
        walk.refused(f"ecr.{operation}", code, **parameters)


def good_inputs():
    """An input that succeeds for each operation."""
    images = {"repositoryName": REPOSITORY, "imageIds": [{"imageTag": "latest"}]}
    return {
        "ecr.CreateRepository": {"repositoryName": "walk/bad"},
        "ecr.DescribeRepositories": {},
        "ecr.PutImage": {"repositoryName": REPOSITORY, "imageManifest": manifest("6"), "imageTag": "bad"},
        "ecr.BatchDeleteImage": images,
        "ecr.DescribeImages": images,
        "ecr.BatchGetImage": images,
        "ecr.ListImages": {"repositoryName": REPOSITORY},
    }
