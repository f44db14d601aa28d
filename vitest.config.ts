import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { PATIENCE_MS } from './test/e2e/support/patience.ts'
import { LongestFirst } from './test/longest-first.ts'

export default defineConfig({
  test: {
    // Installing, building and starting a server take as long as they take, and twice that
    // on a busy machine. What waits for something waits for long; what is there is seen at once.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: PATIENCE_MS } },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'generator',
          // Much of it waits for programs that it runs.
          maxWorkers: Math.ceil(availableParallelism() * 1.5),
          globalSetup: 'test/helpers/installed.ts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          // A file runs an app, its backend and a browser: two at a time fill two cores,
          // and they have them to themselves.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          globalSetup: 'test/e2e/support/setup.ts',
          include: ['test/e2e/**/*.test.ts'],
        },
      },
    ],
  },
})
