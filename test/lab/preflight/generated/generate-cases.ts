/** The families of generated cases. Each arbitrary gives what a case is made of; its names are given later. */
import fc from 'fast-check';
import { providers, read, reads, extract } from '../hand/reading.ts';
import type { Provider, Reading } from '../hand/reading.ts';
import type { Case } from '../case.ts';
import { brokenText, jsonText, objectText, plainText, propertyText } from './json-text.ts';
import { platformReading } from './platform.ts';
import { mergeReading, rewriteReading, simpleObject } from './rewrites.ts';
import { templateReading } from './templates.ts';
import { changeReading, targetReading } from './targets.ts';
import { findReading, metadataReading, storeReading, versionReading } from './sources.ts';

export type Draft = {
  readonly family: string;
  readonly provider: Provider;
  readonly value: string;
  readonly reading: Reading;
};

export const provider: fc.Arbitrary<Provider> = fc.constantFrom(...providers);

const ofBoth = (
  family: string,
  make: (provider: Provider) => fc.Arbitrary<{ readonly value: string; readonly reading: Reading }>,
): fc.Arbitrary<Draft> =>
  provider.chain((one) => make(one).map(({ value, reading }) => ({ family, provider: one, value, reading })));

const byProperty = ofBoth('property', (one) =>
  fc
    .tuple(objectText(one), fc.uniqueArray(propertyText, { minLength: 1, maxLength: 2 }))
    .map(([value, properties]) => ({
      value,
      reading: { data: properties.map((property, index) => read({ property }, `k${index}`)) },
    })),
);

/** Most of these are the property's own object: so that there is something to find. */
const found = ofBoth('property', (one) =>
  fc.tuple(propertyText, jsonText(one)).map(([property, value]) => {
    const [first = 'a', ...rest] = property.replaceAll('\\.', '\0').split('.');
    const name = (part: string): string => part.replaceAll('\0', '.');
    const wrapped = rest.reduceRight(
      (inner, part) =>
        /^\d$/.test(part) ? `[${'0,'.repeat(Number(part))}${inner}]` : `{${JSON.stringify(name(part))}:${inner}}`,
      value,
    );
    return { value: `{${JSON.stringify(name(first))}:${wrapped}}`, reading: { data: [read({ property })] } };
  }),
);

const wholes = ofBoth('whole', (one) =>
  (one === 'vault' ? objectText(one) : fc.oneof(objectText(one), plainText, brokenText)).map((value) => ({
    value,
    reading: { data: [read()] },
  })),
);

const conversion = fc.constantFrom('Default', 'Unicode');
const extracts = ofBoth('extract', (one) =>
  fc
    .tuple(objectText(one), conversion, fc.option(propertyText, { nil: undefined, freq: 4 }))
    .map(([value, conversionStrategy, property]) => ({
      value,
      reading: { dataFrom: [extract({ conversionStrategy, ...(property !== undefined && { property }) })] },
    })),
);

const broken: fc.Arbitrary<Draft> = fc
  .tuple(brokenText, fc.option(propertyText, { nil: undefined }))
  .map(([value, property]) => ({
    ...{ family: 'broken', provider: 'key-vault', value },
    reading: property === undefined ? { dataFrom: [extract()] } : { data: [read({ property })] },
  }));

const decodingText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('ABab01+/-_=\r\n ')), maxLength: 9 }),
  plainText.map((text) => Buffer.from(text).toString('base64')),
  plainText.map((text) => Buffer.from(text).toString('base64url')),
  plainText,
);
const decoding = ofBoth('decoding', () =>
  fc
    .tuple(fc.constantFrom('Base64', 'Base64URL', 'Auto', 'None'), decodingText, fc.boolean())
    .map(([decodingStrategy, text, whole]) => ({
      value: JSON.stringify({ a: text }),
      reading: whole
        ? { dataFrom: [extract({ decodingStrategy })] }
        : { data: [read({ property: 'a', decodingStrategy })] },
    })),
);

const several: fc.Arbitrary<Draft> = provider.chain((one) =>
  fc
    .tuple(
      fc.array(simpleObject, { minLength: 2, maxLength: 3 }),
      fc.array(fc.constantFrom('a', 'b', 'absent', 'token'), { maxLength: 2 }),
      fc.constantFrom('Retain', 'Delete', 'Merge'),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([values, properties, deletionPolicy, isMissing, isDeleted]) => ({
      ...{ family: 'several', provider: one, value: '' },
      reading: {
        dataFrom: [
          ...values.map((_, index) => ({ extract: { key: `@{s${index}}` } })),
          ...(isMissing ? [{ extract: { key: 'none-of-@{case}' } }] : []),
        ],
        data: properties.map((property, index) => ({
          secretKey: index === 0 ? 'a' : 'other',
          remoteRef: { key: '@{s0}', property },
        })),
        target: { deletionPolicy },
        remote: values.map((value, index) => ({
          ...{ name: `s${index}`, place: one, value },
          ...(isDeleted && index > 0 && { state: 'deleted' as const }),
        })),
      },
    })),
);

const others: fc.Arbitrary<Draft> = fc.oneof(
  { weight: 3, arbitrary: ofBoth('metadata', metadataReading) },
  { weight: 2, arbitrary: ofBoth('version', versionReading) },
  { weight: 3, arbitrary: ofBoth('find', findReading) },
  { weight: 3, arbitrary: ofBoth('store', storeReading) },
);

const drafts: fc.Arbitrary<Draft> = fc.oneof(
  { weight: 2, arbitrary: byProperty },
  { weight: 5, arbitrary: found },
  { weight: 2, arbitrary: wholes },
  { weight: 6, arbitrary: extracts },
  { weight: 4, arbitrary: broken },
  { weight: 3, arbitrary: decoding },
  { weight: 4, arbitrary: ofBoth('rewrite', () => rewriteReading) },
  { weight: 3, arbitrary: ofBoth('merge', () => mergeReading) },
  { weight: 3, arbitrary: several },
  { weight: 9, arbitrary: ofBoth('template', () => templateReading) },
  { weight: 4, arbitrary: ofBoth('platform', () => platformReading) },
  { weight: 8, arbitrary: ofBoth('target', () => targetReading) },
  { weight: 5, arbitrary: ofBoth('change', () => changeReading) },
  { weight: 6, arbitrary: others },
);

/** @returns the same for the same seed */
export function generateCases(seed: number, count: number): readonly Case[] {
  return fc.sample(drafts, { seed, numRuns: count }).map(({ family, provider: one, value, reading }, index) => {
    const id = `g${String(index).padStart(4, '0')}`;
    return reads({ id, family, about: `generated, ${family}` }, one, value, reading);
  });
}
