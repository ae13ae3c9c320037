"""The timeline read from outside: pages of it, what happens now, all of it."""
