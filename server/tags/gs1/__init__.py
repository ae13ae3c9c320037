"""GS1 Digital Link: what a web address says of a thing, and the address of what is known. Pure; opens nothing."""

from server.tags.gs1.elements import element_string, read_bracketed, read_element_string
from server.tags.gs1.errors import NotDigitalLink
from server.tags.gs1.link import STRICT, DigitalLink, Element, Permits
from server.tags.gs1.reading import parse
from server.tags.gs1.table import legal_path
from server.tags.gs1.writing import CANONICAL, build

__all__ = [
    "CANONICAL",
    "STRICT",
    "DigitalLink",
    "Element",
    "NotDigitalLink",
    "Permits",
    "build",
    "element_string",
    "legal_path",
    "parse",
    "read_bracketed",
    "read_element_string",
]
