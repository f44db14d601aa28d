import { execFile } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ConvexHttpClient } from 'convex/browser'
import { makeFunctionReference } from 'convex/server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startDeployment, type Deployment } from '../../deployment/server.ts'
import { createApp, deployApp, env, signUp } from './app.ts'

const bin = join(
  dirname(createRequire(import.meta.url).resolve('convex/package.json')),
  'bin/main.js',
)

interface Target extends Pick<Deployment, 'url' | 'adminKey'> {
  readonly appDir: string
}

/** Runs the real Convex CLI against a deployment, in the app's folder. */
function convex(
  { url, adminKey, appDir }: Target,
  args: readonly string[],
  input = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [bin, ...args],
      {
        cwd: appDir,
        env: {
          ...process.env,
          CONVEX_DEPLOYMENT: undefined,
          CONVEX_SELF_HOSTED_URL: url,
          CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
          CI: '1',
        },
      },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
    child.stdin?.end(input)
  })
}

const variable = makeFunctionReference<'query', { name: string }>('extra:variable')
const extra = `
import { v } from 'convex/values'
import { query } from './_generated/server'
export const variable = query({
  args: { name: v.string() },
  handler: (_ctx, { name }) => process.env[name] ?? null,
})
`

describe('convex env', () => {
  let deployment: Awaited<ReturnType<typeof deployApp>>
  beforeAll(async () => {
    deployment = await deployApp({}, { 'extra.ts': extra })
  })
  afterAll(() => deployment.stop())
  afterEach(async () => {
    const { url, adminKey } = deployment
    const changes = [...deployment.env.keys()]
      .filter((name) => !(name in env))
      .map((name) => ({ name, value: null }))
    await fetch(`${url}/api/update_environment_variables`, {
      method: 'POST',
      headers: { authorization: `Convex ${adminKey}` },
      body: JSON.stringify({ changes }),
    })
  })

  const run = (args: readonly string[], input?: string) =>
    convex(deployment, ['env', ...args], input)

  test.each([
    ['signs of shells and of .env files', `a=b==c "d" 'e' \`f\` # $HOME %PATH%`],
    ['spaces around it', '  two  words  '],
    ['lines and other scripts', 'first\nпароль 秘密 🔑\n\nfourth \\n'],
    ['a leading dash', '-n --force'],
    ['nothing', ''],
  ])('set and get keep a value with %s', async (_what, value) => {
    const set = await run(['set', `NAME=${value}`])
    expect(set).toMatchObject({ code: 0 })
    expect(deployment.env.get('NAME')).toBe(value)
    expect((await run(['get', 'NAME'])).stdout).toBe(`${value}\n`)
  })

  test('a value can come from standard input', async () => {
    await run(['set', 'SECRET'], 'from=stdin #1')
    expect(deployment.env.get('SECRET')).toBe('from=stdin #1')
  })

  test('functions see a changed variable at once, and not a removed one', async () => {
    const client = new ConvexHttpClient(deployment.url)
    const read = () => client.query(variable, { name: 'CHANGING' })
    await run(['set', 'CHANGING', 'one'])
    expect(await read()).toBe('one')
    await run(['set', 'CHANGING', 'two'])
    expect(await read()).toBe('two')
    await run(['remove', 'CHANGING'])
    expect(await read()).toBe(null)
    expect(await client.query(variable, { name: 'PATH' })).toBe(null)
    expect(await client.query(variable, { name: 'CONVEX_SITE_URL' })).toBe(deployment.siteUrl)
  })

  test('--from-file sets several, refuses to change one without --force, and then changes it', async () => {
    const file = join(deployment.appDir, '.env.convex')
    await writeFile(file, 'ONE="first # value"\n# comment\nTWO=second\n')
    expect((await run(['set', '--from-file', file])).code).toBe(0)
    expect(deployment.env.get('ONE')).toBe('first # value')
    await writeFile(file, 'ONE=other\nTHREE=third\n')
    const refused = await run(['set', '--from-file', file])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('ONE already exists')
    expect(deployment.env.has('THREE')).toBe(false)
    expect((await run(['set', '--from-file', file, '--force'])).code).toBe(0)
    expect(Object.fromEntries(deployment.env)).toEqual({
      ...env,
      ONE: 'other',
      TWO: 'second',
      THREE: 'third',
    })
  })

  test('list shows what is set, and only names when asked', async () => {
    const names = await run(['list', '--names-only'])
    expect(names.stdout).toBe('BETTER_AUTH_SECRET\nSITE_URL\n')
    const values = await run(['list', '--include-values'])
    expect(values.stdout).toContain(`SITE_URL=${env.SITE_URL}`)
  })

  test('a wrong name, a built-in name and a wrong key are refused', async () => {
    const wrong = await run(['set', '1X', 'value'])
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('"1X" is invalid')
    const builtIn = await run(['set', 'CONVEX_SITE_URL', 'value'])
    expect(builtIn.stderr).toContain("can't be changed")
    const stranger = { ...deployment, adminKey: 'wrong' }
    const refused = await convex(stranger, ['env', 'set', 'A', 'b'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('deploy key was invalid')
    expect(Object.fromEntries(deployment.env)).toEqual(env)
  })
})

describe('a push', () => {
  let app: Awaited<ReturnType<typeof createApp>>
  let deployment: Deployment
  const start = async (variables: Record<string, string>, functions = true) => {
    const { appDir } = app
    deployment = await startDeployment({ appDir, env: variables, functions })
    return { ...deployment, appDir }
  }
  beforeAll(async () => void (app = await createApp()))
  afterEach(() => deployment.stop())
  afterAll(() => app.remove())

  test('convex codegen writes the five files, from nothing', async () => {
    const dir = join(app.appDir, 'convex/_generated')
    await rm(dir, { recursive: true })
    const target = await start(env, false)
    const { code, stderr } = await convex(target, ['codegen', '--typecheck=disable'])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect((await readdir(dir)).sort()).toEqual([
      'api.d.ts',
      'api.js',
      'dataModel.d.ts',
      'server.d.ts',
      'server.js',
    ])
    const types = await readFile(join(dir, 'server.d.ts'), 'utf8')
    expect(types).toContain('readonly BETTER_AUTH_SECRET: string;')
  })

  test('without a required variable, it names the commands that set them', async () => {
    const target = await start({ SITE_URL: env.SITE_URL })
    const { code, stderr } = await convex(target, ['codegen'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/convex env set .*BETTER_AUTH_SECRET <value>/)
    expect(stderr).not.toMatch(/convex env set .*SITE_URL/)
  })

  test('a module that throws on import fails it', async () => {
    const target = await start(env)
    const broken = join(app.appDir, 'convex/broken.ts')
    await writeFile(broken, 'export const x = 1\nthrow new Error("no way")')
    const { code, stderr } = await convex(target, ['codegen'])
    await rm(broken)
    expect(code).toBe(1)
    expect(stderr).toContain('no way')
  })

  test('a cron that names no function fails it', async () => {
    const target = await start(env)
    const path = join(app.appDir, 'convex/crons.ts')
    const crons = await readFile(path, 'utf8')
    await writeFile(path, crons.replace('export const deleteOldLimits', 'const deleteOldLimits'))
    const { code, stderr } = await convex(target, ['codegen', '--typecheck=disable'])
    await writeFile(path, crons)
    expect(code).toBe(1)
    expect(stderr).toContain('schedules a function that does not exist: crons:deleteOldLimits')
  })

  test('convex deploy builds with the deployment’s addresses and puts new code in service', async () => {
    const target = await start(env)
    await signUp(target, 'Ann')
    await writeFile(join(app.appDir, 'convex/extra.ts'), extra)
    const { code, stdout, stderr } = await convex(target, [
      'deploy',
      '--typecheck=disable',
      '--cmd=node -p process.env.VITE_CONVEX_SITE_URL',
    ])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain(target.siteUrl)
    const client = new ConvexHttpClient(target.url)
    expect(await client.query(variable, { name: 'SITE_URL' })).toBe(env.SITE_URL)
  })

  test('convex dev writes the addresses that the app reads', async () => {
    const target = await start(env)
    const args = ['dev', '--once', '--typecheck', 'disable']
    const { code, stderr } = await convex(target, args)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const local = await readFile(join(app.appDir, '.env.local'), 'utf8')
    expect(local).toContain(`VITE_CONVEX_URL=${target.url}`)
    expect(local).toContain(`VITE_CONVEX_SITE_URL=${target.siteUrl}`)
  })
})
