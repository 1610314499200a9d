/** Turns the configuration and the variables into the {@link Platform} of one environment. Pure. */
import type {
  ApplicationDefinition,
  Configuration,
  EnvironmentDefinition,
  SecretDefinition,
  StoreName,
} from './configuration.ts';
import { configurationFiles } from './configuration-shape.ts';
import type { Application, ApplicationTarget, KeyVault, Platform, Secret } from './platform.ts';
import type { Problem } from './problem.ts';
import { nameKeyVault, resolveKeyVault } from './resolve-key-vault.ts';
import { resolveSecret } from './resolve-secret.ts';
import { pathOf } from './shape.ts';
import type { Variables } from './variables.ts';
import { howToSet, variableProblem } from './variables.ts';

const defaultIngressHost = 'cnoe.localtest.me';

export type Resolution =
  | { readonly kind: 'resolved'; readonly platform: Platform }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** What an environment was resolved to at another time. What did not change since is the same object again. */
export type ResolvedBefore = {
  namespaces: string;
  readonly applications: Map<string, Application>;
  secrets: WeakMap<SecretDefinition, Secret>;
};

export function nothingResolved(): ResolvedBefore {
  return { namespaces: '', applications: new Map(), secrets: new WeakMap() };
}

/**
 * @param configuration sound: checkConfiguration() found nothing
 * @param environmentName one of its environments
 * @param malformed the variables that were set, but empty or malformed, and are reported already
 * @param before of a process that stays, and brought up to date; of this environment alone
 */
export function resolve(
  configuration: Configuration,
  environmentName: string,
  variables: Variables,
  malformed: ReadonlySet<string> = new Set(),
  before?: ResolvedBefore,
): Resolution {
  const definition = configuration.environments[environmentName];
  if (definition === undefined) throw new RangeError(`no environment "${environmentName}"`);

  const wanted = wantedStores(configuration, definition, variables);
  const wantsKeyVault = [...wanted.values()].some(({ store }) => store === 'azure-keyvault-store');
  const answer = wantsKeyVault
    ? resolveKeyVault(configuration, environmentName, variables, malformed)
    : ({ kind: 'none' } as const);
  if (answer.kind === 'wrong') return answer;
  const keyVault = answer.kind === 'present' ? answer.keyVault : undefined;
  if (wantsKeyVault && keyVault === undefined) {
    const problems = withoutKeyVault(environmentName, definition, wanted);
    if (problems.length > 0) return { kind: 'wrong', problems };
  }
  const platform = build(configuration, environmentName, definition, variables, wanted, keyVault, before);
  return { kind: 'resolved', platform };
}

type WantedStore = { readonly store: StoreName; readonly because: 'application' | 'variable' | 'environment' };

/** Precedence: the application's own entry, AI_PLATFORM_SECRET_STORE (for the AI platform, as its name says), the environment's default. */
function wantedStores(
  configuration: Configuration,
  definition: EnvironmentDefinition,
  variables: Variables,
): ReadonlyMap<string, WantedStore> {
  return new Map(
    configuration.applications.map(({ name, chart }) => [name, wantedStore(chart, definition, variables)]),
  );
}

function wantedStore(
  { type, props }: ApplicationDefinition['chart'],
  definition: EnvironmentDefinition,
  variables: Variables,
): WantedStore {
  if (props?.secretStore !== undefined) return { store: props.secretStore, because: 'application' };
  if (type === 'AiPlatformEngineeringChart' && variables.AI_PLATFORM_SECRET_STORE !== undefined)
    return { store: variables.AI_PLATFORM_SECRET_STORE, because: 'variable' };
  return { store: definition.defaultStore, because: 'environment' };
}

/** Key Vault is wanted and there is none: fine for an application's entry outside production, an error where it was asked for outright. */
function withoutKeyVault(
  environment: string,
  definition: EnvironmentDefinition,
  wanted: ReadonlyMap<string, WantedStore>,
): Problem[] {
  const problems: Problem[] = [];
  const because = (reason: WantedStore['because']): string[] =>
    [...wanted].filter(([, w]) => w.store === 'azure-keyvault-store' && w.because === reason).map(([name]) => name);
  if (because('variable').length > 0)
    problems.push(
      variableProblem(
        'C017',
        'AZURE_KEYVAULT_NAME',
        `is missing: AI_PLATFORM_SECRET_STORE asks for Key Vault, and ${environment} has none`,
        `Set it: ${howToSet.AZURE_KEYVAULT_NAME}; or unset AI_PLATFORM_SECRET_STORE`,
      ),
    );
  if (because('environment').length > 0 || definition.defaultStore === 'azure-keyvault-store')
    problems.push({
      code: 'C021',
      where: configurationFiles.environments,
      path: pathOf('environments', environment, 'defaultStore'),
      message: `is azure-keyvault-store, but ${environment} has no Key Vault`,
      hint: `Add ${pathOf('environments', environment, 'azure')}, or set AZURE_KEYVAULT_NAME, AZURE_TENANT_ID and AZURE_CLIENT_ID.`,
    });
  const named = because('application');
  if (definition.production === true && named.length > 0)
    problems.push({
      code: 'C021',
      where: configurationFiles.environments,
      path: pathOf('environments', environment),
      message: `is production and has no Key Vault, but ${list(named)} ${named.length === 1 ? 'names' : 'name'} azure-keyvault-store`,
      hint: `Add ${pathOf('environments', environment, 'azure')}, or set AZURE_KEYVAULT_NAME, AZURE_TENANT_ID and AZURE_CLIENT_ID.`,
    });
  return problems;
}

