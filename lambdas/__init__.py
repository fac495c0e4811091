"""What runs in AWS. This folder, with its own pinned requirements, is the one code asset."""
