/** What the functions that scripts/templates.ts makes of `.hbs` files are built on. */

type Scope = unknown

/**
 * A value by its path, as handlebars looks it up in strict mode: own
 * properties only, and a name that isn't there is an error.
 */
export function need(scope: Scope, ...path: readonly string[]): unknown {
  let value = scope
  for (const name of path) {
    if (typeof value !== 'object' || !value || !Object.hasOwn(value, name)) {
      throw new Error(`"${name}" not defined`)
    }
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

/** A value as text: nothing for null. */
export function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}

/** Whether `{{#if}}` takes its first branch: not for 0, '' and [], either. */
export function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** What `{{#each}}` makes of a list: the block for each item, or the else block. */
export function each(
  list: unknown,
  block: (item: Scope, index: number) => string,
  otherwise: () => string,
): string {
  if (!Array.isArray(list)) throw new Error('{{#each}} needs a list')
  return list.length > 0 ? list.map(block).join('') : otherwise()
}
