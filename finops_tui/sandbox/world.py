"""The simulated world, a function of (seed, origin): what it bills in any month, in whole numbers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from finops_tui.errors import UsageError
from finops_tui.sandbox import prices
from finops_tui.sandbox.fleet import Fleet, Meter, Resource
from finops_tui.sandbox.incidents import Incident, apply, draw_incidents
from finops_tui.sandbox.machines import add_machines
from finops_tui.sandbox.names import Compartment, Tenancy, compartments, draws, tenancies
from finops_tui.sandbox.origin import origin_of
from finops_tui.sandbox.prices import QUANTITY_SCALE, SKUS
from finops_tui.sandbox.services import add_services
from finops_tui.sandbox.usage import Activities, Floats, Ints, Window, factors, window

MONTHS = 36


def month_starts(origin: date, count: int) -> list[date]:
    """The first days of `count` months from the origin on."""
    first = origin.year * 12 + origin.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + count)]


@dataclass(frozen=True)
class Charges:
    """One month, row × hour. A row is a meter at one price; a tiered meter has a free row and a paid one.

    Quantities are in 1e-6 of the unit, prices in 1e-8 of the currency, so quantity × price is in 1e-14.
    A cell of quantity 0 is no line.
    """

    span: Window
    meter: Ints
    price: Ints
    list_price: Ints
    quantity: Ints

    @cached_property
    def cost(self) -> Ints:
        return self.quantity * self.price[:, None]


@dataclass(frozen=True)
class World:
    """Everything that stays: who, what, and what goes wrong."""

    seed: int
    origin: date
    tenancies: tuple[Tenancy, ...]
    compartments: tuple[Compartment, ...]
    resources: tuple[Resource, ...]
    meters: tuple[Meter, ...]
    activities: Activities
    incidents: tuple[Incident, ...]
    renewal: int
    """Number of the month from which the contract's smaller discount holds."""
    list_rise: int
    """Number of the month from which `prices.LIST_CHANGES` hold."""

    @property
    def months(self) -> list[date]:
        return month_starts(self.origin, MONTHS)

    @property
    def end(self) -> date:
        """The first day that is no longer simulated."""
        return month_starts(self.origin, MONTHS + 1)[-1]

    @cached_property
    def meter_sku(self) -> Ints:
        return np.array([meter.sku for meter in self.meters], np.int64)

    @cached_property
    def meter_activity(self) -> Ints:
        return np.array([meter.activity for meter in self.meters], np.int64)

    @cached_property
    def meter_resource(self) -> Ints:
        return np.array([meter.resource for meter in self.meters], np.int64)

    @cached_property
    def meter_tenancy(self) -> Ints:
        return np.array([self.resources[meter.resource].tenancy for meter in self.meters], np.int64)

    def month(self, month: date) -> Charges:
        """The charges of the calendar month that starts on `month`."""
        span = window(self.origin, month)
        return self.charges(span, self.activity(span))

    def activity(self, span: Window, *, without: int | None = None) -> Floats:
        """Activity × hour of a window, incidents included; `without` leaves one incident's changes out."""
        found = factors(self.seed, self.activities, span)
        for number, incident in enumerate(self.incidents):
            if number != without:
                apply(incident, span, found)
        return found

    def charges(self, span: Window, found: Floats) -> Charges:
        """What the activities of a window cost."""
        share = np.array([1 / span.month_hours if sku.monthly else 1.0 for sku in SKUS], np.float64)
        amount = np.array([meter.amount for meter in self.meters], np.float64) * share[self.meter_sku]
        busy = np.asarray(found.any(axis=1))
        used = np.flatnonzero(busy[self.meter_activity])
        quantity = np.rint(amount[used, None] * found[self.meter_activity[used]] * QUANTITY_SCALE).astype(
            np.int64
        )
        unit, listed = self._prices(span, used)
        free_rows, free = self._free(span, used, quantity)
        within = np.zeros_like(quantity)
        within[free_rows] = np.where(free, quantity[free_rows], 0)
        meter = np.concatenate([used, used[free_rows]])
        price = np.concatenate([unit, np.zeros(len(free_rows), np.int64)])
        both = np.concatenate([quantity - within, within[free_rows]])
        zeros = np.zeros(len(free_rows), np.int64)
        order = np.argsort(meter, kind="stable")
        alive = order[both[order].any(axis=1)]
        return Charges(span, meter[alive], price[alive], np.concatenate([listed, zeros])[alive], both[alive])

    def _prices(self, span: Window, used: Ints) -> tuple[Ints, Ints]:
        number = self.months.index(span.month)
        unit, listed = [], []
        for row in used.tolist():
            sku = SKUS[self.meters[row].sku]
            currency = self.tenancies[self.meter_tenancy[row]].currency
            at_list = prices.list_price(sku, currency, risen=number >= self.list_rise)
            listed.append(at_list)
            unit.append(prices.unit_price(sku, at_list, renewed=number >= self.renewal))
        return np.array(unit, np.int64), np.array(listed, np.int64)

    def _free(self, span: Window, used: Ints, quantity: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Rows with a free tier, and the hours in which they are inside it: a tenancy's first units."""
        tier = np.array([sku.free for sku in SKUS], np.int64)[self.meter_sku[used]]
        rows = np.flatnonzero(tier)
        free = np.zeros((len(rows), quantity.shape[1]), bool)
        key = self.meter_sku[used[rows]] * 16 + self.meter_tenancy[used[rows]]
        for value in np.unique(key):
            same = key == value
            total = quantity[rows[same]].sum(axis=0)
            free[same] = np.cumsum(total) <= tier[rows[same]][0]
        return rows, free


@lru_cache(maxsize=4)
def build(seed: int, origin: date) -> World:
    """The world of a seed and an origin (`origin_of` an anchor)."""
    accounts = tenancies(seed)
    fleet = Fleet(seed, origin, accounts, compartments(seed, accounts))
    months = month_starts(origin, MONTHS)
    days = (month_starts(origin, MONTHS + 1)[-1] - origin).days
    add_machines(fleet, days)
    add_services(fleet, days)
    incidents = draw_incidents(fleet, [(month, (month - origin).days * 24) for month in months])
    rng = draws(seed, "contract")
    return World(
        seed, origin, accounts, fleet.compartments, tuple(fleet.resources), tuple(fleet.meters),
        fleet.activities(), incidents, int(rng.integers(9, 14)), int(rng.integers(4, 9)),
    )  # fmt: skip


def world_of(seed: int, anchor: date, as_of: date | None = None) -> World:
    """The world of a seed and anchor; UsageError if there is none, or if it does not reach to `as_of`."""
    world = build(seed, origin_of(anchor))
    if as_of is not None and not world.origin < as_of <= world.end:
        raise UsageError(
            f"The sample tenancy anchored at {anchor} has no {as_of}: it lives from "
            f"{world.origin} to {world.end}.",
            "Start another one: use another --home (or a nearer --anchor).",
        )
    return world
