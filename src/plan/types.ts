import type { EnvVar, OAuthApp, Service } from '../layers/layer.ts'
import type { PackageManager } from '../package-managers.ts'

export interface PlannedFile {
  readonly content: string | Uint8Array
  readonly mode: number
  /** Names of the layers that had a hand in it, the owner first. */
  readonly from: readonly string[]
  /** Holds a secret or belongs to one machine: written, never recorded and never in git. */
  readonly local?: boolean
  /** What the user has in this file, which is its beginning; else there must be no such file. */
  readonly present?: string
}

/** The whole repository as a value: path (POSIX, relative) → file, sorted by path. */
export type Plan = ReadonlyMap<string, PlannedFile>

/** What the user chose, as far as the files depend on it. */
export interface PlanInput {
  /** A valid npm package name. */
  readonly name: string
  readonly port: number
  readonly packageManager: PackageManager
  /** `pnpm@12.0.0`, for package.json: the version that Corepack is to take. */
  readonly pinnedPackageManager?: string | undefined
  /** 64 hex digits: the value of every variable with `from: 'secret'`. */
  readonly secret: string
  readonly generatorVersion: string
}

/** The names that a `.hbs` file can use. */
export interface TemplateData {
  readonly name: string
  readonly port: number
  /** `http://localhost:PORT` */
  readonly siteUrl: string
  readonly secret: string
  /** Commands of the chosen package manager. `run` ends where the script's name goes. */
  readonly pm: {
    readonly name: PackageManager
    /** `npm install` */
    readonly install: string
    /** `npm ci`, for CI */
    readonly cleanInstall: string
    /** `npm run` */
    readonly run: string
    /** `npx`: runs a program of the project's dependencies */
    readonly exec: string
    /** `npm test`, `bun run test` */
    readonly test: string
    /** `pnpm@12.0.0` where package.json names it, else empty */
    readonly pinned: string
    /** exactly one is true */
    readonly npm: boolean
    readonly pnpm: boolean
    readonly yarn: boolean
    readonly bun: boolean
  }
  /** layer name or choice name → true, for those that were taken, false for the known others */
  readonly features: Readonly<Record<string, boolean>>
  /** every variable of the Convex deployment, in layer order; `value` is empty where the user is asked */
  readonly env: readonly (EnvVar & { readonly value: string })[]
  /** every choice or layer with an `oauthApp`, `callbackUrl` on the local site */
  readonly providers: readonly (OAuthApp & {
    readonly id: string
    readonly title: string
    readonly callbackUrl: string
    readonly env: readonly EnvVar[]
  })[]
  /** every choice or layer with a `service` */
  readonly services: readonly (Service & {
    readonly id: string
    readonly title: string
    readonly env: readonly EnvVar[]
  })[]
}
