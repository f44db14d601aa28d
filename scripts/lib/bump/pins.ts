import { valid } from 'semver'
import type { Pins } from './choose.ts'

const FIELDS = ['dependencies', 'devDependencies'] as const

type Manifest = Partial<Record<(typeof FIELDS)[number], Record<string, string>>>

/** The exact versions that the texts of several `package.json` name. */
export function readPins(manifests: readonly string[]): Pins {
  const entries = manifests.flatMap((text) => {
    const manifest = JSON.parse(text) as Manifest
    return FIELDS.flatMap((field) => Object.entries(manifest[field] ?? {}))
  })
  return Object.fromEntries(entries.filter(([, version]) => valid(version) !== null))
}

/** The text of a `package.json` with new versions of what it has at the pinned ones. */
export function writePins(text: string, pins: Pins, changes: Pins): string {
  const manifest = JSON.parse(text) as Manifest
  for (const field of FIELDS) {
    const versions = manifest[field]
    for (const [name, version] of Object.entries(changes)) {
      if (versions?.[name] !== undefined && versions[name] === pins[name]) versions[name] = version
    }
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}
