"""Deliveries made and tried: one at a time, so that a slow receiver holds up no writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.timeline.models import Event
from server.timeline.people.keyed import PersonKeys
from server.timeline.reading.told import told
from server.timeline.webhooks import queries, rules
from server.timeline.webhooks.door import Door, Unreached
from server.timeline.webhooks.models import Delivery, State, Webhook
from server.timeline.webhooks.sealing import Seal

HELD = timedelta(seconds=60)
"""How long a delivery is one relay's own: should it die meanwhile, another tries again under the same id."""


@dataclass(frozen=True, slots=True)
class Relay:
    """What makes and tries deliveries; several may run, on PostgreSQL also side by side."""

    engine: Engine
    door: Door
    seal: Seal
    keys: PersonKeys
    now: Callable[[], datetime]

    def run_once(self) -> bool:
        """Make the deliveries of what is new and try one that is due; return whether there was anything to do."""
        with Session(self.engine) as session, session.begin():
            made = queries.fan_out(session, self.now())
        return self._try_one() or made > 0

    def _try_one(self) -> bool:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            found = queries.due(session, self.now())
            if found is None:
                return False
            delivery, webhook, event = found
            delivery.next_at = self.now() + HELD
        body = self._told(delivery, event)
        status, answer = self._post(delivery, webhook, body) if body else (None, "the event is no longer kept")
        with Session(self.engine) as session, session.begin():
            kept = session.get_one(Delivery, delivery.id, with_for_update=True)
            kept.answer = answer
            self._note(kept, session.get_one(Webhook, webhook.id), status, kept_event=body is not None)
        return True

    def _told(self, delivery: Delivery, event: Event | None) -> bytes | None:
        if delivery.sealed is not None:
            return self.keys.unseal(delivery.sealed)
        return told(event).model_dump_json().encode() if event else None

    def _post(self, delivery: Delivery, webhook: Webhook, body: bytes) -> tuple[int | None, str]:
        now = self.now()
        secrets = [self.seal.unseal(webhook.secret)]
        if webhook.old_secret and webhook.old_until and now < webhook.old_until:
            secrets.append(self.seal.unseal(webhook.old_secret))
        try:
            status = self.door.post(webhook.url, body, rules.headers(delivery.id, body, secrets, now=now))
        except Unreached as error:
            return None, str(error)[:200]
        return status, str(status)

    def _note(self, delivery: Delivery, webhook: Webhook, status: int | None, *, kept_event: bool) -> None:
        delivery.tries += 1
        again = rules.next_try(delivery.tries, self.now()) if kept_event else None
        if status is not None and 200 <= status < 300:
            delivery.state, delivery.sealed = State.DELIVERED, None
        elif status == rules.GONE:
            delivery.state = State.GIVEN_UP
            webhook.disabled_at, webhook.reason = (
                self.now(),
                "the receiver said that it wants to hear no more (410)",
            )
        elif again is None:
            delivery.state = State.GIVEN_UP
        else:
            delivery.next_at = again
