import type { Project, Variables } from '../project/project.ts'
import type { InstalledPackage, PackageJson } from '../project/packages.ts'

/** One thing that was looked at. */
export interface Check {
  /** Stable: scripts know it by this. */
  readonly id: string
  /** null where it couldn't be checked. */
  readonly ok: boolean | null
  /** A sentence on what was found. */
  readonly message: string
  /** The commands or edits that mend it. */
  readonly fix: readonly string[]
}

/** What the checks look at. */
export interface Inspection {
  readonly project: Project
  /** The repository's own. */
  readonly manifest: PackageJson
  /** Why the repository's package.json can't be read; then `manifest` is empty. */
  readonly manifestProblem?: Problem | undefined
  /** With the versions that were tested together. */
  readonly tested: PackageJson
  readonly nodeVersion: string
  /** The deployment's variables, or why they aren't known. */
  readonly deployed:
    { readonly values: Variables } | { readonly problem: Problem; readonly isUnknown?: boolean }
}

/** By name, what package.json asks for, as the app finds it. */
export type Installed = ReadonlyMap<string, InstalledPackage | undefined>

/** What is wrong, and what mends it. */
export interface Problem {
  readonly message: string
  readonly fix: readonly string[]
}

/**
 * A check from what is wrong.
 *
 * @param problems - all that is wrong; none when it is well
 * @param well - what to say then
 */
export function check(id: string, problems: readonly Problem[], well: string): Check {
  const ok = problems.length === 0
  return {
    id,
    ok,
    message: ok ? well : problems.map(({ message }) => message).join(' '),
    fix: [...new Set(problems.flatMap(({ fix }) => fix))],
  }
}

/** A check that couldn't be made, and why; `fix` is what has to be done before. */
export const unchecked = (id: string, message: string, fix: readonly string[] = []): Check => ({
  id,
  ok: null,
  message,
  fix,
})
