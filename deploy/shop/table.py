"""The table: a page with virtual tags to lay on the kiosk's reader or the manager's desk reader."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import flask
import flask.typing

from hardware.virtual import (
    VirtualField,
    VirtualTag,
    bank_card,
    blank,
    malformed,
    not_ndef,
    ntag213,
    ntag215,
    ntag216,
    ntag424,
    phone,
    transit_card,
)
from shop.goods import categories, goods
from shop.stock_up import HOST, DemoTag, demo_tags
from shop.stories import SIGNS

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
        "open_console": "Open the console", "other": "Español",
    },
    "es": {
        "title": "La mesa", "lead": "Pon una etiqueta en un lector, mira el quiosco y retírala.",
        "kiosk": "Lector del quiosco", "desk": "Lector del encargado", "nothing": "aquí no hay nada", "take": "Retirar",
        "wallet": "Rarezas", "signs": "Carteles", "lay": "en el quiosco", "lay_desk": "en la mesa",
        "open_kiosk": "Abrir el quiosco", "open_console": "Abrir la consola", "other": "English",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be laid on a reader."""

    key: str
    name: dict[str, str]
    picture: str
    group: str


def virtual(tag: DemoTag) -> VirtualTag:
    """Return the tag of the demo as a chip."""
    return CHIPS[tag.chip](tag.uid, tag.uri)


FOREIGN = {"bank", "transit", "phone"}
"""Odd ones of which nothing is kept."""


def wallet() -> dict[str, tuple[dict[str, str], VirtualTag]]:
    """Return the odd tags: their names and what they are."""
    return {
        "blank": ({"en": "A blank tag", "es": "Una etiqueta en blanco"}, blank("04B1A2C3D4E501")),
        "bank": ({"en": "A bank card", "es": "Una tarjeta bancaria"}, bank_card()),
        "transit": ({"en": "A bus card", "es": "Una tarjeta de autobús"}, transit_card()),
        "phone": ({"en": "A phone", "es": "Un móvil"}, phone(secrets.token_bytes)),
        "signing": (
            {"en": "A tag that signs its address anew each time", "es": "Una etiqueta que firma cada vez"},
            ntag424("04B1A2C3D4E507", f"https://{HOST}/t?e={{picc}}&c={{mac}}", luck=secrets.token_bytes),
        ),
        "broken": ({"en": "A broken tag", "es": "Una etiqueta rota"}, malformed("04B1A2C3D4E502")),
        "raw": ({"en": "A tag never formatted", "es": "Una etiqueta sin formato"}, not_ndef("04B1A2C3D4E503")),
        "unknown": (
            {"en": "A tag nobody has bound", "es": "Una etiqueta sin asignar"},
            ntag213("04B1A2C3D4E504", f"https://{HOST}/x"),
        ),
        "hint": (
            {"en": "An unbound tag with a product's address", "es": "Una etiqueta sin asignar con dirección"},
            ntag213("04B1A2C3D4E505", f"https://{HOST}/01/{goods()[0].pieces[0].gtin}"),
        ),
        "foreign": (
            {"en": "Another shop's tag", "es": "Una etiqueta de otra tienda"},
            ntag215("04B1A2C3D4E506", "https://other.example/01/09506000134352?promo=1"),
        ),
    }


def items(pictures: dict[str, str]) -> tuple[list[Item], dict[str, VirtualTag]]:
    """Return all that lies beside the readers, and the tags by key."""
    by_target = {good.id: good for good in goods()}
    listed, tags = [], {}
    for tag in demo_tags():
        tags[tag.uid] = virtual(tag)
        if tag.product:
            good = by_target[tag.product]
            listed.append(Item(tag.uid, good.name, pictures[good.id], good.category))
        else:
            listed.append(Item(tag.uid, SIGNS[tag.target].title, pictures[f"sign:{tag.target}"], "signs"))
    for key, (name, odd) in wallet().items():
        tags[key] = odd
        listed.append(Item(key, name, "", "wallet"))
    return listed, tags


def create_table(
    fields: dict[str, VirtualField], pictures: dict[str, str], *, media: str, links: dict[str, str]
) -> flask.Flask:
    """Return the table's app; `fields` are the readers by name, `links` the addresses to open."""
    app = flask.Flask("shop.table", root_path=__file__.rpartition("/")[0])
    listed, tags = items(pictures)
    names = {item.key: item.name for item in listed}
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
        shown = [(groups.get(group) or _extra(group), group) for group in dict.fromkeys(i.group for i in listed)]
        on = {reader: names[key] for reader, key in lying.items() if fields[reader].lying is not None}
        return flask.render_template(
            "table.html", items=listed, groups=shown, words=WORDS[language], language=language, on=on,
            token=token, links=links, readers=list(fields),
        )  # fmt: skip

    @app.post("/<any(kiosk, desk):reader>/<key>")
    def lay(reader: str, key: str) -> flask.typing.ResponseReturnValue:
        if flask.request.form.get("token") != token or key not in {*tags, "nothing"}:
            flask.abort(403)
        if key == "nothing":
            fields[reader].take()
            lying.pop(reader, None)
        else:
            fields[reader].lay(tags[key])
            lying[reader] = key
        return flask.redirect(f"/?lang={flask.request.form.get('lang', '')}#{key}")

    @app.get("/media/<name>")
    def picture(name: str) -> flask.Response:
        return flask.send_from_directory(media, name)

    return app


def _extra(group: str) -> dict[str, str]:
    return {language: words[group] for language, words in WORDS.items()}
