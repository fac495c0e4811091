"""The names of the roles through which functions of the home account reach a member account.

The policies of both accounts name these roles, so the names are fixed.
"""

from typing import Final

# A member deploys these with AbuseResponderMember.
CONTAIN_ROLE: Final = "AbuseResponderContain"
RELEASE_ROLE: Final = "AbuseResponderRelease"

# They trust these roles of the functions in the home account.
HOME_CONTAIN_ROLE: Final = "AbuseResponderHomeContain"
HOME_RELEASE_ROLE: Final = "AbuseResponderHomeRelease"
