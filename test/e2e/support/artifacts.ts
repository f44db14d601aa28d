import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a run leaves for a person to look at; ignored by git. */
export const ARTIFACTS = join(import.meta.dirname, '../artifacts')

/** A path under the artifacts, its folder made; each part becomes one name. */
export function artifact(...parts: readonly string[]): string {
  const names = parts.map((part) => part.replaceAll(/[^\w.-]+/g, '-'))
  const path = join(ARTIFACTS, ...names)
  mkdirSync(dirname(path), { recursive: true })
  return path
}

export function writeArtifact(parts: readonly string[], text: string): void {
  writeFileSync(artifact(...parts), text)
}
