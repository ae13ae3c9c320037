"""An agent that shows what it is told, and a browser on its page."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from kiosk.given import ServerClock, Surroundings
from kiosk.screen import Attract, ScreenState, View
from kiosk.shelf import ShelfCopy
from tests.clock import NOW
from tests.kiosk.pages.views import SIZES
from tests.kiosk.stand_ins import shelf


class CarryingStandIn:
    """A hand-over that notes what is asked of it."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked

    def begin(self) -> None:
        self.asked.append("carry")

    def answer(self, sign: str, yes: bool) -> None:
        self.asked.append(f"carry {sign} {yes}")

    def close(self) -> None:
        self.asked.append("close")


class StandIn:
    """An agent that shows what it is told and notes what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.shelf = ShelfCopy(folder)
        self.shelf.take(shelf())
        self.clock = ServerClock(Surroundings(lambda: NOW, float, bytes, timedelta(0), ""))
        self.now = ScreenState(number=1, view=Attract(), language="en")
        self.asked: list[str] = []
        self.carrying = CarryingStandIn(self.asked)

    def show(self, view: View, **more: object) -> None:
        self.now = replace(self.now, number=self.now.number + 1, view=view, **more)  # type: ignore[arg-type]

    def state(self) -> ScreenState:
        return self.now

    def wait(self, after: int, timeout: float) -> ScreenState:
        for _ in range(int(timeout * 50)):
            if self.now.number > after:
                break
            time.sleep(0.02)
        return self.now

    def picture(self, name: str) -> Path | None:
        return None

    def pick(self, product_id: str) -> None:
        self.asked.append(f"pick {product_id}")

    def done(self) -> None:
        self.asked.append("done")

    def still_here(self) -> None:
        self.asked.append("still here")

    def speak(self, language: str) -> None:
        self.asked.append(f"speak {language}")

    def call_staff(self) -> None:
        self.asked.append("call")

    def choose(self, purpose: str, yes: bool) -> None:
        self.asked.append(f"choose {purpose} {yes}")

    def show_choices(self) -> None:
        self.asked.append("choices")

    def painted(self, number: int) -> None:
        self.asked.append(f"painted {number}")


def opened(chromium: Browser, address: str, size: str = "wide") -> Page:
    width, height = SIZES[size]
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_selector(".frame")
    return page


def shown(page: Page, agent: StandIn) -> None:
    page.wait_for_selector(f".frame[data-number='{agent.now.number}']")
