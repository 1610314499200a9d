/** The items of what moves secrets between stores, and of what lists them. */
import type { Node } from './schema-node.ts';
import { count, list, object, store, text } from './schema-node.ts';

const storedVersion = (description: string): Node =>
  object(description, {
    name: text('Its name in the store'),
    version: text('The version that was read, or was written; empty or absent where there is none'),
  });

export const migration = object('One environment', {
  environment: text('Its name'),
  from: text('The store that is read'),
  to: text('The store that is written, or compared with'),
  secrets: list(
    'In the order of config/secrets.ts',
    object('One secret', {
      name: text('Its name in the catalog; of what that does not know, at the source'),
      declared: { description: 'Whether the catalog knows it', type: 'boolean' },
      from: storedVersion('At the source'),
      to: storedVersion('At the target'),
      action: text(
        'append: the target holds an older version, as it was copied, and those after it follow. conflict: it holds something else, and is not overwritten unasked',
        {
          enum: [...['create', 'recover', 'append', 'update', 'unchanged', 'conflict', 'missing', 'blocked', 'failed']],
        },
      ),
      outcome: text('planned: nothing was done. already: the target held it when it was to be written', {
        enum: ['planned', 'written', 'already', 'changed meanwhile', 'refused', 'differs', 'failed', 'not reached'],
      }),
      because: text('Why it is not as it should be, for people; empty otherwise'),
      differences: list(
        'Fields that are not the same on both sides',
        object('One field', {
          field: text('Its name; empty for the whole'),
          source: text('A fingerprint, to be compared within one run; – where there is none'),
          target: text('The same of the target'),
        }),
      ),
      findings: list('What the catalog has against the source', text('One line')),
      left: list('What does not go along', text('One line')),
      asText: list('Fields that become texts, so that applications receive the same bytes', text('Its name')),
      older: count('Versions before the newest that go along'),
    }),
  ),
  undeclared: list('At the source, and not in the catalog', text('A name in the store')),
  listed: { description: 'Whether the source could be listed for these', type: 'boolean' },
});

export const listedSecrets = object(
  'One environment',
  {
    environment: text('Its name'),
    stores: list('Those that were read', object('One store', { store, name: text('For people') })),
    secrets: list(
      'In the order of config/secrets.ts',
      object(
        'One secret of the catalog',
        {
          name: text('Its name in the catalog'),
          application: text('Whose it is'),
          store,
          remote: text('Its name in the store'),
          state: text('forbidden: it may be there or not', {
            enum: ['present', 'missing', 'deleted', 'disabled', 'forbidden'],
          }),
          version: text('A version’s number in Vault; empty elsewhere'),
          ageDays: count('Since its newest version was written'),
          fields: list('That are there; none of a plain text', text('A name')),
          findings: list('What the catalog has against it', text('One line, without a value')),
          overdue: list('Fields that were to be renewed by now', text('One line')),
          undeclared: list('Fields that the catalog does not know', text('A name')),
        },
        ['ageDays'],
      ),
    ),
    undeclared: list('In the stores and not in the catalog; absent where they may not be listed', text('A name')),
  },
  ['undeclared'],
);
