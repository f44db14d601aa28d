import { describeSite } from '../suite.ts'

describeSite('tailwind', 'production')
