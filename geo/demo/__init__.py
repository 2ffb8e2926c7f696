"""The built-in schematic region: `make_demo` draws it, `geo.network.assemble.assemble` makes it a network."""

from geo.demo.region import REGION, DemoRegion, make_demo

__all__ = ["REGION", "DemoRegion", "make_demo"]
