import { readFileSync, writeFileSync } from 'node:fs'
import { COMBINATIONS } from '../test/helpers/combinations.ts'
import { startSite } from '../test/e2e/support/site.ts'
import { createAccount } from '../test/e2e/support/people.ts'
const workspace = JSON.parse(readFileSync('/tmp/hosts-ws/ws.json', 'utf8'))
const combination = COMBINATIONS.find((c) => c.name === process.argv[2])!
const site = await startSite({ workspace, combination, mode: 'production' })
const { cookie } = await createAccount(site)
writeFileSync('/tmp/hosts-ws/cookie', cookie)
console.log('ready', site.url)
const timer = setTimeout(() => {}, 1e9)
process.on('SIGTERM', async () => { await site.stop(); clearTimeout(timer); process.exit() })
