"""What the tests of the catalogue may ask for."""

from __future__ import annotations

from tests.server.catalogue.shop_files import shop

__all__ = ["shop"]
