import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Published } from './registry.ts'

const root = join(import.meta.dirname, '../..')

/** A folder with what the package is built from. */
export interface Sources {
  readonly folder: string
  /** Changes a file; what is replaced has to be there. */
  readonly replace: (path: string, from: string | RegExp, to: string) => void
  readonly write: (path: string, text: string) => void
  readonly read: (path: string) => string
  readonly remove: (path: string) => void
}

/**
 * Builds and packs a version of this package that isn't there yet.
 *
 * @param folder - an empty one
 * @param change - makes of our sources those of that version
 */
export function releaseOf(
  version: string,
  folder: string,
  change: (sources: Sources) => void,
): Published & { readonly tarball: string } {
  const parts = ['src', 'scripts', 'package.json', 'CHANGELOG.md', 'README.md', 'LICENSE']
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    workspaces: string[]
  }
  for (const part of [...parts, ...workspaces]) {
    const filter = (path: string) => !path.includes(`${join(part, 'node_modules')}`)
    cpSync(join(root, part), join(folder, part), { recursive: true, filter })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  const sources = sourcesIn(folder)
  sources.replace('package.json', /"version": "[^"]+"/, `"version": "${version}"`)
  change(sources)
  const npm = (...args: string[]) =>
    execFileSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
  npm('run', 'build', '--silent')
  const flags = ['--silent', '--ignore-scripts', '--workspaces=false']
  const name = npm('pack', ...flags).trim()
  const { bin, engines } = JSON.parse(sources.read('package.json')) as Record<string, unknown>
  return { name: 'create-start-convex-auth', version, bin, engines, tarball: join(folder, name) }
}

function sourcesIn(folder: string): Sources {
  const read = (path: string) => readFileSync(join(folder, path), 'utf8')
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text)
  return {
    folder,
    read,
    write,
    remove: (path) => rmSync(join(folder, path)),
    replace: (path, from, to) => {
      const text = read(path)
      const isThere = typeof from === 'string' ? text.includes(from) : from.test(text)
      if (!isThere) throw new Error(`${path} has no ${from} to replace`)
      write(
        path,
        text.replace(from, () => to),
      )
    },
  }
}
