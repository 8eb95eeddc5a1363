import { expect, it } from '@jest/globals';
import { ACR_MULTIPLE, ACR_SINGLE, methodsOf } from './claims.js';

it.each([
  [['password'], ['pwd'], ACR_SINGLE],
  [['password', 'totp'], ['pwd', 'otp', 'mfa'], ACR_MULTIPLE],
  [['password', 'recovery_code'], ['pwd', 'otp', 'mfa'], ACR_MULTIPLE],
  [['passkey'], ['pop', 'user', 'mfa'], ACR_MULTIPLE],
  [['own_provider'], [], ACR_SINGLE],
] as const)('says of %j that it is %j', (factors, amr, acr) => {
  expect(methodsOf(factors)).toEqual({ amr, acr });
});
