import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import viteReact from '@vitejs/plugin-react'
import { nitro } from 'nitro/vite'
import { defineConfig, loadEnv } from 'vite'
// @slot imports

// Of every answer, files included; src/lib/security-headers.ts has the others.
const headers = {
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Content-Type-Options': 'nosniff',
}

export default defineConfig(({ mode }) => ({
  server: {
    port: Number(loadEnv(mode, import.meta.dirname, 'PORT').PORT),
    // SITE_URL names this port: on another one, sign-in would be refused.
    strictPort: true,
  },
  resolve: { tsconfigPaths: true },
  plugins: [
    // @slot plugins
    tanstackStart(),
    // Builds .output/, for Node or for the host that it builds on.
    nitro({
      compressPublicAssets: { gzip: true },
      routeRules: {
        '/**': { headers },
        // @slot routeRules
      },
      handlers: [
        { route: '/**', handler: './src/missing-asset.ts', middleware: true, env: 'prod' },
      ],
    }),
    viteReact(),
  ],
}))
