import { describeSite } from '../suite.ts'

describeSite('tailwind-github', 'production')
