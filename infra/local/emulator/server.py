"""HTTP by uvicorn and httptools on uvloop, in place of hypercorn, which reads and writes each request in Python.

Half of the emulator's time went into that.
"""

import asyncio

import hypercorn.asyncio
import uvicorn
import uvloop

# As hypercorn is set by the emulator.
KEEP_ALIVE_SECONDS = 75
# Long polls are not waited for when the emulator is asked to end.
END_SECONDS = 1


def apply():
    """Replaces the coroutine that the emulator hands its application to."""
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    hypercorn.asyncio.serve = serve


async def serve(app, config):
    """Serves where hypercorn's configuration says. The emulator adds the date itself, and the template has no web sockets."""
    host, port = config.bind[0].rsplit(":", 1)
    settings = uvicorn.Config(
        app,
        host=host,
        port=int(port),
        http="httptools",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=END_SECONDS,
    )
    await uvicorn.Server(settings).serve()
