"""Two small towns 60 km apart with Chinese, Uyghur and English names, for the gazetteer's tests."""

from __future__ import annotations

from factories.ascii_map import Drawing, road

from geo.network.attributes import RoadClass, StreetName
from geo.network.raw import KilometrePost, RawPlace
from geo.places import OwnPlace

GAP = " " * 600
PICTURE = f"""
A---B---C---D{GAP}G---H
    |   |    {GAP}    |
    E---F    {GAP}    I---J
"""
YINGAWATI = StreetName(name="英阿瓦提路", zh="英阿瓦提路", en="Yingawati Road", ug="يېڭىئاۋات يولى")
NAMES = {
    "ABCD": YINGAWATI,
    "BE": StreetName(name="塔南路"),
    "CF": StreetName(name="重庆路"),
    "EF": StreetName(name="人民路"),
    "GH": StreetName(name="人民路"),
    "HI": StreetName(name="塔南路"),
    "IJ": StreetName(name="长乐街"),
}
OWN = (
    OwnPlace("r10", 40.64, 81.26, "regiment", StreetName(name="10团", en="10th Regiment"), ("昌安镇",), "第一师"),
    OwnPlace("r10c5", 40.66, 81.30, "company", StreetName(name="10团5连"), ("Onuq Ottura",), "第一师"),
    OwnPlace("r3c5", 40.60, 79.95, "company", StreetName(name="5连"), (), "3团"),
    OwnPlace("r10c12", 40.67, 81.31, "company", StreetName(name="10团12连"), (), "第一师"),
    OwnPlace("w1", 40.90, 81.00, "well", StreetName(name="示例井101", ug="ئاقسۇ قۇدۇق"), (), ""),
)


def two_towns() -> Drawing:
    ways = {way: road(RoadClass.RESIDENTIAL) for way in NAMES}
    towns = [
        RawPlace(41.0, 80.0, "town", StreetName(name="阿克苏", zh="阿克苏", en="Aksu", ug="ئاقسۇ")),
        RawPlace(41.0, 80.73, "town", StreetName(name="温宿", zh="温宿", en="Wensu", ug="ئونسۇ")),
    ]
    return Drawing(PICTURE, ways, names=NAMES, places=towns)


def highway() -> Drawing:
    """A numbered road with a bend of 90° at B; posts at A (K100), C (K104); 2 km a side."""
    picture = "A--------------------B\n" + "\n" * 19 + "                     C---D"
    drawing = Drawing(picture, {"ABCD": road(RoadClass.TRUNK)}, names={"ABCD": StreetName(ref="G314")}, cell_m=100.0)
    at = drawing.points
    drawing.raw.posts = [
        KilometrePost(at["A"].lat, at["A"].lon, 100.0, "G314"),
        KilometrePost(at["C"].lat, at["C"].lon, 104.1, "G314"),
        KilometrePost(at["D"].lat, at["D"].lon, 109.0, "G314"),
    ]
    return drawing
