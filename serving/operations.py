"""What each operation is called in the description: the names that clients' methods have.

`reporting_getMetrics` becomes `reporting.getMetrics()` in the SDKs. A name is a promise like a path:
functions may be renamed here, names may not.
"""

from __future__ import annotations

import re

from fastapi.routing import APIRoute

# Tags say where an operation stands in the documentation; several of them are one namespace for clients.
NAMESPACES = {
    "companies": "reporting",
    "value": "reporting",
    "comparison": "reporting",
    "evidence": "reporting",
    "impact-in": "impactIn",
}

# Where the function's own name would read badly as a method.
_NAMES = {
    "reporting_listMetrics": "reporting_getMetrics",
    "reporting_getSroi": "reporting_getSROI",
    "reporting_getVis": "reporting_getVIS",
    "reporting_listOutcomes": "reporting_getOutcomes",
    "reporting_listTiles": "reporting_getTiles",
    "reporting_listTile": "reporting_getTile",
    "reporting_listGoals": "reporting_getGoals",
    "reporting_exportCsrd": "reporting_exportCSRD",
    "reporting_getTrend": "reporting_getTrends",
    "reporting_listCohortMetrics": "reporting_getCohortMetrics",
    "reporting_listRetention": "reporting_getRetention",
    "reporting_listFunnels": "reporting_getFunnels",
    "reporting_listBenchmarks": "reporting_getBenchmarks",
    "reporting_listEvidence": "reporting_getEvidence",
    "reporting_listScoredSnippets": "reporting_getQ2QFeed",
    "q2q_classifyText": "q2q_classify",
    "q2q_listEvaluations": "q2q_getEval",
    "q2q_listDrift": "q2q_getDrift",
    "ai_listCosts": "ai_getCosts",
    "stream_streamUpdates": "stream_updates",
    "stream_beginStreamSession": "stream_beginSession",
    "stream_getStreamStats": "stream_getStats",
    "safety_screenText": "safety_screen",
    "journey_recordMilestone": "journey_triggerMilestone",
    "journey_getSchema": "journey_getRuleSchema",
    "journey_dryRun": "journey_dryRunRule",
    "impactIn_getStats": "impactIn_getDeliveryStats",
    "impactIn_approve": "impactIn_approveScheduled",
    "impactIn_replay": "impactIn_replayScheduled",
    "impactIn_preview": "impactIn_previewScheduled",
    "impactIn_runNow": "impactIn_runScheduleNow",
    "keys_listKeys": "keys_list",
    "keys_createKey": "keys_create",
    "keys_regenerateKey": "keys_regenerate",
    "keys_revokeKey": "keys_revoke",
    "privacy_askForExport": "privacy_requestExport",
    "privacy_askForErasure": "privacy_requestErasure",
    "privacy_rectify": "privacy_requestRectification",
    "privacy_restrict": "privacy_requestRestriction",
    "privacy_download": "privacy_downloadExport",
    "privacy_getPersonRecord": "privacy_getPerson",
}


def operation_id(route: APIRoute) -> str:
    """The name of a route's operation: namespace, underscore, method in camel case."""
    tag = str(route.tags[0]) if route.tags else "platform"
    name = f"{NAMESPACES.get(tag, _camel(tag))}_{_camel(route.name)}"
    return _NAMES.get(name, name)


def _camel(name: str) -> str:
    head, *rest = re.split(r"[_-]", name)
    return head + "".join(part.capitalize() for part in rest)
