-- The key of a page's space, by which other pages name it. The tree may lose the space while pages of it are kept.
alter table pages add column space_key text;
update pages set space_key = items.space_key from items
  where items.connection_id = pages.connection_id and items.type = 'SPACE' and items.external_id = pages.space_id;

-- What pages name by title, in links and in macros that show other pages: when such a page comes, goes or changes, those that name it are
-- converted again.
create table page_references (
  file_id integer not null references pages on delete cascade,
  connection_id integer not null references connections on delete cascade,
  space_key text not null,
  title text not null,
  -- Whether it is shown in the page, and not only linked.
  includes boolean not null,
  -- The page that was meant when it was last looked up. It is still meant when it gets another title and nobody takes the old one.
  page_id text,
  primary key (file_id, space_key, title)
);
create index page_references_title on page_references (connection_id, lower(title));
create index page_references_page on page_references (connection_id, page_id) where page_id is not null;
