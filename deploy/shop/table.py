"""The table: a page with virtual tags to lay on the kiosk's reader or the manager's desk reader."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default

import flask
import flask.typing

from hardware.virtual import Field, VirtualTag, ntag213, ntag215, ntag216
from shop.goods import categories, goods
from shop.stock_up import DemoTag, demo_tags
from shop.stories import SIGNS
from shop.wallet import wallet

CHIPS = {"ntag213": ntag213, "ntag215": ntag215, "ntag216": ntag216}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WORDS = {
    "en": {
        "title": "The table", "lead": "Lay a tag on a reader, watch the kiosk, take it away.", "kiosk": "Kiosk reader",
        "desk": "Manager's desk reader", "nothing": "nothing lies here", "take": "Take away", "wallet": "Odd ones",
        "signs": "Signs", "lay": "on the kiosk", "lay_desk": "on the desk", "open_kiosk": "Open the kiosk",
        "open_console": "Open the console", "other": "Español", "groups": "On the table",
    },
    "es": {
        "title": "La mesa", "lead": "Pon una etiqueta en un lector, mira el quiosco y retírala.",
        "kiosk": "Lector del quiosco", "desk": "Lector del encargado", "nothing": "aquí no hay nada", "take": "Retirar",
        "wallet": "Rarezas", "signs": "Carteles", "lay": "en el quiosco", "lay_desk": "en la mesa",
        "open_kiosk": "Abrir el quiosco", "open_console": "Abrir la consola", "other": "English",
        "groups": "Sobre la mesa",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be laid on a reader."""

    key: str
    name: dict[str, str]
    picture: str
    group: str
    lay: Callable[[Field], None]
    word: dict[str, str] = default(default_factory=dict)


def virtual(tag: DemoTag) -> VirtualTag:
    """Return the tag of the demo as a chip."""
    return CHIPS[tag.chip](tag.uid, tag.uri)


def items(pictures: dict[str, str]) -> dict[str, Item]:
    """Return all that lies beside the readers, by key: goods, signs, then what is odd."""
    listed = []
    by_target = {good.id: good for good in goods()}
    for tag in demo_tags():
        chip = virtual(tag)
        if tag.product:
            good = by_target[tag.product]
            listed.append(Item(tag.uid, good.name, pictures[good.id], good.category, laying(chip)))
        else:
            title, picture = SIGNS[tag.target].title, pictures[f"sign:{tag.target}"]
            listed.append(Item(tag.uid, title, picture, "signs", laying(chip)))
    listed += [Item(key, odd.name, "", "wallet", odd.lay, odd.word) for key, odd in wallet().items()]
    return {item.key: item for item in listed}


def laying(tag: VirtualTag) -> Callable[[Field], None]:
    """Return what lays this tag in a field."""
    return lambda field: field.lay(tag)


def create_table(
    fields: Mapping[str, Field], pictures: dict[str, str], *, media: str, links: dict[str, str]
) -> flask.Flask:
    """Return the table's app; `fields` are the readers by name, `links` the addresses to open."""
    app = flask.Flask("shop.table", root_path=__file__.rpartition("/")[0])
    listed = items(pictures)
    token = secrets.token_hex(16)
    lying: dict[str, str] = {}

    @app.after_request
    def dress(response: flask.Response) -> flask.Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @app.get("/")
    def table() -> str:
        language = flask.request.args.get("lang", "")
        language = language if language in WORDS else flask.request.accept_languages.best_match(WORDS) or "en"
        groups = {key: name for key, _, name in categories()}
        shown = [
            (groups.get(group) or _extra(group), group)
            for group in dict.fromkeys(i.group for i in listed.values())
        ]
        on = {reader: listed[key].name for reader, key in lying.items() if fields[reader].lying is not None}
        return flask.render_template(
            "table.html", items=list(listed.values()), groups=shown, words=WORDS[language], language=language, on=on,
            token=token, links=links, readers=list(fields),
        )  # fmt: skip

    @app.post("/<any(kiosk, desk):reader>/<key>")
    def lay(reader: str, key: str) -> flask.typing.ResponseReturnValue:
        if flask.request.form.get("token") != token or key not in {*listed, "nothing"}:
            flask.abort(403)
        if key == "nothing":
            fields[reader].take()
            lying.pop(reader, None)
        else:
            listed[key].lay(fields[reader])
            lying[reader] = key
        return flask.redirect(f"/?lang={flask.request.form.get('lang', '')}#{key}")

    @app.get("/media/<name>")
    def picture(name: str) -> flask.Response:
        return flask.send_from_directory(media, name)

    return app


def _extra(group: str) -> dict[str, str]:
    return {language: words[group] for language, words in WORDS.items()}
