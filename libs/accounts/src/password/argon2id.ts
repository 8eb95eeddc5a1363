import type { Algorithm } from '@node-rs/argon2';

/** Loaded by the first hash: the API only reads what hashes say of themselves, and needs none of its native code. */
const argon2 = (): Promise<typeof import('@node-rs/argon2')> => import('@node-rs/argon2');

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. About 8 ms; two in flight fill this machine. */
const COST = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const PHC = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$[A-Za-z0-9+/]{22,86}\$[A-Za-z0-9+/]{43,86}$/;

/** A hash of no password, at today's cost: verifying against it takes as long as against a real one. */
export const NOBODYS_PHC = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$bm9ib2R5cy1zYWx0LTE2Yg$bm8tcGFzc3dvcmQtaGFzaGVzLXRvLXRoZXNlLTMyLWI`;

/** @returns PHC string at today's cost, with a random salt of 16 bytes */
export async function hashArgon2id(password: string): Promise<string> {
  return (await argon2()).hash(password, COST);
}

/**
 * Whether the password is the one that was hashed; at the cost that the PHC string names.
 * @throws Error when it is no PHC string of argon2id; the package would say no, and everyone's password be wrong
 */
export async function verifyArgon2id(password: string, phc: string): Promise<boolean> {
  costOf(phc);
  return (await argon2()).verify(phc, password);
}

/**
 * True when a stored hash was made at less than today's cost in any respect, and should be made anew at the next sign-in.
 * @throws Error when it is no PHC string of argon2id: a fault of ours, never a wrong password
 */
export function isOutdatedPhc(phc: string): boolean {
  const { memoryCost, timeCost, parallelism } = costOf(phc);
  return memoryCost < COST.memoryCost || timeCost < COST.timeCost || parallelism < COST.parallelism;
}

function costOf(phc: string): { memoryCost: number; timeCost: number; parallelism: number } {
  const [, memoryCost, timeCost, parallelism] = (PHC.exec(phc) ?? []).map(Number);
  if (memoryCost === undefined || timeCost === undefined || parallelism === undefined)
    throw new Error('A stored password hash is not a PHC string of argon2id; restore the credential from a backup.');
  return { memoryCost, timeCost, parallelism };
}
