"""`shelftalker train`: a new model learned, judged and, unless it is worse, served; or the one before again."""

from __future__ import annotations

import click

from server.recommendations import queries
from server.terminal import Terminal


@click.command()
@click.option("--back", is_flag=True, help="learn nothing: let the model that served before serve again")
@click.pass_obj
def train(terminal: Terminal, *, back: bool) -> None:
    """Learn from the visits on the timeline; every server process takes the new model up by itself.

    A model that is worse than the serving one on the last day's visits is kept, but does not serve.
    """
    with terminal.database() as session:
        if back:
            old, now_serving = queries.take_back(session, terminal.now())
            click.echo(f"Model {now_serving} serves again instead of {old}; every process takes it up by itself.")
            return
        from server.recommendations.training import train as learn  # noqa: PLC0415 - no other command pays for it

        model = learn(session, terminal.now())
        told, judged = model.report, model.report["judged"]
        click.echo(
            f"Model {model.version} learned from {told['taps']} taps of {told['visits']} visits; among four tiles "
            f"it had {judged['new']['hit_rate']:.1%} of {judged['n']} next taps it had not seen."
        )
        verdict = "It serves" if model.serving else "It does NOT serve; the one before goes on"
        click.echo(f"{verdict}: {told['why']}.")
