"""`shelftalker replay` and `forget-evidence`: prices of the past, priced again or let go."""

from __future__ import annotations

from datetime import timedelta

import click

from server.access.queries import stores
from server.analytics.replay_page import change_of
from server.analytics.replaying import replayed
from server.promotions.evidence import forget
from server.promotions.words import money_words
from server.terminal import Terminal
from server.wire import Money


@click.command()
@click.argument("what", type=click.Choice(["with", "without", "stack", "best"]))
@click.argument("promotion", default="")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 31))
@click.pass_obj
def replay(terminal: Terminal, *, what: str, promotion: str, days: int) -> None:
    """Price the visits of the last days again WITH or WITHOUT a PROMOTION, or combining by STACK or BEST."""
    until = terminal.now()
    with terminal.database() as session:
        change = change_of(session, {"what": what, "promotion": promotion})
        for store in stores(session, None):
            told = replayed(session, store, change, since=until - timedelta(days=days), until=until)
            together = _money(told.difference, store.currency)
            click.echo(f"{store.name}: {len(told.lists)} of {told.visits} visits, {together}")
            for card in told.cards:
                prices = f"{_money(card.was, store.currency)} → {_money(card.would_be, store.currency)}"
                click.echo(f"  {card.product_id}: {prices}, looked at {card.times} times")


@click.command("forget-evidence")
@click.pass_obj
def forget_evidence(terminal: Terminal) -> None:
    """Delete the evidence of prices that is older than the chain's pricing policy keeps; run it every night."""
    with terminal.database() as session:
        click.echo(f"{forget(session, terminal.now())} prices shown in the past were forgotten.")


def _money(minor: int, currency: str) -> str:
    return money_words(Money(minor=minor, currency=currency))["en"]
