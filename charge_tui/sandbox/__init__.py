"""The Charge API as a server of our own: the documented endpoints over a world that lives.

    with RunningSandbox(SandboxOptions(seed=7)) as sandbox:
        ...  # sandbox.base_url, sandbox.key

``build_world`` and ``create_app`` give the same without a socket, on any clock. Nothing here imports client, desk,
configuration or screen; Starlette and uvicorn are imported when a name of this package is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from charge_tui.sandbox.app import create_app as create_app
    from charge_tui.sandbox.options import SandboxOptions as SandboxOptions
    from charge_tui.sandbox.server import RunningSandbox as RunningSandbox
    from charge_tui.sandbox.service import build_world as build_world

__all__ = ["RunningSandbox", "SandboxOptions", "build_world", "create_app"]

_HOMES = {"create_app": "app", "SandboxOptions": "options", "RunningSandbox": "server", "build_world": "service"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
