import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ResidencyError } from '@domicile/residency';
import type { Clock } from '@domicile/runtime';

/** A published document that people accept. */
export const PRIVACY_NOTICE = 'privacy-notice';

/** One version of a document, exactly as published. */
export interface Policy {
  readonly kind: string;
  /** The date of its file, `YYYY-MM-DD`; also the day from which it holds (UTC). */
  readonly version: string;
  readonly effectiveFrom: string;
  /** SHA-256 of `text` in UTF-8, hex: what an acceptance records. */
  readonly sha256: string;
  /** Markdown. */
  readonly text: string;
  /** The same to read by: neither accepted nor part of what is hashed. */
  readonly translations: readonly Translation[];
}

/** A document in another language than that in which it is binding. */
export interface Translation {
  /** ISO 639-1. */
  readonly language: string;
  /** Markdown. */
  readonly text: string;
}

/** The published documents, read once from `<folder>/<kind>/<date>.md`, and beside it `<date>.<language>.md` to read by. Every version stays there for good: acceptances name it. */
export class Policies {
  readonly #byKind = new Map<string, readonly Policy[]>();

  /** @throws ResidencyError residency.configuration_invalid when the folder cannot be read or holds no privacy notice in force */
  constructor(
    folder: string,
    private readonly clock: Clock,
  ) {
    for (const kind of entriesOf(folder, 'folders')) this.#byKind.set(kind, versionsOf(folder, kind));
    if (!this.#newest(PRIVACY_NOTICE))
      throw invalid(`${join(folder, PRIVACY_NOTICE)} holds no notice in force; put one there as YYYY-MM-DD.md.`);
  }

  /** The version in force today (UTC): the newest whose date has come. */
  current(kind: string): Policy {
    const policy = this.#newest(kind);
    if (!policy) throw invalid(`No version of ${kind} is in force; put one there whose date has come.`);
    return policy;
  }

  /** A version that was published, in force or not; undefined when there is none. */
  find(kind: string, version: string): Policy | undefined {
    return this.#byKind.get(kind)?.find((policy) => policy.version === version);
  }

  #newest(kind: string): Policy | undefined {
    const today = this.clock.now().toISOString().slice(0, 10);
    return this.#byKind.get(kind)?.findLast((policy) => policy.effectiveFrom <= today);
  }
}

function entriesOf(folder: string, what: 'folders' | 'files'): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() === (what === 'folders'),
    );
    return entries.map((entry) => entry.name).sort();
  } catch {
    throw invalid(
      `The folder of the policies ${folder} cannot be read; correct DOMICILE_POLICIES_DIR or leave it out.`,
    );
  }
}

function versionsOf(folder: string, kind: string): Policy[] {
  const files = entriesOf(join(folder, kind), 'files');
  const read = (file: string): string => readFileSync(join(folder, kind, file), 'utf8');
  return files
    .map((file) => /^(\d{4}-\d{2}-\d{2})\.md$/.exec(file)?.[1])
    .filter((version) => version !== undefined)
    .map((version) => {
      const text = read(`${version}.md`);
      const translations = files
        .map((file) => /^(.+)\.([a-z]{2})\.md$/.exec(file))
        .filter((found) => found?.[1] === version)
        .map((found) => Object.freeze({ language: found![2]!, text: read(found![0]) }));
      return Object.freeze({
        kind,
        version,
        effectiveFrom: version,
        sha256: createHash('sha256').update(text).digest('hex'),
        text,
        translations: Object.freeze(translations),
      });
    });
}

function invalid(message: string): ResidencyError {
  return new ResidencyError('residency.configuration_invalid', message);
}
