import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { isAllowedAddress, parseNetwork } from '../../src/webhooks/networks.ts'
import { checkTarget, redirectTarget } from '../../src/webhooks/targets.ts'

const networks = (...texts: string[]) => texts.map(parseNetwork).filter((network) => network !== undefined)

describe('addresses', () => {
  it.each([
    ['8.8.8.8', true],
    ['1.1.1.1', true],
    ['2606:4700::1111', true],
    ['2001:4860:4860::8888', true],
    ['::ffff:8.8.8.8', true],
    // This machine
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['0.0.0.0', false],
    ['0.1.2.3', false],
    ['::1', false],
    ['::', false],
    // Private
    ['10.0.0.1', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.168.1.1', false],
    ['fc00::1', false],
    ['fd00:ec2::254', false],
    ['fec0::1', false],
    // Shared by a provider's customers
    ['100.64.0.1', false],
    // Link-local: the metadata services of clouds
    ['169.254.169.254', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    // Multicast and broadcast
    ['224.0.0.1', false],
    ['239.255.255.255', false],
    ['255.255.255.255', false],
    ['ff02::1', false],
    // Reserved, documentation, benchmarks
    ['192.0.0.1', false],
    ['192.0.2.1', false],
    ['192.88.99.1', false],
    ['198.18.0.1', false],
    ['198.51.100.1', false],
    ['203.0.113.1', false],
    ['240.0.0.1', false],
    ['2001:db8::1', false],
    ['3fff::1', false],
    ['100::1', false],
    ['100:0:0:1::1', false],
    ['4000::1', false],
    ['5f00::1', false],
    // IPv4 inside IPv6
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['::ffff:10.0.0.1', false],
    ['::10.0.0.1', false],
    ['::a00:1', false],
    ['::808:808', false],
    ['64:ff9b::a00:1', false],
    ['64:ff9b::808:808', false],
    ['64:ff9b:1::a00:1', false],
    ['2002:a00:1::', false],
    ['2001:0:a00:1::1', false],
    // Not addresses
    ['example.com', false],
    ['', false],
  ])('%s: %s', (address, allowed) => expect(isAllowedAddress(address, [])).toBe(allowed))

  it.each([
    ['10.1.2.3', '10.0.0.0/8'],
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.0.0.0/8'],
    ['fd12::1', 'fd00::/8'],
    ['64:ff9b::808:808', '64:ff9b::/96'],
    ['127.0.0.1', '127.0.0.0/8'],
  ])('%s is allowed by %s', (address, network) => {
    expect(isAllowedAddress(address, networks(network))).toBe(true)
    expect(isAllowedAddress('192.168.0.1', networks(network))).toBe(false)
  })
})

describe('parseNetwork', () => {
  it.each([
    '10/8',
    '10.0.0.0/33',
    '0x7f.1',
    '1',
    '2130706433',
    'fe80::1%eth0',
    '::/129',
    'example.com',
    '',
    '/8',
    '1.2.3.4/',
  ])('refuses %j', (text) => expect(parseNetwork(text)).toBeUndefined())
})

describe('checkTarget', () => {
  it.each([
    'https://example.com/hook',
    'http://example.com:8080/hook?a=b',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    // A name is resolved and checked at each request.
    'https://localhost/',
    'https://192.168.0.1.nip.io/',
  ])('takes %s', (url) => expect(checkTarget(url, [])).toBeInstanceOf(URL))

  it.each([
    ['', 'url_invalid'],
    ['example.com/hook', 'url_invalid'],
    ['ftp://example.com/', 'url_invalid'],
    ['file:///etc/passwd', 'url_invalid'],
    ['javascript:alert(1)', 'url_invalid'],
    ['https://user:secret@example.com/', 'url_invalid'],
    ['https://user@example.com/', 'url_invalid'],
    [`https://example.com/${'x'.repeat(2000)}`, 'url_invalid'],
    ['http://127.0.0.1/', 'target_not_allowed'],
    ['http://127.1/', 'target_not_allowed'],
    ['http://0x7f.1/', 'target_not_allowed'],
    ['http://0177.0.0.1/', 'target_not_allowed'],
    ['http://2130706433/', 'target_not_allowed'],
    ['http://127.0.0.1./', 'target_not_allowed'],
    ['http://1②7.0.0.1/', 'target_not_allowed'],
    ['http://0/', 'target_not_allowed'],
    ['http://169.254.169.254/latest/meta-data/', 'target_not_allowed'],
    ['http://[::1]/', 'target_not_allowed'],
    ['http://[::ffff:169.254.169.254]/', 'target_not_allowed'],
    ['http://[::169.254.169.254]/', 'target_not_allowed'],
    ['http://[fd00:ec2::254]/', 'target_not_allowed'],
  ])('refuses %s: %s', (url, problem) => expect(checkTarget(url, [])).toBe(problem))

  it('takes what the operator allows', () => {
    expect(checkTarget('http://127.0.0.1:9000/', networks('127.0.0.0/8'))).toBeInstanceOf(URL)
    expect(checkTarget('http://[::1]:9000/', networks('127.0.0.0/8', '::1'))).toBeInstanceOf(URL)
  })
})

describe('redirectTarget', () => {
  const https = new URL('https://example.com/a')
  it.each([
    ['/b', 'https://example.com/b'],
    ['https://www.example.com/', 'https://www.example.com/'],
    ['//www.example.com/', 'https://www.example.com/'],
    ['http://www.example.com/', 'redirect_not_allowed'],
    ['https://127.0.0.1/', 'target_not_allowed'],
    ['gopher://example.com/', 'url_invalid'],
    ['https://', 'url_invalid'],
  ])('%s leads to %s', (location, expected) => expect(String(redirectTarget(https, location, []))).toBe(expected))

  it('leads from http to either', () => {
    const http = new URL('http://example.com/a')
    expect(String(redirectTarget(http, 'http://b.example.com/', []))).toBe('http://b.example.com/')
    expect(String(redirectTarget(http, 'https://b.example.com/', []))).toBe('https://b.example.com/')
  })
})

describe('WEBHOOK_ALLOWED_NETWORKS', () => {
  const base = { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` }
  const allows = (env: Record<string, string>, address: string) => {
    const result = parseConfig({ ...base, ...env })
    return result.ok && isAllowedAddress(address, result.config.webhookAllowedNetworks)
  }
  const PUBLIC_URL = 'https://connect.example.com'

  it('is empty unless set, where the server is public', () => {
    expect(allows({ PUBLIC_URL }, '127.0.0.1')).toBe(false)
    expect(allows({ PUBLIC_URL }, '10.0.0.1')).toBe(false)
  })

  it('is loopback unless set, in development', () => {
    expect(allows({}, '127.0.0.1')).toBe(true)
    expect(allows({}, '::1')).toBe(true)
    expect(allows({}, '10.0.0.1')).toBe(false)
    expect(allows({ WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8' }, '127.0.0.1')).toBe(false)
  })

  it('takes networks and addresses', () => {
    const env = { PUBLIC_URL, WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8, fd00::/8,192.168.1.7' }
    for (const address of ['10.1.2.3', 'fd12::1', '192.168.1.7']) expect(allows(env, address)).toBe(true)
    expect(allows(env, '192.168.1.8')).toBe(false)
  })

  it.each(['10.0.0.0/40', 'internal', '10.0.0.0/8;fd00::/8', '10.0.0.0/8,,fd00::/8'])('refuses %s', (text) => {
    const result = parseConfig({ ...base, LOG_LEVEL: 'loud', WEBHOOK_ALLOWED_NETWORKS: text })
    const problems = result.ok ? [] : result.problems
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['WEBHOOK_ALLOWED_NETWORKS', 'LOG_LEVEL'])
  })
})
