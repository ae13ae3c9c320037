"""What a shopper agrees to: told to the server, and shown as it holds there.

A yes needs the server: nothing may rest on one that nobody has heard. A no holds at once; where the server is away
it waits on the disk until it was told, and the screen says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar
from uuid import UUID

from kiosk.client import Client
from kiosk.errors import KioskError, TapRefused
from kiosk.from_home import list_of
from kiosk.given import Surroundings
from kiosk.keeping import Keeping
from kiosk.outbox import Letter
from kiosk.screen import Showing
from kiosk.stage import Stage
from server.wire import PURPOSES, HomeLine, PersonCard, PersonChoice, Purpose, StoryChoice, uuid7

Asked = Purpose | Literal["story"]
"""What is asked: what a card may be used for, and whether the team may see this visit, with a card or without."""

Said = TypeVar("Said", PersonChoice, StoryChoice)


def chosen(agreed: tuple[Purpose, ...], purpose: Purpose, *, yes: bool) -> tuple[Purpose, ...]:
    """Return what is agreed to after one choice. Where the visit is nobody's, nothing else can hold."""
    wanted = {*agreed, purpose} if yes else {*agreed} - {purpose}
    return tuple(one for one in PURPOSES if one in wanted) if "service" in wanted else ()


class Choosing:
    """Takes what a shopper chooses: a yes that cannot be told does not hold, a no always does."""

    def __init__(self, client: Client, stage: Stage, given: Surroundings, keeping: Keeping) -> None:
        self._client, self._stage, self._given, self._keeping = client, stage, given, keeping

    def tell(self, asked: Asked, *, yes: bool, visit_id: UUID) -> dict[str, object]:
        """Tell the server one choice and return how the screen's state changes.

        A yes that got no answer may have been heard: what held before is then told after it.
        """
        if asked == "story":
            said = self._story(visit_id, yes=yes)
            heard = self._told(self._client.share, said, self._story(visit_id, yes=False) if yes else said)
            changed: dict[str, object] = {"story": yes}
        else:
            before = self._stage.state.agreed or ()
            agreed = chosen(before, asked, yes=yes)
            choice = self._choice(visit_id, agreed)
            heard = self._told(self._client.choose, choice, self._choice(visit_id, before) if yes else choice)
            changed = {"agreed": agreed, "from_home": self._from_home(agreed, visit_id, heard=heard)}
        lost = yes and not heard
        return {"choice_lost": lost, "choice_waits": not yes and not heard, **({} if lost else changed)}

    def _from_home(self, agreed: tuple[Purpose, ...], visit_id: UUID, *, heard: bool) -> tuple[HomeLine, ...]:
        """Return the list that is the shopper's to see now, asked for where it is not here yet."""
        held = self._stage.state.from_home if "service" in agreed else ()
        return held or (list_of(self._client, visit_id, agreed) if heard else ())

    def _told(self, tell: Callable[[Said], None], said: Said, unheard: Said) -> bool:
        """Return whether the server has heard it; otherwise `unheard` waits to be told."""
        try:
            tell(said)
        except TapRefused:
            return said is unheard  # there is nobody to say it of, which is what a no wants
        except KioskError:
            kind = "choice" if isinstance(unheard, PersonChoice) else "story"
            moment = int(self._given.now().timestamp() * 1000)
            self._keeping.keep(Letter(str(unheard.choice_id), kind, unheard.model_dump_json(), moment))
            return False
        return True

    def _choice(self, visit_id: UUID, agreed: tuple[Purpose, ...]) -> PersonChoice:
        moment, language = self._given.now(), self._stage.state.language
        made = {"choice_id": self._fresh_id(), "visit_id": visit_id, "occurred_at": moment, "agreed": agreed}
        return PersonChoice.model_validate({**made, "language": language})

    def _story(self, visit_id: UUID, *, yes: bool) -> StoryChoice:
        moment, language = self._given.now(), self._stage.state.language
        made = {"choice_id": self._fresh_id(), "visit_id": visit_id, "occurred_at": moment, "yes": yes}
        return StoryChoice.model_validate({**made, "language": language})

    def show(self) -> None:
        """Show what holds, where a card was tapped in this visit."""
        agreed = self._stage.state.agreed
        if agreed is not None:
            view = Showing(self._fresh_id(), PersonCard(agreed=agreed), (), live=True, as_of=None)
            self._stage.show(view, warning_seconds=None)

    def _fresh_id(self) -> UUID:
        return uuid7(self._given.now(), self._given.luck(10))
