"""What an instance is beside a machine, by what EC2 shows of it."""

import pytest

from lambdas.domain.instance.traits import traits
from tests.samples import ACCOUNT, RUNNING, english, instance

ARN = f"arn:aws:iam::{ACCOUNT}:instance-profile"

TRAITS = {
    "spot": ({"lifecycle": "spot"}, "EC2 may take it back at any time"),
    "instance-store": ({"root_device": "instance-store"}, "it cannot be stopped or snapshotted"),
    "pending": ({"state": "pending"}, "EC2 was still starting it"),
    "managed": ({"operator": "eks.amazonaws.com"}, "eks.amazonaws.com manages it"),
    "kubernetes": ({"tags": {"aws:eks:cluster-name": "shop"}}, "a Kubernetes node of the cluster shop: "),
    "ecs": ({"tags": {"AmazonECSManaged": ""}}, "it runs containers for ECS"),
    "elastic-beanstalk": (
        {"tags": {"elasticbeanstalk:environment-name": "shop-prod"}},
        "of the Elastic Beanstalk environment shop-prod",
    ),
    "emr": ({"tags": {"aws:elasticmapreduce:job-flow-id": "j-3KV"}}, "a node of the EMR cluster j-3KV"),
}


@pytest.mark.parametrize("name", TRAITS)
def test_trait(name):
    changes, words = TRAITS[name]
    (trait,) = traits(instance(**changes))
    assert trait.name == name
    assert words in english(trait.phrase)


def test_a_plain_instance_has_none():
    assert traits(RUNNING) == ()


def test_all_of_them_stand_together():
    both = instance(lifecycle="spot", tags={"eks:cluster-name": "shop", "elasticbeanstalk:environment-name": "x"})
    assert [trait.name for trait in traits(both)] == ["spot", "kubernetes", "elastic-beanstalk"]


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"eks:cluster-name": "shop"}, "node of the cluster shop: "),
        ({"eks:eks-cluster-name": "shop"}, "node of the cluster shop: "),
        ({"kubernetes.io/cluster/kops.example.com": "owned"}, "node of the cluster kops.example.com: "),
        ({"kubernetes.io/cluster/shop": "owned", "aws:eks:cluster-name": "shop"}, "node of the cluster shop: "),
        ({"eks:nodegroup-name": "workers"}, "a Kubernetes node: "),
        ({"karpenter.sh/nodepool": "default"}, "a Kubernetes node: "),
        ({"karpenter.sh/nodepool": "default", "kubernetes.io/cluster/shop": "owned"}, "node of the cluster shop: "),
    ],
)
def test_a_node_of_kubernetes_is_known_by_any_of_its_tags(tags, words):
    (trait,) = traits(instance(tags=tags))
    assert (trait.name, words in english(trait.phrase)) == ("kubernetes", True)


@pytest.mark.parametrize(
    ("profile", "is_ecs"),
    [(f"{ARN}/ecsInstanceRole", True), (f"{ARN}/team/ecsInstanceRole", True), (f"{ARN}/not-ecsInstanceRole", False)],
)
def test_the_profile_that_ecs_names_shows_its_container_instances(profile, is_ecs):
    assert [trait.name for trait in traits(instance(profile=profile))] == (["ecs"] if is_ecs else [])


@pytest.mark.parametrize(
    "tags", [{"kubernetes.io/cluster/": "owned"}, {"kubernetes.io/role/elb": "1"}, {"Name": "eks"}]
)
def test_what_looks_like_it_is_none(tags):
    assert traits(instance(tags=tags)) == ()
