import { symlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CliError } from './errors.ts'

/** Runs with a folder of ours in the system's, which is gone afterwards. */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  // Resolved: programs that are run in another folder get it, too.
  const folder = await mkdtemp(join(resolve(tmpdir()), 'start-convex-auth-')).catch((cause) => {
    throw new CliError(`No temporary folder can be made. ${(cause as Error).message}`, {
      fix: 'Set TMPDIR to a folder that you may write to, then run it again.',
      cause,
    })
  })
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Lets a repository of ours use the packages that another one has installed. */
export function borrowPackages(root: string, packages: string): void {
  symlinkSync(packages, join(root, 'node_modules'), 'junction')
}
