"""Who the admins are, and whether messages reach them."""
