import { type ArgumentMetadata, type PipeTransform, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, Problem } from './problem.js';

const UNKNOWN: FieldError = {
  pointer: '',
  code: 'unknown_property',
  message: 'The request holds a property that is not declared; leave it out.',
};

const ANY_MESSAGE = 'The value is not acceptable.';

/** The sentence for each constraint of class-validator that the product uses, by its name. */
const MESSAGES: Readonly<Record<string, string>> = {
  arrayMaxSize: 'There are too many items.',
  arrayMinSize: 'There are too few items.',
  arrayUnique: 'The items must differ from each other.',
  equals: 'The value is not the expected one.',
  isArray: 'The value must be an array.',
  isBoolean: 'The value must be true or false.',
  isDefined: 'The value is required.',
  isEnum: 'The value is not one of those allowed.',
  isIn: 'The value is not one of those allowed.',
  isInt: 'The value must be a whole number.',
  isISO8601: 'The value must be a date and time in RFC 3339 form.',
  isLength: 'The value is too short or too long.',
  isNotEmpty: 'The value must not be empty.',
  isNumber: 'The value must be a number.',
  isObject: 'The value must be an object.',
  isString: 'The value must be a string.',
  matches: 'The value does not have the required form.',
  max: 'The value is too large.',
  maxLength: 'The value is too long.',
  min: 'The value is too small.',
  minLength: 'The value is too short.',
  nestedValidation: 'The value must be an object.',
};

/**
 * The one validation pipe: `app.useGlobalPipes(validationPipe())`. Undeclared properties are refused, nothing is converted
 * (`"1"` is no number), and one error is given per field.
 * `messages` adds sentences for custom constraints by their names; the message that a decorator was given is never used,
 * because it can interpolate the value.
 * @throws Problem `request.invalid` with pointers to declared fields; an undeclared name is never repeated.
 * @throws Problem `request.query_refused` for an undeclared query parameter.
 */
export function validationPipe(messages: Readonly<Record<string, string>> = {}): PipeTransform {
  return new StrictValidationPipe({ ...MESSAGES, ...messages });
}

class StrictValidationPipe extends ValidationPipe {
  constructor(messages: Readonly<Record<string, string>>) {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      transformOptions: { enableImplicitConversion: false },
      stopAtFirstError: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new Problem('request.invalid', { errors: fieldErrors(errors, messages) }),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // Values of our own decorators (context, checked ids) are no input.
    if (metadata.type === 'custom') return value;
    const isQuery = metadata.type === 'query';
    // class-validator looks names up in a plain object, so "hasOwnProperty" passes its whitelist.
    if (hasInheritedName(value)) throw isQuery ? new Problem('request.query_refused') : invalid([UNKNOWN]);
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (isQuery && error instanceof Problem && error.errors.includes(UNKNOWN))
        throw new Problem('request.query_refused');
      throw error;
    }
  }
}

function invalid(errors: readonly FieldError[]): Problem {
  return new Problem('request.invalid', { errors });
}

function hasInheritedName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return Object.entries(value).some(([name, member]) => name in Object.prototype || hasInheritedName(member));
}

function fieldErrors(errors: readonly ValidationError[], messages: Readonly<Record<string, string>>): FieldError[] {
  const found: FieldError[] = [];
  const visit = (error: ValidationError, parent: string): void => {
    const constraints = Object.keys(error.constraints ?? {});
    if (constraints.includes('whitelistValidation')) {
      if (!found.includes(UNKNOWN)) found.push(UNKNOWN);
      return;
    }
    const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [name] = constraints;
    if (name !== undefined) found.push({ pointer, code: snakeCase(name), message: messages[name] ?? ANY_MESSAGE });
    for (const child of error.children ?? []) visit(child, pointer);
  };
  for (const error of errors) visit(error, '');
  return found;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]+/g, (capitals, at: number) => `${at === 0 ? '' : '_'}${capitals.toLowerCase()}`);
}
