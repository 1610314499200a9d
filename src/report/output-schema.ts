/**
 * The JSON Schema of what `--output json` prints. docs/reference/output.schema.json and the tables of docs/reference/output.md are made from
 * it; a test holds the real output against it. Objects are open: a new property is no new schemaVersion.
 */
import { adopt, upgradeManifests } from './manifests-schema.ts';
import { listedSecrets, migration } from './migration-schema.ts';
import { preflight } from './preflight-schema.ts';
import type { Node } from './schema-node.ts';
import { rollout } from './rollout-schema.ts';
import { count, list, object, problem, store, text } from './schema-node.ts';
import { setSecrets } from './set-secrets-schema.ts';

const synth = object('One environment', {
  environment: text('Its name'),
  output: text('The folder that was written, relative to the repository'),
  gitOps: text('How Argo CD finds the folder', { enum: ['idpbuilder', 'git'] }),
  appOfApps: { description: 'Whether app-of-apps.yaml is in the folder', type: 'boolean' },
  applications: list(
    'In the order of config/applications.ts',
    object('One application', {
      name: text('Its name'),
      namespace: text('Its namespace'),
      store,
      externalSecrets: count('How many ExternalSecrets it has'),
      state: text('Whether its files were written anew', { enum: ['written', 'unchanged'] }),
    }),
  ),
  notes: list('What was decided that a person should know', text('One line')),
  unchecked: list('Kinds that were written without a check, for want of a schema', text('apiVersion and kind')),
});

const check = object('One environment; none where the configuration itself is wrong', {
  environment: text('Its name'),
  manifests: count('How many manifests were checked'),
});

const schemas = object('One folder of schemas/', {
  folder: text('Below schemas/'),
  module: text('The Go module that it is made from'),
  version: text('The version of that module'),
  kinds: count('How many kinds it describes'),
  bytes: count('The size of all its files'),
  dropped: object('What the CRDs say and a JSON Schema cannot', {
    celRules: count('Rules in CEL'),
    patterns: count('Patterns that JavaScript does not have'),
    formats: count('Formats'),
  }),
});

const start = object('One environment, seeded with values that are made up', {
  environment: text('Its name'),
  output: text('The folder of the manifests, relative to the repository'),
  stores: list(
    'The stores in memory',
    object('One store', {
      store,
      name: text('Its name for people'),
      seeded: count('How many secrets were written to it'),
      kept: count('How many held something already and were left alone'),
      notSeeded: list(
        'What could not be written',
        object('One secret', { name: text('Its name in the store'), because: text('Why') }),
      ),
    }),
  ),
  applications: list(
    'In the order of config/applications.ts',
    object('One application', {
      name: text('Its name'),
      namespace: text('Its namespace'),
      store,
      secrets: list(
        'The Kubernetes Secrets that it receives',
        object(
          'One Kubernetes Secret',
          {
            name: text('Its name'),
            namespace: text('Its namespace'),
            type: text('Its type'),
            secret: text('The name in the catalog'),
            store,
            remote: text('The name in the store'),
            reads: count('Reads of the store at each refresh'),
            state: text(
              'synced: it is written. retained: nothing is written, though the operator reports success. failed',
              {
                enum: ['synced', 'retained', 'failed'],
              },
            ),
            keys: list('If synced: the keys', text('A key')),
            unpredictable: list('If synced: those whose value a template makes that is not evaluated', text('A key')),
            fingerprint: text('If synced: of all keys and values, comparable within one run only'),
            condition: text("If failed: the message of the ExternalSecret's condition"),
            because: text("If failed: the cause, as the operator's event tells it"),
          },
          ['keys', 'unpredictable', 'fingerprint', 'condition', 'because'],
        ),
      ),
    }),
  ),
  reads: object('How often the stores are read', {
    perRefresh: count('Every ExternalSecret once'),
    perDay: count('In a day'),
    perDayFromKeyVault: count('Those of a day that Key Vault is paid for'),
  }),
});

const dev = object(
  'One embedded server; the document is one line, printed when all of them answer',
  {
    server: text('Its name, as --only takes it'),
    title: text('Its name for people'),
    address: text('Where it listens'),
    state: text('memory, or the file that the state is in'),
    variables: list(
      'What a client needs',
      object(
        'One environment variable',
        {
          name: text('Its name'),
          value: text('Its value'),
          file: text('In place of a value that is secret: the file that holds it, relative to the repository'),
        },
        ['value', 'file'],
      ),
    ),
    hostNames: list(
      'Names that a client must find on this machine',
      text('A name, for the hosts file where it is not found'),
    ),
    seeded: count('With --seed: how many secrets were written'),
    kept: count('With --seed: how many were there already'),
  },
  ['seeded', 'kept'],
);

const bootstrapVault = object('One environment; none where nothing could be planned', {
  environment: text('Its name'),
  vault: text('The address of the Vault'),
  things: list(
    'In the order of writing',
    object('One thing in Vault', {
      thing: text('What it is', {
        enum: ['audit device', 'KV v2 mount', 'auth method', 'auth configuration', 'policy', 'role'],
      }),
      name: text('Its path or name in Vault'),
      about: text('A few words for people'),
      action: text('refused: it is neither as it must be nor Lockstep’s to change', {
        enum: ['create', 'update', 'unchanged', 'refused'],
      }),
      owner: text('Whose it is; what others own is never changed', { enum: ['lockstep', 'others'] }),
      differences: list('If it is to be updated: what differs', text('One line, without the value of a secret')),
      outcome: text(
        'planned: nothing was done yet. already: somebody else did it meanwhile. not reached: a step before it failed',
        { enum: ['planned', 'written', 'already', 'failed', 'not reached', 'unchanged', 'refused'] },
      ),
    }),
  ),
});

const docs = object('One file of the documentation', {
  file: text('Relative to the repository'),
  state: text('With --verify nothing is written, and a file that is not what would be made is different', {
    enum: ['same', 'written', 'different'],
  }),
});

/** By command: what one element of `items` is. */
export const itemSchemas: Readonly<Record<string, Node>> = {
  start,
  synth,
  check,
  preflight,
  dev,
  'upgrade-manifests': upgradeManifests,
  adopt,
  'bootstrap-vault': bootstrapVault,
  'migrate-secrets-to-azure': migration,
  'migrate-secrets-to-vault': migration,
  'verify-secrets': migration,
  'list-secrets': listedSecrets,
  'set-secrets': setSecrets,
  rollout,
  schemas,
  docs,
};

export const documentSchema = object('What every command prints with --output json: one document, on errors too', {
  schemaVersion: {
    description: 'Raised when a consumer would have to change; new properties do not raise it',
    const: 1,
  },
  command: text('The command as it was given; empty where there was none'),
  environment: {
    description: 'The environment that it was about; null where there were several or none',
    type: ['string', 'null'],
  },
  environments: list('All the environments that it was about', text('A name')),
  startedAt: text('When the command started, as RFC 3339 in UTC', {
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
  }),
  outcome: text('clean: exit code 0. findings: exit code 1. failed: exit code 2, or 70 for a bug of Lockstep', {
    enum: ['clean', 'findings', 'failed'],
  }),
  items: list("What the command found or made; the shape is the command's", { type: 'object' }),
  problems: list('What is wrong', problem),
});

/** @returns a JSON Schema (draft 2020-12) */
export function outputSchema(): Node {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Lockstep: the document of --output json',
    ...documentSchema,
    allOf: Object.entries(itemSchemas).map(([command, items]) => ({
      if: { properties: { command: { const: command } } },
      then: { properties: { items: { items } } },
    })),
  };
}
