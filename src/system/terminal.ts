import { fstatSync } from 'node:fs'

/**
 * Whether a standard stream is a terminal. node:tty knows, and takes
 * milliseconds to load, so it is asked only about devices.
 */
export function isTerminal(fd: 0 | 1 | 2): boolean {
  // `import()` would load Node's loader of modules, too.
  return mayBeTerminal(fd) && process.getBuiltinModule('node:tty').isatty(fd)
}

function mayBeTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice()
  } catch {
    // A closed stream, or a console of Windows that has no such status.
    return true
  }
}
