import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exec } from 'tinyexec'
import { choose, pick, togetherWith, type Candidates, type Pins } from './lib/bump/choose.ts'
import { readPins, writePins } from './lib/bump/pins.ts'
import { allReleases } from './lib/bump/releases.ts'

// `npm run bump` takes the newest versions that fit together, runs codegen and every test,
// and says what changed; a set of versions that fails is taken back and named.
// `npm run bump -- --dry-run` only says what it would take.

const root = join(import.meta.dirname, '..')
const manifests = ['package.json', ...templates().map((name) => `${name}/package.json`)]

function templates(): string[] {
  return readdirSync(root).filter((name) => name.startsWith('template-'))
}

const CHECKS = [
  ['npm', 'install', '--no-audit', '--no-fund'],
  ['npm', 'run', 'codegen'],
  // What is planned changes with the versions: read the difference.
  ['npx', 'vitest', 'run', 'test/matrix/plans.test.ts', '-u'],
  ['npm', 'test'],
]

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean' } } })
  const pins = readPins(templates().map((name) => read(`${name}/package.json`)))
  console.error(`Asking for newer versions of ${Object.keys(pins).length} packages …`)
  const { candidates, changelogs } = await allReleases(pins, root)
  const { pins: newest, held } = choose(pins, candidates)
  const changed = Object.keys(pins).filter((name) => newest[name] !== pins[name])
  for (const { name, version, because } of held) {
    console.log(`left out: ${name} ${version}: ${because}`)
  }
  if (changed.length === 0) return console.log('Nothing newer fits together.')
  const wanted = pick(newest, changed)
  const taken = values['dry-run'] ? wanted : await take(pins, wanted, candidates)
  for (const [name, version] of Object.entries(taken)) {
    console.log(`${name}  ${pins[name]} → ${version}  ${changelogs[name] ?? ''}`)
  }
}

/** All changes at once; if that fails, one set after the other, without those that fail. */
async function take(pins: Pins, wanted: Pins, candidates: Candidates): Promise<Pins> {
  if (await git('status', '--porcelain')) {
    throw new Error('There are changes that are not committed: commit or stash them first.')
  }
  const failure = await tryOut(pins, wanted)
  if (failure === undefined) return wanted
  console.error(`All together they fail (${failure}): set by set.`)
  let taken: Pins = {}
  const open = new Set(Object.keys(wanted))
  for (const name of open) {
    const set = togetherWith(name, pick(wanted, open), { ...pins, ...taken }, candidates)
    set.forEach((one) => open.delete(one))
    const more = { ...taken, ...pick(wanted, set) }
    const reason = await tryOut(pins, more)
    if (reason === undefined) taken = more
    else console.log(`fails: ${set.map((one) => `${one} ${wanted[one]}`).join(', ')}: ${reason}`)
  }
  await restore()
  const last = await tryOut(pins, taken)
  if (last !== undefined) throw new Error(`What had passed set by set fails at the end: ${last}`)
  return taken
}

/** Applies changes to what is committed; answers what fails with them. */
async function tryOut(pins: Pins, changes: Pins): Promise<string | undefined> {
  await restore()
  for (const path of manifests) {
    writeFileSync(join(root, path), writePins(read(path), pins, changes))
  }
  for (const [program = '', ...args] of CHECKS) {
    console.error(`> ${[program, ...args].join(' ')}`)
    const stdio = ['ignore', 'inherit', 'inherit'] as const
    const { exitCode } = await exec(program, args, {
      nodeOptions: { cwd: root, stdio: [...stdio] },
    })
    if (exitCode !== 0) return `\`${[program, ...args].join(' ')}\` ended with ${exitCode}`
  }
  return undefined
}

const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** Only tracked files change in a try. */
const restore = () => git('restore', '--staged', '--worktree', '.')

async function git(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await exec('git', args, { nodeOptions: { cwd: root } })
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
