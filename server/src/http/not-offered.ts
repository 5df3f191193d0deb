const TEXTS =
  'This server makes no embeddings and no chunks. Fetch the text of a page from parsed_text_url of /user_files_v2, or as /v1/pages/{id}/content?format=markdown, and chunk and embed it yourself.'
const UPLOADS = 'This server syncs Confluence only: it takes no uploads and scrapes no sites.'

/** Operations of Carbon's that its clients may still call, and what to do instead. */
const notOffered: Record<string, string> = {
  '/embeddings': TEXTS,
  '/text_chunks': TEXTS,
  '/list_chunks_and_embeddings': TEXTS,
  '/upload_chunks_and_embeddings': TEXTS,
  '/modify_cold_storage_parameters': TEXTS,
  '/move_to_hot_storage': TEXTS,
  '/uploadfile': UPLOADS,
  '/upload_file_from_url': UPLOADS,
  '/upload_text': UPLOADS,
  '/web_scrape': UPLOADS,
  '/scrape_sitemap': UPLOADS,
  '/fetch_urls': UPLOADS,
  '/fetch_youtube_transcript': UPLOADS,
  '/search_urls': UPLOADS,
}

/** What a call to a path that is not there is answered. */
export const notFoundText = (path: string): string =>
  notOffered[path] ?? 'There is no such path. /openapi.json lists them all.'
