import { escapeIdentifier } from 'pg';
import { getMetadataArgsStorage } from 'typeorm';
import { type EntityClass, declarationOf } from './declarations.js';

/**
 * Least privilege from the declarations: rows of append-only tables are never changed or removed by the application, and
 * rows without a version are never changed, as the door's update asks for one.
 */
export function grants(entities: readonly EntityClass[], appRole: string): string {
  const role = escapeIdentifier(appRole);
  const { columns } = getMetadataArgsStorage();
  const rights = (entity: EntityClass): string => {
    const { table, appendOnly } = declarationOf(entity);
    const versioned = columns.some(({ target, propertyName }) => target === entity && propertyName === 'version');
    const words = ['select', 'insert', ...(versioned ? ['update'] : []), ...(appendOnly ? [] : ['delete'])];
    return `grant ${words.join(', ')} on ${escapeIdentifier(table)} to ${role}`;
  };
  return [
    'begin',
    `revoke all on all tables in schema public from ${role}, public`,
    ...entities.map(rights),
    'commit',
  ].join(';\n');
}
