"""From a template to a page; whatever is put into one is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lockwright import i18n
from lockwright.i18n import LANGUAGES, _, ngettext
from starlette.responses import HTMLResponse

from lockwright_desk.signin import forgery
from lockwright_desk.web import places, showing

FOLDER = Path(__file__).parent / "templates"
NAMES = {"en": "English", "ru": "Русский"}
"""Languages, each as it calls itself."""


class Drawing:
    """The templates.

    Args:
        globals_: what every template knows beside what is here.
        zone: the bank's time zone.
    """

    def __init__(self, globals_: Mapping[str, object], zone: tzinfo) -> None:
        # By the ending of a file Jinja2 would leave some of them unescaped.
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals |= {
            "_": _,
            "ngettext": ngettext,
            "language": i18n.language,
            "languages": [(each, NAMES[each]) for each in LANGUAGES],
            "places": places,
            "forms_field": forgery.FIELD,
            **globals_,
        }
        self._environment.filters |= showing.filters(zone)

    def page(self, template: str, *, status: int = 200, **named: object) -> HTMLResponse:
        """A page.

        Args:
            template: name of its file.
            status: of HTTP.
            named: what is put into it.
        """
        text = self._environment.get_template(template).render(named)
        headers = {"Content-Language": i18n.language(), "Vary": "Cookie, Accept-Language"}
        return HTMLResponse(text, status_code=status, headers=headers)
