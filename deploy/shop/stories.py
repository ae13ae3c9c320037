"""What the demo shop tells: its stores, signs, promotions and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class StoreStory:
    """A store: name, zone, currency, locale, where it stands, and the products it does not carry."""

    name: str
    zone: str
    currency: str
    locale: str
    at: tuple[float, float]
    without: tuple[str, ...] = ()


HOURS = {day: ["10:00-20:30"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")}

STORES = {
    "MAD": StoreStory("Madrid Retiro", "Europe/Madrid", "EUR", "es_ES", (40.4153, -3.6845), ("head-nino",)),
    "LPA": StoreStory(
        "Las Palmas Triana",
        "Atlantic/Canary",
        "EUR",
        "es_ES",
        (28.1061, -15.4157),
        ("boot-nevada", "socks-nieve", "jacket-loden"),
    ),
    "LON": StoreStory(
        "London Borough", "Europe/London", "GBP", "en_GB", (51.5055, -0.0910), ("stove-lena", "tarp-sombra")
    ),
}


@dataclass(frozen=True, slots=True)
class SignStory:
    """A sign: its title, its words, its products."""

    title: dict[str, str]
    body: dict[str, str]
    products: tuple[str, ...]


SIGNS = {
    "rain": SignStory(
        {"en": "Out in the rain", "es": "Bajo la lluvia"},
        {"en": "What keeps you dry from hood to toe.", "es": "Lo que te mantiene seco de la capucha a los pies."},
        ("jacket-lluvia", "boot-sierra", "trousers-lluvia", "poncho-verde", "pack-lluvia", "gaiter-barro"),
    ),
    "first-night": SignStory(
        {"en": "The first night out", "es": "La primera noche fuera"},
        {"en": "A roof, a bed, a light: all it takes.", "es": "Un techo, una cama y una luz: no hace falta más."},
        ("tent-estrella", "bag-verano", "lamp-luna", "mat-nube", "pillow-nube", "head-frontal"),
    ),
    "kitchen": SignStory(
        {"en": "Kitchen under the sky", "es": "Cocina al aire libre"},
        {"en": "From the first coffee to the last soup.", "es": "Del primer café a la última sopa."},
        ("coffee-mano", "stove-chispa", "mug-esmalte", "pot-duo", "pan-ligera", "flask-sopa", "spork-madera"),
    ),
    "wool": SignStory(
        {"en": "Everything wool", "es": "Todo lana"},
        {"en": "Warm, fresh for days, grown by sheep.", "es": "Abriga, sigue fresca y la hacen las ovejas."},
        ("shirt-merina", "hat-lana", "socks-lana", "jersey-abuela", "gloves-lana", "scarf-tubo", "leggings-frio"),
    ),
    "little-ones": SignStory(
        {"en": "For the little ones", "es": "Para los pequeños"},
        {"en": "Made to be worn out and handed on.", "es": "Hecho para gastarse y heredarse."},
        ("boot-nino", "jacket-nino", "pack-nino", "bag-nino", "head-nino"),
    ),
}


def promotions(today: date) -> list[dict[str, Any]]:
    """Return the promotions around `today`, as columns of the promotion table; windows are local times."""

    def days(start: int, end: int) -> dict[str, datetime]:
        first = datetime.combine(today, time())
        return {"starts": first + timedelta(days=start), "ends": first + timedelta(days=end)}

    def told(key: str, en: str, es: str, **rule: Any) -> dict[str, Any]:
        return {"id": key, "headline": {"en": en, "es": es}, "condition": None, "rule": rule}

    def when(en: str, es: str) -> dict[str, Any]:
        return {"condition": {"en": en, "es": es}}

    return [
        told(
            "autumn-boots",
            "Autumn on foot: 20 % off boots",
            "Otoño a pie: 20 % en botas",
            kind="percent",
            percent=20,
            categories=["boots"],
        )
        | days(-6, 9),
        told(
            "nortada-week",
            "Nortada week: 15 % off",
            "Semana Nortada: 15 %",
            kind="percent",
            percent=15,
            brands=["Nortada"],
        )
        | days(-2, 5)
        | {"priority": 1},
        told(
            "tent-off",
            "The tent for two, for less",
            "La tienda para dos, por menos",
            kind="fixed_off",
            amounts={"EUR": 4000, "GBP": 3500},
            products=["tent-estrella"],
        )
        | days(-10, 20),
        told(
            "mug-price",
            "Enamel mug at a special price",
            "Taza de esmalte a precio especial",
            kind="fixed_price",
            amounts={"EUR": 990, "GBP": 850},
            products=["mug-esmalte"],
        )
        | days(-20, 12),
        told(
            "today-lamps",
            "Today only: 25 % off lanterns",
            "Solo hoy: 25 % en faroles",
            kind="percent",
            percent=25,
            products=["lamp-luna", "lamp-vela"],
        )
        | days(0, 1),
        told(
            "socks-3-for-2",
            "Socks: three for two",
            "Calcetines: tres por dos",
            kind="n_for_m",
            buy=3,
            pay=2,
            products=["socks-lana", "socks-fina", "socks-nieve"],
        )
        | when("Take three pairs, pay for two.", "Llévate tres pares y paga dos.")
        | days(-15, 30),
        told(
            "boots-and-wax",
            "A tin of wax with your boots",
            "Una lata de cera con tus botas",
            kind="buy_x_get_y",
            buy=1,
            gets={"products": ["wax-cuero"]},
            categories=["boots"],
        )
        | when(
            "Buy a pair of leather boots and the wax is free.", "Con un par de botas de piel, la cera es gratis."
        )
        | days(-5, 25),
        told(
            "cook-cheapest",
            "Kitchen: the cheapest is free",
            "Cocina: lo más barato, gratis",
            kind="cheapest_free",
            buy=4,
            categories=["cooking"],
        )
        | when("Take four pieces, the cheapest is free.", "Llévate cuatro piezas y la más barata es gratis.")
        | days(-3, 11),
        told(
            "camp-bundle",
            "Tent, bag and mat together: 10 % off",
            "Tienda, saco y esterilla: 10 %",
            kind="bundle",
            percent=10,
            parts=[{"categories": ["tents"]}, {"categories": ["sleeping"], "quantity": 2}],
        )
        | when("When bought together.", "Comprándolos juntos.")
        | days(-30, 60),
        told("repair", "We repair what we sell", "Reparamos lo que vendemos", kind="message", brands=["Altocampo"])
        | when("Ask at the desk.", "Pregunta en el mostrador.")
        | {"starts": None, "ends": None},
        told(
            "canary-sun",
            "Sun weeks in Las Palmas: 10 % off",
            "Semanas de sol en Las Palmas: 10 %",
            kind="percent",
            percent=10,
            stores=["LPA"],
            products=["hat-sol", "sandal-cala", "shorts-cala", "sandal-arroyo"],
        )
        | days(-4, 10),
        told(
            "next-week-packs",
            "Packs: 15 % off",
            "Mochilas: 15 %",
            kind="percent",
            percent=15,
            categories=["packs"],
        )
        | days(7, 14),
        told(
            "summer-over",
            "Summer's end: 30 % off sandals",
            "Fin de verano: 30 % en sandalias",
            kind="percent",
            percent=30,
            products=["sandal-cala"],
        )
        | days(-60, -25),
    ]


PEOPLE = (
    ("ana", "Ana Robles", "manager", ("MAD", "LPA")),
    ("grace", "Grace Miller", "manager", ("LON",)),
    ("luis", "Luis Peña", "associate", ("MAD",)),
    ("marta", "Marta Gil", "merchandiser", ()),
    ("omar", "Omar Haddad", "operator", ()),
)
"""Log-in name, name, role, stores. Passwords are made when the demo is first opened."""

DEVICES = (
    ("kiosk-madrid", "Kiosk by the boots", "MAD", "kiosk"),
    ("desk-madrid", "Desk reader", "MAD", "desk"),
    ("kiosk-laspalmas", "Kiosk at the entrance", "LPA", "kiosk"),
    ("kiosk-london", "Kiosk on the stairs", "LON", "kiosk"),
)
