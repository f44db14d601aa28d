import { describeSite } from '../suite.ts'

describeSite('plain-github-google', 'production')
