"""The words in which a planned job is told, in English, German and Spanish, without accents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.domain.estimate import CURRENT_MODELS, Size, Thing

EXAMPLES = (
    "2M in 300k out",
    "500 x 4k in 1k out",
    "1.5M in 20k out 80% cached",
    "medium change",
    "20 x small document",
    "2M in 300k out opus gpt-6-luna",
)


class Kind(StrEnum):
    NUMBER = "number"
    SHARE = "share"
    TIMES = "times"
    IN = "in"
    OUT = "out"
    SIZE = "size"
    THING = "thing"
    MODEL = "model"
    FILLER = "filler"


POWERS: Mapping[str, int] = {
    word: power
    for power, words in {
        3: "k tsd tausend thousand thousands mil",
        6: "m mio mill million millions millionen millon millones",
        9: "b bn mrd milliarde milliarden billion billions",
        12: "t trillion trillions",
    }.items()
    for word in words.split()
}
WORDS: Mapping[str, Kind] = {
    word: kind
    for kind, words in {
        Kind.IN: "in input inputs rein hinein eingabe eingaben entrada entradas prompt",
        Kind.OUT: "out output outputs raus heraus aus ausgabe ausgaben salida salidas",
        Kind.TIMES: (
            "x * times mal veces request requests call calls anfrage anfragen aufruf aufrufe"
            " solicitud solicitudes peticion peticiones llamada llamadas"
        ),
        Kind.FILLER: (
            "token tokens and und y e of von de mit with con for fur para per pro por je jeweils"
            " each cada at zu a an the ein eine einen einer eines der die das den dem el la los las"
            " un una job base en im about etwa ca + cache cached gecacht cacheado cacheada"
            " cacheados cacheadas"
        ),
    }.items()
    for word in words.split()
}
SIZES: Mapping[str, Size] = {
    word: size
    for size, words in {
        Size.SMALL: "small klein kleine kleiner kleines kleinen pequeno pequena pequenos pequenas",
        Size.MEDIUM: (
            "medium mittel mittlere mittlerer mittleres mittleren mittelgross mittelgrosse"
            " mittelgrosser mittelgrosses mediano mediana medianos medianas medio media"
        ),
        Size.LARGE: "large big gross grosse grosser grosses grossen grande grandes",
    }.items()
    for word in words.split()
}
THINGS: Mapping[str, Thing] = {
    word: thing
    for thing, words in {
        Thing.CHANGE: "change changes feature features anderung anderungen cambio cambios",
        Thing.DOCUMENT: "document documents dokument dokumente documento documentos",
        Thing.CODE_BASE: (
            "code codebase codebases repository repositories repo repos codebasis codigo"
            " repositorio repositorios"
        ),
    }.items()
    for word in words.split()
}
FAMILIES = frozenset(
    {
        *(part for model in CURRENT_MODELS for part in re.findall(r"[a-z]{2,}", model)),
        *("codex", "composer", "fable", "mini", "mythos", "nano", "terra"),
    }
)
