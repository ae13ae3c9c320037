"""The story of a visit, for the team: only with the shopper's yes, and each look is noted."""
