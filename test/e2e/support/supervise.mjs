// Runs a program in a process group of its own, and ends the group when
// standard input closes: when the one who started it says so, or is dead.
import { spawn } from 'node:child_process'

const [file = '', ...args] = process.argv.slice(2)
const child = spawn(file, args, {
  detached: true,
  stdio: ['ignore', 'inherit', 'inherit'],
})

const end = (signal) => {
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

child.once('error', (error) => {
  console.error(error.message)
  process.exit(127)
})
child.once('exit', (code) => {
  // What it left in its group.
  end('SIGKILL')
  process.exit(code ?? 1)
})

process.stdin.resume().once('close', () => {
  end('SIGTERM')
  setTimeout(end, 2000, 'SIGKILL')
})
process.on('SIGINT', () => {}).on('SIGTERM', () => process.stdin.destroy())
