/** The items of `preflight --output json`. */
import type { Node } from './schema-node.ts';
import { count, list, object, text } from './schema-node.ts';

const callCount = {
  readsPerRefresh: count('Reads if every ExternalSecret is refreshed once'),
  callsPerRefresh: count('Calls that these reads take: the operator signs in to Vault at each refresh, and out again'),
  callsPerHour: { description: 'By their refresh intervals', type: 'number', minimum: 0 },
};

const amount = (description: string): Node => ({ description, type: 'number', minimum: 0 });

const saving = { callsPerDay: count('Calls'), dollarsPerMonth: amount('US dollars') };

const checkedExternalSecret = object(
  'One ExternalSecret',
  {
    name: text('Its name'),
    namespace: text('Its namespace'),
    application: text('The application of config/, or the namespace of a manifest that was given'),
    where: text('The file, and the line where one was given'),
    target: text('The Kubernetes Secret'),
    outcome: text('refused: by the API server. skipped: the operator does nothing and says nothing', {
      enum: ['syncs', 'fails', 'refused', 'skipped', 'unpredictable'],
    }),
    code: text('If there is something to say: P1 fails, P2 syncs and is easily overlooked, P3 cannot be predicted', {
      pattern: '^[A-Z][0-9]{3}$',
    }),
    because: text('If there is a code: why, in a sentence'),
    fix: text('What to do about it'),
    condition: object("If it syncs or fails: the ExternalSecret's Ready condition", {
      status: text('Whether it is Ready', { enum: ['True', 'False'] }),
      reason: text('Its reason'),
      message: text('Its message'),
    }),
    events: list(
      'In their order',
      object('One event', {
        type: text('Normal or Warning'),
        reason: text('Its reason'),
        message: text('Its message; what comes from a value is <redacted>'),
      }),
    ),
    effect: text('If it syncs: what becomes of the Secret', {
      enum: ['created', 'updated', 'unchanged', 'untouched', 'deleted'],
    }),
    type: text('If the Secret is written: its type'),
    keys: list('If the Secret is written: its keys', text('A key')),
    changes: object(
      'If the cluster was looked at: against the Secret there',
      {
        exists: { description: 'Whether there is one', type: 'boolean' },
        added: list('Keys that come', text('A key')),
        removed: list('Keys that go', text('A key')),
        changed: list(
          'Keys whose value changes',
          object('One key', {
            key: text('Its name'),
            before: text('A fingerprint, comparable within one run only'),
            after: text('A fingerprint'),
            sameContent: { description: 'JSON with the same fields in another order or spacing', type: 'boolean' },
          }),
        ),
        unchanged: count('How many keys stay as they are'),
        typeBefore: text('If its type changes: the one that it has'),
      },
      ['typeBefore'],
    ),
    assumed: list('What was taken for granted', text('One line')),
    reads: count('Reads of stores at each refresh'),
  },
  ['code', 'because', 'fix', 'condition', 'effect', 'type', 'keys', 'changes'],
);

export const preflight = object(
  'What was looked at',
  {
    environment: text('The environment of config/, where it can be loaded'),
    operatorVersion: text('The version of External Secrets Operator that is predicted'),
    source: text('Where the ExternalSecrets come from'),
    given: {
      description: 'Whether manifests were given, in place of those that synth would write',
      type: 'boolean',
    },
    cluster: { description: 'Whether a cluster was looked at', type: 'boolean' },
    stores: list(
      'Those that were asked for something',
      object(
        'One store',
        {
          kind: text('SecretStore or ClusterSecretStore'),
          name: text('Its name'),
          namespace: text('Of a SecretStore'),
          readFrom: text('The vault that was read, for people'),
          reads: count('How many distinct things were asked of it'),
          notRead: object('If nothing could be read of it', {
            because: text('Why'),
            hint: text('What to do about it'),
            mendable: {
              description: 'Whether settings or credentials would help; the outcome is then failed',
              type: 'boolean',
            },
          }),
        },
        ['namespace', 'notRead'],
      ),
    ),
    externalSecrets: list('In the order of the manifests, those that are refused first', checkedExternalSecret),
    calls: object(
      'How often the operator will call the stores',
      {
        ...callCount,
        callsPerDay: count('In a day'),
        byStore: list(
          'By vault',
          object(
            'One vault',
            {
              store: text('Its name for people'),
              ...callCount,
              callsIn10s: count('At most: if all are due at once, as after they were applied together'),
              limitIn10s: count('Of Key Vault: what one vault takes in 10 seconds'),
              paid: { description: 'Whether its calls are paid for', type: 'boolean' },
            },
            ['limitIn10s'],
          ),
        ),
        byApplication: list(
          'By application, or namespace',
          object('One application', { application: text('Its name'), ...callCount }),
        ),
        cost: object('What Key Vault costs', {
          dollarsPer10000: amount('The price that was given, in US dollars for 10,000 calls'),
          paidCallsPerMonth: count('In 730 hours'),
          dollarsPerMonth: amount('US dollars'),
        }),
        grouping: object('If it would save something: one extract in place of an entry for each field', {
          ...saving,
          externalSecrets: list('Those that it concerns', text('namespace/name')),
        }),
        twiceTheInterval: object('If anything is refreshed: what twice the refresh interval would save', saving),
      },
      ['grouping', 'twiceTheInterval'],
    ),
  },
  ['environment'],
);
