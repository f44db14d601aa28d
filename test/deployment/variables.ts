import type { JSONValue } from 'convex/values'
import { HttpError } from './http.ts'

/** The variables of a deployment: those that users set, and the two that Convex sets. */
export interface Variables {
  /** name → value, of those that users set */
  readonly values: ReadonlyMap<string, string>
  /** What a function finds in `process.env`. */
  environment(): Record<string, string>
  /** Applies all changes or none. Throws an HttpError 400 for a name that Convex refuses. */
  update(changes: unknown): void
}

interface Change {
  readonly name: string
  /** null removes the variable */
  readonly value: string | null
}

export function createVariables(
  system: Readonly<Record<string, string>>,
  initial: Readonly<Record<string, string>>,
): Variables {
  const values = new Map(Object.entries(initial))
  return {
    values,
    environment: () => ({ ...Object.fromEntries(values), ...system }),
    update(changes) {
      const checked = parseChanges(changes)
      checked.forEach(({ name }) => checkName(name, system))
      for (const { name, value } of checked) {
        if (value === null) values.delete(name)
        else values.set(name, value)
      }
    },
  }
}

function parseChanges(changes: unknown): readonly Change[] {
  const valid =
    Array.isArray(changes) &&
    changes.every(
      (change: Partial<Change>) =>
        typeof change.name === 'string' &&
        (change.value === null || typeof change.value === 'string'),
    )
  if (valid) return changes as Change[]
  throw new HttpError(400, 'BadJsonBody', 'Expected { changes: [{ name, value }] }')
}

function checkName(name: string, system: Readonly<Record<string, string>>): void {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
    throw new HttpError(
      400,
      'EnvironmentVariableNameInvalid',
      `Environment variable name "${name}" is invalid: it starts with a letter and holds letters, digits and underscores`,
    )
  }
  if (name in system) {
    throw new HttpError(
      400,
      'EnvironmentVariableNameForbidden',
      `Environment variable "${name}" is built in and can't be changed`,
    )
  }
}

/** The queries behind the CLI's `env list` and `env get`; undefined for any other. */
export function systemQuery(
  { values }: Variables,
  path: string,
  args: JSONValue,
): JSONValue | undefined {
  const name = '_system/cli/queryEnvironmentVariables'
  const list = [...values]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  if (path === name || path === `${name}:default`) return list
  if (path !== `${name}:get`) return undefined
  const wanted = (args as { name?: string }).name
  return list.find((variable) => variable.name === wanted) ?? null
}
