import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { startDeployment } from '../test/deployment/server.ts'
import type { Deployment } from '../test/deployment/server.ts'
import { changeVariables } from '../test/helpers/variables.ts'

const root = join(import.meta.dirname, '..')
const ROUNDS = 5
const FLAGS = ['--yes', '--setup', '--tailwind', '--social', 'github,google', '--pm', 'npm']

/**
 * Milliseconds of `--yes --setup` that are our own: the whole run, to the point
 * where the dev server can be started, without npm's time and the Convex CLI's.
 * The real CLI sets up a deployment for tests; npm finds everything installed.
 */
export async function ownShareOfSetup(bin: string): Promise<number> {
  const appDir = join(root, 'template-base')
  const deployment = await startDeployment({ appDir, functions: false })
  const folder = mkdtempSync(join(tmpdir(), 'bench-setup-'))
  try {
    const shares: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      shares.push(await oneShare(bin, join(folder, String(round)), deployment))
    }
    return shares.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN
  } finally {
    await deployment.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Programs write down how long they ran, in milliseconds. */
async function oneShare(bin: string, folder: string, deployment: Deployment): Promise<number> {
  const [programs, spans, preload] = prepare(folder)
  const start = performance.now()
  const child = spawn(process.execPath, [bin, join(folder, 'app'), ...FLAGS], {
    env: {
      ...process.env,
      PATH: [programs, process.env['PATH']].join(delimiter),
      NODE_OPTIONS: `--require ${preload}`,
      CONVEX_SELF_HOSTED_URL: deployment.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: deployment.adminKey,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const total = performance.now() - start
  if (code !== 0) throw new Error(`The set-up ended with ${code}`)
  await changeVariables(deployment, { SITE_URL: null, BETTER_AUTH_SECRET: null })
  const others = readFileSync(spans, 'utf8').trim().split('\n').map(Number)
  // npm, `convex init` and `convex env set`.
  if (others.length !== 3) throw new Error(`${others.length} programs ran in the place of three`)
  return total - others.reduce((sum, time) => sum + time, 0)
}

function prepare(folder: string): [programs: string, spans: string, preload: string] {
  const programs = join(folder, 'bin')
  const [spans, preload] = [join(folder, 'spans.txt'), join(folder, 'span.cjs')]
  mkdirSync(programs, { recursive: true })
  writeFileSync(
    preload,
    `if (/convex.bin.main\\.js$/.test(process.argv[1])) process.on('exit', () =>
      require('fs').appendFileSync(${JSON.stringify(spans)}, performance.now() + '\\n'))`,
  )
  writeFileSync(
    join(programs, 'npm'),
    `#!${process.execPath}
process.on('exit', () => require('fs').appendFileSync(${JSON.stringify(spans)}, performance.now() + '\\n'))
require('fs').symlinkSync(${JSON.stringify(join(root, 'node_modules'))}, 'node_modules')
`,
    { mode: 0o755 },
  )
  return [programs, spans, preload]
}
