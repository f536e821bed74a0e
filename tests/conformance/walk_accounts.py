"""Looks at two accounts and two Regions through their access keys, as AWS tells them apart."""
import pathlib
import tempfile

from simulator import Simulator, Walk

STAGING, PRODUCTION, OTHER = "111122223333", "444455556666", "777788889999"

SCENARIO = f"""
region = "eu-west-1"

[[account]]
id = "{STAGING}"
name = "staging"

[[account]]
id = "{PRODUCTION}"
name = "production"
access_key = "AKIAPRODUCTION"

[[cluster]]
name = "staging"

[[cluster]]
name = "production"
account = "{PRODUCTION}"
"""


def walk(binary, tally, covered):
    """Starts a simulator with two accounts, and asks each of them who it is and what it has."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = pathlib.Path(folder, "accounts.toml")
        scenario.write_text(SCENARIO, encoding="utf-8")
        with Simulator(binary, str(scenario)) as simulator:
            for key, account, clusters in (
                ("AKIAANY", STAGING, ["staging"]),
                (STAGING, STAGING, ["staging"]),
                ("AKIAPRODUCTION", PRODUCTION, ["production"]),
                (OTHER, OTHER, []),
            ):
                one = Walk(simulator, tally, "eu-west-1", key)
                look(one, account, clusters)
                for label, codes in one.covered.items():
                    covered[label] |= codes
            elsewhere = Walk(simulator, tally, "us-east-2", PRODUCTION)
            look(elsewhere, PRODUCTION, [])
            listed = [one["id"] for one in simulator.steer("scenario")["accounts"]]
            tally.expect(listed == [STAGING, PRODUCTION], f"the simulator lists its accounts, got {listed}")


def look(walk, account, clusters):
    """The caller's account, and the clusters that it sees."""
    identity = walk.ok("sts.GetCallerIdentity")
    walk.tally.expect(identity["Account"] == account, f"the key belongs to {account}, got {identity['Account']}")
    walk.tally.expect(f":{account}:" in identity["Arn"], "the caller's ARN names the account")
    found = [arn.rsplit("/")[-1] for arn in walk.ok("ecs.ListClusters")["clusterArns"]]
    walk.tally.expect(found == clusters, f"{account} has the clusters {clusters}, got {found}")
