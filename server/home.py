"""The first page of the consoles, and the way to all others."""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask_babel import gettext

from server.access.guard import staff_only, this_staff
from server.access.models import Role
from server.access.queries import stores
from server.calls.queries import open_calls
from server.fleet.queries import kiosks_with_state
from server.tags.alarms.queries import open_count
from server.tags.queries import unknown_tags
from server.web import now, open_session, page

pages = flask.Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A place one can go to; `here` marks the page one is on."""

    href: str
    words: str
    here: bool


@dataclass(frozen=True, slots=True)
class StoreNews:
    """What waits for somebody in one store."""

    id: str
    name: str
    unknown_tags: int
    alarms: int
    calls: int
    silent: tuple[str, ...]

    @property
    def quiet(self) -> bool:
        """Return whether nothing waits."""
        return not (self.unknown_tags or self.alarms or self.calls or self.silent)


def init_app(app: flask.Flask) -> None:
    """Add the first page and the navigation."""
    app.register_blueprint(pages)
    app.context_processor(lambda: {"navigation": navigation})


def navigation() -> list[Entry]:
    """Return where the member of staff may go, in their language."""
    staff, here = this_staff(), flask.request.path
    store = (flask.request.view_args or {}).get("store_id") or (staff.store_ids[0] if staff.store_ids else "")
    places = [("/", gettext("Start"))]
    if staff.role is Role.MANAGER and store:
        places += [(f"/manage/{store}/tags", gettext("Tags")), (f"/manage/{store}/alarms", _alarms(store))]
    if staff.role in {Role.MANAGER, Role.ASSOCIATE} and store:
        places += [
            (f"/manage/{store}/calls", gettext("Calls")),
            (f"/manage/{store}/visits", gettext("Visits")),
        ]
    if staff.role in {Role.MANAGER, Role.OPERATOR} and store:
        places.append((f"/manage/{store}/kiosks", gettext("Kiosks")))
        places.append((f"/manage/{store}/left-out", gettext("Left out")))
    if staff.role in {Role.MANAGER, Role.OPERATOR}:
        places.append(("/live", gettext("As it happens")))
    if staff.role is Role.OPERATOR:
        places.append(("/operate/failed-events", gettext("Messages that did not fit")))
    if staff.role in {Role.MANAGER, Role.MERCHANDISER}:
        places.append(("/merchandise/taps", gettext("What is tapped")))
    if staff.role in {Role.MANAGER, Role.MERCHANDISER}:
        places.append(("/merchandise/promotions", gettext("Promotions")))
    return [Entry(href, words, href == here) for href, words in places]


def _alarms(store_id: str) -> str:
    with open_session() as session:
        waiting = open_count(session, store_id)
    return str(gettext("Alarms (%(n)s)", n=waiting) if waiting else gettext("Alarms"))


@pages.get("/")
@staff_only()
def home() -> str:
    """Show what needs somebody, store by store; else that all is well."""
    staff, moment = this_staff(), now()
    with open_session() as session:
        news = [
            StoreNews(
                id=store.id,
                name=store.name,
                unknown_tags=len(unknown_tags(session, store.id)),
                alarms=open_count(session, store.id),
                calls=len(open_calls(session, [store.id], moment)),
                silent=tuple(
                    line.kiosk.name for line in kiosks_with_state(session, [store.id], moment) if line.silent
                ),
            )
            for store in stores(session, staff.store_ids)
        ]
    return page("home.html", news=news, manages=staff.role is Role.MANAGER)
