import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { CliError } from '../../../src/errors.ts'
import { fetchLayer, fetchRecordedLayer } from '../../../src/layers/fetch.ts'
import { freshFolder, layerFolder, writeFiles } from './support.ts'

/** Path → what the server answers: an archive, or a status. */
const answers = new Map<string, Uint8Array | number>()
const requests: string[] = []
let server: Server
let address: string
let temporary: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url = '/' } = request
    requests.push(url)
    const answer = answers.get(url) ?? 404
    if (typeof answer === 'number') response.writeHead(answer).end()
    else response.writeHead(200).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  address = `http://127.0.0.1:${port}`
})

afterAll(() => server.close())

beforeEach(() => {
  answers.clear()
  requests.length = 0
  vi.stubEnv('GIGET_GITHUB_URL', address)
  temporary = mkdtempSync(join(tmpdir(), 'fetch-test-'))
  // Of our own, so that nobody else's folders come and go in it.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary)
  return () => {
    vi.unstubAllEnvs()
    rmSync(temporary, { recursive: true })
  }
})

/** A `.tar.gz` as GitHub makes it: everything in one folder of any name. */
function archive(files: Readonly<Record<string, string | object>>): Uint8Array {
  const folder = freshFolder()
  writeFiles(join(folder, 'repo-1a2b3c'), files)
  const file = join(folder, 'archive.tar.gz')
  execFileSync('tar', ['-czf', file, '-C', folder, 'repo-1a2b3c'])
  return readFileSync(file)
}

/** What GitHub answers for a commit of a repository with these files: `git archive`. */
function archiveOfCommit(files: Readonly<Record<string, string | object>>) {
  const folder = freshFolder()
  writeFiles(folder, files)
  const git = (...args: string[]) => {
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@localhost']
    return execFileSync('git', [...who, ...args], { cwd: folder })
  }
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '-m', 'x')
  const commit = String(git('rev-parse', 'HEAD')).trim()
  const short = commit.slice(0, 7)
  const packed = git('archive', '--format=tar.gz', `--prefix=owner-repo-${short}/`, 'HEAD')
  return { commit, packed: new Uint8Array(packed) }
}

const manifest = { name: 'mine', title: 'Mine', description: 'A layer' }

const leftovers = () =>
  readdirSync(temporary).filter((name) => name.startsWith('start-convex-auth-'))

async function refusal(source: string, cwd = '/'): Promise<CliError> {
  const error: unknown = await fetchLayer(source, cwd).then(
    () => new Error('It was taken'),
    (reason: unknown) => reason,
  )
  if (error instanceof CliError) return error
  throw error
}

test('reads a folder: relative, absolute, as a URL', async () => {
  const folder = layerFolder('mine', { 'a.md': 'a' })
  const cwd = join(folder, '..')
  const sources = ['./mine', folder, pathToFileURL(folder).href]
  for (const source of sources) {
    const layer = await fetchLayer(source, cwd)
    expect(layer).toMatchObject({ name: 'mine', source })
    expect(layer.files.get('a.md')?.content).toBe('a')
  }
  expect((await refusal('./none', cwd)).message).toBe('./none is not a layer: it is no folder.')
})

test('reads a repository, and a folder of it at a branch', async () => {
  const repository = archive({
    'layer.json': manifest,
    'a.md': 'outer',
    'layers/inner/layer.json': { ...manifest, name: 'inner' },
    'layers/inner/a.md.hbs': '{{name}}',
  })
  answers.set('/repos/owner/repo/tarball/main', repository)
  answers.set('/repos/owner/repo/tarball/v1', repository)

  const outer = await fetchLayer('owner/repo', '/')
  expect(outer.files.get('a.md')?.content).toBe('outer')
  const inner = await fetchLayer('gh:owner/repo/layers/inner#v1', '/')
  expect(inner).toMatchObject({
    name: 'inner',
    source: 'gh:owner/repo/layers/inner#v1',
  })
  expect(inner.files.get('a.md.hbs')?.render?.({ name: 'app' })).toBe('app')
  expect(new Set(requests)).toEqual(
    new Set(['/repos/owner/repo/tarball/main', '/repos/owner/repo/tarball/v1']),
  )
  expect(leftovers()).toEqual([])
})

