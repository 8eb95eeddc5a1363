import type { BreachedList } from './breached-list.js';
import { Cover } from './cover.js';

/** A unit of so many code points is a password by itself; a shorter one is none by being repeated. */
const UNIT_LENGTH_MIN = 15;
/** Shortest run along a row that is no accident. */
const RUN = 4;

/** Rows that fingers and memory follow, in both directions: alphabets, digits, keyboards by row and by column. */
const ROWS: readonly string[] = [
  'abcdefghijklmnopqrstuvwxyzabc',
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  'αβγδεζηθικλμνξοπρστυφχψω',
  '01234567890123',
  '!@#$%^&*()_+',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertzuiopü',
  'asdfghjklöä',
  'yxcvbnm,.-',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn,;:!',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
];

const RUNS: ReadonlySet<string> = new Set(
  ROWS.flatMap((row) => [...runsOf(row), ...runsOf([...row].reverse().join(''))]),
);

/**
 * True for a password that an attacker tries early: one from the list of breached ones, or what lists miss and programs make of them:
 * a short unit repeated; runs of one character or along a row, with fewer than 8 others; a listed word with nothing but digits and
 * symbols around it. Case makes no difference.
 * @param password normal form, see `normalisePassword`
 */
export function isKnown(password: string, list: BreachedList): boolean {
  const text = password.toLowerCase();
  const unit = unitOf(text);
  if (unit !== text && [...unit].length < UNIT_LENGTH_MIN) return true;
  return list.has(text) || list.has(unit) || isRuns(text) || isDressedWord(text, list);
}

/** The shortest start that, repeated and cut off, gives the whole; the whole itself when it holds no second one. */
function unitOf(text: string): string {
  // Failure function of Knuth, Morris and Pratt: linear, however the text was made.
  const borders = [0];
  for (let i = 1, border = 0; i < text.length; i++) {
    while (border > 0 && text[i] !== text[border]) border = borders[border - 1]!;
    if (text[i] === text[border]) border++;
    borders.push(border);
  }
  const period = text.length - (borders.at(-1) ?? 0);
  return period * 2 <= text.length ? text.slice(0, period) : text;
}

function isRuns(text: string): boolean {
  const cover = new Cover(text);
  cover.markEach(RUN, (stretch) => RUNS.has(stretch) || new Set(stretch).size === 1);
  return cover.leavesTooLittle;
}

/** What is around the word may be long enough to be a password by itself; then it is looked at as one elsewhere. */
function isDressedWord(text: string, list: BreachedList): boolean {
  const word = text.replace(/^\P{L}+/u, '').replace(/\P{L}+$/u, '');
  if ([...text].length - [...word].length >= UNIT_LENGTH_MIN) return false;
  return list.has(word) || list.has(unitOf(word));
}

function runsOf(row: string): string[] {
  const points = [...row];
  return points.slice(RUN - 1).map((_, at) => points.slice(at, at + RUN).join(''));
}
