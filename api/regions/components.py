"""Parts of a network that no road joins."""

from __future__ import annotations

import numpy as np

from geo.network.model import RoadNetwork


def component_sizes(network: RoadNetwork) -> list[int]:
    """Return the number of nodes of each part, largest first; the direction of roads does not count."""
    label = np.arange(network.node_count)
    while True:
        least = label.copy()
        np.minimum.at(least, network.edge_from, label[network.edge_to])
        np.minimum.at(least, network.edge_to, label[network.edge_from])
        # A label is itself a node: its whole tree hangs under the smaller one, so that long chains are short work.
        np.minimum.at(least, label, least.copy())
        while not np.array_equal(jumped := least[least], least):
            least = jumped
        if np.array_equal(least, label):
            break
        label = least
    sizes = np.bincount(label)
    return sorted(sizes[sizes > 0].tolist(), reverse=True)
