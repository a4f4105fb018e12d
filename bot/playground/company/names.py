"""Invented names, and the e-mail names and places that go with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from random import Random

GIVEN_NAMES = (
    "Aarav Abena Adaeze Agnieszka Aiko Aisha Alejandra Amara Anouk Antonín Ayşe Bao Beatriz Björn "
    "Camila Carlos Chiara Chidi Dafydd Daria Dimitri Ebba Eleni Emeka Esperanza Farah Fatima Femke "
    "Gabriel Giulia Hana Haruto Hiroshi Ines Ingrid Ivana Jakub Jamila Joana Jorge Kaito Karim "
    "Katarzyna Kofi Lakshmi Leila Lena Linh Luca Łukasz Mahmoud Malik Marit Mateo Mei Milica "
    "Mihai Nadia Naoko Nia Nikolai Noor Oluwaseun Ondřej Oscar Parisa Pekka Priya Rafael Rania "
    "Ravi Renske Rosa Sanne Santiago Selin Siobhán Søren Sota Tamar Tariq Tereza Thandiwe Tomás "
    "Umut Valentina Vikram Wanjiru Wei Xiomara Yara Yusuf Zanele Zoë Zsófia"
)
FAMILY_NAMES = (
    "Abebe Achterberg Adeyemi Almeida Andersson Aydin Banerjee Baptiste Bergström Bianchi Boateng "
    "Castillo Černý Chaudhry Cruz Dąbrowski Delacroix Demir Diallo Dimitrova Dvořák Eriksen "
    "Espinoza Farouk Fernandes Fischer Fujimoto García Gonçalves Gupta Haddad Hakimi Halvorsen "
    "Hernández Horváth Ibrahim Ionescu Ishikawa Jansen Jovanović Kamau Kaplan Kato Khalil Kim "
    "Kowalczyk Kumar Laurent Le Lindqvist Lopes Mäkinen Mancini Mbeki Mendoza Mokoena Moreau "
    "Müller Mwangi Nakamura Nasser Navarro Ndlovu Nguyễn Novak Nuñez Obi Okafor Okonkwo Olsen "
    "Osei Özdemir Papadakis Park Patel Petrov Popescu Quispe Rahman Ramírez Reddy Rossi Sato "
    "Schneider Shapiro Silva Singh Sørensen Suzuki Szabó Takahashi Tanaka Tran Usman Van-Dijk "
    "Vargas Virtanen Wójcik Yamamoto Yildiz Zhang Zielińska"
)
PLACES = (
    ("America/Los_Angeles", "en-US"),
    ("America/New_York", "en-US"),
    ("America/Sao_Paulo", "pt-BR"),
    ("Europe/London", "en-GB"),
    ("Europe/Berlin", "de-DE"),
    ("Europe/Madrid", "es-ES"),
    ("Africa/Lagos", "en-GB"),
    ("Asia/Kolkata", "en-GB"),
    ("Asia/Tokyo", "ja-JP"),
    ("Australia/Lord_Howe", "en-GB"),
)
PLACE_WEIGHTS = (16, 18, 6, 16, 18, 8, 5, 8, 4, 1)
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d"})


def handle_of(name: str) -> str:
    """Give the part of an address before the at sign: lower case, ASCII, dots between words."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS_WITHOUT_DECOMPOSITION))
    return re.sub(r"[^a-z]+", ".", plain.encode("ascii", "ignore").decode()).strip(".")


def distinct_names(rng: Random) -> Iterator[tuple[str, str]]:
    """Give names and handles without end; who shares a name with another gets a numbered handle."""
    taken: dict[str, int] = {}
    while True:
        name = f"{rng.choice(GIVEN_NAMES.split())} {rng.choice(FAMILY_NAMES.split())}"
        handle = handle_of(name)
        taken[handle] = taken.get(handle, 0) + 1
        yield name, handle if taken[handle] == 1 else f"{handle}{taken[handle]}"


def place(rng: Random) -> tuple[str, str]:
    """Give a time zone and the locale of somebody living in it."""
    return rng.choices(PLACES, PLACE_WEIGHTS)[0]
