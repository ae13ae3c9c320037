"""The plan: from looks at products to visits as sessions, and the newest sessions of each product.

Plain SQL that DuckDB and Spark read alike, each step a view on those before it. It starts from two tables:

- `look(visit, product, seconds)`: a look at a product, in any order; `visit` is text or a whole number;
- `item(product, number)`: every product there is, with its number 0 … n-1; looks at others are passed over.

It runs in one go, or in slices that give the same: `KEPT` by visit, since each visit stands for itself; `VIEWS`
from one moment to another, since sessions are numbered by their end. So what is sorted at once is bounded, however
many looks there are.

(The index of VMIS-kNN, Kersbergen, Sprangers and Schelter, SIGMOD 2022: one grouping, the newest of each group.)
"""

from __future__ import annotations

NEWEST = 500
"""Sessions kept for each item: those that ended last."""

ALL = "TRUE"
"""Which visits or sessions, where the plan runs in one go."""

KEPT = """
SELECT visit, item, seconds, ended, before IS NULL AS begins
FROM (SELECT look.visit, item.number AS item, look.seconds,
             lag(item.number) OVER in_order AS before, last_value(look.seconds) OVER whole AS ended
      FROM look JOIN item ON item.product = look.product
      WHERE {visits}
      WINDOW in_order AS (PARTITION BY look.visit ORDER BY look.seconds, item.number),
             whole AS (PARTITION BY look.visit ORDER BY look.seconds, item.number
                       ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) AS step
WHERE before IS NULL OR before <> item
"""
"""An item looked at twice running counts once, and its last look ends the visit."""

SOME_VISITS = "({hash}(look.visit) & {last}) = {number}"
"""One slice of a power of two, `last` the highest; any hash will do."""

SPAN = 64.0
"""Seconds, between whose multiples slices end: a power of two, so that dividing by it is exact."""

ENDS = """
SELECT span, count(*) AS looks
FROM (SELECT floor(ended / {span}) AS span FROM kept) AS spans GROUP BY span ORDER BY span
"""
"""How many looks each `SPAN` holds."""

SESSION = """
SELECT visit, ended, row_number() OVER (ORDER BY ended, visit) - 1 AS number
FROM kept WHERE begins AND {ends}
"""
"""Sessions are numbered by their end, from 0 in each slice."""

TAKEN = """
SELECT session.number AS session, kept.item, kept.seconds
FROM kept JOIN session ON session.visit = kept.visit
WHERE {ends}
"""

RECENT = """
SELECT item, session
FROM (SELECT item, session, row_number() OVER (PARTITION BY item ORDER BY session DESC) AS place
      FROM (SELECT DISTINCT item, session FROM taken) AS had) AS placed
WHERE place <= {newest}
"""
"""Cut in each slice: the newest of all are among the newest of each."""

SOME_ENDS = "kept.ended >= {start} AND kept.ended < {end}"

VIEWS = {"session": SESSION, "taken": TAKEN, "recent": RECENT}
"""Every step on `kept` by its name, in the order they build on one another; they want `ends` and `newest`."""

RESULTS = {
    "session": "SELECT ended FROM session ORDER BY number",
    "taken": "SELECT session, item FROM taken ORDER BY session, seconds, item",
    "recent": "SELECT item, session FROM recent ORDER BY item, session DESC",
}
"""What is taken out in the end, in the order the arrays want it."""
