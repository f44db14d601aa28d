import crypto, { type BinaryLike, type ScryptOptions } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
// @slot imports

const { scrypt } = crypto

type Done = (error: Error | null, key: Buffer) => void

/** Passwords are hashed as in production, but for the cost, which is meant for attackers. */
const quickScrypt = (
  password: BinaryLike,
  salt: BinaryLike,
  length: number,
  options: ScryptOptions,
  done: Done,
) => scrypt(password, salt, length, { ...options, N: 2 }, done)

Object.assign(crypto, { scrypt: quickScrypt })
syncBuiltinESMExports()
// @slot timers
