// Preloaded into an app's server: its clock is as far off as the file that CLOCK_FILE names says.
import { readFileSync } from 'node:fs'
import { shiftDate } from '../../deployment/shift-date.mjs'

const file = process.env.CLOCK_FILE
if (file) shiftDate(() => Number(readFileSync(file, 'utf8')))
