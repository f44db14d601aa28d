import type { Creation } from '../../../src/report/created.ts'

const github = [
  { name: 'GITHUB_CLIENT_ID', description: 'Client ID' },
  { name: 'GITHUB_CLIENT_SECRET', description: 'Client secret' },
]

export const created: Creation = {
  name: 'my-app',
  directory: 'my-app',
  path: 'my-app',
  siteUrl: 'http://localhost:3000',
  installed: false,
  committed: false,
  fileCount: 63,
  features: ['Tailwind CSS', 'GitHub', 'Google'],
  done: [],
  warnings: [],
  repeat: 'npm create start-convex-auth@0.1.0 my-app -- --tailwind',
  pm: {
    name: 'npm',
    install: 'npm install',
    cleanInstall: 'npm ci',
    pinned: '',
    run: 'npm run',
    exec: 'npx',
    test: 'npm test',
    npm: true,
    pnpm: false,
    yarn: false,
    bun: false,
  },
  env: [
    {
      name: 'SITE_URL',
      description: 'Where the app is',
      from: 'siteUrl',
      value: 'http://localhost:3000',
    },
    {
      name: 'BETTER_AUTH_SECRET',
      description: 'Signs sessions',
      from: 'secret',
      value: 'ab'.repeat(32),
    },
    ...github.map((variable) => ({ ...variable, value: '' })),
  ],
  services: [],
  providers: [
    {
      id: 'github',
      title: 'GitHub',
      url: 'https://provider.example/apps/new',
      callback: '/api/auth/callback/github',
      callbackUrl: 'http://localhost:3000/api/auth/callback/github',
      env: github,
    },
  ],
}
