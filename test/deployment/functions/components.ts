import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A component, by its path in the app: `rateLimiter`, `resend/emailWorkpool`. */
export interface Component {
  readonly path: string
  /** Of its modules. */
  readonly dir: string
}

/**
 * The components that a `convex.config` uses, and those that they use themselves. Its text is
 * read: evaluated outside of Convex's own bundle, `use` throws.
 *
 * @throws when a package isn't there
 */
export function componentsOf(config: string, parent = ''): Component[] {
  const text = readFileSync(config, 'utf8')
  const packages = new Map(
    [...text.matchAll(/^import (\w+) from ['"](.+\/convex\.config(?:\.js)?)['"]/gm)].map(
      ([, identifier, specifier]) => [identifier, specifier],
    ),
  )
  const uses = [...text.matchAll(/\.use\((\w+)(?:, \{\s*name: ['"](\w+)['"])?/g)]
  return uses.flatMap(([, identifier, given]) => {
    const specifier = packages.get(identifier)
    if (specifier === undefined) return []
    const own = createRequire(config).resolve(specifier)
    const path = join(parent, given ?? nameIn(own)).replaceAll('\\', '/')
    return [{ path, dir: dirname(own) }, ...componentsOf(own, path)]
  })
}

function nameIn(config: string): string {
  const [, name] = /defineComponent\(['"](\w+)['"]/.exec(readFileSync(config, 'utf8')) ?? []
  if (name !== undefined) return name
  throw new Error(`${config} defines no component`)
}
