import { describeSite } from '../suite.ts'

describeSite('plain-github', 'production')
