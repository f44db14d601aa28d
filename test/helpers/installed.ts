import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packAndInstall } from './pack.ts'
import type { Installed } from './pack.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The package, built, packed and installed once for the whole run. */
    installed: Installed
  }
}

/** Global set-up of vitest: packs before the first test, cleans up after the last. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  // A test runs it as another user.
  chmodSync(folder, 0o755)
  // For the browser tests, too, which pack for themselves where they run alone.
  project.vitest.provide('installed', packAndInstall(folder))
  return () => rmSync(folder, { recursive: true, force: true })
}
