import type { Node } from './schema-node.ts';
import { list, object, store, text } from './schema-node.ts';

const name = text('Its name');

export const setSecrets: Node = object('One environment', {
  environment: name,
  stores: list('Those that were read', object('One store', { store, name: text('For people') })),
  secrets: list(
    'In the order of config/secrets.ts',
    object('One secret', {
      name: text('Its name in the catalog'),
      application: text('Whose it is'),
      store,
      remote: text('Its name in the store'),
      state: text('As it was read, before anything was written', {
        enum: ['present', 'missing', 'deleted', 'disabled', 'forbidden', 'managed', 'not a JSON object'],
      }),
      outcome: text(
        'lacking: nothing was given for it. planned: given, and not written. unchanged: what was given is there already. failed: the store could not be asked, and perhaps it is written',
        {
          enum: [
            ...['complete', 'lacking', 'planned', 'written', 'unchanged', 'refused'],
            ...['changed meanwhile', 'differs', 'failed', 'not reached'],
          ],
        },
      ),
      because: text('Why it is not as it should be, for people; empty otherwise'),
      version: text('The version that was written, a number in Vault; empty elsewhere'),
      fields: list(
        'What was given in this run',
        object('One field', {
          name,
          from: text('Where its value came from', { enum: ['entered', 'generated', 'file', 'standard input'] }),
          replaces: { description: 'Whether something was there', type: 'boolean' },
        }),
      ),
      lacking: list(
        'What lacks after this run, optional fields included; empty where it could not be read',
        object('One field', {
          name,
          state: text('placeholder, malformed: something is there', {
            enum: ['missing', 'empty', 'placeholder', 'malformed'],
          }),
          need: text('undecided: the field that decides it lacks itself', {
            enum: ['required', 'optional', 'undecided'],
          }),
          message: text('To be read behind its name; without a value'),
          way: text('Whether --generate fills it', { enum: ['ask', 'generate'] }),
        }),
      ),
      notes: list('What a person should know besides', text('One line')),
    }),
  ),
});
