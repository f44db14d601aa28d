import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A version of a package, as a registry tells of it. */
export interface Published {
  readonly name: string
  readonly version: string
  /** Its packed file; nothing where only the words about it matter. */
  readonly tarball?: string
  readonly [field: string]: unknown
}

export interface Registry {
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * An npm registry on loopback: packuments and tarballs, all that `npm view`,
 * `npm create` and `npm install` ask for. The last version of a name is `latest`.
 *
 * @param cutShort - half of each tarball is sent
 * @param token - who doesn't send it is refused
 * @param upstream - the registry that has all other packages
 *
 * @see https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
export async function startRegistry(
  packages: readonly Published[],
  {
    cutShort = false,
    token,
    upstream,
  }: { cutShort?: boolean; token?: string; upstream?: string } = {},
): Promise<Registry> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url?.split('?')[0]?.slice(1) ?? '')
    const [name = '', file] = path.split('/-/')
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return void response.writeHead(401).end()
    }
    const versions = packages.filter((published) => published.name === name)
    const packed = versions.find(({ version }) => file === `${version}.tgz`)?.tarball
    if (packed !== undefined) {
      const bytes = readFileSync(packed)
      return void response.end(cutShort ? bytes.subarray(0, bytes.length / 2) : bytes)
    }
    if (versions.length === 0 && upstream !== undefined) {
      return void response
        .writeHead(302, { location: new URL(`.${request.url}`, upstream).href })
        .end()
    }
    if (versions.length === 0 || file !== undefined) response.statusCode = 404
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(packument(versions, `http://${request.headers.host}/${name}/-/`)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const PUBLISHED_AT = '2026-01-01T00:00:00.000Z'

function packument(versions: readonly Published[], base: string): object {
  const latest = versions.at(-1)
  if (latest === undefined) return { error: 'Not found' }
  const told = versions.map(({ tarball, ...manifest }) => [
    manifest.version,
    { ...manifest, dist: { tarball: `${base}${manifest.version}.tgz`, ...digest(tarball) } },
  ])
  return {
    name: latest.name,
    'dist-tags': { latest: latest.version },
    // Package managers refuse what was published a moment ago.
    time: Object.fromEntries(versions.map(({ version }) => [version, PUBLISHED_AT])),
    versions: Object.fromEntries(told) as object,
  }
}

function digest(tarball: string | undefined): object {
  if (tarball === undefined) return {}
  const bytes = readFileSync(tarball)
  const hash = (name: string, encoding: 'base64' | 'hex') =>
    createHash(name).update(bytes).digest(encoding)
  return { integrity: `sha512-${hash('sha512', 'base64')}`, shasum: hash('sha1', 'hex') }
}
