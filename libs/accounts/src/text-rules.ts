import { registerDecorator } from 'class-validator';
import { normaliseEmail } from './email-address.js';
import { normalisePassword } from './password.js';
import { isPlainText } from './plain-text.js';

/** The sentence for each rule of this file, by its name: for the validation pipe. None holds a value. */
export const TEXT_RULE_MESSAGES = {
  isEmailAddress:
    'The value must be an e-mail address like name@example.org, without quotes, comments or an IP literal.',
  isPassword: 'The password must have 15 to 1024 characters.',
  isPlainText:
    'The value must be one line of 1 to 200 characters, without control characters or overrides of reading direction.',
} as const;

/** Code points of a name at most. */
export const NAME_LENGTH_MAX = 200;

function rule(name: keyof typeof TEXT_RULE_MESSAGES, holds: (text: string) => boolean) {
  return (): PropertyDecorator => (prototype, propertyName) =>
    registerDecorator({
      name,
      target: prototype.constructor,
      propertyName: propertyName as string,
      validator: { validate: (value: unknown) => typeof value === 'string' && holds(value) },
    });
}

/** An address that has a normal form, see {@link normaliseEmail}. */
export const IsEmailAddress = rule('isEmailAddress', (text) => normaliseEmail(text) !== null);

/** A password that may be hashed, see {@link normalisePassword}. */
export const IsPassword = rule('isPassword', (text) => normalisePassword(text) !== null);

/** A name of at most 200 code points, see {@link isPlainText}. */
export const IsName = rule('isPlainText', (text) => isPlainText(text, NAME_LENGTH_MAX));
