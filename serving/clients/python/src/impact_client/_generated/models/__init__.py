"""Contains all the data models used in inputs/outputs"""

from .activation import Activation
from .admin_read import AdminRead
from .admin_read_page import AdminReadPage
from .api_version import ApiVersion
from .approval import Approval
from .approval_order import ApprovalOrder
from .at_a_glance import AtAGlance
from .attempt import Attempt
from .attempt_decision import AttemptDecision
from .attempt_kind import AttemptKind
from .backtest_answer import BacktestAnswer
from .backtest_order import BacktestOrder
from .benchmark import Benchmark
from .benchmark_compare_with import BenchmarkCompareWith
from .benchmarks import Benchmarks
from .budget_answer import BudgetAnswer
from .budget_answer_mode import BudgetAnswerMode
from .bulk_replay import BulkReplay
from .bulk_replay_order import BulkReplayOrder
from .bulk_replay_refused import BulkReplayRefused
from .callback import Callback
from .callback_outcome import CallbackOutcome
from .cancel_order import CancelOrder
from .change import Change
from .claim_order import ClaimOrder
from .classified_text import ClassifiedText
from .classified_text_certainty import ClassifiedTextCertainty
from .classified_text_language import ClassifiedTextLanguage
from .classified_text_scores import ClassifiedTextScores
from .cohort import Cohort
from .cohort_comparison import CohortComparison
from .cohort_comparison_grain import CohortComparisonGrain
from .cohort_figure import CohortFigure
from .cohort_filters import CohortFilters
from .cohort_metrics import CohortMetrics
from .cohort_metrics_grain import CohortMetricsGrain
from .cohorts import Cohorts
from .company_metrics import CompanyMetrics
from .company_metrics_grain import CompanyMetricsGrain
from .company_streams import CompanyStreams
from .company_vis import CompanyVis
from .compared_figure import ComparedFigure
from .connection import Connection
from .connection_list import ConnectionList
from .connection_options import ConnectionOptions
from .connection_order import ConnectionOrder
from .connection_order_options import ConnectionOrderOptions
from .consent import Consent
from .consent_language import ConsentLanguage
from .consent_legal_basis import ConsentLegalBasis
from .consent_method import ConsentMethod
from .consent_order import ConsentOrder
from .consent_order_language import ConsentOrderLanguage
from .consent_order_legal_basis import ConsentOrderLegalBasis
from .consent_order_method import ConsentOrderMethod
from .consent_order_purpose import ConsentOrderPurpose
from .consent_purpose import ConsentPurpose
from .consent_words import ConsentWords
from .consent_words_language import ConsentWordsLanguage
from .consent_words_list import ConsentWordsList
from .consent_words_purpose import ConsentWordsPurpose
from .cost_item import CostItem
from .costs import Costs
from .csrd_export import CsrdExport
from .csrd_export_grain import CsrdExportGrain
from .data_point import DataPoint
from .dated_version import DatedVersion
from .dated_versions import DatedVersions
from .delete_order import DeleteOrder
from .delivery import Delivery
from .delivery_page import DeliveryPage
from .delivery_partner_state_type_0 import DeliveryPartnerStateType0
from .delivery_status import DeliveryStatus
from .delivery_story import DeliveryStory
from .delivery_story_outcome import DeliveryStoryOutcome
from .delivery_with_attempts import DeliveryWithAttempts
from .delivery_with_attempts_partner_state_type_0 import (
    DeliveryWithAttemptsPartnerStateType0,
)
from .delivery_with_attempts_status import DeliveryWithAttemptsStatus
from .dimension_item import DimensionItem
from .dimension_item_dimension import DimensionItemDimension
from .done import Done
from .download import Download
from .drift_result import DriftResult
from .drift_result_grain import DriftResultGrain
from .drift_result_severity import DriftResultSeverity
from .drift_result_verdict import DriftResultVerdict
from .drift_results import DriftResults
from .dry_run import DryRun
from .dry_run_order import DryRunOrder
from .error_class import ErrorClass
from .evaluation import Evaluation
from .evaluation_figures import EvaluationFigures
from .evaluation_order import EvaluationOrder
from .evaluations import Evaluations
from .evidence import Evidence
from .evidence_event import EvidenceEvent
from .evidence_item import EvidenceItem
from .explanation import Explanation
from .explanation_facts import ExplanationFacts
from .export_order import ExportOrder
from .export_order_right import ExportOrderRight
from .field_error import FieldError
from .file_problem import FileProblem
from .flag_history import FlagHistory
from .funnel_stage import FunnelStage
from .funnel_stage_stage import FunnelStageStage
from .funnels import Funnels
from .goal import Goal
from .goals import Goals
from .goals_grain import GoalsGrain
from .group_share import GroupShare
from .health import Health
from .history import History
from .history_item import HistoryItem
from .history_item_cause import HistoryItemCause
from .history_item_facts import HistoryItemFacts
from .history_metric import HistoryMetric
from .history_point import HistoryPoint
from .impact_in_list_deliveries_status_type_0_item import (
    ImpactInListDeliveriesStatusType0Item,
)
from .inputs import Inputs
from .item_finding import ItemFinding
from .journey_evidence import JourneyEvidence
from .journey_get_milestone_milestone import JourneyGetMilestoneMilestone
from .journey_get_rule_schema_response_journey_getruleschema import (
    JourneyGetRuleSchemaResponseJourneyGetruleschema,
)
from .journey_trigger_milestone_milestone import JourneyTriggerMilestoneMilestone
from .key import Key
from .key_list import KeyList
from .key_order import KeyOrder
from .key_order_role import KeyOrderRole
from .key_order_scopes_type_0_item import KeyOrderScopesType0Item
from .key_role import KeyRole
from .labels_answer import LabelsAnswer
from .labels_answer_employability_signals_type_0_item import (
    LabelsAnswerEmployabilitySignalsType0Item,
)
from .labels_answer_language_comfort_type_0 import LabelsAnswerLanguageComfortType0
from .labels_answer_risk_cues_type_0_item import LabelsAnswerRiskCuesType0Item
from .labels_answer_topics_item import LabelsAnswerTopicsItem
from .letter import Letter
from .letter_page import LetterPage
from .letter_state import LetterState
from .letter_with_payload import LetterWithPayload
from .letter_with_payload_original_headers_type_0 import (
    LetterWithPayloadOriginalHeadersType0,
)
from .letter_with_payload_state import LetterWithPayloadState
from .milestone_order import MilestoneOrder
from .milestones import Milestones
from .missing import Missing
from .model_history import ModelHistory
from .model_history_definition import ModelHistoryDefinition
from .model_used import ModelUsed
from .model_used_fallback_reason_type_0 import ModelUsedFallbackReasonType0
from .model_used_provider import ModelUsedProvider
from .model_version import ModelVersion
from .model_version_definition import ModelVersionDefinition
from .model_versions import ModelVersions
from .new_key import NewKey
from .new_key_role import NewKeyRole
from .ops_list_dead_letters_state import OpsListDeadLettersState
from .order import Order
from .outcome_item import OutcomeItem
from .outcome_item_dimension import OutcomeItemDimension
from .outcome_series import OutcomeSeries
from .outcome_series_grain import OutcomeSeriesGrain
from .outcomes import Outcomes
from .outcomes_dimensions import OutcomesDimensions
from .participant_flag import ParticipantFlag
from .participant_flags import ParticipantFlags
from .participant_milestone import ParticipantMilestone
from .participant_milestone_milestone import ParticipantMilestoneMilestone
from .past_decision import PastDecision
from .past_decision_decision import PastDecisionDecision
from .period_metrics import PeriodMetrics
from .person_answer import PersonAnswer
from .person_answer_facts import PersonAnswerFacts
from .person_record import PersonRecord
from .platform_get_catalog_response_platform_getcatalog import (
    PlatformGetCatalogResponsePlatformGetcatalog,
)
from .platform_get_specification_response_platform_getspecification import (
    PlatformGetSpecificationResponsePlatformGetspecification,
)
from .platform_sla import PlatformSla
from .platform_sla_state import PlatformSlaState
from .platform_stats import PlatformStats
from .preview import Preview
from .preview_headers import PreviewHeaders
from .privacy_list_requests_right_type_0 import PrivacyListRequestsRightType0
from .privacy_list_requests_state_type_0_item import PrivacyListRequestsStateType0Item
from .privacy_request import PrivacyRequest
from .privacy_request_list import PrivacyRequestList
from .privacy_request_right import PrivacyRequestRight
from .privacy_request_state import PrivacyRequestState
from .privacy_request_with_steps import PrivacyRequestWithSteps
from .privacy_request_with_steps_right import PrivacyRequestWithStepsRight
from .privacy_request_with_steps_state import PrivacyRequestWithStepsState
from .problem import Problem
from .problem_kind import ProblemKind
from .q2q_feed import Q2QFeed
from .q2q_get_drift_grain_type_0 import Q2QGetDriftGrainType0
from .q2q_get_drift_verdict_type_0 import Q2QGetDriftVerdictType0
from .queue import Queue
from .readiness import Readiness
from .readiness_checks import ReadinessChecks
from .readiness_checks_additional_property import ReadinessChecksAdditionalProperty
from .rectify_order import RectifyOrder
from .replacement_order import ReplacementOrder
from .reporting_compare_cohorts_grain import ReportingCompareCohortsGrain
from .reporting_export_csrd_format import ReportingExportCsrdFormat
from .reporting_export_csrd_grain import ReportingExportCsrdGrain
from .reporting_get_benchmarks_compare_with import ReportingGetBenchmarksCompareWith
from .reporting_get_cohort_metrics_grain import ReportingGetCohortMetricsGrain
from .reporting_get_goals_grain import ReportingGetGoalsGrain
from .reporting_get_history_metric import ReportingGetHistoryMetric
from .reporting_get_metrics_grain import ReportingGetMetricsGrain
from .reporting_get_outcomes_grain import ReportingGetOutcomesGrain
from .reporting_get_q2q_feed_dimension_type_0 import ReportingGetQ2QFeedDimensionType0
from .reporting_get_sroi_scenario_type_0 import ReportingGetSroiScenarioType0
from .reporting_get_sroi_variant_type_0 import ReportingGetSroiVariantType0
from .reporting_get_tile_grain import ReportingGetTileGrain
from .reporting_get_tile_tile import ReportingGetTileTile
from .reporting_get_tiles_grain import ReportingGetTilesGrain
from .reporting_get_trends_granularity import ReportingGetTrendsGranularity
from .request_step import RequestStep
from .request_step_detail import RequestStepDetail
from .request_step_state import RequestStepState
from .restrict_order import RestrictOrder
from .restrict_order_ground import RestrictOrderGround
from .restriction import Restriction
from .restriction_ground import RestrictionGround
from .retention import Retention
from .retention_cell import RetentionCell
from .review_item import ReviewItem
from .review_item_action import ReviewItemAction
from .review_item_severity import ReviewItemSeverity
from .review_item_state import ReviewItemState
from .review_item_text_type import ReviewItemTextType
from .review_item_with_text import ReviewItemWithText
from .review_item_with_text_action import ReviewItemWithTextAction
from .review_item_with_text_severity import ReviewItemWithTextSeverity
from .review_item_with_text_state import ReviewItemWithTextState
from .review_item_with_text_text_type import ReviewItemWithTextTextType
from .review_order import ReviewOrder
from .review_order_decision import ReviewOrderDecision
from .rule_detail import RuleDetail
from .rule_detail_definition import RuleDetailDefinition
from .rule_list import RuleList
from .rule_precision import RulePrecision
from .rule_summary import RuleSummary
from .rule_text import RuleText
from .rules import Rules
from .run import Run
from .run_order import RunOrder
from .safety_answer import SafetyAnswer
from .safety_answer_action import SafetyAnswerAction
from .safety_list_queue_severity_type_0 import SafetyListQueueSeverityType0
from .safety_list_queue_state_type_0_item import SafetyListQueueStateType0Item
from .schedule import Schedule
from .schedule_cadence import ScheduleCadence
from .schedule_change import ScheduleChange
from .schedule_change_cadence_type_0 import ScheduleChangeCadenceType0
from .schedule_change_grain_type_0 import ScheduleChangeGrainType0
from .schedule_change_missed_type_0 import ScheduleChangeMissedType0
from .schedule_grain import ScheduleGrain
from .schedule_list import ScheduleList
from .schedule_missed import ScheduleMissed
from .schedule_order import ScheduleOrder
from .schedule_order_cadence import ScheduleOrderCadence
from .schedule_order_grain_type_0 import ScheduleOrderGrainType0
from .schedule_order_missed import ScheduleOrderMissed
from .schema_list import SchemaList
from .scored_snippet import ScoredSnippet
from .scored_snippet_dimension import ScoredSnippetDimension
from .screen_answer import ScreenAnswer
from .screen_answer_action import ScreenAnswerAction
from .screen_flag import ScreenFlag
from .screen_flag_severity_type_0 import ScreenFlagSeverityType0
from .screen_order import ScreenOrder
from .screen_order_content_type import ScreenOrderContentType
from .screen_order_language_type_0 import ScreenOrderLanguageType0
from .secret_kept import SecretKept
from .secret_order import SecretOrder
from .sla_status import SlaStatus
from .sla_status_promise import SlaStatusPromise
from .sroi import Sroi
from .sroi_result import SroiResult
from .sroi_result_inputs import SroiResultInputs
from .sroi_result_scenario import SroiResultScenario
from .sroi_result_variant import SroiResultVariant
from .stats import Stats
from .story_step import StoryStep
from .stream_session import StreamSession
from .stream_stats import StreamStats
from .subject_reference import SubjectReference
from .subject_reference_provider_type_0 import SubjectReferenceProviderType0
from .taxonomy import Taxonomy
from .taxonomy_changes_item import TaxonomyChangesItem
from .taxonomy_employability_signals_item import TaxonomyEmployabilitySignalsItem
from .taxonomy_language_comfort_item import TaxonomyLanguageComfortItem
from .taxonomy_languages_item import TaxonomyLanguagesItem
from .taxonomy_risk_cues_item import TaxonomyRiskCuesItem
from .taxonomy_topics_item import TaxonomyTopicsItem
from .text_context import TextContext
from .text_context_type import TextContextType
from .text_to_classify import TextToClassify
from .text_to_classify_language_type_0 import TextToClassifyLanguageType0
from .text_to_classify_provider import TextToClassifyProvider
from .tile_figure import TileFigure
from .tile_figure_tile import TileFigureTile
from .tiles import Tiles
from .tiles_grain import TilesGrain
from .timeline import Timeline
from .timeline_day import TimelineDay
from .top_volunteer import TopVolunteer
from .trend import Trend
from .trend_granularity import TrendGranularity
from .trend_point import TrendPoint
from .unversioned_paths import UnversionedPaths
from .usage_answer import UsageAnswer
from .validation import Validation
from .value import Value
from .version_backtest import VersionBacktest
from .version_difference import VersionDifference
from .vis_parts import VisParts
from .vis_score import VisScore
from .vis_score_inputs import VisScoreInputs
from .vis_score_weights import VisScoreWeights
from .week import Week
from .window import Window

