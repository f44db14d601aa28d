import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Layer } from '../../../src/layers/layer.ts'
import { readLayer } from '../../../src/layers/read.ts'

/** File → content; of `layer.json` the manifest, its required fields may be missing. */
export type LayerFiles = Readonly<Record<string, string | Uint8Array | object>>

/** A fresh folder, removed when the test ends. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layer-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files into a folder, with the folders that they need. */
export function writeFiles(folder: string, files: LayerFiles): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    const isData = typeof content === 'string' || content instanceof Uint8Array
    writeFileSync(file, isData ? content : JSON.stringify(content, null, 2))
  }
}

/** A folder with a layer of that name. */
export function layerFolder(name: string, files: LayerFiles = {}): string {
  const folder = join(freshFolder(), name)
  const manifest = files['layer.json'] ?? {}
  writeFiles(folder, {
    ...files,
    'layer.json':
      typeof manifest === 'string'
        ? manifest
        : { name, title: name, description: `Layer ${name}`, ...manifest },
  })
  return folder
}

/** A layer, read from real files. */
export const layerOf = (name: string, files?: LayerFiles): Promise<Layer> =>
  readLayer(layerFolder(name, files))
