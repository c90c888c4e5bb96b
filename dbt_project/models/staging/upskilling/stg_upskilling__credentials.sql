-- Grain: certificate, badge, diploma or transcript.
with latest as (
    {{ latest_events('upskilling.credential.issued', [
        'credentialId UUID',
        'userId UUID',
        'provider LowCardinality(String)',
        'courseId String',
        'credentialType LowCardinality(String)',
        "issuedAt DateTime64(3, \\'UTC\\')",
        "expiresAt Nullable(DateTime64(3, \\'UTC\\'))",
    ]) }}
)

select
    data.credentialId as credential_id,
    subject,
    company_id,
    data.userId as person_id,
    data.provider as provider,
    data.courseId as course_id,
    data.credentialType as credential_type,
    data.issuedAt as issued_at,
    data.expiresAt as expires_at,
    event_id,
    loaded_at
from latest
