import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { parse } from 'dotenv'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDeployment } from '../deployment/server.ts'
import type { Deployment } from '../deployment/server.ts'
import { cli, emptyFolder, start } from '../helpers/cli.ts'
import { makeRepository, noDeployment, pointAt } from '../helpers/repository.ts'
import { changeVariables } from '../helpers/variables.ts'

const modules = join(import.meta.dirname, '../../node_modules')
const app = ['app', '--yes', '--no-git', '--no-tailwind', '--pm', 'npm', '--port', '3995']
const again = /npm create start-convex-auth@\S+ setup\n/

const read = (...path: string[]) => readFileSync(join(...path), 'utf8')
const secretIn = (root: string) => String(parse(read(root, '.env.convex'))['BETTER_AUTH_SECRET'])

/** A folder whose repositories have this one's dependencies. */
function folderWithModules(): string {
  const cwd = emptyFolder()
  symlinkSync(modules, join(cwd, 'node_modules'), 'junction')
  return cwd
}

/** PATH with an npm in front that installs nothing, and is content. */
function pathWithNpm(cwd: string): string {
  const bin = join(cwd, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\n', { mode: 0o755 })
  return [bin, process.env['PATH']].join(delimiter)
}

/** A Convex CLI of our own, which writes down what it is asked, and how it ends. */
function fakeConvex(root: string, script: string): void {
  const home = join(root, 'node_modules/convex')
  mkdirSync(join(home, 'bin'), { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "version": "1.48.0" }')
  writeFileSync(join(home, 'bin/main.js'), script)
}

describe('--setup against a deployment', () => {
  let deployment: Deployment
  beforeAll(async () => {
    const appDir = join(import.meta.dirname, '../../template-base')
    deployment = await startDeployment({ appDir, functions: false })
  })
  afterAll(() => deployment.stop())
  beforeEach(() =>
    changeVariables(
      deployment,
      Object.fromEntries([...deployment.env.keys()].map((name) => [name, null])),
    ),
  )

  test('connects, sets the variables, and goes on where it is run again', async () => {
    const cwd = folderWithModules()
    const args = [...app, '--setup']
    const env = { ...pointAt(deployment), PATH: pathWithNpm(cwd) }
    const run = await cli(args, { cwd, env })
    expect(run.exitCode, run.stderr).toBe(0)
    const root = join(cwd, 'app')
    expect(Object.fromEntries(deployment.env)).toEqual(parse(read(root, '.env.convex')))
    expect(parse(read(root, '.env.local'))).toEqual({
      VITE_CONVEX_URL: deployment.url,
      VITE_CONVEX_SITE_URL: deployment.siteUrl,
    })
    expect(run.stdout + run.stderr).not.toContain(secretIn(root))
    expect(run.stdout).toContain('The variables of the deployment are set')
    expect(run.stdout).toMatch(
      /Next\n\n1\. Go to the app\n {3}cd app\n\n2\. Start .*\n {3}npm run dev\n/,
    )

    const server = createServer().listen(3995, '127.0.0.1')
    const second = await cli([...args, '--json'], { cwd, env })
    server.close()
    expect(second.exitCode, second.stdout).toBe(0)
    expect(JSON.parse(second.stdout)).toMatchObject({
      path: root,
      done: [
        { step: 'install', before: true },
        { step: 'deployment', before: true },
        { step: 'variables', before: false },
      ],
      next: [{ commands: ['npm run dev'] }],
      warnings: [expect.stringMatching(/^Port 3995 is in use\. .*\nPORT in \.env, and SITE_URL/)],
    })
    expect(Object.fromEntries(deployment.env)).toEqual(parse(read(root, '.env.convex')))
  })

  test('a variable with another value stops it, and stays', async () => {
    await changeVariables(deployment, { SITE_URL: 'https://mine.example' })
    const root = await makeRepository('--no-tailwind')
    const run = await cli(['setup', '--json'], { cwd: root, env: pointAt(deployment) })
    expect(run.exitCode).toBe(1)
    expect(JSON.parse(run.stdout).error).toMatchObject({
      message: expect.stringMatching(
        /stopped at the deployment's variables\. SITE_URL has another value on the deployment/,
      ),
      step: 'variables',
      done: ['install', 'deployment'],
    })
    expect(Object.fromEntries(deployment.env)).toEqual({ SITE_URL: 'https://mine.example' })
  })

  test('an admin key that is refused', async () => {
    const root = await makeRepository('--no-tailwind')
    const env = pointAt({ url: deployment.url, adminKey: 'wrong' })
    const run = await cli(['setup', '--yes'], { cwd: root, env })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('Convex refused the key of the deployment')
    expect(run.stderr).toContain('CONVEX_SELF_HOSTED_ADMIN_KEY')
  })

  // The package manager is a shell script.
  test.runIf(process.platform !== 'win32')('no network at the install; then there is', async () => {
    const cwd = emptyFolder()
    const bin = emptyFolder()
    const install = (script: string) => {
      writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${script}\n`)
      chmodSync(join(bin, 'npm'), 0o755)
    }
    const env = {
      ...pointAt(deployment),
      PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
    }
    install('echo "npm error code ENOTFOUND" >&2; exit 1')
    const first = await cli([...app, '--setup'], { cwd, env })
    expect(first.exitCode).toBe(1)
    expect(first.stderr).toContain('npm error code ENOTFOUND')
    expect(first.stderr).toContain("The registry couldn't be reached. Check the network")
    expect(first.stderr).toMatch(new RegExp(`cd app\n +${again.source}`))
    install(`ln -s "${modules}" node_modules`)
    const second = await cli(['setup'], { cwd: join(cwd, 'app/src'), env })
    expect(second.exitCode, second.stderr).toBe(0)
    expect(second.stdout).toContain('The dependencies are installed.\n')
    expect(second.stdout).toMatch(/Go to the app\n {3}cd \.\.\n\nStart .*\n {3}npm run dev\n/)
    const listed = await cli(['env'], { cwd: join(cwd, 'app/src'), env })
    expect(listed.stdout).toMatch(/^\n\nGo to the app\n {3}cd \.\.\n\n/)
    expect(deployment.env.get('SITE_URL')).toBe('http://localhost:3995')
  })
})

describe('--setup fails', () => {
  test('at `convex init`, without a network', async () => {
    const root = await makeRepository('--no-tailwind')
    const preload = join(root, 'no-network.cjs')
    writeFileSync(
      preload,
      `require('dns').lookup = (name, options, done) =>
        done(Object.assign(new Error('getaddrinfo ENOTFOUND ' + name), { code: 'ENOTFOUND' }))`,
    )
    const run = await cli(['setup', '--yes'], {
      cwd: root,
      env: { ...noDeployment, HOME: emptyFolder(), NODE_OPTIONS: `--require ${preload}`, CI: '1' },
    })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(
      /The set-up stopped at the Convex deployment\. `npx convex init` ended with exit code 1\. Convex.*(?:downloaded|reached)\./,
    )
    expect(run.stderr).toMatch(/Check the network/)
    expect(run.stderr).toMatch(/Done: the files, the dependencies\. To go on from there:\n/)
    expect(run.stderr).toMatch(again)
  })

  test('at a login that is refused', async () => {
    const server = createServer((_, response) =>
      response.writeHead(401).end('{"code":"AccessTokenInvalid","message":"Invalid token"}'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const home = emptyFolder()
    mkdirSync(join(home, `.convex-test-${port}`))
    writeFileSync(join(home, `.convex-test-${port}/config.json`), '{ "accessToken": "old" }')
    const root = await makeRepository('--no-tailwind')
    const run = await cli(['setup', '--yes'], {
      cwd: root,
      env: {
        ...noDeployment,
        CONVEX_DEPLOYMENT: 'dev:happy-otter-123',
        CONVEX_PROVISION_HOST: `http://127.0.0.1:${port}`,
        HOME: home,
        CI: '1',
      },
    })
    server.close()
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('Convex refused the login, or has none.')
    expect(run.stderr).toContain('npx convex login')
  })

  test('without a Convex CLI, which the installation did not bring', async () => {
    const cwd = emptyFolder()
    const env = { ...noDeployment, PATH: pathWithNpm(cwd) }
    const run = await cli([...app, '--setup', '--json'], { cwd, env })
    expect(run.exitCode).toBe(1)
    expect(JSON.parse(run.stdout).error).toMatchObject({
      message: expect.stringContaining("The Convex CLI isn't installed."),
      fix: expect.stringMatching(/^Done: .*\ncd app\nnpm install\n.* setup$/),
      step: 'deployment',
    })
    expect(existsSync(join(cwd, 'app/package.json'))).toBe(true)
  })

  test('at a CLI that exits 1, with what it says', async () => {
    const root = await makeRepository('--no-tailwind')
    fakeConvex(root, "console.error('out of cheese'); process.exit(1)")
    const run = await cli(['setup'], { cwd: root, env: noDeployment })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(
      /out of cheese[^]*`npx convex init` ended with exit code 1\. What it/,
    )
  })

  // Windows ends a process at once.
  test.runIf(process.platform !== 'win32')('at Ctrl-C, which takes nothing back', async () => {
    const root = await makeRepository('--no-tailwind')
    fakeConvex(root, "require('fs').writeFileSync('started', ''); setTimeout(() => {}, 60_000)")
    const { child, done } = start(['setup', '--yes'], { cwd: root, env: noDeployment })
    while (!existsSync(join(root, 'started'))) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    child.kill('SIGINT')
    const run = await done
    expect(run.exitCode).toBe(130)
    expect(run.stderr).toContain('Cancelled. The app is there, and nothing of it was removed.')
    expect(existsSync(join(root, 'package.json'))).toBe(true)
  })

  test('at a CLI that leaves no addresses', async () => {
    const root = await makeRepository('--no-tailwind')
    fakeConvex(root, '')
    const run = await cli(['setup'], { cwd: join(root, 'src'), env: noDeployment })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('.env.local has no addresses of Convex')
    expect(run.stderr).toMatch(/on from there:\n +cd \.\.\n +Take CONVEX_URL.*\n.* setup\n/)
  })
})

