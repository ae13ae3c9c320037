"""Who it is: ids that belong to one person, what that person agreed to, and how they are forgotten."""
