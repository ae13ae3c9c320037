"""The plan: from looks at products to visits as sessions, and the newest sessions of each product.

Plain SQL that DuckDB and Spark read alike, each step a view on those before it. It starts from two tables:

- `look(visit, product, seconds)`: a look at a product, in any order; `visit` is text or a whole number;
- `item(product, number)`: every product there is, with its number 0 … n-1; looks at others are passed over.

(The index of VMIS-kNN, Kersbergen, Sprangers and Schelter, SIGMOD 2022: one grouping, the newest of each group.)
"""

from __future__ import annotations

NEWEST = 500
"""Sessions kept for each item: those that ended last."""

STEP = """
SELECT look.visit, item.number AS item, look.seconds,
       lag(item.number) OVER (PARTITION BY look.visit ORDER BY look.seconds, item.number) AS before
FROM look JOIN item ON item.product = look.product
"""

SESSION = """
SELECT visit, ended, row_number() OVER (ORDER BY ended, visit) - 1 AS number
FROM (SELECT visit, max(seconds) AS ended FROM step GROUP BY visit) AS visited
"""
"""Sessions are numbered by their end. An item looked at twice running counts once, and its last look ends it."""

TAKEN = """
SELECT session.number AS session, step.item, step.seconds
FROM step JOIN session ON session.visit = step.visit
WHERE step.before IS NULL OR step.before <> step.item
"""

RECENT = """
SELECT item, session
FROM (SELECT item, session, row_number() OVER (PARTITION BY item ORDER BY session DESC) AS place
      FROM (SELECT DISTINCT item, session FROM taken) AS had) AS placed
WHERE place <= {newest}
"""

VIEWS = {"step": STEP, "session": SESSION, "taken": TAKEN, "recent": RECENT}
"""Every step by its name, in the order they build on one another; `RECENT` wants `newest`."""

RESULTS = {
    "session": "SELECT ended FROM session ORDER BY number",
    "taken": "SELECT session, item FROM taken ORDER BY session, seconds, item",
    "recent": "SELECT item, session FROM recent ORDER BY item, session DESC",
}
"""What is taken out in the end, in the order the arrays want it."""
