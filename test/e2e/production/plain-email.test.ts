import { describeEmail } from '../suite.ts'

describeEmail('plain-email')
