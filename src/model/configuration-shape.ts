/** The shapes of config/: what src/model/configuration.ts says in types, said once more for data whose types nobody checked. */
import { fieldFormats, storeNames } from './configuration.ts';
import type { ApplicationDefinition, Configuration, EnvironmentDefinition, SecretDefinition } from './configuration.ts';
import type { Problem } from './problem.ts';
import { anything, flag, isObject, list, mapOf, object, oneOf, positiveNumber, text, textOrEmpty } from './shape.ts';
import type { Place, Shape } from './shape.ts';

export const configurationFiles = {
  applications: 'config/applications.ts',
  secrets: 'config/secrets.ts',
  environments: 'config/environments.ts',
} as const;

const store = oneOf(storeNames, 'a store');

const chartType: Shape = (value, at, key) => {
  if (typeof value !== 'function') text(value, at, key);
};

const application = object({
  name: text,
  namespace: text,
  chart: object(
    { type: chartType },
    {
      props: object(
        {},
        { secretStore: store, ingressHost: text, image: text, port: positiveNumber, agents: list(text) },
        true,
      ),
    },
  ),
});

const condition = object({ whenField: text, is: list(text) });
const requirement: Shape = (value, at, key) => {
  if (typeof value !== 'boolean') condition(value, at, key);
};

const closedList = object({ oneOf: list(text) });
const namedFormat = oneOf(fieldFormats, 'a format');
const format: Shape = (value, at, key) => (isObject(value) ? closedList : namedFormat)(value, at, key);

const fieldDetails = {
  origin: oneOf(['external', 'generated'], 'an origin'),
  obtainedFrom: text,
  rotateAfterDays: positiveNumber,
};
const field = object({ description: text, format }, { ...fieldDetails, required: requirement });

const target = object(
  { name: text },
  {
    application: text,
    namespace: text,
    type: text,
    labels: mapOf(textOrEmpty),
    annotations: mapOf(textOrEmpty),
    fields: list(text),
    keys: mapOf(text),
    key: text,
    template: mapOf(textOrEmpty),
  },
);

const secretCommon = {
  description: text,
  application: text,
  vaultPath: text,
  keyVaultName: text,
  targets: list(target),
};
const fieldsSecret = object({ ...secretCommon, fields: mapOf(field) });
const textSecret = object({ ...secretCommon, text: object({ format }, { ...fieldDetails, vaultProperty: text }) });

const gitRepository = object({ kind: anything, repoUrl: text }, { revision: text, folder: text });
const otherDelivery = object({ kind: oneOf(['idpbuilder', 'git'], 'a way to deliver') });
const gitOps: Shape = (value, at, key) =>
  (isObject(value) && value['kind'] === 'git' ? gitRepository : otherDelivery)(value, at, key);

const environment = object(
  {
    defaultStore: store,
    vault: object({ server: text, profile: oneOf(['dev', 'ha'], 'a profile') }, { mount: text }),
    gitOps,
    externalSecrets: object({ version: text, refreshInterval: text }),
  },
  {
    production: flag,
    azure: object({ keyVaultName: text }, { tenantId: text, clientId: text }),
    ingressHost: text,
    omitSecrets: list(text),
  },
);

/** The sound part of a configuration, the names of everything in it (sound or not), and what is wrong with the rest. */
export type ParsedConfiguration = {
  readonly configuration: Configuration;
  readonly names: { readonly applications: ReadonlySet<string>; readonly secrets: ReadonlySet<string> };
  readonly problems: readonly Problem[];
};

/** What was found to have its shape: an object that is met again need not be looked at again. */
export type SoundObjects = WeakMap<object, Shape>;

/**
 * @param loaded what the modules in config/ export: `{ applications, secrets, environments }`
 * @param known of a process that stays, and brought up to date; the objects in it did not change
 */
export function parseConfiguration(
  loaded: Readonly<Record<string, unknown>>,
  known?: SoundObjects,
): ParsedConfiguration {
  const problems: Problem[] = [];
  const top = (file: keyof typeof configurationFiles): Place => ({
    where: configurationFiles[file],
    problems,
    key: '',
  });
  const sound = (shape: Shape, value: unknown, at: Place, key: string | number): boolean => {
    if (known !== undefined && isObject(value) && known.get(value) === shape) return true;
    const before = problems.length;
    shape(value, at, key);
    const isSound = problems.length === before;
    if (isSound && isObject(value)) known?.set(value, shape);
    return isSound;
  };

  const applications: ApplicationDefinition[] = [];
  const applicationNames = new Set<string>();
  list((value, at, index) => {
    if (isObject(value) && typeof value['name'] === 'string') applicationNames.add(value['name']);
    if (sound(application, value, at, index)) applications.push(value as ApplicationDefinition);
  })(loaded['applications'], top('applications'), 'applications');

  const soundSecrets: [string, SecretDefinition][] = [];
  mapOf((value, at, name) => {
    const shape = isObject(value) && value['text'] !== undefined ? textSecret : fieldsSecret;
    if (sound(shape, value, at, name)) soundSecrets.push([name, value as SecretDefinition]);
  })(loaded['secrets'], top('secrets'), 'secrets');
  const secretNames = isObject(loaded['secrets']) ? Object.keys(loaded['secrets']) : [];
  // All of them, nearly always: thousands need not be put into another object.
  const secrets =
    secretNames.length > 0 && soundSecrets.length === secretNames.length
      ? (loaded['secrets'] as Record<string, SecretDefinition>)
      : Object.fromEntries(soundSecrets);

  const environments: Record<string, EnvironmentDefinition> = {};
  mapOf((value, at, name) => {
    if (sound(environment, value, at, name)) environments[name] = value as EnvironmentDefinition;
  })(loaded['environments'], top('environments'), 'environments');

  return {
    configuration: { applications, secrets, environments },
    names: {
      applications: applicationNames,
      secrets: new Set(secretNames),
    },
    problems,
  };
}
