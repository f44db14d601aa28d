/** One line of code, or several that each stand alone; a slot never holds a block. */
export type SlotLines = string | readonly string[]

/** file → slot → the line that goes there */
export type SlotFills = Readonly<Record<string, Readonly<Record<string, SlotLines>>>>

/** A variable of the Convex deployment that the generated app reads. */
export interface EnvVar {
  readonly name: string
  /** One sentence for README's table and `.env.example`. */
  readonly description: string
  /** Where its value comes from; without it, the user is asked for it by `convex env set NAME`. */
  readonly from?: 'secret' | 'siteUrl'
  /** `v.optional(…)` in `defineApp`: the app runs without it. */
  readonly optional?: boolean
}

/** An app that the user registers with an OAuth provider. */
export interface OAuthApp {
  /** The provider's page where the app is registered. */
  readonly url: string
  /** Path of the callback on the site, such as `/api/auth/callback/github`. */
  readonly callback: string
}

/** What a layer, or one choice of it, brings. */
export interface Part {
  readonly slots?: SlotFills
  readonly env?: readonly EnvVar[]
  /** JSON file → value merged into it (deep; a clash is an error). */
  readonly merge?: Readonly<Record<string, JsonObject>>
  readonly oauthApp?: OAuthApp
}

/** A part of a layer that can be taken alone. */
export interface Choice extends Part {
  readonly title: string
  /** Files of the layer that are there only with this choice. */
  readonly files?: readonly string[]
}

/** `layer.json`, validated. */
export interface Manifest extends Part {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Paths of earlier layers that this layer's files take the place of. */
  readonly replaces?: readonly string[]
  /** Paths of earlier layers that this layer takes out, with nothing in their place. */
  readonly removes?: readonly string[]
  /** Files that serve only where the layer stands (its tsconfig), never in the output. */
  readonly ignore?: readonly string[]
  readonly choices?: Readonly<Record<string, Choice>>
}

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
