import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A range of addresses. */
export interface Network {
  address: Address
  prefix: number
}

/** `10.0.0.0/8`, `fd00::/8` or a single address; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [, host = '', length] = /^([^/%]+?)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const family = isIP(host)
  const bits = family === 4 ? 32 : 128
  const prefix = length === undefined ? bits : Number(length)
  return family !== 0 && prefix <= bits ? { address: ipaddr.parse(host), prefix } : undefined
}

/** What development may reach when nothing is configured. */
export const LOOPBACK_NETWORKS = ['127.0.0.0/8', '::1'].map(parseNetwork).filter((network) => network !== undefined)

/** All of IPv6 that is assigned for use on the internet. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address is on the internet, or in one of the networks that the operator allows.
 *
 * Everything else is refused: whoever may add webhooks could otherwise make the server talk to machines that only it can
 * reach, such as a cloud's metadata service.
 */
export function isAllowedAddress(text: string, allowed: readonly Network[]): boolean {
  const bare = text.replace(/%.*$/, '')
  if (isIP(bare) === 0) return false
  // An IPv4 address in IPv6's clothes is judged as what it leads to.
  const address = ipaddr.process(bare)
  if (allowed.some((network) => contains(network, address))) return true
  return address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6))
}

function contains(network: Network, address: Address): boolean {
  if (network.address instanceof ipaddr.IPv4)
    return address instanceof ipaddr.IPv4 && address.match(network.address, network.prefix)
  return address instanceof ipaddr.IPv6 && address.match(network.address, network.prefix)
}
