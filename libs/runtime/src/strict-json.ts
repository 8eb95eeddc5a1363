import { Problem } from './problem.js';

/** What {@link parseStrictJson} gives: plain data, own properties only. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** An object of JSON values. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** How deep objects and arrays may nest; the top object is 1. */
export const JSON_DEPTH_MAX = 16;

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const WHITE_SPACE = ' \t\n\r';

/**
 * The one JSON object that these bytes are, in time linear in their number.
 * Stricter than RFC 8259, where readers disagree and a check could be passed under one reading and acted upon under another:
 * UTF-8 without a byte order mark, no duplicate key at any depth (compared after escapes), no lone surrogate and no NUL in a key
 * or a string, none of the keys that JavaScript gives a meaning to, at most {@link JSON_DEPTH_MAX} deep, an object on top
 * (the choices of I-JSON, RFC 7493, and a few more).
 * @throws Problem `request.malformed`, the same for every reason: a parser's own message quotes the input.
 */
export function parseStrictJson(bytes: Uint8Array): JsonObject {
  let text: string;
  let value: JsonValue;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new Problem('request.malformed');
  }
  if (!isObject(value) || !isStrict(text)) throw new Problem('request.malformed');
  return value;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `text` must be valid JSON: then a quote always begins a string, and a string before a colon is always a key. */
function isStrict(text: string): boolean {
  const keysOfOpenObjects: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (keysOfOpenObjects.length === JSON_DEPTH_MAX) return false;
      keysOfOpenObjects.push(new Set());
    } else if (character === '}' || character === ']') {
      keysOfOpenObjects.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      const string = stringAt(text, at, end);
      // Only an escape can bring these in: the decoder refuses surrogates, and JSON refuses a raw NUL.
      if (!string.isWellFormed() || string.includes('\0')) return false;
      at = end - 1;
      if (isFollowedByColon(text, end)) {
        const keys = keysOfOpenObjects.at(-1);
        if (keys === undefined || keys.has(string) || FORBIDDEN_KEYS.has(string)) return false;
        keys.add(string);
      }
    }
  }
  return true;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function stringAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : raw;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && WHITE_SPACE.includes(text.charAt(at))) at++;
  return text[at] === ':';
}
