-- A batch brings answers a day later. The hash of what was sent tells whether the text still says the same; it is
-- of the redacted words. Null: submitted before this version, so that nothing can be told, and the answer is dropped.
alter table ai.batch_calls add column content_sha256 text;
create index batch_calls_text on ai.batch_calls (text_id);
