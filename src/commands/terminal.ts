import { fstatSync } from 'node:fs'

/**
 * Whether a standard stream is a terminal. node:tty knows, and takes five
 * milliseconds to load, so it is asked only about devices.
 */
export async function isTerminal(fd: 0 | 1 | 2): Promise<boolean> {
  if (!mayBeTerminal(fd)) return false
  const { isatty } = await import('node:tty')
  return isatty(fd)
}

function mayBeTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice()
  } catch {
    // A closed stream, or a console of Windows that has no such status.
    return true
  }
}
