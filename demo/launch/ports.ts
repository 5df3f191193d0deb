import { once } from 'node:events'
import { createServer } from 'node:net'

const hosts = ['127.0.0.1', '::1']

/** How many ports are tried, from the preferred one upwards. */
const attempts = 100

const isTaken = async (port: number, host: string): Promise<boolean> => {
  const probe = createServer().listen({ port, host, exclusive: true })
  try {
    await once(probe, 'listening')
  } catch (error) {
    // Other codes say that this machine has no such address: then nobody else listens there either.
    return ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
  probe.close()
  await once(probe, 'close')
  return false
}

/** Browsers try both addresses of "localhost", so a program on either one would get in between. */
const isFree = async (port: number): Promise<boolean> =>
  !(await Promise.all(hosts.map((host) => isTaken(port, host)))).includes(true)

function parsePort(variable: string, value: string): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new Error(`${variable} is "${value}". Set it to a port from 1 to 65535, or leave it out.`)
}

/**
 * Finds a port on this machine's loopback addresses.
 *
 * @param variable the environment variable that asks for one port and no other
 * @param preferred tried first where the variable is not set, then the ports after it
 * @param reserved ports that were given away but are not in use yet
 * @throws where the port asked for is taken or is no port, or where none of a hundred is free
 */
export async function choosePort(variable: string, preferred: number, reserved: Set<number>): Promise<number> {
  const wanted = process.env[variable]?.trim()
  const candidates = wanted
    ? [parsePort(variable, wanted)]
    : Array.from({ length: attempts }, (_, index) => preferred + index)
  for (const port of candidates) {
    if (reserved.has(port) || !(await isFree(port))) continue
    reserved.add(port)
    return port
  }
  throw new Error(
    wanted
      ? `Port ${wanted} is taken already. Stop what listens there, set ${variable} to another port, or leave it out.`
      : `The ports ${preferred} to ${preferred + attempts - 1} are all taken. Set ${variable} to a free one.`,
  )
}
