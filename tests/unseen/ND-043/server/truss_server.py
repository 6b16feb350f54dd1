import asyncio

import uvicorn


class TrussServer:
    def __init__(self, http_port: int, app):
        self._port = http_port
        self._app = app

    def start(self):
        config = uvicorn.Config(
            self._app,
            host="0.0.0.0",
            port=self._port,
            workers=1,
            ws_max_size=100 * 1024 * 1024,
            log_config=None,
        )
        asyncio.run(uvicorn.Server(config).serve())
