-- `return`: a sign-in that ends on a page of the app, which completes it with its own user's token.
alter table flows drop constraint flows_kind_check;
alter table flows add constraint flows_kind_check check (kind in ('popup', 'return', 'link', 'sync'));
alter table flows
  -- Sealed, since the address of a page may hold secrets of its app.
  add column sealed_return_url text,
  -- Until when the address that starts it works; null where that is as long as the flow lives.
  add column start_by timestamptz;
