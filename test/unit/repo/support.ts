import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Plan } from '../../../src/plan/types.ts'

/** A fresh folder, removed when the test ends. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'repo-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A plan of text files. */
export function planOf(files: Readonly<Record<string, string>>): Plan {
  return new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      { content, mode: 0o644, from: ['base'] },
    ]),
  )
}

/** Every path below a folder, folders with a slash behind. */
export function pathsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name).slice(folder.length + 1)
      return path.replaceAll('\\', '/') + (entry.isDirectory() ? '/' : '')
    })
    .sort()
}
