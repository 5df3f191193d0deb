-- Progress is estimated from when a sync began: asking for the newest page cost two points of each.
alter table syncs drop column newest_created_at;

-- A site gets one request more with each that goes well, up to here; beyond, with each twentieth. A refusal lowers it.
alter table site_paces alter column allowed set default 4;
alter table site_paces add column threshold smallint not null default 8;

-- Bodies are compressed in a fraction of the time where this PostgreSQL was built with lz4; the embedded one is not.
do $$ begin
  alter table pages
    alter column storage set compression lz4, alter column html set compression lz4, alter column text set compression lz4;
exception when feature_not_supported then null;
end $$;
