"""The maker's signature on a chip: NXP made one with this UID. That this is the chip it does not prove.

ECDSA over the bare UID, without a hash (NXP AN11350, AN12196 section 7); the curves are SEC 2's. In plain Python,
since OpenSSL leaves secp128r1 out; only public numbers are computed with, so its time tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[int, int, int]
"""Jacobian coordinates; z is 0 at infinity."""

INFINITY: Point = (1, 1, 0)


@dataclass(frozen=True, slots=True)
class Curve:
    """y² = x³ - 3x + b over the field of `p`; `order` of the base point (x, y); `size` of a number in bytes."""

    p: int
    order: int
    x: int
    y: int
    size: int


SECP128R1 = Curve(
    p=0xFFFFFFFDFFFFFFFFFFFFFFFFFFFFFFFF,
    order=0xFFFFFFFE0000000075A30D1B9038A115,
    x=0x161FF7528B899B2D0C28607CA52C5B86,
    y=0xCF5AC8395BAFEB13C02DA292DDED7A83,
    size=16,
)
SECP224R1 = Curve(
    p=2**224 - 2**96 + 1,
    order=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFF16A2E0B8F03E13DD29455C5C2A3D,
    x=0xB70E0CBD6BB4BF7F321390B94A03C1D356C21122343280D6115C1D21,
    y=0xBD376388B5F723FB4C22DFE6CD4375A05A07476444D5819985007E34,
    size=28,
)

MAKERS = {
    "NTAG21": "494E1A386D3D3CFE3DC10E5DE68A499B1C202DB5B132393E89ED19FE5BE8BC61",
    "MIFAREULTRALIGHTEV1": "90933BDCD6E99B4E255E3DA55389A827564E11718E017292FAF23226A96614B8",
    "NTAG424": "8A9B380AF2EE1B98DC417FECC263F8449C7625CECE82D9B916C992DA"
    "209D68422B81EC20B65A66B5102A61596AF3379200599316A00A1410",
}
"""NXP's public keys (x, y) by how the name of a chip begins, in capitals without spaces."""


def maker_of(chip: str) -> bytes | None:
    """Return the public key that signs chips of this name; None where we know none."""
    keys = (key for name, key in MAKERS.items() if chip.upper().replace(" ", "").startswith(name))
    return next((bytes.fromhex(key) for key in keys), None)


def is_original(uid: bytes, signature: bytes, maker: bytes) -> bool:
    """Return whether `signature` (r and s) over `uid` is by the `maker` (x and y); the length tells the curve."""
    curve = {32: SECP128R1, 56: SECP224R1}.get(len(maker))
    if curve is None or len(signature) != 2 * curve.size:
        return False
    r, s = _halves(signature)
    if not (0 < r < curve.order and 0 < s < curve.order):
        return False
    inverse = pow(s, -1, curve.order)
    z = int.from_bytes(uid, "big")
    point = _combined(curve, z * inverse % curve.order, r * inverse % curve.order, other=(*_halves(maker), 1))
    return point[2] != 0 and _x(curve, point) % curve.order == r


def _halves(both: bytes) -> tuple[int, int]:
    middle = len(both) // 2
    return int.from_bytes(both[:middle], "big"), int.from_bytes(both[middle:], "big")


def _x(curve: Curve, point: Point) -> int:
    return point[0] * pow(point[2], -2, curve.p) % curve.p


def _combined(curve: Curve, times: int, times_other: int, *, other: Point) -> Point:
    """Return `times` the base point plus `times_other` the other, both in one pass (Shamir's trick)."""
    base = (curve.x, curve.y, 1)
    addends = {(1, 0): base, (0, 1): other, (1, 1): _add(curve, base, other)}
    point = INFINITY
    for bit in range(curve.order.bit_length() - 1, -1, -1):
        point = _double(curve, point)
        chosen = (times >> bit & 1, times_other >> bit & 1)
        if chosen in addends:
            point = _add(curve, point, addends[chosen])
    return point


def _double(curve: Curve, point: Point) -> Point:
    x, y, z = point
    if z == 0 or y == 0:
        return INFINITY
    p, square = curve.p, y * y % curve.p
    middle = 4 * x * square % p
    slope = 3 * (x - z * z) * (x + z * z) % p
    new_x = (slope * slope - 2 * middle) % p
    return new_x, (slope * (middle - new_x) - 8 * square * square) % p, 2 * y * z % p


def _add(curve: Curve, one: Point, other: Point) -> Point:
    if one[2] == 0 or other[2] == 0:
        return other if one[2] == 0 else one
    p = curve.p
    (x1, y1, z1), (x2, y2, z2) = one, other
    u1, u2 = x1 * z2 * z2 % p, x2 * z1 * z1 % p
    s1, s2 = y1 * z2**3 % p, y2 * z1**3 % p
    if u1 == u2:
        return _double(curve, one) if s1 == s2 else INFINITY
    wide, slope = (u2 - u1) % p, (s2 - s1) % p
    square = wide * wide % p
    cube, along = square * wide % p, u1 * square % p
    new_x = (slope * slope - cube - 2 * along) % p
    return new_x, (slope * (along - new_x) - s1 * cube) % p, wide * z1 * z2 % p
