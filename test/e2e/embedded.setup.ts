import { makeEmbedded } from '../../server/test/embedded.ts'

/** Makes one empty embedded database, of which each server gets a copy. */
export default async function setup(): Promise<() => void> {
  const { folder, drop } = await makeEmbedded()
  process.env.EMBEDDED_FOLDER = folder
  return drop
}
