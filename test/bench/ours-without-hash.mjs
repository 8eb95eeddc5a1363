/**
 * The built API with a password hash that does nothing: an assembly of the bench, never a setting of the product. It replaces one provider
 * in what AppModule wires and then runs the API's own main.
 */
import { PasswordHasher } from '../../dist/libs/accounts/src/password.js';
import { AppModule } from '../../dist/apps/api/src/app.module.js';

/** As long as a hash is, and at today's cost by its words. */
const PHC = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
/** The one password that is right for everybody; see PASSWORD in test/support/api.ts. */
const RIGHT = 'correct horse battery staple';
const NO_WORK = {
  hash: () => Promise.resolve(PHC),
  verify: (password) => Promise.resolve(password === RIGHT),
  isKnown: () => Promise.resolve(false),
};

const forRoot = AppModule.forRoot.bind(AppModule);
let replaced = 0;

AppModule.forRoot = (...given) => {
  const wired = withoutHash(forRoot(...given));
  if (replaced !== 1)
    throw new Error('The API wires its password hasher in another way than the bench knows; adapt it.');
  return wired;
};

function withoutHash(module) {
  const providers = module.providers?.map((provider) => {
    if (provider.provide !== PasswordHasher) return provider;
    replaced++;
    return { provide: PasswordHasher, useFactory: () => new PasswordHasher(NO_WORK) };
  });
  return {
    ...module,
    ...(providers && { providers }),
    ...(module.imports && { imports: module.imports.map(withoutHash) }),
  };
}

await import('../../dist/apps/api/src/main.parts.js');
