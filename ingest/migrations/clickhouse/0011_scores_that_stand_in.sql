-- A text that the model in force could not be asked about (its company's money is used up, it has no price, it declines
-- to answer) is scored by the local model in its place, and does not wait for the other one any more.
alter table nlp.text_scores add column if not exists
    stands_in_for LowCardinality(String) default '' comment 'The version in force that was not asked; empty: this one was'
    after is_shadow;
