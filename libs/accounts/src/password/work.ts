/** The costly and the bulky part of passwords. All take the normal form, see `normalisePassword`. */
export interface PasswordWork {
  /** @returns PHC string with a salt of its own */
  hash(password: string): Promise<string>;
  /** @throws Error when `phc` cannot be read */
  verify(password: string, phc: string): Promise<boolean>;
  /** True when an attacker would try it early, see {@link isKnown}. */
  isKnown(password: string): Promise<boolean>;
}

/** One piece of work as it goes to the child: a verb of {@link PasswordWork} and its arguments, under a number. */
export interface Job {
  readonly id: number;
  readonly verb: keyof PasswordWork;
  readonly words: readonly string[];
}
