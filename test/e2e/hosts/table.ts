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
  readonly command: (port: number) => readonly [string, ...string[]]
}

const SERVER = '.output/server/index.mjs'
const launcher = (name: string) => join(import.meta.dirname, `${name}.mjs`)

export const HOSTS: readonly Host[] = [
  {
    name: 'Node',
    preset: 'node-server',
    files: '.output/public',
    command: () => ['node', SERVER],
  },
  {
    name: 'Bun',
    preset: 'bun',
    program: 'bun@1.4.5',
    files: '.output/public',
    command: () => ['bun', SERVER],
  },
  {
    name: 'Deno',
    preset: 'deno_server',
    program: 'deno@2.9.6',
    files: '.output/public',
    command: () => ['deno', 'run', '-A', SERVER],
  },
  {
    name: 'Vercel',
    preset: 'vercel',
    files: '.vercel/output/static',
    command: () => ['node', launcher('vercel')],
  },
  {
    name: 'Netlify',
    preset: 'netlify',
    files: 'dist',
    command: () => ['node', launcher('netlify')],
  },
  {
    name: 'Cloudflare Workers',
    preset: 'cloudflare_module',
    program: 'wrangler@4.164.0',
    files: '.output/public',
    // The build names today, which is later than the runtime in the registry knows.
    command: (port) => [
      ...(['wrangler', 'dev', '--local', '--port', String(port), '--ip', 'localhost'] as const),
      ...['--compatibility-date', '2026-05-03', '--show-interactive-dev-session=false'],
    ],
  },
]
