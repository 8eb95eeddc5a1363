/** As much of an OpenAPI 3.0 schema as the product's document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A body with what the document shows of it: one example of what is wanted, several of what is refused. */
interface Content {
  readonly content?: Readonly<
    Record<
      string,
      {
        readonly schema: Schema;
        readonly example?: unknown;
        readonly examples?: Readonly<Record<string, { readonly $ref: string }>>;
      }
    >
  >;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Content;
  readonly security?: readonly object[];
  readonly responses: Readonly<
    Record<string, Content & { readonly description: string; readonly headers?: Readonly<Record<string, object>> }>
  >;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
  };
}

/** Where an answer is not what the document says of that operation; empty when it is. */
export function undocumented(
  document: Document,
  name: string,
  { status, headers, text }: { readonly status: number; readonly headers: object; readonly text: string },
): string[] {
  const documented = operationsOf(document)[name]?.responses[String(status)];
  if (!documented) return [`${name} is not said to answer ${status}`];
  const sent = headers as Readonly<Record<string, string | undefined>>;
  const absent = Object.keys(documented.headers ?? {}).filter((header) => !sent[header.toLowerCase()]);
  const [type, content] = Object.entries(documented.content ?? {})[0] ?? [];
  return [
    ...absent.map((header) => `${name} has no ${header}`),
    ...(sent['content-type']?.split(';')[0] === type ? [] : [`${name} is ${sent['content-type']}`]),
    ...(content ? violations(document, content.schema, JSON.parse(text)) : text === '' ? [] : [`${name} has a body`]),
  ];
}

/** Pointers of all texts that a body of that schema may hold, but for those that are one of a list. */
export function textsOf(document: Document, given: Schema, at = ''): string[] {
  const { type, properties = {}, items, enum: list } = resolved(document, given);
  if (type === 'array' && items) return textsOf(document, items, at);
  if (type === 'string') return list ? [] : [at];
  return Object.entries(properties).flatMap(([name, member]) => textsOf(document, member, `${at}/${name}`));
}

/** Every operation of the document by `METHOD /path`. */
export function operationsOf({ paths }: Document): Readonly<Record<string, Operation>> {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
  return Object.fromEntries(all);
}

/** The schema itself where another one names it. */
export function resolved(document: Document, schema: Schema): Schema {
  const named = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]!.$ref : undefined);
  return named === undefined ? schema : document.components.schemas[named.replace('#/components/schemas/', '')]!;
}

/** Where a value is not what the schema says; empty when it is. Undeclared properties count. */
export function violations(document: Document, given: Schema, value: unknown, at = '$'): string[] {
  const schema = resolved(document, given);
  const wrong = (what: string): string[] => [`${at} ${what}`];
  if (value === null) return schema.nullable === true ? [] : wrong('is null');
  if (schema.enum && !schema.enum.includes(value)) return wrong('is none of the enumerated values');
  switch (schema.type) {
    case 'object':
      return typeof value === 'object' && !Array.isArray(value)
        ? ofObject(document, schema, value as Record<string, unknown>, at)
        : wrong('is no object');
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, i) => violations(document, schema.items!, item, `${at}[${i}]`))
        : wrong('is no array');
    case 'string':
      if (typeof value !== 'string') return wrong('is no string');
      if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
        return wrong('breaks its pattern');
      if (schema.format === 'date-time' && new Date(value).toISOString() !== value) return wrong('is no time');
      return [];
    case 'integer':
      return Number.isInteger(value) ? [] : wrong('is no integer');
    default:
      return typeof value === schema.type ? [] : wrong(`is no ${schema.type}`);
  }
}

function ofObject(document: Document, schema: Schema, value: Record<string, unknown>, at: string): string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}.${name} is missing`);
  const found = Object.entries(value).flatMap(([name, member]) => {
    const declared = properties[name] ?? additionalProperties;
    return declared ? violations(document, declared, member, `${at}.${name}`) : [`${at}.${name} is not declared`];
  });
  return [...missing, ...found];
}
