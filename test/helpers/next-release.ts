import { releaseOf, type Sources } from './release.ts'

/** The version that the rehearsal moves to. */
export const NEXT = '0.2.0'

const step = `**Better Auth 1.7 keeps accounts in another form.** Before you deploy:

  \`\`\`sh
  npx convex run migrations:accounts
  \`\`\``

/** What nobody can install today: the rehearsal of Better Auth 1.7. */
const REHEARSED = { 'better-auth': '1.7.0', '@convex-dev/better-auth': '0.13.0' }

/**
 * A rehearsal of Better Auth 1.7: the version that renames a file, changes a function that
 * users edit, bumps dependencies, drops a file, adds one, changes the schema, and moves
 * Better Auth's options into a file of their own.
 *
 * @param versions - of the dependencies that it bumps
 */
export function nextRelease(
  folder: string,
  versions: Readonly<Record<string, string>> = REHEARSED,
) {
  return releaseOf(NEXT, folder, (sources) => {
    sources.replace(
      'CHANGELOG.md',
      '## Unreleased\n',
      [
        '## Unreleased',
        '### Moving a project',
        `- ${step}`,
        '- File `src/lib/user-agent.ts` is now `src/lib/device.ts`.',
        '## 0.1.0',
        '',
      ].join('\n\n'),
    )
    moveOptions(sources)
    for (const [name, version] of Object.entries(versions)) {
      sources.replace(
        'template-base/package.json',
        new RegExp(`"${name}": "[^"]+"`),
        `"${name}": "${version}"`,
      )
    }
    sources.replace(
      'template-base/convex/schema.ts',
      /\}\)\n$/,
      `  migrations: defineTable({ name: v.string() }),\n})\n`,
    )
    sources.replace('template-base/convex/tasks.ts', 'text.length === 0 || ', "text === '' || ")
    renameDevice(sources)
    sources.remove('template-base/test/lib/safe-redirect.test.ts')
  })
}

/** Better Auth's options, out of `createAuth`. */
function moveOptions({ replace, write }: Sources): void {
  const auth = 'template-base/convex/auth.ts'
  replace(auth, /    \/\/ Renewed once a day[^\n]*\n    session: [^\n]*\n/, '    ...options,\n')
  replace(
    auth,
    'import { passwordLimit',
    "import { options } from './authOptions'\nimport { passwordLimit",
  )
  write(
    'template-base/convex/authOptions.ts',
    `/** What doesn't depend on the deployment. */
export const options = {
  // Renewed once a day: who comes once a week stays signed in.
  session: { expiresIn: 8 * 24 * 60 * 60 },
}
`,
  )
}

/** So much is new in it that nothing but the changelog tells that it is the same file. */
function renameDevice({ read, replace, write, remove }: Sources): void {
  const [old, now] = ['template-base/src/lib/user-agent.ts', 'template-base/src/lib/device.ts']
  const more = Array.from({ length: 120 }, (_, line) => `// ${line}: a table of devices.\n`)
  write(now, `${read(old)}\n${more.join('')}`)
  remove(old)
  replace('template-base/src/components/sessions.tsx', '~/lib/user-agent', '~/lib/device')
}
