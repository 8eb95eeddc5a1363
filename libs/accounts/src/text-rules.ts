import { applyDecorators } from '@nestjs/common';
import { isISO31661Alpha2, registerDecorator } from 'class-validator';
import { holdsCardNumber } from './card-number.js';
import { normaliseDomain, normaliseEmail } from './email-address.js';
import { normalisePassword } from './password.js';
import { isPlainText } from './plain-text.js';

/** The sentence for each rule of this file, by its name: for the validation pipe. None holds a value. */
export const TEXT_RULE_MESSAGES = {
  isEmailAddress:
    'The value must be an e-mail address like name@example.org, without quotes, comments or an IP literal.',
  isMailDomain: 'The value must be a domain that mail can be sent to, like example.org.',
  isPassword: 'The password must have 15 to 1024 characters.',
  isPlainText:
    'The value must be one line of 1 to 200 characters, without control characters or overrides of reading direction.',
  holdsNoCardNumber: 'The value looks like the number of a payment card, which is never accepted; leave it out.',
  isPostalAddress: 'The value must be 1 to 6 lines of text of 1 to 200 characters each, without control characters.',
  isTimeZone: 'The value must be a name of the IANA time zone database like Europe/Berlin.',
  isCountry: 'The value must be the code of a country by ISO 3166-1, two letters like DE.',
} as const;

/** Code points of a name at most. */
export const NAME_LENGTH_MAX = 200;

function valueRule(name: keyof typeof TEXT_RULE_MESSAGES, holds: (value: unknown) => boolean) {
  return (): PropertyDecorator => (prototype, propertyName) =>
    registerDecorator({
      name,
      target: prototype.constructor,
      propertyName: propertyName as string,
      validator: { validate: holds },
    });
}

function rule(name: keyof typeof TEXT_RULE_MESSAGES, holds: (text: string) => boolean) {
  return valueRule(name, (value) => typeof value === 'string' && holds(value));
}

/** An address that has a normal form, see {@link normaliseEmail}. */
export const IsEmailAddress = rule('isEmailAddress', (text) => normaliseEmail(text) !== null);

/** The domain of such an address, see {@link normaliseDomain}. */
export const IsMailDomain = rule('isMailDomain', (text) => normaliseDomain(text) !== null);

/** A password that may be hashed, see {@link normalisePassword}. */
export const IsPassword = rule('isPassword', (text) => normalisePassword(text) !== null);

const IsPlainText = rule('isPlainText', (text) => isPlainText(text, NAME_LENGTH_MAX));
/** On every field that takes words of one's own: the numbers of payment cards stand nowhere here (promise P9). */
export const HoldsNoCardNumber = valueRule(
  'holdsNoCardNumber',
  (value) => !textsOf(value).some((text) => holdsCardNumber(text)),
);

/**
 * An address that somebody new is to have, and that is kept as it was typed. One that people sign in with is not held to this: it
 * is in use, whatever it looks like.
 */
export const IsNewEmailAddress = (): PropertyDecorator => applyDecorators(IsEmailAddress(), HoldsNoCardNumber());

/** A name of at most 200 code points, see {@link isPlainText}, and no card number in it. */
export const IsName = (): PropertyDecorator => applyDecorators(IsPlainText(), HoldsNoCardNumber());

const LINES_MAX = 6;
const IsAddressLines = valueRule(
  'isPostalAddress',
  (value) =>
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= LINES_MAX &&
    value.every((line) => typeof line === 'string' && isPlainText(line, NAME_LENGTH_MAX)),
);

/** 1 to 6 lines, each like a name. */
export const IsPostalAddress = (): PropertyDecorator => applyDecorators(IsAddressLines(), HoldsNoCardNumber());

/** A zone that this version of ICU knows, under its name and not by its offset. */
export const IsTimeZone = rule('isTimeZone', isTimeZone);

/** ISO 3166-1 alpha-2, of a country that is there. */
export const IsCountry = rule('isCountry', isISO31661Alpha2);

function isTimeZone(text: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A card number may be spread over the lines of one value. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return [value.filter((each) => typeof each === 'string').join('\n')];
  return typeof value === 'string' ? [value] : [];
}
