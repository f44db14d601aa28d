import { parseArgs } from 'node:util'
import { startDeployment } from './server.ts'

const usage =
  'Usage: tsx test/deployment/cli.ts APPDIR [--port N] [--site-port N] [--env NAME=value ...]'

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      'site-port': { type: 'string' },
      env: { type: 'string', multiple: true },
    },
  })
  const [appDir] = positionals
  if (appDir === undefined || positionals.length > 1) throw new Error(usage)
  const deployment = await startDeployment({
    appDir,
    port: Number(values.port ?? 0),
    sitePort: Number(values['site-port'] ?? 0),
    env: Object.fromEntries((values.env ?? []).map(splitVariable)),
  })
  console.log(`# .env.local
VITE_CONVEX_URL=${deployment.url}
VITE_CONVEX_SITE_URL=${deployment.siteUrl}
# for the Convex CLI
CONVEX_SELF_HOSTED_URL=${deployment.url}
CONVEX_SELF_HOSTED_ADMIN_KEY=${deployment.adminKey}
# Runs until Ctrl-C`)
  const stop = () => void deployment.stop()
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

function splitVariable(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`--env ${text}: write it as NAME=value`)
  return [text.slice(0, at), text.slice(at + 1)]
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
