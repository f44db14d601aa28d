import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { atMost, type Row } from './table.ts'

/** All that a browser can be sent as code or style, whether a page loads it or not. */
export function clientSize(apps: Record<'ours' | 'bare', string>): Row {
  const [ours, bare] = [filesOf(apps.ours), filesOf(apps.bare)]
  const largest = ours.slice(0, 4).map(({ path, size }) => `${path} ${size.toFixed(1)}`)
  return atMost({
    what: 'client JS + CSS, gzip ÷ the bare wiring',
    limit: 1.15,
    actual: sum(ours) / sum(bare),
    digits: 2,
    notes: [
      `${sum(ours).toFixed(1)} KB and ${sum(bare).toFixed(1)} KB`,
      `${ours.length} files, the largest ${largest.join(', ')}`,
    ],
  })
}

interface Sized {
  readonly path: string
  /** KB, gzip. */
  readonly size: number
}

const sum = (files: readonly Sized[]) => files.reduce((total, { size }) => total + size, 0)

/** The largest first. */
function filesOf(appDir: string): Sized[] {
  const folder = join(appDir, '.output/public')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:js|css)$/.test(path))
    .map((path) => ({ path, size: gzipSync(readFileSync(join(folder, path))).length / 1000 }))
    .toSorted((a, b) => b.size - a.size)
}
