// Runs a program, and ends it with all its descendants when standard input
// closes: when the one who started it says so, or is dead. A group isn't enough:
// `convex dev --start` puts the app into a session of its own.
import { execFileSync, spawn } from 'node:child_process'

const [file = '', ...args] = process.argv.slice(2)
const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] })
let ending = false

const descendants = () => {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {
    encoding: 'utf8',
  })
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/))
  const found = [String(child.pid)]
  for (const parent of found) {
    found.push(...rows.filter((row) => row[1] === parent).map(([pid]) => pid))
  }
  return found.map(Number)
}

const signal = (pids, name) => {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }
}

const end = () => {
  if (ending) return
  ending = true
  const pids = descendants()
  signal(pids, 'SIGTERM')
  setTimeout(() => {
    signal(pids, 'SIGKILL')
    process.exit(0)
  }, 700)
}

child.once('error', (error) => {
  console.error(error.message)
  process.exit(127)
})
child.once('exit', (code) => {
  if (!ending) process.exit(code ?? 1)
})
process.stdin.resume().once('close', end)
process.on('SIGINT', end).on('SIGTERM', end)
