-- A person's activities are a granule or two of a part, and a block of the usual size holds thirty granules of a column:
-- asking about a thousand people unpacked most of the table. Parts written from now on have small blocks; those that are
-- there get them as they merge.
alter table journey.events modify setting min_compress_block_size = 4096, max_compress_block_size = 16384;
