"""What cuts one instance off its role's rights: a deny that names the instance, and a profile without rights.

The deny is one managed policy, which the stacks deploy. It denies everything to whoever holds credentials that were
given to an instance which the role's own tags name: other instances with the same role live on.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (ec2:SourceInstanceARN)
"""

from typing import Final

# Their names stand in IAM conditions of `contain`, so they are ours to choose, and one for each account.
DENY_POLICY: Final = "AbuseResponderCutInstances"
EMPTY_PROFILE: Final = "AbuseResponderNoRights"
EMPTY_ROLE: Final = "AbuseResponderNoRights"

# The tags of a role that name the instances which are cut off, one each.
CUT_KEYS: Final = tuple(f"AbuseResponder:Cut-{number}" for number in range(1, 9))
