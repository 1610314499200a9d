import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { formats } from '../../src/schemas/formats.ts';
import type { Definitions } from '../../src/schemas/json-schema.ts';
import { pruneSchema } from '../../src/schemas/prune.ts';
import { addListMapKeys } from '../../src/schemas/schema-check.ts';
import { loadSchemaSet } from '../../src/schemas/schema-set.ts';
import { schemaFolder, schemaSources } from '../../src/schemas/sources.ts';
import type { SchemaFile } from '../../src/schemas/write-schemas.ts';

const root = path.join(import.meta.dirname, '../../schemas');
const shared: Definitions = loadSchemaSet(path.join(root, 'kubernetes-1.34.4')).definitions;

describe('schemas/', () => {
  it('holds a folder for each source, and no other', () => {
    assert.deepEqual(readdirSync(root).sort(), schemaSources.map(schemaFolder).sort());
  });

  for (const source of schemaSources) {
    const folder = path.join(root, schemaFolder(source));
    const set = loadSchemaSet(folder);

    it(`${set.name}: the index names every file, and every file its source`, () => {
      const files = readdirSync(folder).filter((name) => name !== 'index.json');
      assert.equal(files.length, set.kinds.length);
      for (const file of files) {
        const content = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as SchemaFile;
        assert.deepEqual(content.schema, set.find(content.apiVersion, content.kind));
        assert.equal(content.source.module, source.module);
        assert.equal(content.source.version, source.version);
        assert.deepEqual({ ...content.source.dropped, celRules: 0 }, { celRules: 0, patterns: 0, formats: 0 });
      }
    });

    it(`${set.name}: ajv accepts every schema in strict mode`, () => {
      for (const { apiVersion, kind } of set.kinds) {
        const schema = set.find(apiVersion, kind) ?? {};
        // strictRequired does not see that `required` stands beside a reference that declares the field.
        const ajv = new Ajv({
          strict: true,
          strictRequired: false,
          allowUnionTypes: true,
          formats,
          code: { optimize: false },
        });
        addListMapKeys(ajv);
        ajv.compile(pruneSchema({ schema, definitions: { ...shared, ...schema.definitions } }, undefined));
      }
    });
  }

  it('knows a missing folder from an empty one, and says how to mend it', () => {
    assert.throws(() => loadSchemaSet(path.join(root, 'none')), {
      code: 'SCHEMAS',
      message: 'schemas/none/index.json cannot be read',
    });
  });
});
