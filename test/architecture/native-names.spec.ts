import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { withNativeNames } from '../../tools/native-names.mjs';

/** What esbuild defines for every bundle. */
const NAMING = `var __name = (target, value) => (calls++, Object.defineProperty(target, "name", { value, configurable: true }));`;
const CODE = `var calls = 0; ${NAMING}
function plain() {} __name(plain, "plain");
function renamed2() {} __name(renamed2, "renamed");
const arrow = /* @__PURE__ */ __name(() => 1, "arrow"), other2 = /* @__PURE__ */ __name(async () => 2, "other");
const within = /* @__PURE__ */ __name(() => { const inner = /* @__PURE__ */ __name((v) => v, "inner"); return inner; }, "within");
const object = { type: /* @__PURE__ */ __name(() => String, "type"), "a-b": /* @__PURE__ */ __name(function() {}, "a-b"),
  own: /* @__PURE__ */ __name(function own() {}, "own"), key: /* @__PURE__ */ __name(() => 1, "elsewhere") };
let assigned; assigned = /* @__PURE__ */ __name(() => 2, "assigned");
object.member = /* @__PURE__ */ __name(() => 3, "member");
const either = object.none || /* @__PURE__ */ __name(() => 4, "either");
class Named2 { static { __name(this, "Named"); } field = /* @__PURE__ */ __name(() => 1, "field"); }
const functions = [plain, renamed2, arrow, other2, within, within(), ...Object.values(object), assigned, either, Named2, new Named2().field];
({ names: functions.map(({ name }) => name), calls });`;

const ran = (code: string): { names: string[]; calls: number } =>
  runInNewContext(code) as { names: string[]; calls: number };

describe('native names', () => {
  it('leave every function and class the name it had, and most calls out', () => {
    const [before, after] = [ran(CODE), ran(withNativeNames(CODE))];
    expect([...after.names]).toEqual([...before.names]);
    // What the bundler has renamed, what stands where the language gives no name or another one, and the class.
    expect(after.names.length - after.calls).toBe(9);
  });
});
