-- Whoever tells others what a company's people donated has to know how many they are. Null, which is unknown, until the
-- figures are published anew.
alter table serving.metrics_company_period add column donors_count bigint;

-- What the rules have to answer of a person for nothing to change, in their order: 1 or 0 each, _ whatever. With it the
-- engine notes in one statement of whom something has arrived that changes nothing. Null until a person is evaluated.
alter table journey.people
    add column expects     text,
    add column deadline_at timestamptz;          -- when something changes by itself while the answers stay
