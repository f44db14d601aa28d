import { describeSite } from '../suite.ts'

describeSite('plain-google', 'production')