__all__ = (
    "Activation",
    "AdminRead",
    "AdminReadPage",
    "ApiVersion",
    "Approval",
    "ApprovalOrder",
    "AtAGlance",
    "Attempt",
    "AttemptDecision",
    "AttemptKind",
    "BacktestAnswer",
    "BacktestOrder",
    "Benchmark",
    "BenchmarkCompareWith",
    "Benchmarks",
    "BudgetAnswer",
    "BudgetAnswerMode",
    "BulkReplay",
    "BulkReplayOrder",
    "BulkReplayRefused",
    "Callback",
    "CallbackOutcome",
    "CancelOrder",
    "Change",
    "ClaimOrder",
    "ClassifiedText",
    "ClassifiedTextCertainty",
    "ClassifiedTextLanguage",
    "ClassifiedTextScores",
    "Cohort",
    "CohortComparison",
    "CohortComparisonGrain",
    "CohortFigure",
    "CohortFilters",
    "CohortMetrics",
    "CohortMetricsGrain",
    "Cohorts",
    "CompanyMetrics",
    "CompanyMetricsGrain",
    "CompanyStreams",
    "CompanyVis",
    "ComparedFigure",
    "Connection",
    "ConnectionList",
    "ConnectionOptions",
    "ConnectionOrder",
    "ConnectionOrderOptions",
    "Consent",
    "ConsentLanguage",
    "ConsentLegalBasis",
    "ConsentMethod",
    "ConsentOrder",
    "ConsentOrderLanguage",
    "ConsentOrderLegalBasis",
    "ConsentOrderMethod",
    "ConsentOrderPurpose",
    "ConsentPurpose",
    "ConsentWords",
    "ConsentWordsLanguage",
    "ConsentWordsList",
    "ConsentWordsPurpose",
    "CostItem",
    "Costs",
    "CsrdExport",
    "CsrdExportGrain",
    "DataPoint",
    "DatedVersion",
    "DatedVersions",
    "DeleteOrder",
    "Delivery",
    "DeliveryPage",
    "DeliveryPartnerStateType0",
    "DeliveryStatus",
    "DeliveryStory",
    "DeliveryStoryOutcome",
    "DeliveryWithAttempts",
    "DeliveryWithAttemptsPartnerStateType0",
    "DeliveryWithAttemptsStatus",
    "DimensionItem",
    "DimensionItemDimension",
    "Done",
    "Download",
    "DriftResult",
    "DriftResultGrain",
    "DriftResults",
    "DriftResultSeverity",
    "DriftResultVerdict",
    "DryRun",
    "DryRunOrder",
    "ErrorClass",
    "Evaluation",
    "EvaluationFigures",
    "EvaluationOrder",
    "Evaluations",
    "Evidence",
    "EvidenceEvent",
    "EvidenceItem",
    "Explanation",
    "ExplanationFacts",
    "ExportOrder",
    "ExportOrderRight",
    "FieldError",
    "FileProblem",
    "FlagHistory",
    "Funnels",
    "FunnelStage",
    "FunnelStageStage",
    "Goal",
    "Goals",
    "GoalsGrain",
    "GroupShare",
    "Health",
    "History",
    "HistoryItem",
    "HistoryItemCause",
    "HistoryItemFacts",
    "HistoryMetric",
    "HistoryPoint",
    "ImpactInListDeliveriesStatusType0Item",
    "Inputs",
    "ItemFinding",
    "JourneyEvidence",
    "JourneyGetMilestoneMilestone",
    "JourneyGetRuleSchemaResponseJourneyGetruleschema",
    "JourneyTriggerMilestoneMilestone",
    "Key",
    "KeyList",
    "KeyOrder",
    "KeyOrderRole",
    "KeyOrderScopesType0Item",
    "KeyRole",
    "LabelsAnswer",
    "LabelsAnswerEmployabilitySignalsType0Item",
    "LabelsAnswerLanguageComfortType0",
    "LabelsAnswerRiskCuesType0Item",
    "LabelsAnswerTopicsItem",
    "Letter",
    "LetterPage",
    "LetterState",
    "LetterWithPayload",
    "LetterWithPayloadOriginalHeadersType0",
    "LetterWithPayloadState",
    "MilestoneOrder",
    "Milestones",
    "Missing",
    "ModelHistory",
    "ModelHistoryDefinition",
    "ModelUsed",
    "ModelUsedFallbackReasonType0",
    "ModelUsedProvider",
    "ModelVersion",
    "ModelVersionDefinition",
    "ModelVersions",
    "NewKey",
    "NewKeyRole",
    "OpsListDeadLettersState",
    "Order",
    "OutcomeItem",
    "OutcomeItemDimension",
    "Outcomes",
    "OutcomesDimensions",
    "OutcomeSeries",
    "OutcomeSeriesGrain",
    "ParticipantFlag",
    "ParticipantFlags",
    "ParticipantMilestone",
    "ParticipantMilestoneMilestone",
    "PastDecision",
    "PastDecisionDecision",
    "PeriodMetrics",
    "PersonAnswer",
    "PersonAnswerFacts",
    "PersonRecord",
    "PlatformGetCatalogResponsePlatformGetcatalog",
    "PlatformGetSpecificationResponsePlatformGetspecification",
    "PlatformSla",
    "PlatformSlaState",
    "PlatformStats",
    "Preview",
    "PreviewHeaders",
    "PrivacyListRequestsRightType0",
    "PrivacyListRequestsStateType0Item",
    "PrivacyRequest",
    "PrivacyRequestList",
    "PrivacyRequestRight",
    "PrivacyRequestState",
    "PrivacyRequestWithSteps",
    "PrivacyRequestWithStepsRight",
    "PrivacyRequestWithStepsState",
    "Problem",
    "ProblemKind",
    "Q2QFeed",
    "Q2QGetDriftGrainType0",
    "Q2QGetDriftVerdictType0",
    "Queue",
    "Readiness",
    "ReadinessChecks",
    "ReadinessChecksAdditionalProperty",
    "RectifyOrder",
    "ReplacementOrder",
    "ReportingCompareCohortsGrain",
    "ReportingExportCsrdFormat",
    "ReportingExportCsrdGrain",
    "ReportingGetBenchmarksCompareWith",
    "ReportingGetCohortMetricsGrain",
    "ReportingGetGoalsGrain",
    "ReportingGetHistoryMetric",
    "ReportingGetMetricsGrain",
    "ReportingGetOutcomesGrain",
    "ReportingGetQ2QFeedDimensionType0",
    "ReportingGetSroiScenarioType0",
    "ReportingGetSroiVariantType0",
    "ReportingGetTileGrain",
    "ReportingGetTilesGrain",
    "ReportingGetTileTile",
    "ReportingGetTrendsGranularity",
    "RequestStep",
    "RequestStepDetail",
    "RequestStepState",
    "Restriction",
    "RestrictionGround",
    "RestrictOrder",
    "RestrictOrderGround",
    "Retention",
    "RetentionCell",
    "ReviewItem",
    "ReviewItemAction",
    "ReviewItemSeverity",
    "ReviewItemState",
    "ReviewItemTextType",
    "ReviewItemWithText",
    "ReviewItemWithTextAction",
    "ReviewItemWithTextSeverity",
    "ReviewItemWithTextState",
    "ReviewItemWithTextTextType",
    "ReviewOrder",
    "ReviewOrderDecision",
    "RuleDetail",
    "RuleDetailDefinition",
    "RuleList",
    "RulePrecision",
    "Rules",
    "RuleSummary",
    "RuleText",
    "Run",
    "RunOrder",
    "SafetyAnswer",
    "SafetyAnswerAction",
    "SafetyListQueueSeverityType0",
    "SafetyListQueueStateType0Item",
    "Schedule",
    "ScheduleCadence",
    "ScheduleChange",
    "ScheduleChangeCadenceType0",
    "ScheduleChangeGrainType0",
    "ScheduleChangeMissedType0",
    "ScheduleGrain",
    "ScheduleList",
    "ScheduleMissed",
    "ScheduleOrder",
    "ScheduleOrderCadence",
    "ScheduleOrderGrainType0",
    "ScheduleOrderMissed",
    "SchemaList",
    "ScoredSnippet",
    "ScoredSnippetDimension",
    "ScreenAnswer",
    "ScreenAnswerAction",
    "ScreenFlag",
    "ScreenFlagSeverityType0",
    "ScreenOrder",
    "ScreenOrderContentType",
    "ScreenOrderLanguageType0",
    "SecretKept",
    "SecretOrder",
    "SlaStatus",
    "SlaStatusPromise",
    "Sroi",
    "SroiResult",
    "SroiResultInputs",
    "SroiResultScenario",
    "SroiResultVariant",
    "Stats",
    "StoryStep",
    "StreamSession",
    "StreamStats",
    "SubjectReference",
    "SubjectReferenceProviderType0",
    "Taxonomy",
    "TaxonomyChangesItem",
    "TaxonomyEmployabilitySignalsItem",
    "TaxonomyLanguageComfortItem",
    "TaxonomyLanguagesItem",
    "TaxonomyRiskCuesItem",
    "TaxonomyTopicsItem",
    "TextContext",
    "TextContextType",
    "TextToClassify",
    "TextToClassifyLanguageType0",
    "TextToClassifyProvider",
    "TileFigure",
    "TileFigureTile",
    "Tiles",
    "TilesGrain",
    "Timeline",
    "TimelineDay",
    "TopVolunteer",
    "Trend",
    "TrendGranularity",
    "TrendPoint",
    "UnversionedPaths",
    "UsageAnswer",
    "Validation",
    "Value",
    "VersionBacktest",
    "VersionDifference",
    "VisParts",
    "VisScore",
    "VisScoreInputs",
    "VisScoreWeights",
    "Week",
    "Window",
)
