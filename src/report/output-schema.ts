/**
 * The JSON Schema of what `--output json` prints. docs/reference/output.schema.json and the tables of docs/reference/output.md are made from
 * it; a test holds the real output against it. Objects are open: a new property is no new schemaVersion.
 */
import { storeNames } from '../model/configuration.ts';

type Node = Readonly<Record<string, unknown>>;

function text(description: string, further: Node = {}): Node {
  return { description, type: 'string', ...further };
}

function count(description: string): Node {
  return { description, type: 'integer', minimum: 0 };
}

function list(description: string, items: Node): Node {
  return { description, type: 'array', items };
}

/** Every property that is described is always there, but for those of `optional`. */
function object(
  description: string,
  properties: Readonly<Record<string, Node>>,
  optional: readonly string[] = [],
): Node {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { description, type: 'object', required, properties };
}

const store = text('The ClusterSecretStore', { enum: [...storeNames] });

const problem = object('Something that is wrong', {
  code: text(
    'Permanent: docs/reference/problems.md explains it. In a document whose outcome is failed it is a word, such as USAGE',
    {
      pattern: '^([A-Z][0-9]{3}|[A-Z_]+)$',
    },
  ),
  where: text('The file to open, relative to the repository, the name of the variable, or a path or name in Vault'),
  path: text('The place inside it; empty for the file as a whole'),
  message: text('What is wrong'),
  hint: text('What to do about it'),
});

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

const preflight = object(
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

const storedVersion = (description: string): Node =>
  object(description, {
    name: text('Its name in the store'),
    version: text('The version that was read, or was written; empty or absent where there is none'),
  });

const migration = object('One environment', {
  environment: text('Its name'),
  from: text('The store that is read'),
  to: text('The store that is written, or compared with'),
  secrets: list(
    'In the order of config/secrets.ts',
    object('One secret', {
      name: text('Its name in the catalog'),
      from: storedVersion('At the source'),
      to: storedVersion('At the target'),
      action: text('conflict: the target holds something else, and is not overwritten unasked', {
        enum: ['create', 'recover', 'update', 'unchanged', 'conflict', 'missing', 'blocked'],
      }),
      outcome: text('planned: nothing was done. already: the target held it when it was to be written', {
        enum: ['planned', 'written', 'already', 'changed meanwhile', 'refused', 'differs', 'not reached'],
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
    }),
  ),
  undeclared: list('At the source, and not in the catalog', text('A name in the store')),
  listed: { description: 'Whether the source could be listed for these', type: 'boolean' },
});

const listedSecrets = object(
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

const upgradeManifests = object('One file', {
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

const adopt = object('The platform as it would be in config/', {
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
