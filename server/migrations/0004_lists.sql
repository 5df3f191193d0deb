-- Trees are listed by name as people read them, whatever the case.
drop index items_children;
drop index items_spaces;
drop index items_name;
create index items_children on items (connection_id, parent_external_id, lower(name), id);
-- The spaces, which every look at a tree starts with: a few rows among a million, and the planner cannot tell how few.
create index items_spaces on items (connection_id, lower(name), id) where type = 'SPACE';
create index items_name on items (connection_id, lower(name), id);

-- Pages are listed in any order, from any place at the same cost. Those of one user lie together: a connection is nearly always all of
-- them, or few enough to sort.
create index pages_user_title on pages (user_id, lower(title), id);
create index pages_user_status on pages (user_id, sync_status, id) include (connection_id);
create index pages_user_source_created on pages (user_id, source_created_at, id);
create index pages_user_source_updated on pages (user_id, source_updated_at, id);
create index pages_user_synced on pages (user_id, synced_at, id);

-- A lane that fetches pages again by a filter: it takes the next of them, by id, whenever it is done with `page_ids`.
alter table sync_lanes
  add column filters jsonb,
  -- The last id that it has dealt with, and the last that it may touch.
  add column after_id integer,
  add column last_id integer,
  -- How many there were when it was laid.
  add column pages_total integer;
