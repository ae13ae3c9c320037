"""Making an NTAG 424 DNA sign each reading (SUN): link, keys and settings, read back and verified. NXP AN12196."""

from __future__ import annotations

import hmac
from dataclasses import replace

from hardware import type4
from hardware.aes import ZERO, decrypt, short_mac
from hardware.aes import cmac as code_of
from hardware.radio import Radio, RadioError, ReaderBroken, TagsCollided, Target
from hardware.type4 import APPLICATION, IsoDep, NotOurs
from hardware.writing.dna_commands import file_settings, is_ntag424, key_version
from hardware.writing.ev2_session import OURS, Authenticated, Luck
from hardware.writing.keys import SigningKeys
from hardware.writing.ndef_file import NdefFile
from hardware.writing.outcome import Stopped, WriteOutcome, Written, hash_of
from hardware.writing.selected import SelectedTag, TagGone, TagRefused, TagSwapped
from hardware.writing.step import Content
from hardware.writing.template import CODE_DIGITS, OF_FACTORY, WHO_DIGITS, Template

OVERWRITE = bytes.fromhex("00D600000100")
ATTEMPTS, UID_BYTES = 3, 7
AGAIN = {WriteOutcome.LOST, WriteOutcome.REFUSED}
ENDS: dict[type[Exception], WriteOutcome] = {
    TagSwapped: WriteOutcome.WRONG_TAG,
    TagsCollided: WriteOutcome.TWO_TAGS,
    ReaderBroken: WriteOutcome.READER_BROKEN,
    TagRefused: WriteOutcome.REFUSED,
    NotOurs: WriteOutcome.REFUSED,
    TagGone: WriteOutcome.LOST,
    RadioError: WriteOutcome.LOST,
}


def sign_tag(radio: Radio, uri: str, *, keys: SigningKeys, luck: Luck) -> Written:
    """Make the NTAG 424 DNA in the field sign `uri` at each reading, and return what it is now.

    The link is written first, then keys 1 to 4, the settings, and last key 0: until then the factory's key opens
    the tag, so that one pulled at any frame goes on from there when laid down again. It is done when a fresh
    reading was verified and a try to write was refused. Nothing that a tag or a reader does is raised; raises
    `BadLink`.
    """
    template = Template.of(uri)
    nothing = Written(WriteOutcome.NO_TAG, content_hash=hash_of(template.message))
    try:
        target = radio.sense()
        radio.prove_alone()
    except TagsCollided:
        return replace(nothing, outcome=WriteOutcome.TWO_TAGS)
    except ReaderBroken:
        return replace(nothing, outcome=WriteOutcome.READER_BROKEN)
    except RadioError:
        return replace(nothing, outcome=WriteOutcome.LOST)
    return nothing if target is None else _Signing(radio, target, template, keys, luck).run(nothing)


class _Signing:
    """One tag on its way."""

    def __init__(self, radio: Radio, target: Target, template: Template, keys: SigningKeys, luck: Luck) -> None:
        self._tag, self._template, self._luck = SelectedTag(radio, target), template, luck
        self._uid, self._keys = target.uid, keys.of_tag(target.uid)
        self._chip, self._touched = "", False

    def run(self, nothing: Written) -> Written:
        """Sign, anew as often as that may help, and say what the tag is."""
        outcome = WriteOutcome.LOST
        for _ in range(ATTEMPTS):
            outcome = self._attempt()
            if outcome not in AGAIN:
                break
        if self._touched and outcome in {*AGAIN, WriteOutcome.READER_BROKEN}:
            outcome = WriteOutcome.HALF_SIGNED
        done = outcome is WriteOutcome.WRITTEN
        if done:
            holds = frozenset({Content.NEW})
        else:
            holds = frozenset(Content) if self._touched else frozenset({Content.OLD})
        known = replace(nothing, uid=self._uid.hex().upper(), chip=self._chip)
        return replace(known, outcome=outcome, protected=done, holds=holds)

    def _attempt(self) -> WriteOutcome:
        try:
            self._do()
        except Stopped as stopped:
            return stopped.outcome
        except tuple(ENDS) as error:
            return next(outcome for kind, outcome in ENDS.items() if isinstance(error, kind))
        return WriteOutcome.WRITTEN

    def _do(self) -> None:
        card = self._selected()
        ours = [key_version(card, number) == OURS for number in range(len(self._keys))]
        settings = file_settings(card)
        if settings not in {OF_FACTORY, self._template.settings}:
            raise Stopped(WriteOutcome.FOREIGN_KEYS)
        if settings == OF_FACTORY:
            self._write_link()
        session = self._authenticated(self._keys[0] if ours[0] else ZERO)
        self._touched = True
        for number in range(1, len(self._keys)):
            if not ours[number]:
                session.change_key(number, self._keys[number])
        if settings == OF_FACTORY:
            session.change_settings(self._template.settings)
        if not ours[0]:
            session.change_key(0, self._keys[0])
        self._verify()
        self._prove_closed()

    def _selected(self) -> IsoDep:
        self._tag.select_again()
        card = IsoDep(self._tag.exchange)
        try:
            card.activate()
            card.command(APPLICATION)
        except NotOurs as error:
            raise Stopped(WriteOutcome.CANNOT_SIGN) from error
        if not is_ntag424(card) or len(self._uid) != UID_BYTES:  # as one has that hides its UID
            raise Stopped(WriteOutcome.CANNOT_SIGN)
        self._chip = "NTAG 424 DNA"
        return card

    def _write_link(self) -> None:
        memory = NdefFile(self._tag)
        memory.look()
        if memory.message == self._template.message:
            return
        if not memory.blank and not self._touched:
            raise Stopped(WriteOutcome.NOT_BLANK)
        self._touched = True
        for step in memory.steps(self._template.message):
            memory.write(step)
        memory.look()
        if memory.message != self._template.message:
            raise Stopped(WriteOutcome.NOT_VERIFIED)

    def _authenticated(self, key: bytes) -> Authenticated:
        card = self._selected()
        try:
            return Authenticated(card, key, self._luck)
        except TagRefused as error:
            raise Stopped(WriteOutcome.FOREIGN_KEYS) from error

    def _verify(self) -> None:
        """Read the tag as any kiosk does, and hold what it says against its keys."""
        self._tag.select_again()
        _, _, uri = type4.read(self._tag.exchange)
        said = (uri or "").removeprefix(self._template.link)
        try:
            who, code = bytes.fromhex(said[:WHO_DIGITS]), bytes.fromhex(said[-CODE_DIGITS:])
            plain = decrypt(self._keys[1], who)
        except ValueError:
            plain, code = b"", b""
        session = code_of(self._keys[2], bytes.fromhex("3CC300010080") + plain[1:11]) if plain else ZERO
        good = hmac.compare_digest(code, short_mac(session, said[:-CODE_DIGITS].encode()))
        if plain[1:8] != self._uid or not good:
            raise Stopped(WriteOutcome.NOT_VERIFIED)

    def _prove_closed(self) -> None:
        """Try to write without a key; what is tried is what stands there already."""
        card = self._selected()
        card.command(b"\x00\xa4\x00\x0c\x02\xe1\x04")
        if card.transmit(OVERWRITE)[-2:] == b"\x90\x00":
            raise Stopped(WriteOutcome.SEAL_FAILED)
