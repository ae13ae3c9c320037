"""Pictures of the goods: drawn by this script from shapes and colours, named by their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from shop.goods import COLOURS, Good, goods
from shop.shapes import SHAPES
from shop.stories import SIGNS

BACKGROUNDS = ("#eef3ea", "#f6eddc", "#e8f0f4", "#f5e9e4", "#efeaf3")


def mixed(colour: str, other: str, share: float) -> str:
    """Return `colour` with a share of `other` in it."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def picture_of(good: Good) -> str:
    """Return the product's picture: its shape in its first colour, its own background and mark."""
    own = hashlib.sha256(good.id.encode()).digest()
    colour = COLOURS[good.pieces[0].colour][2]
    shape = SHAPES[good.kind].format(c=colour, d=mixed(colour, "#101010", 0.38), l=mixed(colour, "#ffffff", 0.6))
    others = dict.fromkeys(piece.colour for piece in good.pieces[1:])
    dots = "".join(
        f'<circle cx="{174 - 16 * i}" cy="182" r="6" fill="{COLOURS[name][2]}"/>'
        for i, name in enumerate(name for name in others if name != good.pieces[0].colour)
    )
    back = BACKGROUNDS[own[0] % len(BACKGROUNDS)]
    hill = 150 + own[1] % 24
    return _svg(
        f'<rect width="200" height="200" rx="18" fill="{back}"/>'
        f'<path d="M0 {hill}C50 {hill - 16 - own[2] % 18} 130 {hill + own[3] % 16} 200 {hill - 12}V200H0z" '
        f'fill="{mixed(back, "#6b7d6f", 0.16)}"/><ellipse cx="100" cy="167" rx="66" ry="8" fill="#00000018"/>'
        f"{shape}{dots}"
    )


def picture_of_sign(sign_id: str) -> str:
    """Return a sign's picture: three of its things side by side."""
    by_id = {good.id: good for good in goods()}
    things = [by_id[product] for product in SIGNS[sign_id].products[:3]]
    parts = [
        f'<g transform="translate({x} {y}) scale(.52)">{_shape(thing)}</g>'
        for thing, (x, y) in zip(things, ((4, 70), (92, 74), (48, 6)), strict=False)
    ]
    return _svg(f'<rect width="200" height="200" fill="#f6eddc"/>{"".join(parts)}')


def _shape(good: Good) -> str:
    colour = COLOURS[good.pieces[0].colour][2]
    return SHAPES[good.kind].format(c=colour, d=mixed(colour, "#101010", 0.38), l=mixed(colour, "#ffffff", 0.6))


def _svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">{inside}</svg>\n'


def draw_all(folder: Path) -> dict[str, str]:
    """Write every picture and return its file name by product id or `sign:<id>`."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {good.id: picture_of(good) for good in goods()}
    drawn |= {f"sign:{sign_id}": picture_of_sign(sign_id) for sign_id in SIGNS}
    names = {}
    for thing, svg in drawn.items():
        name = f"{thing.replace(':', '-')}-{hashlib.sha256(svg.encode()).hexdigest()[:8]}.svg"
        (folder / name).write_text(svg, "utf-8")
        names[thing] = name
    return names
