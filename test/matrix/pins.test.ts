import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { satisfies } from 'semver'
import { expect, test } from 'vitest'

// npm installs the newest version of a peer that nobody pins, beside the one that another
// package depends on: a `QueryClient` of one is then no `QueryClient` of the other.

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

const root = join(import.meta.dirname, '../..')
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest

const TEMPLATES = ['template-base', 'template-tailwind', 'template-social', 'template-email']
const pins = Object.assign(
  {},
  ...TEMPLATES.map((template) => {
    const { dependencies, devDependencies } = read(join(root, template, 'package.json'))
    return { ...dependencies, ...devDependencies }
  }),
) as Record<string, string>

/** What our own installation has of it, in the version that is pinned. */
function installed(name: string): Manifest {
  const at = ['.', ...TEMPLATES].map((folder) => join(root, folder, 'node_modules', name))
  const paths = at.map((folder) => join(folder, 'package.json')).filter((path) => existsSync(path))
  const manifest = paths
    .map((path) => read(path) as Manifest & { readonly version: string })
    .find(({ version }) => version === pins[name])
  if (!manifest) throw new Error(`${name} ${pins[name]} isn't installed: npm ci`)
  return manifest
}

test.each(Object.keys(pins))('%s: its peers are pinned', (name) => {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = installed(name)
  const needed = Object.keys(peerDependencies).filter(
    (peer) => !peerDependenciesMeta[peer]?.optional,
  )
  expect(needed.filter((peer) => pins[peer] === undefined)).toEqual([])
})

test.each(Object.keys(pins))('%s: the pins are in the ranges that it asks for', (name) => {
  const { dependencies, peerDependencies } = installed(name)
  const misfits = Object.entries({ ...dependencies, ...peerDependencies }).filter(
    ([other, range]) => pins[other] !== undefined && !satisfies(pins[other], range),
  )
  expect(misfits).toEqual([])
})
