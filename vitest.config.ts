import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: 'test/helpers/installed.ts',
    include: ['test/**/*.test.ts'],
    // Installing, building and starting a server take as long as they take.
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
})
