import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { readIfThere } from '../project/find.ts'
import type { Project } from '../project/project.ts'
import { portableWord } from '../shell.ts'
import { runProgram } from '../system/program.ts'
import { check, unchecked } from './check.ts'
import type { Check, Problem, Inspection } from './check.ts'

/** Secrets that git tracks, and secrets that aren't any. */
export async function secretChecks(inspection: Inspection): Promise<Check[]> {
  return [await checkTracked(inspection), checkStrength(inspection)]
}

const LOCAL = /(?:^|\/)\.env(?:\.[\w-]+)*\.local$|(?:^|\/)\.env\.convex$/

async function checkTracked({ project, deployed }: Inspection): Promise<Check> {
  const options = { cwd: project.root, env: { LC_ALL: 'C' } }
  const { exitCode, stdout, output } = await runProgram('git', ['ls-files', '-z'], options)
  const open = (why: string) => unchecked('git-secrets', `What git tracks can't be checked: ${why}`)
  if (exitCode === undefined) return open("git isn't on the PATH.")
  const isRepository = !output.includes('not a git repository')
  if (exitCode !== 0 && isRepository) return open(`git says:\n${output.trim()}`)
  const tracked = exitCode === 0 ? stdout.split('\0').filter((path) => path !== '') : []
  const values = [project.convex, 'values' in deployed ? deployed.values : undefined]
    .flatMap((variables) => Object.entries(variables ?? {}))
    .flatMap(([name, value = '']) => (/SECRET|KEY|TOKEN/.test(name) ? [value] : []))
    .filter((value) => value.length >= 16)
  const problems = tracked.flatMap((path): Problem[] => {
    if (LOCAL.test(path)) return [{ message: `git tracks ${path}.`, fix: untrack(project, path) }]
    if (!holdsAny(join(project.root, path), values)) return []
    return [
      {
        message: `git tracks a secret in ${path}.`,
        fix: [`Take it out of ${path}.`, ...renew(project)],
      },
    ]
  })
  if (problems.length === 0 && tracked.length > 0 && !isSecretKnown({ project, deployed })) {
    return open(UNKNOWN)
  }
  return check('git-secrets', problems, 'git tracks no file with a secret.')
}

const UNKNOWN =
  'no secret to look for is known, as .env.convex has none, and the deployment is unknown.'

const isSecretKnown = ({ project, deployed }: Pick<Inspection, 'project' | 'deployed'>) =>
  'values' in deployed || Boolean(project.convex?.['BETTER_AUTH_SECRET'])

const renew = ({ pm }: Project) => [
  `node -p "crypto.randomBytes(32).toString('hex')"`,
  `${pm.exec} convex env set BETTER_AUTH_SECRET`,
]

const untrack = (project: Project, path: string) => [
  `git rm --cached ${portableWord(path) ?? path}`,
  ...renew(project),
]

const LARGEST = 1_000_000

function holdsAny(path: string, values: readonly string[]): boolean {
  // Of a link, git tracks where it leads, and that may be anywhere.
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (values.length === 0 || !stats?.isFile() || stats.size > LARGEST) return false
  const text = readIfThere(path) ?? ''
  return values.some((value) => text.includes(value))
}

// What documentation, templates and Better Auth itself have published.
const PUBLISHED =
  /better-auth-secret|change.?me|your.|example|placeholder|super.?secret|p[a4]ssw|1234567|abcdef/i

function checkStrength({ project, deployed }: Inspection): Check {
  const sources = [
    ['.env.convex', project.convex],
    ['the deployment', 'values' in deployed ? deployed.values : undefined],
  ] as const
  const problems = sources.flatMap(([where, variables]): Problem[] => {
    const reason = weakness(variables?.['BETTER_AUTH_SECRET'])
    const message = `BETTER_AUTH_SECRET of ${where} ${reason}.`
    return reason === undefined ? [] : [{ message, fix: renew(project) }]
  })
  const [local, set] = sources.map(([, variables]) => variables?.['BETTER_AUTH_SECRET'])
  if (problems.length === 0 && !isSecretKnown({ project, deployed })) {
    return unchecked(
      'secret',
      "BETTER_AUTH_SECRET can't be checked: .env.convex has none, and the deployment isn't known.",
    )
  }
  if (local !== undefined && set !== undefined && local !== set) {
    problems.push({
      message:
        'BETTER_AUTH_SECRET of the deployment is another than that of .env.convex: one of them was changed. Setting that of .env.convex signs everyone out.',
      fix: [
        `Put the deployment's into .env.convex: ${project.pm.exec} convex env get BETTER_AUTH_SECRET`,
      ],
    })
  }
  return check('secret', problems, 'BETTER_AUTH_SECRET is long and random, as far as can be seen.')
}

/** What is wrong with a secret; nothing when it is well or not there. */
function weakness(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined
  if (PUBLISHED.test(secret)) return 'is one of the published examples, or made of one'
  if (secret.length < 32) return `has ${secret.length} characters, and 32 are the least`
  return new Set(secret).size < 10 ? 'repeats a few characters' : undefined
}
