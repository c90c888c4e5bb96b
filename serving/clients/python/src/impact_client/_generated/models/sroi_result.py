from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.sroi_result_scenario import SroiResultScenario, check_sroi_result_scenario
from ..models.sroi_result_variant import SroiResultVariant, check_sroi_result_variant

if TYPE_CHECKING:
    from ..models.sroi_result_inputs import SroiResultInputs


T = TypeVar("T", bound="SroiResult")


@_attrs_define
class SroiResult:
    """One ratio with what it was computed from."""

    variant: SroiResultVariant
    """ `employment_npv` is net: (value - cost) / cost. `outcome_value` is gross: value / cost. """
    scenario: SroiResultScenario
    """ The sensitivity band around `base`. """
    ratio: float | None
    value: float | None
    cost: float | None
    currency: str
    unit: str
    formula_version: str
    """ Version of the formula. """
    parameter_set: str
    """ The parameters in force, by name. """
    inputs: SroiResultInputs
    """ Everything the formula was given. """
    missing_reason: None | str
    """ Why there is no ratio; null if there is one. """

    def to_dict(self) -> dict[str, Any]:
        variant: str = self.variant

        scenario: str = self.scenario

        ratio: float | None
        ratio = self.ratio

        value: float | None
        value = self.value

        cost: float | None
        cost = self.cost

        currency = self.currency

        unit = self.unit

        formula_version = self.formula_version

        parameter_set = self.parameter_set

        inputs = self.inputs.to_dict()

        missing_reason: None | str
        missing_reason = self.missing_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "variant": variant,
                "scenario": scenario,
                "ratio": ratio,
                "value": value,
                "cost": cost,
                "currency": currency,
                "unit": unit,
                "formula_version": formula_version,
                "parameter_set": parameter_set,
                "inputs": inputs,
                "missing_reason": missing_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sroi_result_inputs import SroiResultInputs  # noqa: PLC0415

        d = dict(src_dict)
        variant = check_sroi_result_variant(d.pop("variant"))

        scenario = check_sroi_result_scenario(d.pop("scenario"))

        def _parse_ratio(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        ratio = _parse_ratio(d.pop("ratio"))

        def _parse_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        value = _parse_value(d.pop("value"))

        def _parse_cost(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cost = _parse_cost(d.pop("cost"))

        currency = d.pop("currency")

        unit = d.pop("unit")

        formula_version = d.pop("formula_version")

        parameter_set = d.pop("parameter_set")

        inputs = SroiResultInputs.from_dict(d.pop("inputs"))

        def _parse_missing_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        missing_reason = _parse_missing_reason(d.pop("missing_reason"))

        sroi_result = cls(
            variant=variant,
            scenario=scenario,
            ratio=ratio,
            value=value,
            cost=cost,
            currency=currency,
            unit=unit,
            formula_version=formula_version,
            parameter_set=parameter_set,
            inputs=inputs,
            missing_reason=missing_reason,
        )

        return sroi_result
