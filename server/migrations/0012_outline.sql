-- What a page consists of and its headings, for whoever cuts pages into pieces.
alter table pages add column statistics jsonb, add column outline jsonb;

-- Finds what an older converter made.
create index pages_converter on pages (converter_version, id);
