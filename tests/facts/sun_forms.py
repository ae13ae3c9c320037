"""How the form of signing tags is run: messages, keys, primitives, signatures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from server.tags.sun import NotGenuine, SunKeys, SunMessage, diversified, is_original, read_message, verify
from server.tags.sun.blocks import cmac
from server.tags.sun.keys import shared_slot, slot_of_tag
from server.tags.sun.lrp import Primitive
from server.tags.sun.sessions import LrpSession, open_identity

Case = dict[str, Any]
Verdict = tuple[Any, Any]
REFUSED = "refused"


def sun(case: Case) -> Verdict | None:
    """A case of one of the groups; None for one that only names where more stand."""
    if not set(case) - {"id", "source", "group"}:
        return None
    return GROUPS[case["group"]](case)


def message(case: Case) -> Verdict:
    """What a tag mirrored: who it is, its counter, its content; or that it is no message of these keys."""
    if "message" in case:
        return whole_message(case)
    key = _bytes(case.get("sdm_file_read_key") or case.get("key"))
    keys = SunKeys(_bytes(case.get("sdm_meta_read_key") or case.get("key")), lambda _uid: key)
    expected: Any = (case["uid"].upper(), case.get("read_ctr"), _bytes(case.get("file_data")))
    if case.get("expect") == "refuse":
        expected = REFUSED
    try:
        said = verify(_message(case), keys)
    except NotGenuine:
        return expected, REFUSED
    return expected, (said.uid.hex().upper(), said.counter, said.content)


def whole_message(case: Case) -> Verdict:
    """An address's only parameter: who the tag is, `x`, its code."""
    key, read = _bytes(case["key"]), read_message(f"https://x/?m={case['message']}")
    if read is None:
        return "a message", None
    said = verify(read, SunKeys(key, lambda _uid: key))
    session = LrpSession(key, said.uid, said.counter.to_bytes(3, "little"))
    plain = open_identity(key, read.identity)
    expected = (case["decrypted_picc"].lower(), case["session_master_key"].lower())
    return expected, (plain.hex(), session.key.hex())


def _message(case: Case) -> SunMessage:
    counter = case.get("read_ctr_ascii_be")
    hidden = case.get("picc_enc_data")
    secret = case.get("enc_file_data") or ""
    told = case.get("mac_input_ascii")
    return SunMessage(
        identity=_bytes(hidden),
        uid=b"" if hidden else _bytes(case["uid"]),
        counter=int(counter, 16) if counter else case.get("read_ctr", 0),
        secret=_bytes(secret),
        code=_bytes(case["sdmmac"]),
        inputs=(told.encode(),) if told else (b"", secret.encode(), f"{secret}&cmac=".encode()),
    )


def key_of_a_tag(case: Case) -> Verdict:
    """A master key and a tag: the tag's key, by AN10922 or by the scheme the case describes."""
    master = _bytes(case["master_key"])
    if "per_tag" not in case:
        return case["diversified_key"].lower(), diversified(master, _bytes(case["diversification_input"])).hex()
    made = [slot_of_tag(master, _bytes(tag["uid"]), tag["key_no"]).hex() for tag in case["per_tag"]]
    wanted = [tag["key"].lower() for tag in case["per_tag"]]
    return (case["undiversified_key1"].lower(), wanted), (shared_slot(master).hex(), made)


def primitive(case: Case) -> Verdict:
    """One operation on a key and a message."""
    operations: dict[str, Callable[[bytes, bytes], bytes]] = {
        "cmac": cmac,
        "lrp_cmac": lambda key, text: Primitive(key).cmac(text),
    }
    return case["out"].lower(), operations[case["op"]](_bytes(case["key"]), _bytes(case["message"])).hex()


def originality(case: Case) -> Verdict:
    """A maker's key, a UID and a signature."""
    maker = _bytes(re.sub("^04", "", case["public_key"]))
    wanted = case.get("expect") != "refuse" and case.get("valid", True)
    return wanted, is_original(_bytes(case["uid"]), _bytes(case["signature"]), maker)


def _bytes(written: str | None) -> bytes:
    return bytes.fromhex(written or "")


GROUPS: dict[str, Callable[[Case], Verdict]] = {
    **dict.fromkeys(("sun_aes", "sun_plain", "sun_lrp", "negative"), message),
    "kdf": key_of_a_tag,
    "primitives": primitive,
    "originality": originality,
}