function build(
  configuration: Configuration,
  environmentName: string,
  definition: EnvironmentDefinition,
  variables: Variables,
  wanted: ReadonlyMap<string, WantedStore>,
  keyVault: KeyVault | undefined,
  before: ResolvedBefore | undefined,
): Platform {
  const namespaces = new Map(configuration.applications.map(({ name, namespace }) => [name, namespace]));
  const storeOf = (application: string): StoreName => {
    const store = wanted.get(application)?.store ?? definition.defaultStore;
    return store === 'azure-keyvault-store' && keyVault === undefined ? definition.defaultStore : store;
  };
  if (before !== undefined) forgetOtherNamespaces(before, JSON.stringify([...namespaces]));
  const omitted = new Set(definition.omitSecrets);
  const secrets = Object.entries(configuration.secrets)
    .filter(([name]) => !omitted.has(name))
    .map(([name, secret]) => {
      const store = storeOf(secret.application);
      const earlier = before?.secrets.get(secret);
      if (earlier?.name === name && earlier.store === store) return earlier;
      const resolved = resolveSecret(name, secret, store, namespaces);
      before?.secrets.set(secret, resolved);
      return resolved;
    });

  const targets = new Map<string, ApplicationTarget[]>();
  for (const secret of secrets)
    for (const target of secret.targets) {
      const of = targets.get(target.application);
      if (of === undefined) targets.set(target.application, [{ secret, target }]);
      else of.push({ secret, target });
    }

  const environmentHost = variables.INGRESS_HOST ?? definition.ingressHost ?? defaultIngressHost;
  const claimed = new Set<string>();
  const applications = configuration.applications.map(({ name, namespace, chart }): Application => {
    const ownsNamespace = !claimed.has(namespace);
    claimed.add(namespace);
    const resolved: Application = {
      name,
      namespace,
      chartType: chart.type,
      props: chart.props ?? noProps,
      store: storeOf(name),
      ownsNamespace,
      ingressHost: chart.props?.ingressHost ?? environmentHost,
      targets: targets.get(name) ?? [],
    };
    return before === undefined ? resolved : sameAsBefore(before, resolved);
  });

  return {
    environment: {
      name: environmentName,
      production: definition.production ?? false,
      defaultStore: definition.defaultStore,
      vault: {
        server: definition.vault.server,
        mount: definition.vault.mount ?? 'secret',
        profile: definition.vault.profile,
      },
      keyVault,
      namedKeyVault: nameKeyVault(configuration, environmentName, variables),
      gitOps: definition.gitOps,
      externalSecrets: definition.externalSecrets,
      ingressHost: environmentHost,
    },
    applications,
    secrets,
    notes: notes(environmentName, definition, wanted, keyVault),
  };
}

const noProps = {};

/** A target without a namespace of its own has that of its application. */
function forgetOtherNamespaces(before: ResolvedBefore, namespaces: string): void {
  if (before.namespaces !== namespaces) Object.assign(before, { namespaces, secrets: nothingResolved().secrets });
}

function sameAsBefore(before: ResolvedBefore, now: Application): Application {
  const earlier = before.applications.get(now.name);
  const isSame =
    earlier?.targets.length === now.targets.length &&
    (Object.keys(now) as (keyof Application)[]).every((key) => key === 'targets' || earlier[key] === now[key]) &&
    now.targets.every(
      ({ secret, target }, index) =>
        earlier.targets[index]?.secret === secret && earlier.targets[index].target === target,
    );
  if (isSame) return earlier;
  before.applications.set(now.name, now);
  return now;
}

function notes(
  environment: string,
  definition: EnvironmentDefinition,
  wanted: ReadonlyMap<string, WantedStore>,
  keyVault: KeyVault | undefined,
): string[] {
  if (keyVault !== undefined) return [];
  const redirected = [...wanted].filter(([, { store }]) => store === 'azure-keyvault-store').map(([name]) => name);
  if (redirected.length === 0) return [];
  return [
    `${list(redirected)} ${redirected.length === 1 ? 'names' : 'name'} azure-keyvault-store, but ${environment} has no Key Vault: read from ${definition.defaultStore} instead.`,
  ];
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${String(names.at(-1))}`;
}
