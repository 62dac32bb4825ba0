"""The ways in which notices leave the product, one module each. A new one is a module here; nothing else knows it.

    @transport("mail", title=_("E-mail"), address_of=lambda user: user.email)
    class Mail:
        def send(self, message): ...   # raises OSError when this one failed, `NotReachable` when none will get through now
        def close(self): ...

One object sends as many messages as go out together, over one connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from django.utils.functional import Promise


class NotReachable(OSError):
    """Nobody answers: it costs no message one of its tries."""


@dataclass(frozen=True)
class Message:
    """`identity` is the same over retries, so that whoever gets it twice can tell."""

    identity: str
    address: str
    subject: str
    body: str
    link: str


class Sender(Protocol):
    def send(self, message: Message) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Transport:
    """`address_of(user)`: where it reaches a person without being set up for them. None: by the channels that they have."""

    name: str
    title: str | Promise
    sender: Callable[[], Sender]
    address_of: Callable | None = None


_transports: dict[str, Transport] = {}


def transport(name, *, title, address_of=None):
    """Register the decorated class."""

    def register(sender):
        _transports[name] = Transport(name, title, sender, address_of)
        return sender

    return register


def transports():
    """{name: Transport}."""
    return _transports


def load():
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
