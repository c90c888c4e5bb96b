from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.vis_parts import VisParts
    from ..models.vis_score_inputs import VisScoreInputs
    from ..models.vis_score_weights import VisScoreWeights


T = TypeVar("T", bound="VisScore")


@_attrs_define
class VisScore:
    """The score of a company with what it was computed from."""

    vis: float | None
    """ 0 to 100. """
    band: None | str
    hours: float
    parts: VisParts
    """ Points of each part, 0 to 100; null where there is nothing to compute it from. """
    weights: VisScoreWeights
    formula_version: str
    """ Version of the formula. """
    parameter_set: str
    """ The parameters in force, by name. """
    inputs: VisScoreInputs
    """ Everything the formula was given. """
    missing_reason: None | str
    """ Why there is no score; null if there is one. """

    def to_dict(self) -> dict[str, Any]:
        vis: float | None
        vis = self.vis

        band: None | str
        band = self.band

        hours = self.hours

        parts = self.parts.to_dict()

        weights = self.weights.to_dict()

        formula_version = self.formula_version

        parameter_set = self.parameter_set

        inputs = self.inputs.to_dict()

        missing_reason: None | str
        missing_reason = self.missing_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "vis": vis,
                "band": band,
                "hours": hours,
                "parts": parts,
                "weights": weights,
                "formula_version": formula_version,
                "parameter_set": parameter_set,
                "inputs": inputs,
                "missing_reason": missing_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.vis_parts import VisParts  # noqa: PLC0415
        from ..models.vis_score_inputs import VisScoreInputs  # noqa: PLC0415
        from ..models.vis_score_weights import VisScoreWeights  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_vis(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        vis = _parse_vis(d.pop("vis"))

        def _parse_band(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        band = _parse_band(d.pop("band"))

        hours = d.pop("hours")

        parts = VisParts.from_dict(d.pop("parts"))

        weights = VisScoreWeights.from_dict(d.pop("weights"))

        formula_version = d.pop("formula_version")

        parameter_set = d.pop("parameter_set")

        inputs = VisScoreInputs.from_dict(d.pop("inputs"))

        def _parse_missing_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        missing_reason = _parse_missing_reason(d.pop("missing_reason"))

        vis_score = cls(
            vis=vis,
            band=band,
            hours=hours,
            parts=parts,
            weights=weights,
            formula_version=formula_version,
            parameter_set=parameter_set,
            inputs=inputs,
            missing_reason=missing_reason,
        )

        return vis_score
