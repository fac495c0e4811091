"""Instance profiles for the rehearsal and the tests: what Moto lacks when a profile is replaced.

EC2 replaces the profile of a running instance only, gives the association a new id, and shows the new profile among
what describes the instance: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceIamInstanceProfileAssociation.html
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociationBackend
from moto.ec2.utils import random_iam_instance_profile_association_id


class _NotActive(EC2ClientError):  # type: ignore[misc]  # Moto has no types
    def __init__(self, association_id: str) -> None:
        super().__init__("IncorrectState", f"The association {association_id} is not the active association")


def _replace(backend: Any, association_id: str, *profile: Any, **named: Any) -> Any:
    for association in backend.iam_instance_profile_associations.values():
        if association.association_id == association_id and association.instance.state != "running":
            raise _NotActive(association_id)
    replaced = _replace_as_it_comes(backend, association_id, *profile, **named)
    replaced.association_id = random_iam_instance_profile_association_id()
    association = {"Arn": replaced.iam_instance_profile.arn, "Id": replaced.association_id}
    backend.modify_instance_attribute(replaced.instance_id, "iam_instance_profile", association)
    return replaced


_replace_as_it_comes = IamInstanceProfileAssociationBackend.replace_iam_instance_profile_association
IamInstanceProfileAssociationBackend.replace_iam_instance_profile_association = _replace
