"""What a partner reads out of the document it accepted, to compare with what was to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TOLD_OF_DONATIONS = ("workday_soap", "webhook")


def hours_and_donations(partner: str, document: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Volunteer hours, and donations in US dollars; None: the document does not tell."""
    match partner:
        case "benevity":
            metrics = {one["metricType"]: one["metricValue"] for one in document["metrics"]}
            return metrics.get("volunteer_hours"), None
        case "goodera":
            dimensions = {one["dimensionId"]: one["value"] for one in document["impactDimensions"]}
            return dimensions.get("volunteer_hours"), None
        case "workday":
            [activity] = document["volunteerActivities"] or [{}]
            return activity.get("volunteerHours"), None
        case "workday_soap":
            impact = document["ImpactMeasurement"]
            return document["VolunteeringData"].get("TotalHours"), impact.get("DonationsUSD")
        case _:
            return document["data"].get("volunteerHours"), document["data"].get("donationsUsd")
