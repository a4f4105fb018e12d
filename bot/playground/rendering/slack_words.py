"""The words that Slack itself adds to what an app shows, in the language of who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ENGLISH = "en"
_TRANSLATED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "de": {
            "(edited)": "(bearbeitet)",
            "(optional)": "(optional)",
            "All figures are in the table.": "Alle Zahlen stehen in der Tabelle.",
            "App": "App",
            "Bar chart": "Balkendiagramm",
            "Line chart": "Liniendiagramm",
            "Area chart": "Flächendiagramm",
            "Pie chart": "Kreisdiagramm",
            "Cancel": "Abbrechen",
            "Choose": "Auswählen",
            "Close": "Schließen",
            "Day": "Tag",
            "Download": "Herunterladen",
            "Figures": "Zahlen",
            "Figures: {title}": "Zahlen: {title}",
            "Label": "Beschriftung",
            "Lowest {low}, highest {high}{unit}.": "Niedrigster Wert {low}, höchster {high}{unit}.",
            "More actions": "Weitere Aktionen",
            "More actions for the message of {time}": "Weitere Aktionen zur Nachricht von {time}",
            "No data yet": "Noch keine Daten",
            "Only visible to you": "Nur für dich sichtbar",
            "Please fill in this field.": "Bitte fülle dieses Feld aus.",
            "Please keep it to {most} characters.": "Bitte nicht mehr als {most} Zeichen.",
            "Table": "Tabelle",
            "Table: {titles}": "Tabelle: {titles}",
            "Time": "Uhrzeit",
            "Today": "Heute",
            "We had some trouble connecting. Try again?": (
                "Die Verbindung hat nicht geklappt. Noch einmal versuchen?"
            ),
            "Yesterday": "Gestern",
            "no data": "keine Daten",
            "{size} bytes": "{size} Bytes",
            "{count} labels from {first} to {last}.": "{count} Werte von {first} bis {last}.",
        },
        "es": {
            "(edited)": "(editado)",
            "(optional)": "(opcional)",
            "All figures are in the table.": "Todas las cifras están en la tabla.",
            "App": "Aplicación",
            "Bar chart": "Gráfico de barras",
            "Line chart": "Gráfico de líneas",
            "Area chart": "Gráfico de áreas",
            "Pie chart": "Gráfico circular",
            "Cancel": "Cancelar",
            "Choose": "Elegir",
            "Close": "Cerrar",
            "Day": "Día",
            "Download": "Descargar",
            "Figures": "Cifras",
            "Figures: {title}": "Cifras: {title}",
            "Label": "Etiqueta",
            "Lowest {low}, highest {high}{unit}.": "Mínimo {low}, máximo {high}{unit}.",
            "More actions": "Más acciones",
            "More actions for the message of {time}": "Más acciones para el mensaje de las {time}",
            "No data yet": "Aún no hay datos",
            "Only visible to you": "Solo visible para ti",
            "Please fill in this field.": "Completa este campo.",
            "Please keep it to {most} characters.": "No más de {most} caracteres.",
            "Table": "Tabla",
            "Table: {titles}": "Tabla: {titles}",
            "Time": "Hora",
            "Today": "Hoy",
            "We had some trouble connecting. Try again?": (
                "No se ha podido conectar. ¿Lo intentas de nuevo?"
            ),
            "Yesterday": "Ayer",
            "no data": "sin datos",
            "{size} bytes": "{size} bytes",
            "{count} labels from {first} to {last}.": "{count} valores de {first} a {last}.",
        },
    }
)
LANGUAGES = (ENGLISH, *_TRANSLATED)


@dataclass(frozen=True, slots=True)
class SlackWords:
    language: str = ENGLISH

    def __call__(self, text: str, /, **values: object) -> str:
        """*text* as this reader's Slack has it; raises ``KeyError`` where nobody translated it."""
        if self.language == ENGLISH:
            return text.format_map(values)
        return _TRANSLATED[self.language][text].format_map(values)

    @property
    def elsewhere(self) -> str | None:
        """What a part of the page is marked with that is not in the page's own language."""
        return None if self.language == ENGLISH else self.language


IN_ENGLISH = SlackWords()