test('reads an archive; another one of the same name is another one', async () => {
  answers.set('/a/layer.tar.gz', archive({ 'layer.json': manifest }))
  answers.set('/b/layer.tar.gz', archive({ 'layer.json': { ...manifest, name: 'other' } }))
  const first = await fetchLayer(`${address}/a/layer.tar.gz`, '/')
  const second = await fetchLayer(`${address}/b/layer.tar.gz`, '/')
  expect([first.name, second.name]).toEqual(['mine', 'other'])

  answers.delete('/a/layer.tar.gz')
  const gone = await refusal(`${address}/a/layer.tar.gz`)
  expect(gone.message).toBe(`${address}/a/layer.tar.gz was not found.`)
})

test('a repository is recorded with its commit, and answers with that again', async () => {
  const first = archiveOfCommit({ 'layers/mine/layer.json': manifest, 'layers/mine/a.md': 'old' })
  const second = archiveOfCommit({ 'layers/mine/layer.json': manifest, 'layers/mine/a.md': 'new' })
  const source = 'gh:owner/repo/layers/mine#main'
  answers.set('/repos/owner/repo/tarball/main', first.packed)
  const added = await fetchLayer(source, '/')
  expect(added).toMatchObject({ source, commit: first.commit })

  answers.set('/repos/owner/repo/tarball/main', second.packed)
  answers.set(`/repos/owner/repo/tarball/${first.commit}`, first.packed)
  const { digest } = added
  const recorded = { source, commit: first.commit, digest }
  const again = await fetchRecordedLayer(recorded, '/', { isExact: true })
  expect(again.files.get('a.md')?.content).toBe('old')
  expect(again).toMatchObject(recorded)
})

test.each(['', 'layers/mine'])('so is what git clones: in folder "%s"', async (folder) => {
  const root = freshFolder()
  const git = (...args: string[]) => {
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@localhost']
    return execFileSync('git', [...who, ...args], { cwd: root, encoding: 'utf8' })
  }
  const commit = (text: string) => {
    writeFiles(join(root, folder), { 'layer.json': manifest, 'a.md': text })
    git('add', '--all')
    git('commit', '--quiet', '-m', text)
    return git('rev-parse', 'HEAD').trim()
  }
  git('init', '--quiet', '--initial-branch=main')
  const first = commit('old')
  // Which would keep ours from being run.
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(root, '.git/global'))
  git('config', '--global', 'core.hooksPath', '/elsewhere')
  const source = `git:${pathToFileURL(root).href}#main${folder && `:${folder}`}`
  const added = await fetchLayer(source, '/')
  expect(added).toMatchObject({ source, commit: first })

  commit('new')
  const recorded = { source, commit: first, digest: added.digest }
  const again = await fetchRecordedLayer(recorded, '/', { isExact: true })
  expect(again.files.get('a.md')?.content).toBe('old')
  expect(again).toMatchObject(recorded)
})

test.each([
  {
    what: 'an archive',
    put: (text: string) => {
      const { packed } = archiveOfCommit({ 'layer.json': manifest, 'a.md': text })
      answers.set('/layer.tar.gz', packed)
    },
    source: () => `${address}/layer.tar.gz`,
  },
  {
    what: 'a folder',
    put: (text: string) =>
      writeFiles(join(temporary, 'mine'), { 'layer.json': manifest, 'a.md': text }),
    source: () => join(temporary, 'mine'),
  },
])('$what has no commits, and has to be what it was', async ({ put, source: sourceOf }) => {
  put('old')
  const source = sourceOf()
  const { commit, digest } = await fetchLayer(source, '/')
  expect(commit).toBeUndefined()
  const again = await fetchRecordedLayer({ source, digest }, '/', { isExact: true })
  expect(again.digest).toBe(digest)

  put('new')
  await expect(fetchRecordedLayer({ source, digest }, '/', { isExact: true })).rejects.toThrow(
    `${source} has changed since it was added`,
  )
  const other = await fetchRecordedLayer({ source, digest }, '/', { isExact: false })
  expect(other.files.get('a.md')?.content).toBe('new')
})

test('a recorded layer whose repository is gone', async () => {
  const origin = { source: 'gh:owner/repo#main', commit: '0'.repeat(40), digest: 'sha256-0' }
  await expect(fetchRecordedLayer(origin, '/', { isExact: true })).rejects.toThrow(
    `gh:owner/repo#${origin.commit} was not found.`,
  )
})

