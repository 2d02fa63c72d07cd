import { z } from 'zod';
import { templateSchema } from './schema.js';
import type { Path } from './yaml-tree.js';

/** The keys that the template language has in the mapping at a path. */
export function knownKeys(path: Path): readonly string[] {
  let schemas: readonly unknown[] = [templateSchema];
  for (const key of path) schemas = schemas.flatMap(alternatives).flatMap((schema) => below(schema, key));
  return schemas
    .flatMap(alternatives)
    .flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}

/** A schema without what wraps it, or each of a union's. */
function alternatives(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return alternatives(schema.unwrap());
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  return [schema];
}

function below(schema: unknown, key: PropertyKey): readonly unknown[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodObject) return [schema.shape[String(key)]];
  return [];
}
