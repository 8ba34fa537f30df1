"""Asking Prometheus. It answers about all halls at once; a page never asks about each."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import httpx
import msgspec


class PrometheusAway(Exception):
    """It did not answer, or not with figures; the message says which."""


class Series(msgspec.Struct, frozen=True):
    metric: dict[str, str]
    value: tuple[float, str] = (0.0, "0")
    """Time and figure, of an instant query."""
    values: tuple[tuple[float, str], ...] = ()
    """The same, step by step, of a range query."""

    @property
    def figure(self) -> float:
        return float(self.value[1])

    def label(self, name: str) -> str:
        return self.metric.get(name, "")


class _Data(msgspec.Struct):
    result: list[Series]


class _Answer(msgspec.Struct):
    status: str
    data: _Data | None = None
    error: str = ""


class Steps(NamedTuple):
    """The moments of a range query, in seconds since 1970."""

    start_s: float
    end_s: float
    step_s: float


_DECODER = msgspec.json.Decoder(_Answer)


class Prometheus:
    """One server, over one kept connection."""

    def __init__(self, url: str) -> None:
        self._base = httpx.URL(url)
        # Never by way of a proxy of the box: it is the district's own net.
        self._http = httpx.AsyncClient(base_url=url.rstrip("/") + "/", trust_env=False)

    @property
    def shown(self) -> str:
        """Its address without a password, for screens and logs."""
        return str(self._base.copy_with(username=None, password=None)).rstrip("/")

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(self, promql: str, at_s: float, patience_s: float) -> list[Series]:
        """Raises PrometheusAway."""
        return await self._get("query", {"query": promql, "time": f"{at_s:.3f}"}, patience_s)

    async def ask_steps(self, promql: str, steps: Steps, patience_s: float) -> list[Series]:
        """Raises PrometheusAway."""
        times = {"start": f"{steps.start_s:.3f}", "end": f"{steps.end_s:.3f}", "step": f"{steps.step_s:.3f}"}
        return await self._get("query_range", {"query": promql, **times}, patience_s)

    async def _get(self, what: str, form: dict[str, str], patience_s: float) -> list[Series]:
        try:
            response = await self._http.post(f"api/v1/{what}", data=form, timeout=patience_s)
            answer = _DECODER.decode(response.content)
        except httpx.TimeoutException:
            raise PrometheusAway(f"no answer within {patience_s:g} s") from None
        except httpx.HTTPError as error:
            raise PrometheusAway(str(error) or type(error).__name__) from None
        except msgspec.DecodeError:
            raise PrometheusAway(f"it answered {response.status_code}, and not as Prometheus does") from None
        if answer.data is None:
            raise PrometheusAway(answer.error or f"it answered {response.status_code}")
        return answer.data.result


def by_hall(series: Iterable[Series]) -> dict[str, list[Series]]:
    grouped: dict[str, list[Series]] = {}
    for one in series:
        if not math.isfinite(one.figure):
            continue  # one odd figure must not take the whole district's picture away
        grouped.setdefault(one.label("hall"), []).append(one)
    return grouped