test('no program gets a secret as an argument, and none asks for an account', async () => {
  const root = await makeRepository('--no-tailwind')
  const log = join(root, 'asked.txt')
  fakeConvex(
    root,
    `const fs = require('fs')
    const words = [process.env.CONVEX_AGENT_MODE, ...process.argv.slice(2)]
    fs.appendFileSync(${JSON.stringify(log)}, words.join(' ') + '\\n')
    if (words[1] === 'init') fs.writeFileSync('.env.local',
      'CONVEX_DEPLOYMENT=anonymous:a\\nVITE_CONVEX_URL=http://a\\nVITE_CONVEX_SITE_URL=http://b\\n')`,
  )
  const run = async (...args: string[]) => {
    const env = { ...noDeployment, CONVEX_AGENT_MODE: '' }
    const { exitCode, stderr } = await cli(args, { cwd: root, env })
    expect(exitCode, stderr).toBe(0)
  }
  await run('setup', '--yes')
  // A deployment is chosen by its key as well, beside an empty name.
  const local = readFileSync(join(root, '.env.local'), 'utf8')
  const chosen = local.replace('anonymous:a', '\nCONVEX_DEPLOY_KEY=prod:a|b')
  writeFileSync(join(root, '.env.local'), chosen)
  await run('setup', '--yes')
  await run('env', '--prod', '--site-url', 'https://a.example', '--apply')
  const asked = readFileSync(log, 'utf8')
  expect(asked.split('\n')).toEqual([
    'anonymous init',
    'anonymous env set --from-file .env.convex',
    'anonymous env set --from-file .env.convex',
    'anonymous env list --prod --include-values',
    'anonymous env set --prod',
    'anonymous env list --prod --include-values',
    '',
  ])
})

