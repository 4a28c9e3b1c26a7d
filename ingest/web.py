"""Ask a web service politely: paced, tried again after growing pauses, in bounded memory.

The home of httpx and tenacity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic, sleep
from types import TracebackType
from typing import Any, TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.wait import wait_exponential_jitter

AGENT = "spinal-tumour-evidence"
# An answer above this is refused; a full page of either service stays far below it.
LARGEST = 256 << 20
# A service that asks for a longer rest than this is left alone until the command is run again.
LONGEST_REST = 120.0
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_KEYS = {"api_key"}
_TAG = re.compile(r"<[^>]*>")

Answer = TypeVar("Answer")
Form = Mapping[str, str | int]
Pause = Callable[[float], None]


class FetchError(RuntimeError):
    """A service that could not be asked; the message is ``where: what is wrong; what was expected``."""


class QueryError(FetchError):
    """A query that cannot be asked."""


class KeyRefusedError(FetchError):
    """The service does not accept the API key."""


class RefusedError(FetchError):
    """The service answers a question with an HTTP error that asking again does not mend."""


class PassingError(FetchError):
    """A fault that may pass: the same question is asked again."""

    def __init__(
        self, message: str, rest: float | None = None, attempts: int | None = None
    ) -> None:
        """Hold the rest that the service asks for, in seconds, and how often asking is worth while."""
        super().__init__(message)
        self.rest = rest
        self.attempts = attempts


class Web:
    """One service's connection; use it in a ``with`` block.

    ``rate`` is requests per second at most, ``attempts`` how often one question is asked,
    ``pause`` what waits (tests hand in their own).
    """

    def __init__(
        self, name: str, rate: float, attempts: int = 6, pause: Pause | None = None
    ) -> None:
        """Open a client that follows no redirect: a form may hold a key."""
        self._name = name
        self._gap = 1 / rate
        self._free = 0.0
        self._attempts = attempts
        self._pause = pause or sleep
        self._client = httpx.Client(
            timeout=httpx.Timeout(120, connect=20), headers={"User-Agent": AGENT}
        )

    def __enter__(self) -> Web:
        """Return the connection itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._client.close()

    def ask(
        self, address: str, form: Form, read: Callable[[bytes], Answer], method: str = "POST"
    ) -> Answer:
        """Return what ``read`` makes of the answer; raise ``FetchError`` when asking was in vain.

        ``read`` raises ``PassingError`` for an answer that reports a passing fault or is cut short.
        """
        asking = Retrying(
            retry=retry_if_exception_type(PassingError),
            wait=_rest,
            stop=self._is_enough,
            sleep=self._pause,
            reraise=True,
        )
        try:
            answer: Answer = asking(self._once, address, form, read, method)
            return answer
        except PassingError as error:
            text = f"{error}; asked {asking.statistics['attempt_number']} times"
        raise FetchError(text)

    def _is_enough(self, state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        most = error.attempts if isinstance(error, PassingError) else None
        return state.attempt_number >= min(self._attempts, most or self._attempts)

    def _once(
        self, address: str, form: Form, read: Callable[[bytes], Answer], method: str
    ) -> Answer:
        self._keep_pace()
        given = {key: str(value) for key, value in form.items()}
        sent: dict[str, Any] = {"params" if method == "GET" else "data": given}
        try:
            with self._client.stream(method, address, **sent) as response:
                body = self._body(response)
                self._check(response, body, given)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.DecodingError) as error:
            raise FetchError(f"{self._name}: {error}; an answer was expected") from None
        except httpx.TransportError as error:
            raise PassingError(
                f"{self._name}: {type(error).__name__} ({error}); an answer was expected"
            ) from None
        return read(body)

    def _keep_pace(self) -> None:
        now = monotonic()
        if now < self._free:
            self._pause(self._free - now)
        self._free = max(now, self._free) + self._gap

    def _body(self, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > LARGEST:
                raise FetchError(
                    f"{self._name}: an answer above {LARGEST} bytes; a smaller batch was expected"
                )
            parts.append(part)
        return b"".join(parts)

    def _check(self, response: httpx.Response, body: bytes, given: Mapping[str, str]) -> None:
        status = response.status_code
        if response.is_success:
            return
        said = _said(body, given)
        if status in _PASSING:
            rest = _told_rest(response.headers.get("Retry-After"))
            if rest is not None and rest > LONGEST_REST:
                raise FetchError(
                    f"{self._name}: HTTP {status}, and asks for a rest of {rest:.0f} s; run the command again then"
                )
            raise PassingError(f"{self._name}: HTTP {status}{said}; an answer was expected", rest)
        if status in {400, 401, 403} and "api" in said.lower() and "key" in said.lower():
            raise KeyRefusedError(
                f"{self._name}: the API key is refused (HTTP {status}); a key of your account, or none, was expected"
            )
        raise RefusedError(f"{self._name}: HTTP {status}{said}; HTTP 200 was expected")


def _said(body: bytes, given: Mapping[str, str]) -> str:
    """Return the first words of a refusal, without the keys of the form that it may repeat."""
    text = " ".join(_TAG.sub(" ", body[:2000].decode("utf-8", "replace")).split())
    for name in _KEYS & given.keys():
        text = text.replace(given[name], "***")
    return f" ({text[:200]})" if text else ""


def _told_rest(printed: str | None) -> float | None:
    """Return the seconds of a Retry-After header, given in seconds or as a date (RFC 9110, 10.2.3)."""
    if printed is None:
        return None
    if printed.strip().isdigit():
        return float(printed)
    try:
        until = parsedate_to_datetime(printed)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


_GROWING = wait_exponential_jitter(initial=1, max=60, jitter=1)


def _rest(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    told = error.rest if isinstance(error, PassingError) else None
    return told if told is not None else _GROWING(state)
