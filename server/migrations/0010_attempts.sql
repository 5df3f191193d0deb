-- Which delivery of its job walks a lane: a job that is delivered again keeps its id, and whoever had it before may still be at work.
alter table sync_lanes add column attempt integer not null default 0;
