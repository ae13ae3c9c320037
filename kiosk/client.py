"""The door to the server: only an answer in our own words counts as one."""

from __future__ import annotations

import threading
from typing import TypeVar
from uuid import UUID

import requests
from pydantic import BaseModel, ValidationError
from urllib3.exceptions import ProtocolError

from kiosk.errors import Away, Broken, KeyRefused, TapRefused, TooMuch
from server.wire import (
    BatchAnswer,
    DeskRead,
    HandOverAsked,
    HandOverOffer,
    HandOverReply,
    HandOverSign,
    HandOverState,
    Heartbeat,
    HomeList,
    Introduced,
    PersonChoice,
    Shelf,
    StaffCall,
    StoryChoice,
    Tap,
    TapAnswer,
    VisitEnd,
)

Answer = TypeVar("Answer", bound=BaseModel)

LIVE = (1.0, 2.0)
"""Seconds to connect and to wait while a shopper stands there."""
PATIENT = (2.0, 5.0)
HAND_OVERS = "/api/v1/hand-overs"
LARGEST_PICTURE = 5 * 1024 * 1024


class Client:
    """Speaks to one server with one key. Safe for many threads: each has its own connection."""

    def __init__(self, server: str, key: str) -> None:
        self._server, self._key = server, key
        self._own = threading.local()

    def answer(self, tap: Tap) -> TapAnswer:
        """Send a tap and return its answer; raises `Away`, `KeyRefused`, `TapRefused`."""
        live = tap.model_copy(update={"listed": None, "forgets": True})  # the answer brings another list
        answer = self._read(TapAnswer, self._post("/api/v1/taps", live, LIVE))
        if answer.tap_id != tap.tap_id:
            msg = "the answer was for another tap"
            raise Away(msg)
        return answer

    def send_batch(self, taps: list[Tap]) -> BatchAnswer:
        """Send taps that waited; raises `Away`, `KeyRefused`, `TooMuch`, `TapRefused`."""
        body = b'{"taps":[' + b",".join(tap.model_dump_json().encode() for tap in taps) + b"]}"
        return self._read(BatchAnswer, self._post("/api/v1/taps/batch", body, PATIENT))

    def shelf(self, revision: int) -> Shelf:
        """Return the store's shelf, `unchanged` where `revision` is the newest."""
        path = f"/api/v1/shelf?revision={revision}&later=1&reduced=1&reduced_words=1&prices=1&sizes=1&offers=1"
        return self._read(Shelf, self._ask("GET", path, patience=PATIENT))

    def picture(self, name: str) -> bytes:
        """Return a picture's bytes."""
        response = self._ask("GET", f"/media/{name}", patience=PATIENT)
        if not response.headers.get("Content-Type", "").startswith("image/"):
            msg = f"what came for {name} is no picture"
            raise Away(msg)
        content = response.content
        if len(content) > LARGEST_PICTURE:
            msg = f"the picture {name} is larger than 5 MB"
            raise Away(msg)
        return content

    def beat(self, heartbeat: Heartbeat) -> None:
        """Say how the kiosk is."""
        self._done(self._post("/api/v1/heartbeats", heartbeat, PATIENT))

    def call(self, call: StaffCall) -> None:
        """Ask for a person; returns once the server has it."""
        self._done(self._post("/api/v1/calls", call, LIVE))

    def choose(self, choice: PersonChoice) -> None:
        """Tell what a shopper agrees to; it holds once this returns."""
        self._done(self._post("/api/v1/visits/choices", _aged(choice), LIVE))

    def share(self, choice: StoryChoice) -> None:
        """Tell whether the team may see a visit; it holds once this returns."""
        self._done(self._post("/api/v1/visits/stories", _aged(choice), LIVE))

    def home_list(self, visit_id: UUID) -> HomeList:
        """Return the list the visit's customer made at home, as it stands in this store."""
        return self._read(HomeList, self._ask("GET", f"/api/v1/visits/{visit_id}/list", patience=LIVE))

    def offer_hand_over(self, asked: HandOverAsked) -> HandOverOffer:
        """Ask for a link with which a phone carries the visit on, and may say whose it is."""
        return self._read(HandOverOffer, self._post(f"{HAND_OVERS}?asks_who=1", asked, LIVE))

    def hand_over(self, hand_over_id: UUID) -> HandOverState:
        """Return how far a hand-over is."""
        path = f"{HAND_OVERS}/{hand_over_id}?asks_who=1"
        return self._read(HandOverState, self._ask("GET", path, patience=LIVE))

    def answer_hand_over(self, hand_over_id: UUID, reply: HandOverReply) -> None:
        """Let a phone in, or not; raises `TapRefused` where it is too late."""
        self._done(self._post(f"{HAND_OVERS}/{hand_over_id}/answer", reply, LIVE))

    def introduce(self, hand_over_id: UUID, sign: HandOverSign) -> Introduced:
        """Tell that the shopper is whom their phone says; raises `TapRefused` where it is too late."""
        return self._read(Introduced, self._post(f"{HAND_OVERS}/{hand_over_id}/introduction", sign, LIVE))

    def end_hand_over(self, hand_over_id: UUID) -> None:
        """Take an offer back."""
        self._done(self._ask("DELETE", f"{HAND_OVERS}/{hand_over_id}", patience=LIVE))

    def end_visit(self, end: VisitEnd) -> None:
        """Tell the end of a visit."""
        self._done(self._post("/api/v1/visits/ends", end, PATIENT))

    def desk_read(self, read: DeskRead) -> None:
        """Show a tag to the manager."""
        self._done(self._post("/api/v1/desk/reads", read, LIVE))

    def _post(self, path: str, body: BaseModel | bytes, patience: tuple[float, float]) -> requests.Response:
        content = body if isinstance(body, bytes) else body.model_dump_json().encode()
        return self._ask("POST", path, content, patience=patience)

    def _ask(
        self, method: str, path: str, body: bytes | None = None, *, patience: tuple[float, float]
    ) -> requests.Response:
        session = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            session.trust_env = False
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            response = session.request(
                method, self._server + path, data=body, headers=headers, timeout=patience, allow_redirects=False
            )
        except requests.RequestException as error:
            if any(isinstance(cause, ProtocolError) for cause in error.args):
                raise Broken(str(error)) from error
            raise Away(str(error)) from error
        return _judged(response)

    def _read(self, kind: type[Answer], response: requests.Response) -> Answer:
        try:  # a newer server may say more: an older kiosk takes what it knows rather than nothing
            return kind.model_validate_json(response.content, extra="ignore")
        except ValidationError as error:
            msg = "something answered that is not our server"
            raise Away(msg) from error

    def _done(self, response: requests.Response) -> None:
        if response.status_code != 204:
            msg = "something answered that is not our server"
            raise Away(msg)


def _aged(choice: PersonChoice | StoryChoice) -> bytes:
    """Return it as JSON, with its age where it waited: an older server knows no such field."""
    return choice.model_dump_json(exclude=None if choice.age_ms else {"age_ms"}).encode()


def _judged(response: requests.Response) -> requests.Response:
    ours = response.headers.get("Content-Type", "").startswith("application/problem+json")
    if response.status_code in {200, 204}:
        return response
    if response.status_code == 413:
        msg = "too large"
        raise TooMuch(msg)
    if ours and response.status_code in {401, 403}:
        raise KeyRefused(_detail(response))
    if ours and response.status_code in {400, 409, 422}:
        raise TapRefused(_detail(response))
    if ours and response.status_code == 500:
        raise Broken(_detail(response))
    wait = response.headers.get("Retry-After", "")
    raise Away(f"the answer was {response.status_code}", int(wait) if wait.isdigit() else 0)


def _detail(response: requests.Response) -> str:
    try:
        return str(response.json().get("detail", ""))[:500]
    except ValueError:
        return ""
