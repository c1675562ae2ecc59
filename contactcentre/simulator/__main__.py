"""`python -m contactcentre.simulator --port 9001 --account AC… --token … --voice-url http://…`."""

import argparse
import os

from aiohttp import web

from contactcentre.simulator import control, rest
from contactcentre.simulator.engine import Engine


def application(account: str, token: str, voice_url: str = "", status_url: str = "") -> web.Application:
    """Return the exchange as a web application."""
    app = web.Application(middlewares=[rest.guard])
    engine = app[rest.ENGINE] = Engine(account, token, voice_url, status_url)
    app.add_routes(rest.routes)
    app.add_routes(control.routes)

    async def opened(_app: web.Application) -> None:
        await engine.hooks.open()

    async def closed(_app: web.Application) -> None:
        await engine.hooks.close()

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app.router.add_get("/sim/health", health)
    app.on_startup.append(opened)
    app.on_cleanup.append(closed)
    return app


def main() -> None:
    """Run it until it is ended. Loopback only, unless --host says otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9001)
    parser.add_argument("--account", default=os.environ.get("TWILIO_ACCOUNT_SID", "AC" + "0" * 32))
    parser.add_argument("--token", default=os.environ.get("TWILIO_AUTH_TOKEN", "development-telephone-token"))
    parser.add_argument("--voice-url", default="", help="asked for calls to numbers that nobody has set up")
    parser.add_argument("--status-url", default="", help="told of such calls' ends")
    options = parser.parse_args()
    app = application(options.account, options.token, options.voice_url, options.status_url)
    web.run_app(app, host=options.host, port=options.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
