import { describeSite } from '../suite.ts'

describeSite('plain', 'production')
