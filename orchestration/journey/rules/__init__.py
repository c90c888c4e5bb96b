"""Rule files: what they may say, how they are read, and the schema an editor checks them with."""

from orchestration.journey.rules.loading import load_rules, parse_rule
from orchestration.journey.rules.model import Rule
from orchestration.journey.rules.problems import Problem, RuleFileError

__all__ = ["Problem", "Rule", "RuleFileError", "load_rules", "parse_rule"]
