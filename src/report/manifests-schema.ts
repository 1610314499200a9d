/** The items of what reads the manifests of others. */
import { count, list, object, text } from './schema-node.ts';

export const upgradeManifests = object('One file', {
  file: text('As it was given, or stdin'),
  state: text('refused: it would not say the same. changed: somebody wrote it meanwhile', {
    enum: ['unchanged', 'planned', 'written', 'refused', 'changed'],
  }),
  upgraded: list(
    'The objects whose apiVersion becomes external-secrets.io/v1',
    object('One object', {
      line: count('Of its apiVersion, from 1'),
      kind: text('Its kind'),
      namespace: text('Its namespace; empty where the manifest gives none'),
      name: text('Its name'),
    }),
  ),
  left: list(
    'What mentions v1beta1 and stays as it is',
    object('One mention', { line: count('From 1'), what: text('What it is'), because: text('Why it stays') }),
  ),
  diff: text('A unified diff; empty where nothing changes'),
});

export const adopt = object('The platform as it would be in config/', {
  into: text('The folder that was written; empty where none was'),
  files: list('What is to be in config/', object('One file', { name: text('Its name'), text: text('What is in it') })),
  adopted: list(
    'The ExternalSecrets that the files say',
    object('One ExternalSecret', {
      externalSecret: text('Its namespace and name'),
      where: text('Its file and line'),
      secret: text('The name in the catalog'),
      application: text('The application that receives it'),
      readsBefore: count('Reads of its store at each refresh, today'),
      readsAfter: count('The same afterwards'),
    }),
  ),
  left: list(
    'Those that the files do not say',
    object('One ExternalSecret', {
      externalSecret: text('Its namespace and name'),
      where: text('Its file and line'),
      because: text('Why'),
      hint: text('What to do about it'),
    }),
  ),
  remarks: list('What will be otherwise although the Secrets are the same', text('A sentence')),
  readsBefore: count('Reads when every ExternalSecret is refreshed once, today'),
  readsAfter: count('The same afterwards'),
});
