"""In which region a request is carried out: where the company is whose people it is about.

A platform that serves one region says so (`IMPACT_REGION`) and takes up what belongs there, or belongs to
none; one that says nothing takes up everything.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import psycopg
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Region = Literal["EU", "US", "UK", "APAC", "CA", "LATAM"]

# ISO 3166 codes. The EU stands for the whole EEA with Switzerland and Ukraine: the same rules hold there.
_COUNTRIES: dict[Region, str] = {
    "EU": "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK UA",
    "US": "US",
    "UK": "GB",
    "APAC": "AU BD BN CN FJ HK ID IN JP KH KR LA LK MM MN MO MY NP NZ PG PH PK SG TH TL TW VN",
    "CA": "CA",
    "LATAM": "AR BO BR CL CO CR CU DO EC GT HN HT MX NI PA PE PR PY SV UY VE",
}
_REGIONS: dict[str, Region] = {
    country: region for region, countries in _COUNTRIES.items() for country in countries.split()
}


class RegionSettings(BaseSettings):
    """Which region's requests this platform carries out."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    impact_region: Region | None = Field(None, description="Requests of other regions are left to others.")


def region_of(connection: psycopg.Connection, company_id: UUID | None) -> Region | None:
    """The company's region; None for a request about every company, or where its country is not known."""
    if company_id is None:
        return None
    row = connection.execute(
        "select country from ingest.companies where company_id = %s", (company_id,)
    ).fetchone()
    return _REGIONS.get(row[0]) if row and row[0] else None
