import { describeSite } from '../suite.ts'

describeSite('tailwind-google', 'production')