test('an archive that is cut short', async () => {
  // Of bytes that don't pack, so that half of it is half of the files.
  const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64')
  const { packed } = archiveOfCommit({ 'layer.json': manifest, 'a.md': noise, 'b.md': noise })
  answers.set('/repos/owner/repo/tarball/main', packed.subarray(0, packed.length / 2))
  expect((await refusal('gh:owner/repo')).message).toContain('is not a .tar.gz archive.')
  expect(leftovers()).toEqual([])
})

test.each([
  [404, 'was not found.', /Check it: .*GIGET_AUTH/],
  [403, 'may not be read.', /GIGET_AUTH/],
  [503, "isn't available right now: its server answered 503.", /later/],
])('says what status %i means', async (status, problem, fix) => {
  answers.set('/repos/owner/repo/tarball/main', status)
  const error = await refusal('gh:owner/repo')
  expect(error.message).toBe(`gh:owner/repo ${problem}`)
  expect(error.fix).toMatch(fix)
  expect(leftovers()).toEqual([])
})

test('says that the network is missing', async () => {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  vi.stubEnv('GIGET_GITHUB_URL', `http://127.0.0.1:${port}`)
  const error = await refusal('gh:owner/repo')
  expect(error.message).toBe("gh:owner/repo can't be reached.")
  expect(error.fix).toContain('network')
})

test('says that what came is no archive, or no layer', async () => {
  const good = archive({ 'a.md': 'x'.repeat(5000) })
  answers.set('/page.tar.gz', new TextEncoder().encode('<html>'))
  answers.set('/short.tar.gz', good.subarray(0, 60))
  answers.set('/repos/owner/repo/tarball/main', good)
  for (const name of ['page', 'short']) {
    const error = await refusal(`${address}/${name}.tar.gz`)
    expect(error.message).toContain('is not a .tar.gz archive.')
  }
  expect((await refusal('gh:owner/repo')).message).toBe(
    'gh:owner/repo is not a layer: it has no layer.json.',
  )
  expect((await refusal('gh:owner/repo/none')).message).toContain('no layer.json')
})

test('refuses a link in an archive', async () => {
  const folder = freshFolder()
  writeFiles(join(folder, 'repo'), { 'layer.json': manifest })
  symlinkSync('/etc/hosts', join(folder, 'repo/hosts'))
  const file = join(folder, 'archive.tar.gz')
  execFileSync('tar', ['-czf', file, '-C', folder, 'repo'])
  answers.set('/link.tar.gz', readFileSync(file))
  const error = await refusal(`${address}/link.tar.gz`)
  expect(error.message).toMatch(/hosts.*symbolic link/)
})

test.each([
  ['mine', '"mine" doesn\'t say where the layer is.'],
  ['foo:owner/repo', 'foo:owner/repo has an unknown prefix, "foo:".'],
  ['file://', 'file://'],
])('refuses %s before it asks anyone', async (source, message) => {
  expect((await refusal(source)).message).toContain(message)
  expect(requests).toEqual([])
})

test('an archive bomb is refused while it streams', async () => {
  // 600 MB of zeros, packed into 600 KB.
  const folder = freshFolder()
  const file = join(folder, 'bomb.tar.gz')
  const make =
    'mkdir repo && truncate -s 600M repo/zeros && tar -czf bomb.tar.gz repo && rm repo/zeros'
  execFileSync('sh', ['-c', make], { cwd: folder })
  answers.set('/bomb.tar.gz', readFileSync(file))
  const error = await refusal(`${address}/bomb.tar.gz`)
  expect(error.message).toContain('holds more than 256 MB')
  expect(leftovers()).toEqual([])
})

test('a folder of too much, such as a clone, is refused before it is read', async () => {
  const folder = layerFolder('mine', { 'a.bin': 'a' })
  truncateSync(join(folder, 'a.bin'), 300 * 1024 * 1024)
  expect((await refusal(folder)).message).toContain('holds more than 256 MB')
})

test('an archive of too many files is refused', async () => {
  const files = Object.fromEntries(Array.from({ length: 20_100 }, (_, index) => [`f/${index}`, '']))
  answers.set('/many.tar.gz', archive({ 'layer.json': manifest, ...files }))
  expect((await refusal(`${address}/many.tar.gz`)).message).toContain('holds more than 20000 files')
})
