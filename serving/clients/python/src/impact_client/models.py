"""Everything the API takes and gives, as generated from its description."""

from impact_client._generated.models import *  # noqa: F403 all of them, under their names
from impact_client._generated.models import __all__ as __all__
