/** ExternalSecrets that were synced, and are changed: what the operator takes back of what it wrote (1.8 to 1.10). */
import type { Case } from '../case.ts';
import { Cases, extract, read } from './reading.ts';
import type { Reading } from './reading.ts';

/** The operator's name as a field manager holds the ExternalSecret's, or a digest of it where both are longer than 63 characters. */
const lengths = [
  new Cases('changes'),
  new Cases('changes', `-${'x'.repeat(15)}`),
  new Cases('changes', `-${'x'.repeat(40)}`),
  new Cases('changes', `-${'x'.repeat(70)}`),
];
const value = '{"a":"x","b":"2"}';
const all = { dataFrom: [extract()] };

const change = (about: string, before: NonNullable<Reading['before']>, reading: Reading): void => {
  // What did not change is not looked at again.
  for (const cases of lengths)
    cases.both(about, value, { ...reading, spec: { refreshInterval: '2h', ...reading.spec }, before });
};

change('nothing but the interval', all, all);
change('fewer keys', all, { data: [read({ property: 'a' }, 'a')] });
change('other keys', { data: [read({ property: 'a' }, 'a')] }, { data: [read({ property: 'a' }, 'z')] });
change(
  'a key of the template goes',
  { ...all, target: { template: { data: { one: '1', two: '2' } } } },
  { ...all, target: { template: { data: { one: '1' } } } },
);
change('a template comes', all, { ...all, target: { template: { data: { one: '{{ .a }}' } } } });
change('a template goes', { ...all, target: { template: { data: { one: '{{ .a }}' } } } }, all);
change(
  'a label goes and another comes',
  { ...all, labels: { one: 'x', two: 'y' }, annotations: { note: 'x' } },
  { ...all, labels: { two: 'z', three: 'w' } },
);
for (const [from, to] of [
  ['Owner', 'Orphan'],
  ['Orphan', 'Owner'],
  ['Owner', 'Merge'],
  ['Owner', 'None'],
  ['Orphan', 'Merge'],
])
  change(
    `from ${from} to ${to}`,
    { ...all, target: { creationPolicy: from } },
    { ...all, target: { creationPolicy: to } },
  );
change('it becomes immutable', all, { ...all, target: { immutable: true } });
change(
  'it was immutable, and its keys change',
  { ...all, target: { immutable: true } },
  {
    data: [read({ property: 'a' }, 'a')],
  },
);
change(
  'it was immutable, and stays as it is',
  { ...all, target: { immutable: true } },
  { ...all, target: { immutable: true } },
);
change('another type', all, { ...all, target: { template: { type: 'example.org/other' } } });
change('it fails now', all, { data: [read({ property: 'absent' })] });
change('it fails now by its template', all, { ...all, target: { template: { data: { one: '{{ .absent }}' } } } });
for (const deletionPolicy of ['Retain', 'Delete', 'Merge'])
  change(`nothing is left, ${deletionPolicy}`, all, {
    dataFrom: [{ extract: { key: 'none-of-@{case}' } }],
    target: { deletionPolicy },
  });
change(
  `a foreign target stays merged`,
  { ...all, target: { creationPolicy: 'Merge' } },
  {
    data: [read({ property: 'a' }, 'a')],
    target: { creationPolicy: 'Merge' },
    resources: [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: '@{case}', labels: { mine: 'yes' } },
        stringData: { a: 'old', own: 'kept' },
      },
    ],
  },
);

export const changeCases: readonly Case[] = lengths.flatMap(({ all }) => all);
