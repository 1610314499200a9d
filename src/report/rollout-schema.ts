/** The items of `npm run rollout`. */
import type { Node } from './schema-node.ts';
import { list, object, store, text } from './schema-node.ts';

const flag = (description: string): Node => ({ description, type: 'boolean' });

const rolledOut = object('One application', {
  application: text('Its name'),
  to: store,
  state: text('written: configured and synthesised, and not watched. already: nothing was to be done', {
    enum: ['already', 'planned', 'refused', 'written', 'ready', 'not ready', 'stopped'],
  }),
  remarks: list('Why it is refused, and what a person should know', text('One line')),
  secrets: list(
    'What both stores hold',
    object('One secret', {
      name: text('Its name in the catalog'),
      result: text('unknown: a store could not be read', { enum: ['same', 'different', 'unknown'] }),
      because: text('Empty where it is the same'),
    }),
  ),
  diff: list('The change of the configuration; empty where it says so already', text('A line, with -, + or a space')),
  environments: list(
    'What the change does in each',
    object(
      'One environment',
      {
        environment: text('Its name'),
        production: flag('Whether it is production'),
        from: store,
        to: store,
      },
      ['from', 'to'],
    ),
  ),
  deploy: object('What to deploy; empty where nothing was synthesised', {
    commands: list('As the environment does it', text('A command')),
    kubectl: list('The same where there is no Argo CD', text('A command')),
  }),
  externalSecrets: list(
    'What the cluster showed; empty where it was not looked at',
    object('One ExternalSecret and its Secret', {
      namespace: text('Its namespace'),
      name: text('Its name'),
      state: text('changed: it is read from the store, and the bytes are others', {
        enum: ['ready', 'changed', 'not deployed', 'not read yet', 'not ready'],
      }),
      because: text('Empty where it is ready'),
    }),
  ),
});

export const rollout: Node = object('One environment', {
  environment: text('Its name'),
  file: text('The file of the configuration that is changed'),
  watched: flag('Whether the cluster is watched'),
  applications: list('In the order in which they go, up to the one that it stopped at', rolledOut),
  left: list('Those that were not begun', text('The name of an application')),
});
