import { join } from 'node:path'

/** A place that the app runs on, as Nitro builds for it. */
export interface Host {
  readonly name: string
  /** The value of NITRO_PRESET. */
  readonly preset: string
  /** The npm package that brings the runtime. */
  readonly program?: string
  /** Where the build puts what browsers load. */
  readonly files: string
  /** What the README says of it. */
  readonly readme: string
  readonly command: (port: number) => readonly [string, ...string[]]
}

const SERVER = '.output/server/index.mjs'
const launcher = (name: string) => join(import.meta.dirname, `${name}.mjs`)

export const HOSTS: readonly Host[] = [
  {
    name: 'Node',
    readme: `run \`node ${SERVER}\``,
    preset: 'node-server',
    files: '.output/public',
    command: () => ['node', SERVER],
  },
  {
    name: 'Docker',
    readme: '**Docker:** build first',
    preset: 'node-server',
    files: '.output/public',
    command: () => ['node', launcher('docker')],
  },
  {
    name: 'Bun',
    readme: `\`NITRO_PRESET=bun\`, and run \`bun ${SERVER}\``,
    preset: 'bun',
    program: 'bun@1.4.5',
    files: '.output/public',
    command: () => ['bun', SERVER],
  },
  {
    name: 'Deno',
    readme: `\`NITRO_PRESET=deno_server\`, and run \`deno run -A ${SERVER}\``,
    preset: 'deno_server',
    program: 'deno@2.9.6',
    files: '.output/public',
    command: () => ['deno', 'run', '-A', SERVER],
  },
  {
    name: 'Vercel',
    readme: '**Vercel, Netlify:** make the command above the build command',
    preset: 'vercel',
    files: '.vercel/output/static',
    command: () => ['node', launcher('vercel')],
  },
  {
    name: 'Netlify',
    readme: 'on Netlify `dist` the publish directory',
    preset: 'netlify',
    files: 'dist',
    command: () => ['node', launcher('netlify')],
  },
  {
    name: 'Cloudflare Workers',
    readme: 'build with `NITRO_PRESET=cloudflare_module`',
    preset: 'cloudflare_module',
    program: 'wrangler@4.164.0',
    files: '.output/public',
    // The build names today, which is later than the runtime in the registry knows.
    command: (port) => [
      ...(['wrangler', 'dev', '--local', '--port', String(port), '--ip', 'localhost'] as const),
      '--compatibility-date',
      '2026-05-03',
      '--show-interactive-dev-session=false',
    ],
  },
]
