/**
 * Which scope a path of REST v2 needs: the first row that matches decides. Most rows are here because apps with our
 * scopes must be refused there.
 */
const rules: readonly (readonly [RegExp, string])[] = [
  [/^\/(pages|blogposts)\/[^/]+\/attachments|^\/attachments/, 'read:attachment:confluence'],
  [/^\/(pages|blogposts)\/[^/]+\/(footer|inline)-comments|^\/(footer-|inline-)?comments/, 'read:comment:confluence'],
  [/^\/[a-z-]+\/[^/]+\/ancestors/, 'read:content.metadata:confluence'],
  [/^\/[a-z-]+\/[^/]+\/(direct-children|descendants)/, 'read:hierarchical-content:confluence'],
  [/^\/folders/, 'read:folder:confluence'],
  [/^\/whiteboards/, 'read:whiteboard:confluence'],
  [/^\/databases/, 'read:database:confluence'],
  [/^\/embeds/, 'read:embed:confluence'],
  [/^\/tasks/, 'read:task:confluence'],
  [/custom-content/, 'read:custom-content:confluence'],
  [/^\/users/, 'read:user:confluence'],
  [/^\/labels$/, 'read:label:confluence'],
  [/^\/space-(permissions|roles|role-mode)/, 'read:permission:confluence'],
  [/^\/(pages|blogposts)(\/|$)/, 'read:page:confluence'],
  [/^\/(spaces|labels)\/[^/]+\/(pages|blogposts)(\/|$)/, 'read:page:confluence'],
  [/^\/(spaces|data-policies)(\/|$)/, 'read:space:confluence'],
]

/**
 * The scope that a request needs, or null where Confluence has no such path.
 *
 * @param path what follows `/wiki/api/v2`
 */
export function neededScope(method: string, path: string): string | null {
  const scope = rules.find(([pattern]) => pattern.test(path))?.[1] ?? null
  return method === 'GET' || method === 'HEAD' ? scope : (scope?.replace('read:', 'write:') ?? null)
}
