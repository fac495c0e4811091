"""Special kinds of instance, such as a Spot instance or a cluster node, and what that changes for containment.

None of them prevents containment. The report tells the admin what else to know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase

# Tags that are on nodes of Kubernetes, by whoever made them; the first that is there names the cluster.
# https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
# https://karpenter.sh/docs/concepts/nodeclasses/ (spec.tags)
_CLUSTER_TAGS = ("aws:eks:cluster-name", "eks:cluster-name", "eks:eks-cluster-name", "alpha.eksctl.io/cluster-name")
_NODE_TAGS = ("eks:nodegroup-name", "karpenter.sh/nodepool", "karpenter.sh/provisioner-name")
_KUBERNETES = re.compile(r"kubernetes\.io/cluster/(.+)")
# Both are names that ECS gives: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
_ECS_TAG, _ECS_PROFILE = "AmazonECSManaged", "/ecsInstanceRole"


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that an instance is, by a short name, with what it changes for containing."""

    name: str
    phrase: Phrase


def traits(instance: Instance) -> tuple[Trait, ...]:
    """Everything that the instance is and that matters to containing it, as EC2 shows it."""
    return tuple(_traits(instance))


def _traits(instance: Instance) -> Iterator[Trait]:
    if instance.state == "pending":
        yield Trait("pending", phrase("trait:pending"))
    if instance.lifecycle == "spot":
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html
        yield Trait("spot", phrase("trait:spot"))
    if instance.root_device == "instance-store":
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html
        yield Trait("instance-store", phrase("trait:instance_store"))
    if instance.operator:
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-ec2-managed-instances.html
        yield Trait("managed", phrase("trait:managed", operator=instance.operator))
    if (cluster := _cluster_of(instance)) is not None:
        # https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ (tolerationSeconds)
        node = phrase("trait:node_of", cluster=cluster) if cluster else phrase("trait:node")
        yield Trait("kubernetes", phrase("trait:kubernetes", node=node))
    if _ECS_TAG in instance.tags or instance.profile.endswith(_ECS_PROFILE):
        yield Trait("ecs", phrase("trait:ecs"))
    if environment := instance.tags.get("elasticbeanstalk:environment-name"):
        # https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/applications-tagging-resources.html
        yield Trait("elastic-beanstalk", phrase("trait:elastic_beanstalk", environment=environment))
    if job_flow := instance.tags.get("aws:elasticmapreduce:job-flow-id"):
        # https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-tags.html
        yield Trait("emr", phrase("trait:emr", cluster=job_flow))


def _cluster_of(instance: Instance) -> str | None:
    """The cluster of a Kubernetes node: empty where only a tag without its name shows that it is one, else None."""
    for tag in _CLUSTER_TAGS:
        if tag in instance.tags:
            return instance.tags[tag]
    named = next((match[1] for match in map(_KUBERNETES.fullmatch, instance.tags) if match), None)
    return named or ("" if any(tag in instance.tags for tag in _NODE_TAGS) else None)
