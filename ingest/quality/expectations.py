"""Great Expectations over the measures of a batch.

It takes 5 to 15 seconds to import: only a process that judges imports this module, when it judges.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

# Before the import, which reads them: nothing is reported to anybody, and no progress bars in the logs.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("TQDM_DISABLE", "1")

import great_expectations as gx
import pandas as pd
from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.core.expect_column_max_to_be_between import (
    ExpectColumnMaxToBeBetween,
)
from great_expectations.expectations.metadata_types import FailureSeverity

from ingest.quality.suites import Expected, Suite

logging.getLogger("great_expectations").setLevel(logging.WARNING)


def as_gx_suite(suite: Suite, expected: Sequence[Expected] | None = None) -> gx.ExpectationSuite:
    """Our suite, or those of its expectations that are given, in Great Expectations' terms."""
    chosen = suite.expectations if expected is None else expected
    return gx.ExpectationSuite(
        name=suite.name,
        expectations=[_as_gx_expectation(one) for one in chosen],
        meta={"version": suite.version},
    )


def validate(
    suite: Suite, expected: Sequence[Expected], measures: Mapping[str, float | None]
) -> ExpectationSuiteValidationResult:
    """Hold a batch's measures against expectations."""
    # One row, the batch. Objects, since the pages cannot print numpy's numbers.
    frame = pd.DataFrame([{one.measure: measures[one.measure] for one in expected}], dtype=object)
    batch = _batches().get_batch({"dataframe": frame})
    return batch.validate(as_gx_suite(suite, expected), result_format="BASIC")


def passed_by_name(validation: ExpectationSuiteValidationResult) -> dict[str, bool]:
    """Whether each expectation was met, by our name of it."""
    found = {}
    for result in validation.results:
        if result.expectation_config and result.expectation_config.meta:
            found[str(result.expectation_config.meta["name"])] = bool(result.success)
    return found


def _as_gx_expectation(expected: Expected) -> ExpectColumnMaxToBeBetween:
    # A column of one value is its own maximum; of all expectations, this one reports what it saw.
    return ExpectColumnMaxToBeBetween(
        column=expected.measure,
        min_value=expected.low,
        max_value=expected.high,
        severity=FailureSeverity(expected.severity),
        description=f"{expected.severity}: {expected.name}. {expected.why}",
        meta={"name": expected.name, "claim": expected.claim},
    )


@cache
def _batches() -> BatchDefinition[Any]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("landed").add_dataframe_asset("batch")
    return asset.add_batch_definition_whole_dataframe("measures")
