/** Generated cases of the form that `npm run synth` writes: declared fields, required or not, under their own names or others. */
import fc from 'fast-check';
import { renderFieldTemplate } from '../../../../src/manifests/field-template.ts';
import type { Field, Secret, Target } from '../../../../src/model/platform.ts';
import { extract } from '../hand/reading.ts';
import type { Reading } from '../hand/reading.ts';
import { numberText, plainText } from './json-text.ts';

const names = ['TOKEN', 'API_URL', 'EMAIL', 'PROVIDER', 'dotted.name', 'with-dash'];

const requirement = fc.constantFrom<Field['required']>(
  ...[true, true, false],
  ...[
    { whenField: 'PROVIDER', is: ['one', 'two'] },
    { whenField: 'PROVIDER', is: ['two'] },
  ],
);

type Declared = { readonly key: string; readonly field: Field };

const fields = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names), requirement, fc.boolean()), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 4,
  })
  .map((drawn) =>
    drawn.map(([name, required, isRenamed]): Declared => ({
      key: isRenamed ? `${name.toLowerCase()}-key` : name,
      field: {
        ...{ name, required, description: '', format: 'text', origin: 'external' },
        ...{ obtainedFrom: undefined, rotateAfterDays: undefined },
      },
    })),
  );

const valueText = fc.oneof(
  { weight: 5, arbitrary: plainText.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: numberText },
  { weight: 1, arbitrary: fc.constantFrom('null', 'true', '{"k":"v"}', '""', '"one"', '"two"') },
);
const value = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names, 'undeclared', 'a/b'), valueText), {
    selector: ([name]) => name,
    maxLength: 6,
  })
  .map((pairs) => `{${pairs.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`);

export const platformReading: fc.Arbitrary<{ readonly value: string; readonly reading: Reading }> = fc
  .record({
    fields,
    value,
    deletionPolicy: fc.constantFrom('Merge', 'Retain'),
    isMissing: fc.constantFrom(false, false, false, false, true),
    type: fc.constantFrom('Opaque', 'Opaque', 'kubernetes.io/basic-auth'),
  })
  .map(({ fields, value, deletionPolicy, isMissing, type }) => {
    const target: Target = {
      ...{ name: 'example', namespace: 'example', application: 'example', type, labels: {}, annotations: {} },
      ...{ keys: fields.map(({ key, field }) => ({ field: field.name, key })), template: {} },
    };
    const secret: Secret = {
      ...{ name: 'example', description: '', application: 'example', store: 'vault-secret-store' },
      ...{ vaultPath: 'team/example', keyVaultName: 'team-example', targets: [target] },
      content: { kind: 'fields', fields: fields.map(({ field }) => field) },
    };
    return {
      value,
      reading: {
        dataFrom: [extract({ conversionStrategy: 'Unicode', ...(isMissing && { key: 'none-of-@{case}' }) })],
        target: {
          ...{ creationPolicy: 'Owner', deletionPolicy },
          template: {
            ...{ engineVersion: 'v2', type, mergePolicy: 'Replace' },
            metadata: { labels: { 'app.kubernetes.io/managed-by': 'lockstep' } },
            templateFrom: [{ target: 'Data', literal: renderFieldTemplate(secret, target) }],
          },
        },
      },
    };
  });
