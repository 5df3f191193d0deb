-- Where an organisation wants to hear of events.
create table webhooks (
  id integer generated always as identity primary key,
  organization_id integer not null references organizations on delete cascade,
  url text not null,
  format text not null check (format in ('carbon', 'v1')),
  -- The types that are sent, as an array; null is all of them.
  events jsonb,
  -- Sealed by the keyring; null only while the row is being made, and once it is deleted.
  sealed_key text,
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'FLAGGED')),
  status_reason text,
  -- Failures in a row, since when, and which delivery was the last of them.
  failures integer not null default 0,
  failing_since timestamptz,
  failed_delivery_id bigint,
  -- How often in a row it was paused, and until when. After that time one request at a time is tried until one succeeds.
  pauses integer not null default 0,
  paused_until timestamptz,
  -- Kept to the minute, so that a success is not a write here.
  last_success_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Deleted for everybody; its deliveries are removed in portions.
  deleted_at timestamptz
);
create unique index webhooks_url on webhooks (organization_id, format, url) where deleted_at is null;

-- What happened, written in the transaction of the change itself.
create table webhook_events (
  id bigint generated always as identity primary key,
  -- What receivers tell it by.
  public_id uuid not null,
  organization_id integer not null references organizations on delete cascade,
  type text not null,
  customer_id text not null,
  object_type text not null,
  object_id jsonb,
  information jsonb,
  created_at timestamptz not null
);
create index webhook_events_organization on webhook_events (organization_id);
create index webhook_events_created on webhook_events (created_at);

-- One event for one webhook.
create table webhook_deliveries (
  id bigint generated always as identity primary key,
  webhook_id integer not null references webhooks on delete cascade,
  event_id bigint not null references webhook_events on delete cascade,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  -- Waits for earlier deliveries of the same webhook with this key, or with the other one.
  order_key text not null,
  after_key text,
  -- The delivery that it was found to wait for; set so that it is not looked at again before that one is through.
  waits_for bigint,
  -- Requests made so far.
  attempts integer not null default 0,
  -- The place in the table of waits.
  backoff integer not null default 0,
  next_attempt_at timestamptz not null,
  -- Until when a process has the sole right to send it.
  claimed_until timestamptz,
  first_failed_at timestamptz,
  last_attempt_at timestamptz,
  last_status integer,
  last_error text,
  last_duration_ms integer,
  created_at timestamptz not null,
  finished_at timestamptz
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- What is due next: new deliveries and those to be tried again are two queues.
create index webhook_deliveries_new on webhook_deliveries (webhook_id, next_attempt_at, id)
  where state = 'pending' and waits_for is null and attempts = 0;
create index webhook_deliveries_again on webhook_deliveries (webhook_id, next_attempt_at, id)
  where state = 'pending' and waits_for is null and attempts > 0;
-- Whether an earlier one with the same key is still to come.
create index webhook_deliveries_order on webhook_deliveries (webhook_id, order_key, id) where state = 'pending';
create index webhook_deliveries_waits_for on webhook_deliveries (waits_for) where waits_for is not null;
-- What is listed, re-sent and forgotten.
create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_failed on webhook_deliveries (webhook_id, id) where state = 'failed';
create index webhook_deliveries_finished on webhook_deliveries (state, finished_at) where state <> 'pending';
create index webhook_deliveries_event on webhook_deliveries (event_id);
