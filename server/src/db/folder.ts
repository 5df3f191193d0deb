import { accessSync, constants, mkdirSync } from 'node:fs'

const reasons: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that file system is read-only',
  ENOTDIR: 'a part of that path is a file',
  EEXIST: 'that is a file',
  ENOSPC: 'the disk is full',
}

/**
 * Makes the data folder, for this user alone, and checks that it can be written.
 *
 * @throws Error that says why it cannot be used and what to set
 */
export function prepareFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new Error(
      `The data folder ${path} cannot be used: ${reasons[code] ?? message}. Set DATA_DIR to a folder that this user may write.`,
      { cause: error },
    )
  }
}
