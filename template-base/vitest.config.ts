import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    maxWorkers: '100%',
    // What is logged is of interest where a test fails.
    silent: 'passed-only',
    projects: [
      { extends: true, test: { name: 'app', include: ['test/lib/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'components',
          include: ['test/components/**/*.test.tsx'],
          environment: 'happy-dom',
        },
      },
      {
        test: {
          name: 'convex',
          // A machine that is busy takes its time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Better Auth is loaded once, and not for each file again.
          isolate: false,
          setupFiles: ['test/convex/setup.ts'],
          include: ['test/convex/**/*.test.ts'],
          environment: 'edge-runtime',
          server: { deps: { inline: ['convex-test'] } },
          // Variables of the deployment, as `convex env set` would set them.
          env: {
            CONVEX_SITE_URL: 'https://test.convex.site',
            SITE_URL: 'http://localhost:3000',
            BETTER_AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
          },
        },
      },
    ],
  },
})
