"""A tag that stays the same tag: frames to one UID, and what its refusals mean."""

from __future__ import annotations

from hardware.radio import Radio, TagGarbled, Target

ACK, NOT_HEARD = b"\x0a", b"\x01"
FRAME_SECONDS = 0.1


class TagRefused(Exception):
    """Raised when the tag said no (NAK, or a status that is none of success)."""


class TagGone(Exception):
    """Raised when the tag is not in the field any more."""


class TagSwapped(Exception):
    """Raised when another tag lies where the tag was."""


class SelectedTag:
    """The tag with one UID, over a radio."""

    def __init__(self, radio: Radio, target: Target) -> None:
        self._radio, self.target = radio, target

    def exchange(self, frame: bytes) -> bytes:
        """Return the answer to a frame; raises a `RadioError`."""
        return self._radio.exchange(frame, FRAME_SECONDS)

    def ask(self, frame: bytes) -> bytes:
        """Return a Type 2 tag's answer; raises `TagRefused` for a NAK, after which it must be selected again.

        A NAK that says the frame came with a wrong check sum is raised as `TagGarbled`: it refuses nothing.
        """
        answer = self.exchange(frame)
        if answer == NOT_HEARD:
            msg = "the tag heard a frame with a wrong check sum"
            raise TagGarbled(msg)
        if len(answer) == 1 and answer != ACK:
            msg = f"NAK {answer.hex()}"
            raise TagRefused(msg)
        return answer

    def select_again(self) -> None:
        """Select the same tag anew, which ends any password's effect; raises `TagGone` or `TagSwapped`."""
        for _ in range(2):  # noise may make a tag's number look like another's, once
            found = self._radio.sense(self.target.uid) or self._radio.sense()
            if found is None:
                raise TagGone
            if found.uid == self.target.uid:
                return
        raise TagSwapped
