import { describeEmail } from '../suite.ts'

describeEmail('tailwind-github-google-email')
