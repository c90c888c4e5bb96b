from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.drift_result_grain import DriftResultGrain, check_drift_result_grain
from ..models.drift_result_severity import (
    DriftResultSeverity,
    check_drift_result_severity,
)
from ..models.drift_result_verdict import DriftResultVerdict, check_drift_result_verdict

T = TypeVar("T", bound="DriftResult")


@_attrs_define
class DriftResult:
    """One series in one language against the model's baseline."""

    model_id: str
    grain: DriftResultGrain
    window_from: datetime.datetime
    window_until: datetime.datetime
    series: str
    language: str
    baseline_count: int
    window_count: int
    psi: float | None
    """ Population stability index; above 0.2 is the agreed alert. """
    psi_noise: float | None
    """ What chance alone makes of it on average. """
    js_divergence: float | None
    """ Jensen-Shannon divergence in nats. """
    js_distance: float | None
    """ Its square root, which is what Evidently reports. """
    p_value: float | None
    """ Permutation test. """
    q_value: float | None
    """ The p-value after Benjamini-Hochberg. """
    verdict: DriftResultVerdict
    severity: DriftResultSeverity
    checked_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        model_id = self.model_id

        grain: str = self.grain

        window_from = self.window_from.isoformat()

        window_until = self.window_until.isoformat()

        series = self.series

        language = self.language

        baseline_count = self.baseline_count

        window_count = self.window_count

        psi: float | None
        psi = self.psi

        psi_noise: float | None
        psi_noise = self.psi_noise

        js_divergence: float | None
        js_divergence = self.js_divergence

        js_distance: float | None
        js_distance = self.js_distance

        p_value: float | None
        p_value = self.p_value

        q_value: float | None
        q_value = self.q_value

        verdict: str = self.verdict

        severity: str = self.severity

        checked_at = self.checked_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "model_id": model_id,
                "grain": grain,
                "window_from": window_from,
                "window_until": window_until,
                "series": series,
                "language": language,
                "baseline_count": baseline_count,
                "window_count": window_count,
                "psi": psi,
                "psi_noise": psi_noise,
                "js_divergence": js_divergence,
                "js_distance": js_distance,
                "p_value": p_value,
                "q_value": q_value,
                "verdict": verdict,
                "severity": severity,
                "checked_at": checked_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        model_id = d.pop("model_id")

        grain = check_drift_result_grain(d.pop("grain"))

        window_from = datetime.datetime.fromisoformat(d.pop("window_from"))

        window_until = datetime.datetime.fromisoformat(d.pop("window_until"))

        series = d.pop("series")

        language = d.pop("language")

        baseline_count = d.pop("baseline_count")

        window_count = d.pop("window_count")

        def _parse_psi(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        psi = _parse_psi(d.pop("psi"))

        def _parse_psi_noise(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        psi_noise = _parse_psi_noise(d.pop("psi_noise"))

        def _parse_js_divergence(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        js_divergence = _parse_js_divergence(d.pop("js_divergence"))

        def _parse_js_distance(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        js_distance = _parse_js_distance(d.pop("js_distance"))

        def _parse_p_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p_value = _parse_p_value(d.pop("p_value"))

        def _parse_q_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        q_value = _parse_q_value(d.pop("q_value"))

        verdict = check_drift_result_verdict(d.pop("verdict"))

        severity = check_drift_result_severity(d.pop("severity"))

        checked_at = datetime.datetime.fromisoformat(d.pop("checked_at"))

        drift_result = cls(
            model_id=model_id,
            grain=grain,
            window_from=window_from,
            window_until=window_until,
            series=series,
            language=language,
            baseline_count=baseline_count,
            window_count=window_count,
            psi=psi,
            psi_noise=psi_noise,
            js_divergence=js_divergence,
            js_distance=js_distance,
            p_value=p_value,
            q_value=q_value,
            verdict=verdict,
            severity=severity,
            checked_at=checked_at,
        )

        drift_result.additional_properties = d
        return drift_result

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
