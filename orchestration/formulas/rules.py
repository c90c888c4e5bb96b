"""When a formula's parameters make sense together. Says what is wrong in words for whoever set them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

Values = Mapping[str, float]

TOLERANCE = 0.01  # weights may sum to 0.99 or 1.01: two decimals of three thirds
LONGEST_HORIZON_YEARS = 50


def problems(formula: str, values: Values, units: Mapping[str, str]) -> list[str]:
    """Everything that is wrong with these parameters; empty if nothing is."""
    found = [
        f"{name} is a share and lies between 0 and 1, not {values[name]:g}"
        for name, unit in units.items()
        if unit == "share" and not 0 <= values[name] <= 1
    ]
    found += [
        f"{name} is not negative, unlike {values[name]:g}"
        for name, unit in units.items()
        if unit != "share" and values[name] < 0
    ]
    found += [
        f"{name} is divided by and must be above 0"
        for name in units
        if name.startswith("full_") and values[name] == 0
    ]
    return found + list(_OF_FORMULA[formula](values))


def _integration(values: Values) -> Iterator[str]:
    yield from _sums_to_one(values, "weight_language", "weight_social", "weight_job")
    yield from _sums_to_one(values, "social_match", "social_events", "social_checkins")
    yield from _sums_to_one(values, "course_completed_cap", "course_in_progress_cap")
    yield from _rises(values, *(f"level_{level}" for level in ("a1", "a2", "b1", "b2", "c1", "c2")))
    yield from _rises(values, "band_low_below", "band_medium_below")


def _cost(values: Values) -> Iterator[str]:
    if values["hourly_value"] + values["platform_cost_per_month"] <= 0:
        yield "hourly_value and platform_cost_per_month cannot both be 0: a return is divided by the cost"


def _employment(values: Values) -> Iterator[str]:
    if values["discount_rate"] >= 1:
        yield f"discount_rate is a share per year below 1, not {values['discount_rate']:g}: 3 % is 0.03"
    years = values["horizon_years"]
    if years != int(years) or not 1 <= years <= LONGEST_HORIZON_YEARS:
        yield f"horizon_years is a whole number from 1 to {LONGEST_HORIZON_YEARS}, not {years:g}"


def _outcome(values: Values) -> Iterator[str]:
    if not 0 < values["unsure_factor"] <= 1:
        yield f"unsure_factor is above 0 and at most 1, not {values['unsure_factor']:g}"


def _vis(values: Values) -> Iterator[str]:
    yield from _sums_to_one(values, "weight_hours", "weight_quality", "weight_outcome", "weight_placement")
    yield from _rises(
        values, "band_developing_to", "band_good_to", "band_excellent_to", "band_outstanding_to"
    )


def _vis_volunteer(values: Values) -> Iterator[str]:
    yield from _sums_to_one(values, "weight_hours", "weight_consistency", "weight_impact")
    yield from _rises(values, "occasional_from", "steady_from", "regular_from")
    yield from _rises(values, "band_contributing_from", "band_high_impact_from", "band_exceptional_from")
    if values["impact_from"] >= 1:
        yield "impact_from is below 1: nothing would be left to reach"


def _sums_to_one(values: Values, *names: str) -> Iterator[str]:
    total = sum(values[name] for name in names)
    if round(abs(total - 1), 9) > TOLERANCE:
        yield f"{', '.join(names)} sum to {total:g} and must sum to 1 (within {TOLERANCE})"


def _rises(values: Values, *names: str) -> Iterator[str]:
    numbers = [values[name] for name in names]
    if numbers != sorted(numbers):
        yield f"{', '.join(names)} must not fall: {', '.join(f'{number:g}' for number in numbers)}"


_OF_FORMULA: dict[str, Callable[[Values], Iterator[str]]] = {
    "integration": _integration,
    "sroi.cost": _cost,
    "sroi.employment_npv": _employment,
    "sroi.outcome_value": _outcome,
    "vis": _vis,
    "vis.volunteer": _vis_volunteer,
}
