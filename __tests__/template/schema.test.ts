import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { renderJsonSchema } from '../../src/template/json-schema.js';

test('the JSON Schema for editors is the one of the template language; `npm run schema` renews it', () => {
  expect(readFileSync('schema/template.schema.json', 'utf8')).toBe(renderJsonSchema());
});

test('every key is described for editors', () => {
  const undescribed: string[] = [];
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key !== 'properties') visit(value, path);
      else {
        for (const [name, property] of Object.entries(value as Record<string, { description?: string }>)) {
          if (property.description === undefined) undescribed.push(`${path}.${name}`);
          visit(property, `${path}.${name}`);
        }
      }
    }
  };
  visit(JSON.parse(renderJsonSchema()), '');
  expect(undescribed).toEqual([]);
});
