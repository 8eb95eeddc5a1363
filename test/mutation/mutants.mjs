/**
 * The mutants: `find` stands exactly once in `file`; `specs` are path patterns of the tests that must turn red.
 * One for each protection whose loss nobody would notice by using the product.
 */
const core = 'libs/residency/src/';

const mutant = (name, file, find, replace, ...specs) => ({ name, file: core + file, find, replace, specs });

export const MUTANTS = [
  mutant('codec: encode trusts the text alone', 'ids.ts', 'if (!bytes || regionNumberOf(bytes) !== region.number)', 'if (!bytes)', 'l1-', 'l4-'),
  mutant('codec: decode takes a row of another region', 'ids.ts', 'if (regionNumberOf(bytes) !== region.number)', 'if (bytes.length === 0)', 'l1-', 'l4-'),
  mutant('codec: text and bytes may name two regions', 'ids.ts', 'bytes && regionNumberOf(bytes) === region.number ?', 'bytes ?', 'l1-', 'guard'),
  mutant('codec: any uuid counts as one of ours', 'ids.ts', 'if (bytes[6]! >>> 4 !== 8 || bytes[8]! >>> 6 !== 2) return 0;', '', 'l1-'),
  mutant('codec: the prefix is not looked at', 'ids.ts', 'text.startsWith(head)', 'text.length > head.length', 'l1-', 'l4-'),
  mutant('codec: a secret without its checksum', 'secrets.ts', 'checksum(text.slice(0, -CHECK)) !== match[5]', 'false', 'l1-', 'guard'),
  mutant('codec: padding bits of base32 are free', 'base32.ts', 'if (i === 0 && value >>> bits !== 0) return null;', '', 'l1-'),

  mutant('pool: a check-out without a permit', 'guarded-pool.ts', 'if (!permit?.live || !permit.spend())', 'if (!permit)', 'l3-', 'escapes'),
  mutant('pool: a permit of another region', 'guarded-pool.ts', 'if (permit.region !== this.#guard.region)', 'if (false as boolean)', 'l3-', 'escapes'),
  mutant('pool: the permit is read when the pool calls back', 'guarded-pool.ts', 'guarded.bind(permit);', 'guarded.bind(permits.getStore()!);', 'l2-', 'l3-'),
  mutant('pool: the callback runs in the releaser', 'guarded-pool.ts', 'AsyncResource.bind(callback)', 'callback', 'l2-', 'l3-'),
  mutant('pool: a client outlives its release', 'guarded-pool.ts', 'permit.end();\n        guarded.bind(null);', '', 'l3-'),
  mutant('pool: a client is used by whoever holds it', 'guarded-pool.ts', ' || permits.getStore() !== permit)', ')', 'l3-', 'escapes'),
  mutant('pool: a registered name with any text', 'guarded-pool.ts', 'return this.#statements.get(name) === text;', 'return this.#statements.has(name);', 'l3-'),
  mutant('pool: any text at all', 'guarded-pool.ts', 'return permit.transaction && TRANSACTION_TEXTS.has(text);', 'return true;', 'l3-', 'escapes'),
  mutant('pool: streams and cursors pass', 'guarded-pool.ts', 'config.submit !== undefined ||', '', 'l3-', 'escapes'),
  mutant('pool: queries straight on the pool', 'guarded-pool.ts', 'override query(): any {', "override query(): any {\n    if (this.totalCount >= 0) return super.query('select 1');", 'l3-'),
  mutant('pool: a connection past its deadline goes back', 'guarded-pool.ts', 'done(permit.poison ?? failure);', 'done(failure);', 'l2-', 'l3-'),

  mutant('marker: anyone may have signed it', 'marker.ts', 'if (!verify(null, Buffer.from(measured.statement), expected.publicKey, measured.signature))', 'if (measured.signature.length === 0)', 'l5-'),
  mutant('marker: of any region', 'marker.ts', 'found.region !== expected.region.code ||\n    found.number !== expected.region.number ||\n    measured.number !== expected.region.number', 'found.region === undefined', 'l5-'),
  mutant('marker: of any stack or environment', 'marker.ts', 'if (found.stack !== expected.stack || found.environment !== expected.environment)', 'if (found.stack === undefined)', 'l5-'),
  mutant('marker: of a copy', 'marker.ts', 'if (found.systemIdentifier !== measured.systemIdentifier || found.databaseOid !== measured.databaseOid)', 'if (found.database === undefined)', 'l5-'),
  mutant('marker: at any address', 'marker.ts', "if (found.endpoint === 'embedded' ? !expected.loopback : found.endpoint !== expected.endpoint)", 'if (found.endpoint === undefined)', 'l5-'),
  mutant('marker: roles are not looked at', 'handshake.ts', 'if (found.length > 0)', 'if (found.length > 1000)', 'l5-'),
  mutant('marker: asked at boot only, not per connection', 'guarded-pool.ts', 'await guard.handshake((text) => super.query(text));', 'const proven = ((globalThis as { proven?: WeakSet<object> }).proven ??= new WeakSet());\n    if (!proven.has(guard)) await guard.handshake((text) => super.query(text));\n    proven.add(guard);', 'l5-'),

  mutant('door: a context of any unit', 'context.ts', 'if (ambient.getStore() !== unit)', 'if (unit === undefined)', 'l2-'),
  mutant('door: a context past its end', 'context.ts', 'if (!unit.open)', 'if (false as boolean)', 'l2-'),
  mutant('door: a unit inside a unit', 'context.ts', 'if (ambient.getStore()?.open)', 'if (false as boolean)', 'l2-'),
  mutant('door: two contexts during a transaction', 'context.ts', 'if (unit.inTransaction && lease === null)', 'if (false as boolean)', 'l2-'),
  mutant('door: a forged context', 'context.ts', '!(#unit in context)', '!(context instanceof RegionContext)', 'l2-'),
  mutant('door: an account of another region', 'context.ts', 'this.ids.encode(id, ACCOUNT_PREFIX, this.region);', '', 'l11-', 'l1-', 'l4-'),
  mutant('door: a table is not confined to its account', 'table.ts', '{ ...(account !== undefined && confine ? { [own]: account } : {}), ...values }', '{ ...values }', 'l11-'),
  mutant('door: values may name another account', 'table.ts', 'if (account !== undefined && own in scoped && scoped[own] !== account)', 'if (false as boolean)', 'l11-'),
  mutant('door: a row of another account arrives', 'table.ts', "if (this.#declaration.kind === 'resident' && fields[own] !== where[own])", 'if (false as boolean)', 'l11-', 'l4-'),
  mutant('door: a row carries its home over', 'table.ts', 'assertHome(values, region);', '', 'l4-', 'escapes'),
  mutant('door: a condition without a value', 'table.ts', 'if (value === null || value === undefined) throw refused(`a condition on ${property} without a value`);', '', 'escapes', 'l3-'),
  mutant('door: an expression as a value', 'table.ts', "if (typeof value === 'function') throw refused(`an expression as the value of ${property}`);", '', 'escapes', 'l3-'),
  mutant('door: a statement over resident tables without the account', 'statement.ts', "if (this.#resident !== order.includes('accountId'))", 'if (false as boolean)', 'l3-', 'l11-'),
  mutant('door: a statement touches what it does not declare', 'door.ts', 'if (undeclared.length > 0)', 'if (undeclared.length > 1000)', 'l3-'),
  mutant('door: a failed transaction commits', 'door.ts', "client.query('ROLLBACK')", "client.query('COMMIT')", 'l2-'),

  mutant('guard: the origin may differ', 'http/region-router.ts', '!origin || elsewhere !== origin ||', '!origin ||', 'guard'),
  mutant('guard: regions that are not served', 'http/region-router.ts', ' || !this.served.includes(origin)) throw this.#misdirected', ') throw this.#misdirected', 'guard'),
  mutant('guard: the secret names no region', 'http/region-router.ts', '[origin, target, secret?.region]', '[origin, target]', 'guard'),
  mutant('guard: escaped codes', 'http/region-router.ts', "path.includes('%') ? undefined : this.regions.find", 'this.regions.find', 'guard'),
  mutant('guard: handlers without a unit of work', 'http/region.guard.ts', 'if (!isRegionless(request)) contextOf(request);', '', 'guard'),
  mutant('guard: the first of two credentials', 'http/region-hooks.ts', "assertSingle(request, 'authorization');", '', 'guard'),
  mutant('database: home checks hold for everyone', 'declarations.ts', '`residency.region_of(${column}) = residency.region()`', '`${column} is not null`', 'l4-'),
];
