"""The wallet: odd things people lay on a reader, what each is told, and what must be seen of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache

from hardware.virtual import (
    Ntag21x,
    VirtualTag,
    bank_card,
    blank,
    fault_script,
    malformed,
    not_ndef,
    ntag213,
    ntag215,
    ntag424,
    phone,
    transit_card,
)
from hardware.virtual.field import Field
from shop.goods import goods

HOST = "id.shelftalker.example"
SIGNING, COPY, COPY_UID = "signing", "copy", "04B1A2C3D4E516"
"""Keys of the tag that signs and of a copy of what it once said, made by `shop.signing`; the copy's chip."""
BAND = "04B1A2C3D4E517"
"""The UID of the band of the demo's customer."""
OPEN_TO_ALL, GUARDS_READING = 0x00, 0x80


@dataclass(frozen=True, slots=True)
class Odd:
    """Something odd to lay on a reader.

    `word` tells a visitor what to look for. `shows` is what the kiosk's screen must come to (as its /healthz
    says), after it was laid down `times` times; `events` how many events that name a UID. `product` is what the
    manager bound it to, if anything. `faults` is what goes wrong while it is read. `verified` is whether the
    server is to find its signature good, `alarm` the kind of alarm the manager is to get.
    """

    name: dict[str, str]
    word: dict[str, str]
    tags: tuple[VirtualTag, ...]
    shows: str
    events: int = 1
    product: str | None = None
    faults: str = ""
    times: int = 1
    verified: bool = False
    alarm: str = ""

    def lay(self, field: Field) -> None:
        """Lay it in a field."""
        field.lay(*self.tags, faults=fault_script(self.faults) if self.faults else None)


def bound() -> dict[str, str]:
    """Return the UIDs of those that mean a product, and which."""
    return {odd.tags[0].uid.hex().upper(): odd.product for odd in wallet().values() if odd.product}


@cache
def wallet() -> dict[str, Odd]:
    """Return all that lies in the wallet, by key; each tag is made once, so that its counter rises."""
    return _of_this_shop() | _meaning_nothing() | _no_tags() | _going_wrong()


def _of_this_shop() -> dict[str, Odd]:
    signing, guarded = goods()[0], goods()[1]
    return {
        SIGNING: Odd(
            {"en": "A tag that signs", "es": "Una etiqueta que firma"},
            {
                "en": "An NTAG 424 DNA: its address is another at every tap, and the shop has verified it.",
                "es": "Una NTAG 424 DNA: su dirección es otra en cada toque, y la tienda la ha verificado.",
            },
            (
                ntag424(
                    "04B1A2C3D4E510",
                    f"https://{HOST}/01/{signing.pieces[0].gtin}?e={{picc}}&c={{mac}}",
                    luck=secrets.token_bytes,
                ),
            ),
            shows=signing.id,
            product=signing.id,
            verified=True,
        ),
        COPY: Odd(
            {"en": "A copy of the tag that signs", "es": "Una copia de la etiqueta que firma"},
            {
                "en": "The shopper sees the product; the manager gets an alarm.",
                "es": "El cliente ve el producto; al encargado le llega una alarma.",
            },
            (ntag213(COPY_UID, f"https://{HOST}/01/{signing.pieces[0].gtin}"),),
            shows=signing.id,
            alarm="clone",
        ),
        "band": Odd(
            {"en": "A customer's band", "es": "La pulsera de una clienta"},
            {
                "en": "The kiosk asks what it may be used for. With a yes it shows the list made at home.",
                "es": "El quiosco pregunta para qué puede usarse. Con un sí enseña la lista hecha en casa.",
            },
            (ntag213(BAND, "https://band.example/"),),
            shows="person",
            events=0,
        ),
        "guarded": Odd(
            {"en": "A tag with a password", "es": "Una etiqueta con contraseña"},
            {
                "en": "Anyone may read it, only the shop may write it.",
                "es": "Cualquiera puede leerla; solo la tienda escribe en ella.",
            },
            (_guarded("04B1A2C3D4E511", guarded.pieces[0].gtin, OPEN_TO_ALL),),
            shows=guarded.id,
            product=guarded.id,
        ),
        "hint": Odd(
            {"en": "An unbound tag with a product's address", "es": "Una etiqueta sin asignar con dirección"},
            {
                "en": "What is written on it is taken as a hint.",
                "es": "Lo que lleva escrito se toma como indicio.",
            },
            (ntag213("04B1A2C3D4E505", f"https://{HOST}/01/{signing.pieces[0].gtin}"),),
            shows=signing.id,
        ),
    }


