import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { atMost, type Row } from './table.ts'

const publicFolder = (appDir: string) => join(appDir, '.output/public')

/** All that a browser can be sent as code or style, whether a page loads it or not. */
export function wholeClient(appDir: string): Row {
  const files = readdirSync(publicFolder(appDir), { recursive: true, encoding: 'utf8' })
  const paths = files.filter((path) => /\.(?:js|css)$/.test(path))
  return sizeRow(appDir, 'client JS + CSS, whole app, gzip', 170, paths)
}

/** The scripts that a first visit of `/` loads, as a browser asks for them. */
export async function homeScripts(appDir: string, url: string, browser: Browser): Promise<Row> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const loaded = new Set<string>()
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (pathname.endsWith('.js')) loaded.add(pathname)
    })
    await page.goto(url, { waitUntil: 'networkidle' })
    if (loaded.size === 0) throw new Error(`${url} loads no script`)
    return sizeRow(appDir, 'JS that / loads, gzip', 155, [...loaded])
  } finally {
    await context.close()
  }
}

function sizeRow(appDir: string, what: string, limit: number, paths: readonly string[]): Row {
  const sizes = paths
    .map((path) => ({ path, size: gzipped(join(publicFolder(appDir), path)) / 1000 }))
    .toSorted((a, b) => b.size - a.size)
  const actual = sizes.reduce((sum, { size }) => sum + size, 0)
  const largest = sizes.slice(0, 4).map(({ path, size }) => `${path} ${size.toFixed(1)}`)
  return atMost({
    what,
    limit,
    actual,
    unit: 'KB',
    digits: 1,
    notes: [`${paths.length} files, the largest ${largest.join(', ')}`],
  })
}

const gzipped = (file: string) => gzipSync(readFileSync(file)).length
