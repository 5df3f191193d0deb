-- Blog posts are files beside pages, where `SYNC_BLOG_POSTS` asks for them. Their ids are of the same kind, and never those of a page.
alter table pages add column kind text not null default 'page';
