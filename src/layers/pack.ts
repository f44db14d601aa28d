import type { TemplateDelegate } from 'handlebars'
import type { Layer, LayerFile, Manifest } from './layer.ts'
import { renderer } from './template.ts'

/** A file of a packed layer: text, or base64 of its bytes. */
interface PackedFile {
  readonly text?: string
  readonly base64?: string
  readonly executable?: true
}

/** A layer as JSON, as the build writes it. */
export interface PackedLayer {
  readonly manifest: Manifest
  readonly digest: string
  readonly files: Readonly<Record<string, PackedFile>>
}

/** layer → path of a `.hbs` file → its template, precompiled with `TEMPLATE_OPTIONS` */
export type Templates = Readonly<Record<string, Readonly<Record<string, TemplateDelegate>>>>

/** The layer as JSON; {@link layerFromPacked} makes it whole again. */
export function packLayer({ manifest, digest, files }: Layer): PackedLayer {
  const packed = [...files].map(([path, file]) => [path, packFile(file)])
  return { manifest, digest, files: Object.fromEntries(packed) }
}

// The text of a template is not packed: its compiled form is.
function packFile({ content, executable, render }: LayerFile): PackedFile {
  const bit = executable ? { executable } : {}
  if (render) return { text: '', ...bit }
  if (typeof content === 'string') return { text: content, ...bit }
  return { base64: Buffer.from(content).toString('base64'), ...bit }
}

/** The layer that was packed, with the build's templates. */
export function layerFromPacked(packed: PackedLayer, templates: Templates): Layer {
  const { manifest, digest, files } = packed
  const { name } = manifest
  const unpacked = Object.entries(files).map(([path, { text, base64, executable = false }]) => {
    const content = text ?? new Uint8Array(Buffer.from(base64 ?? '', 'base64'))
    const compiled = templates[name]?.[path]
    if (!path.endsWith('.hbs')) return [path, { content, executable }] as const
    if (!compiled) throw new Error(`${name}/${path} is not precompiled`)
    const where = { layer: name, path }
    const render = renderer(compiled, where)
    return [path, { content, executable, render }] as const
  })
  return { name, source: 'builtin', digest, manifest, files: new Map(unpacked) }
}
