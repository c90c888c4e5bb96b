-- Grain: donation at its source.
-- The suite's short announcement counts only as long as the full record has not come.
with latest as (
    {{ latest_events(['ingest.donation.made', 'external.donation.made'], [
        'sourceSystem LowCardinality(String)',
        'source LowCardinality(String)',
        'sourceId String',
        'userId UUID',
        'donationType LowCardinality(Nullable(String))',
        'amount Float64',
        'currency LowCardinality(String)',
        'amountUSD Nullable(Float64)',
        'companyMatch Tuple(matched Bool, matchAmount Nullable(Float64), matchRatio Nullable(Float64))',
        "donationDate DateTime64(3, \\'UTC\\')",
    ], preferred='ingest.donation.made') }}
)

select
    toLowCardinality(if(data.sourceSystem != '', data.sourceSystem, data.source)) as source_system,
    data.sourceId as source_id,
    subject,
    company_id,
    data.userId as person_id,
    data.donationType as donation_type,
    data.amount as amount,
    data.currency as currency,
    -- No rate is guessed: other currencies stay without dollars unless the source gave them.
    coalesce(data.amountUSD, if(data.currency = 'USD', data.amount, null)) as amount_usd,
    if(
        data.companyMatch.matched,
        coalesce(data.companyMatch.matchAmount, data.amount * data.companyMatch.matchRatio),
        null
    ) as match_amount,
    data.donationDate as donated_at,
    event_id,
    loaded_at
from latest