def _meaning_nothing() -> dict[str, Odd]:
    manager = {"en": "The manager's list gets it.", "es": "Aparece en la lista del encargado."}

    def one(en: str, es: str, tag: VirtualTag) -> Odd:
        return Odd({"en": en, "es": es}, manager, (tag,), shows="unknown")

    first = goods()[0].pieces[0].gtin
    return {
        "blank": one("A blank tag", "Una etiqueta en blanco", blank("04B1A2C3D4E501")),
        "broken": one("A broken tag", "Una etiqueta rota", malformed("04B1A2C3D4E502")),
        "raw": one("A tag never formatted", "Una etiqueta sin formato", not_ndef("04B1A2C3D4E503")),
        "unknown": one(
            "A tag nobody has bound",
            "Una etiqueta sin asignar",
            ntag213("04B1A2C3D4E504", f"https://{HOST}/x"),
        ),
        "foreign": one(
            "Another shop's tag",
            "Una etiqueta de otra tienda",
            ntag215("04B1A2C3D4E506", "https://other.example/01/09506000134352?promo=1"),
        ),
        "secret": one(
            "A tag that hides its content",
            "Una etiqueta que oculta su contenido",
            _guarded("04B1A2C3D4E512", first, GUARDS_READING),
        ),
    }


def _no_tags() -> dict[str, Odd]:
    nothing = {"en": "Nothing of it is read or kept.", "es": "No se lee ni se guarda nada."}

    def one(en: str, es: str, tag: VirtualTag) -> Odd:
        return Odd({"en": en, "es": es}, nothing, (tag,), shows="foreign", events=0)

    return {
        "bank": one("A bank card", "Una tarjeta bancaria", bank_card()),
        "phone": one("A phone", "Un móvil", phone(secrets.token_bytes)),
        "transit": one("A bus card", "Una tarjeta de autobús", transit_card()),
    }


def _going_wrong() -> dict[str, Odd]:
    near = goods()[2].pieces[0].gtin
    return {
        "two": Odd(
            {"en": "Two tags at once", "es": "Dos etiquetas a la vez"},
            {"en": "The kiosk asks for one at a time.", "es": "El quiosco pide una cada vez."},
            (
                ntag213("04B1A2C3D4E513", f"https://{HOST}/01/{near}"),
                ntag213("04E1A2C3D4E514", f"https://{HOST}/01/{near}"),
            ),
            shows="collision",
            events=0,
        ),
        "pulled": Odd(
            {"en": "A tag pulled away too soon", "es": "Una etiqueta retirada demasiado pronto"},
            {
                "en": "Lay it down twice: then the kiosk asks to hold it still.",
                "es": "Ponla dos veces: entonces el quiosco pide que la mantengas quieta.",
            },
            (ntag213("04B1A2C3D4E515", f"https://{HOST}/01/{near}"),),
            shows="hold_still",
            events=0,
            faults="cut 6",
            times=2,
        ),
    }


def _guarded(uid: str, gtin: str, access: int) -> Ntag21x:
    """Return an NTAG213 whose pages from the first of its data on are guarded by a password."""
    tag = ntag213(uid, f"https://{HOST}/01/{gtin}")
    settings = (tag.memory.layout.lock_page + 1) * 4
    tag.memory.content[settings + 3] = 4
    tag.memory.content[settings + 4] = access
    tag.power_up()
    return tag
