"""How a function of the home account reaches an account that the settings name as a member: by a role there.

The names stand in both accounts' policies, so they are ours to choose. A function's own role has one only where there
are members, because their roles must name whom they trust.
"""

from typing import Final

# What a member deploys with AbuseResponderMember.
CONTAIN_ROLE: Final = "AbuseResponderContain"
RELEASE_ROLE: Final = "AbuseResponderRelease"

# Whom these trust: the functions' own roles in the home account.
HOME_CONTAIN_ROLE: Final = "AbuseResponderHomeContain"
HOME_RELEASE_ROLE: Final = "AbuseResponderHomeRelease"
