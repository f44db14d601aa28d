import type { Manifest } from './schema.ts'

export type { Choice, EnvVar, Manifest, OAuthApp, Part, Service, SlotLines } from './schema.ts'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export interface LayerFile {
  readonly content: string | Uint8Array
  readonly executable: boolean
  /** Set for `NAME.hbs`: fills the template. Throws when a name isn't in `data`. */
  readonly render?: (data: object) => string
}

/** A layer, read and validated. */
export interface Layer {
  readonly name: string
  /** `builtin`, or what the user typed after `--layer`. */
  readonly source: string
  /** The commit that it was fetched at, where its repository says so. */
  readonly commit?: string
  /** `sha256-` and the hex digest of its manifest and files. */
  readonly digest: string
  readonly manifest: Manifest
  /**
   * Path inside the layer (`.hbs` kept, `layer.json` and ignored files left out) → file.
   * Reading the layer has checked that every system can have the paths.
   */
  readonly files: ReadonlyMap<string, LayerFile>
  /** The line of `layer.json` with a value, for messages; a packed layer has none. */
  readonly lineOf?: (path: readonly (string | number)[]) => number
}

/** A layer and the choices taken of it. */
export interface SelectedLayer {
  readonly layer: Layer
  readonly choices: readonly string[]
}