describe('what the Convex CLI says', () => {
  test('a conflict in production is mended in production, by name', async () => {
    const root = await makeRepository('--no-tailwind')
    fakeConvex(
      root,
      `if (process.argv[3] === 'list') return console.log('SITE_URL\\nBETTER_AUTH_SECRET')
      console.error('✖ environment variable SITE_URL already exists with different value')
      process.exit(1)`,
    )
    const args = ['env', '--apply', '--prod', '--site-url', 'https://b.example']
    const run = await cli(args, { cwd: root, env: noDeployment })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('SITE_URL has another value on the deployment')
    expect(run.stderr).toContain('npx convex env list --prod\n')
    expect(run.stderr).toContain('npx convex env set --prod SITE_URL https://b.example\n')
    expect(run.stderr).not.toContain('.env.convex')
  })

  test('a crash beside a blocked crash report keeps its own words', async () => {
    const root = await makeRepository('--no-tailwind')
    const report = 'getaddrinfo ENOTFOUND o1192621.ingest.sentry.io'
    fakeConvex(
      root,
      `console.error('TypeError: plan.quota is undefined\\n${report}')
      process.exit(1)`,
    )
    const run = await cli(['env', '--apply'], { cwd: root, env: noDeployment })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('TypeError: plan.quota is undefined')
    expect(run.stderr).not.toContain("couldn't be reached")
  })

  test('what only looks like a reason hides no words', async () => {
    const root = await makeRepository('--no-tailwind')
    for (const [words, guess] of [
      ['TypeError: x\n    at getAccessToken (cli.bundle.cjs:401:12)', undefined],
      ['Welcome, Ada: logged in.\nx is no function', undefined],
      ['Schema validation failed: notes\nWebSocket error', "The deployment doesn't answer."],
      [
        'Schema is wrong\nAttempting reconnect\nAttempting reconnect',
        "The deployment doesn't answer.",
      ],
      ['You must be logged in: x', 'Convex refused the login, or has none.'],
      ['write ENOSPC: no space left on device', 'The disk is full.'],
    ] as const) {
      fakeConvex(root, `console.error(${JSON.stringify(words)})\nprocess.exit(1)`)
      const { stderr } = await cli(['env', '--apply'], { cwd: root, env: noDeployment })
      for (const line of words.split('\n')) expect(stderr).toContain(line.trim())
      if (guess === undefined) expect(stderr).not.toMatch(/login|answer/)
      else expect(stderr).toContain(guess)
    }
  })
})
