/**
 * Jest's own way of running tests, circus, in Node itself. Jest would give each spec file a world of its own, in which every package and
 * every library is read, compiled and grown warm anew: half of what a spec file costs. Here a worker has one world: packages are evaluated
 * once, `apps/` and `libs/` as well unless the project asks for them anew (`testEnvironmentOptions: { librariesAnew: true }`), and a spec
 * file and what it imports below `test/` always anew (decision 062).
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import circus from 'jest-circus/runner';
import { ROOT, runTypeScript } from './typescript.mjs';

const require = createRequire(import.meta.url);

/** What `@jest/globals` gives to the spec file that is running. */
const GLOBALS = Symbol.for('domicile.jest-globals');
const NAMES = ['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'describe', 'expect', 'it', 'jest', 'test'];
/** Where circus keeps what belongs to one spec file; it is to find nothing of the last one. */
const OF_A_FILE = [Symbol.for('EVENT_HANDLERS'), Symbol.for('TEST_TIMEOUT_SYMBOL')];

let files = 0;

/** What Jest calls for each spec file: its `testRunner`. */
export default async function runInNode(globalConfig, config, environment, _runtime, testPath, sendMessageToJest) {
  const { librariesAnew = false } = config.testEnvironmentOptions;
  // Node reads the maps of what it runs itself; Jest's own reader knows what Jest has compiled.
  delete Error.prepareStackTrace;
  const node = {
    requireInternalModule(path) {
      for (const key of OF_A_FILE) delete globalThis[key];
      delete require.cache[path];
      return require(path);
    },
    requireModule: require,
    setGlobalsForRuntime(globals) {
      globalThis[GLOBALS] = { ...globals, jest: mocking(environment.moduleMocker) };
    },
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (path) =>
      import(`${pathToFileURL(path).href}?${librariesAnew ? 'alone' : 'file'}=${(files += 1)}`),
    enterTestCode() {},
    leaveTestCode() {},
  };
  return circus.default(globalConfig, config, environment, node, testPath, sendMessageToJest);
}

/** Of Jest's object of that name, what is used here. */
function mocking(mocker) {
  return {
    setTimeout: (ms) => void (globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = ms),
    spyOn: (object, method) => mocker.spyOn(object, method),
    restoreAllMocks: () => mocker.restoreAllMocks(),
  };
}

/** Modules are told apart by the number of their spec file, which they hand on to what is evaluated anew with them. */
function placeOf(specifier, parent) {
  const [, number = '', isAlone] = /(\?(?:file|(alone))=\d+)$/.exec(parent) ?? [];
  if (specifier === '@jest/globals') return globalsModule(number);
  const library = /^@domicile\/(.+)$/.exec(specifier);
  if (library) return `${ROOT}libs/${library[1]}/src/index.ts${isAlone ? number : ''}`;
  if (!specifier.startsWith('.') || !parent.startsWith(ROOT) || !/\.ts(?:\?|$)/.test(parent)) return undefined;
  const url = new URL(specifier, parent).href.replace(/\.js$/, '.ts');
  const isShared = !isAlone && /^(?:apps|libs)\//.test(url.slice(ROOT.length));
  return isShared ? url : `${url}${number}`;
}

function globalsModule(number) {
  const source = `export const { ${NAMES.join(', ')} } = globalThis[Symbol.for('${GLOBALS.description}')];`;
  return `data:text/javascript,${encodeURIComponent(source)}//${number}`;
}

process.setSourceMapsEnabled(true);
runTypeScript(placeOf);
