"""Cases from outside, run against our rules."""
