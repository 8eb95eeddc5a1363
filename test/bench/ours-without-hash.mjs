/**
 * The built API with a password hash that does nothing: an assembly of the bench, never a setting of the product. It replaces one provider
 * in what AppModule wires and then runs the API's own main.
 */
import { PasswordHasher } from '../../dist/libs/accounts/src/password.js';
import { AppModule } from '../../dist/apps/api/src/app.module.js';

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
    return { provide: PasswordHasher, useFactory: () => new PasswordHasher(() => Promise.resolve('$no-hash$')) };
  });
  return {
    ...module,
    ...(providers && { providers }),
    ...(module.imports && { imports: module.imports.map(withoutHash) }),
  };
}

await import('../../dist/apps/api/src/main.js');
