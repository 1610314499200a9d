/** What an edit of config/ comes to: whether it changes the store of one application and nothing else, and in which environments. Pure. */
import type { ApplicationDefinition, Configuration, StoreName } from '../model/configuration.ts';
import type { Platform } from '../model/platform.ts';
import type { Resolution } from '../model/resolve.ts';
import { resolve } from '../model/resolve.ts';
import { isObject } from '../model/shape.ts';
import type { Variables } from '../model/variables.ts';

/** Whether nothing but the store that the entry of this application names is another one. */
export function changesStoreAlone(before: Configuration, after: Configuration, application: string): boolean {
  return (
    canonical(withoutStore(before.applications, application)) ===
      canonical(withoutStore(after.applications, application)) &&
    canonical([before.secrets, before.environments]) === canonical([after.secrets, after.environments])
  );
}

function withoutStore(applications: readonly ApplicationDefinition[], name: string): unknown[] {
  return applications.map((application) => {
    if (application.name !== name) return application;
    const { secretStore: _store, ...props } = application.chart.props ?? {};
    return { ...application, chart: { ...application.chart, props } };
  });
}

/** Equal for equal data, whatever the order of keys; a class of the user's own is known by its name. */
function canonical(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) => {
    if (typeof value === 'function') return `class ${value.name}`;
    return isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value;
  });
}

/** What becomes of the application in one environment. */
export type EnvironmentChange = {
  readonly environment: string;
  readonly production: boolean;
  /** Where it reads now, and then; undefined where config/ cannot be resolved for this environment. */
  readonly from: StoreName | undefined;
  readonly to: StoreName | undefined;
};

/** @param resolved what the environment that is meant resolves to, before and after, with its variables */
export function environmentChanges(
  [before, after]: readonly [Configuration, Configuration],
  application: string,
  meant: string,
  resolved: readonly [Resolution, Resolution],
): EnvironmentChange[] {
  return Object.entries(after.environments).map(([environment, { production = false }]) => {
    const [from, to] = ([before, after] as const).map((configuration, index) =>
      storeOf(
        environment === meant
          ? resolved[index]
          : resolve(configuration, environment, standIns(configuration, environment)),
        application,
      ),
    );
    return { environment, production, from, to };
  });
}

/** Identities say nothing about stores: those that variables bring are made up. */
function standIns({ environments }: Configuration, environment: string): Variables {
  const azure = environments[environment]?.azure;
  const id = '00000000-0000-4000-8000-000000000000';
  return {
    ...(azure === undefined || azure.tenantId !== undefined ? {} : { AZURE_TENANT_ID: id }),
    ...(azure === undefined || azure.clientId !== undefined ? {} : { AZURE_CLIENT_ID: id }),
  };
}

function storeOf(resolution: Resolution | undefined, application: string): StoreName | undefined {
  return resolution?.kind === 'resolved' ? storeIn(resolution.platform, application) : undefined;
}

export function storeIn({ applications }: Platform, application: string): StoreName | undefined {
  return applications.find(({ name }) => name === application)?.store;
}

/** The configuration in which the entry of this application names this store. */
export function withStore(configuration: Configuration, application: string, store: StoreName): Configuration {
  const applications = configuration.applications.map((one): ApplicationDefinition => {
    if (one.name !== application) return one;
    return { ...one, chart: { ...one.chart, props: { ...one.chart.props, secretStore: store } } };
  });
  return { ...configuration, applications };
}
