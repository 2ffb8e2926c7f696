"""Readers and writers of road data: the only place that imports osmium, osmnx and networkx.

    any_file       whichever of the next two a file is  → RawRoads
    osm            .osm.pbf, .osm, .osm.gz, .osm.bz2   → RawRoads
    osmnx_graph    any OSMnx graph, or its GraphML file → RawRoads
    download       a place or a polygon by OSMnx, where there is internet → RawRoads
    export         RoadNetwork → GraphML

What a tag means stands in tables: `highways` (classes, surfaces), `access`, `speed_limits`, `measures`, `seasons`,
`barriers`, `landmarks`, `restrictions`.
"""
