import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileTree } from '../merge/types.ts'

/** The files below a folder; path (POSIX, relative) → file. */
export function readTree(folder: string): FileTree {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => {
      const name = path.slice(folder.length + 1).replaceAll('\\', '/')
      return [name, { content: readFileSync(path), mode: statSync(path).mode }] as const
    })
  return new Map(files)
}
