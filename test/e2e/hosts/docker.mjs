import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Does what Docker would do with the README's Dockerfile, in a folder in place of an image.

const readme = readFileSync('README.md', 'utf8')
const [, dockerfile] = /```dockerfile\n(.*?)```/s.exec(readme)
const ignore = /with `(.*)` and `!(.*)` in `\.dockerignore`/.exec(readme)
const image = mkdtempSync(join(tmpdir(), 'image-'))
process.once('exit', () => rmSync(image, { recursive: true, force: true }))

let workdir = image
const steps = {
  FROM: (base) => {
    if (!/^node:\d+-slim$/.test(base)) throw new Error(`Another image: ${base}`)
  },
  WORKDIR: (path) => mkdirSync((workdir = join(image, path)), { recursive: true }),
  COPY: (names) => {
    const [from, to] = names.split(' ')
    if (ignore?.[1] !== '*' || ignore[2] !== from) throw new Error(`${from} is ignored`)
    cpSync(from, join(workdir, to), { recursive: true })
  },
  USER: () => {},
  CMD: (json) => {
    const [program, ...args] = JSON.parse(json)
    const child = spawn(program, args, { cwd: workdir, stdio: 'inherit' })
    process.once('SIGTERM', () => child.kill())
    child.once('exit', (code) => process.exit(code ?? 0))
  },
}
for (const line of dockerfile.trim().split('\n')) {
  const [, step, rest] = /^\s*([A-Z]+) (.*)$/.exec(line)
  await steps[step](rest)
}
