"""The application of the page: routes, and what stands around all of them."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from lockwright_desk.web import places
from lockwright_desk.web.door import Door, Page
from lockwright_desk.web.headers import Headers
from lockwright_desk.web.languages import InTheVisitorsLanguage
from lockwright_desk.web.pages import every
from lockwright_desk.web.pages.front import open_routes
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import Troubles


def application(site: Site) -> Starlette:
    """The application over a site.

    Args:
        site: what pages are made with.
    """
    door, troubles = Door(site), Troubles(site.drawing)
    routes = [Route(f"{places.STATIC}/{{mark}}/{{name}}", site.static.serve, methods=["GET"])]
    routes += [_route(door, page) for page in every.PAGES]
    routes += [Route(places.EVENTS, door.events, methods=["GET"]), *open_routes(site)]
    served = Starlette(
        routes=routes,
        middleware=[Middleware(Headers), Middleware(InTheVisitorsLanguage)],
        exception_handlers=troubles.handlers,
    )
    served.router.redirect_slashes = False  # to a host that the client has named
    return served


def _route(door: Door, page: Page) -> Route:
    return Route(page.path, door.opened(page), methods=[page.method])
