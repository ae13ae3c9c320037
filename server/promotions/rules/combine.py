"""Which promotions of a stage apply together: exclusive ones, groups, the best deal, priority, the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.promotions.rules.apply import Ground, apply, blocked
from server.promotions.rules.condition import Need, need
from server.promotions.rules.running import Running, personal_needs
from server.promotions.rules.situation import Situation
from server.promotions.rules.units import Unit
from server.promotions.rules.verdict import Applied, Beaten, Missing, Verdict, Without


@dataclass(slots=True)
class Contest:
    """The promotions of one stage: what each would take off alone, and what was decided on it."""

    units: Sequence[Unit]
    situation: Situation
    ground: Ground
    alone: dict[str, int] = field(default_factory=dict)
    trials: dict[str, tuple[Sequence[Unit], list[Need]]] = field(default_factory=dict)
    """What the units became when each was tried alone, and what it still needed: so they are after the first."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def admit(self, promotion: Running) -> bool:
        """Return whether it would take something off by itself; else decide on it."""
        trial = [unit.copy() for unit in self.units]
        tried, more = apply(promotion, trial, self.ground)
        verdict = self._refused(promotion, tried, more)
        if verdict is None:
            self.alone[promotion.id] = tried
            self.trials[promotion.id] = trial, more
        else:
            self.verdicts[promotion.id] = verdict
        return verdict is None

    def _refused(self, promotion: Running, tried: int, more: list[Need]) -> Verdict | None:
        """Return the verdict on one that does nothing as things are; None where it does something."""
        needs = self._needs(promotion)
        if promotion.id in self.situation.used_up:
            return Without(promotion.id, "used_up")
        if promotion.rule.kind == "message" and not needs:
            return Applied(promotion.id, 0)
        if tried or promotion.rule.kind == "message":
            return Missing(promotion.id, tuple(needs)) if needs else None
        if more:
            return Missing(promotion.id, (*needs, *more))
        return Without(promotion.id, blocked(promotion, self.units, self.ground.currency))

    def _needs(self, promotion: Running) -> list[Need]:
        found = personal_needs(promotion.rule, self.situation)
        if not promotion.rule.conditions:
            return found
        counted = [(unit.wanted, unit.start) for unit in self.units]
        missing = [need(one, counted, self.situation) for one in promotion.rule.conditions]
        return found + [one for one in missing if one is not None]

    def worth(self, promotion: Running) -> tuple[int, tuple[int, str]]:
        """Return a key that puts the best for the shopper first."""
        return -self.alone[promotion.id], promotion.rank

    def beat(self, losers: Sequence[Running], winner: Running, why: str) -> None:
        """Decide that `winner` was taken instead of `losers`."""
        for loser in losers:
            if loser is not winner:
                self.verdicts[loser.id] = Beaten(loser.id, winner.id, why)  # type: ignore[arg-type]  # one of ours

    def winners(self, admitted: Sequence[Running]) -> list[Running]:
        """Return those that may apply together, in order of rank."""
        alone = [promotion for promotion in admitted if promotion.exclusive]
        if alone:
            self.beat(admitted, alone[0], "exclusive")
            return alone[:1]
        if self.ground.policy.combine == "best" and admitted:
            best = min(admitted, key=self.worth)
            self.beat(admitted, best, "better")
            return [best]
        kept = []
        for promotion in admitted:
            rivals = [p for p in admitted if p.rule.group and p.rule.group == promotion.rule.group]
            if not rivals or min(rivals, key=self.worth) is promotion:
                kept.append(promotion)
                self.beat(rivals, promotion, "group")
        return kept

    def _as_tried(self, promotion: Running) -> tuple[int, list[Need]]:
        """Let the first to apply do what it did when it was tried."""
        trial, more = self.trials[promotion.id]
        for unit, tried in zip(self.units, trial, strict=True):
            unit.minor, unit.counted, unit.cuts = tried.minor, tried.counted, tried.cuts
        return self.alone[promotion.id], more

    def play(self, winners: Sequence[Running]) -> None:
        """Apply the winners to the units, one after the other."""
        first = self.ground.policy.units_first
        turns = sorted(winners, key=lambda p: (first and p.rule.on == "list", p.rank))
        for turn, promotion in enumerate(turns):
            taken, needs = apply(promotion, self.units, self.ground) if turn else self._as_tried(promotion)
            if taken:
                self.verdicts[promotion.id] = Applied(promotion.id, taken)
            elif needs:
                self.verdicts[promotion.id] = Missing(promotion.id, tuple(needs))
            else:
                reason = blocked(promotion, self.units, self.ground.currency)
                self.verdicts[promotion.id] = Without(promotion.id, reason)
            if taken and promotion.rule.stop:
                self.beat(turns[turn + 1 :], promotion, "stopped")
                return


def work_out(
    units: Sequence[Unit], promotions: Sequence[Running], *, situation: Situation, ground: Ground
) -> tuple[Verdict, ...]:
    """Apply to the units what applies together, and return a verdict on every promotion, by rank."""
    ordered = sorted(promotions, key=lambda promotion: promotion.rank)
    contest = Contest(units, situation, ground)
    contest.play(contest.winners([promotion for promotion in ordered if contest.admit(promotion)]))
    return tuple(contest.verdicts[promotion.id] for promotion in ordered)
