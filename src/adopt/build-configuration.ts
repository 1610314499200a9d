/** Candidates and what their remote secrets hold → the definitions of config/. Pure. */
import type {
  Configuration,
  EnvironmentDefinition,
  FieldDefinition,
  SecretDefinition,
  TargetDefinition,
} from '../model/configuration.ts';
import type { Candidate, LeftBehind, RemoteContent } from './adoption.ts';
import { nameApplications, uniqueName } from './name-applications.ts';
import { placeId } from './remote-content.ts';

export const ENVIRONMENT = 'dev';

export type BuiltConfiguration = {
  readonly configuration: Configuration;
  readonly placed: ReadonlyMap<Candidate, { readonly secret: string; readonly application: string }>;
};

/** Those that fit what the remote secrets hold. */
export function fitting(
  candidates: readonly Candidate[],
  contents: ReadonlyMap<string, RemoteContent>,
): { readonly candidates: readonly Candidate[]; readonly left: readonly LeftBehind[] } {
  const kept: Candidate[] = [];
  const left: LeftBehind[] = [];
  for (const candidate of candidates) {
    const misfit = misfitOf(candidate, contents.get(placeId(candidate.request)));
    if (misfit === undefined) kept.push(candidate);
    else left.push({ given: candidate.given, ...misfit });
  }
  return { candidates: kept, left };
}

function misfitOf(
  { use, remote }: Candidate,
  content: RemoteContent | undefined,
): { because: string; hint: string } | undefined {
  if (content === undefined || content.kind === 'unreadable')
    return {
      because: `${remote}: ${content?.because ?? 'it was not read'}`,
      hint: 'Run it with --read-stores and access.',
    };
  if (content.kind === 'text')
    return use.kind === 'text'
      ? undefined
      : { because: `${remote} is taken as one text by another ExternalSecret`, hint: 'Take it either way.' };
  if (use.kind === 'text')
    return { because: `${remote} is taken by its fields by another ExternalSecret`, hint: 'Take it either way.' };
  if (use.kind === 'all fields') return undefined;
  const names = new Set(content.fields.map(({ name }) => name));
  const inside = use.entries.find(({ field }) => !names.has(field));
  return (
    inside && { because: `${inside.field} is no field of ${remote}`, hint: 'Keep the value in a field of its own.' }
  );
}

/** @param contents of each candidate's remote secret, which fit */
export function buildConfiguration(
  candidates: readonly Candidate[],
  contents: ReadonlyMap<string, RemoteContent>,
  environment: EnvironmentDefinition,
): BuiltConfiguration {
  const { applications, applicationOf } = nameApplications(candidates, environment.defaultStore);
  const groups = Map.groupBy(candidates, ({ request }) => placeId(request));
  const secrets: Record<string, SecretDefinition> = {};
  const taken = { names: new Set<string>(), vaultPaths: new Set<string>(), keyVaultNames: new Set<string>() };
  for (const { store, remote } of candidates)
    (store === 'vault-secret-store' ? taken.vaultPaths : taken.keyVaultNames).add(remote.toLowerCase());
  const placed = new Map<Candidate, { secret: string; application: string }>();
  for (const [place, group] of groups) {
    const [first] = group;
    const content = contents.get(place);
    if (first === undefined || content === undefined || content.kind === 'unreadable') continue;
    const name = uniqueName(slug(first.remote.split('/').at(-1) ?? ''), taken.names);
    const owner = applicationOf(first);
    for (const candidate of group) placed.set(candidate, { secret: name, application: applicationOf(candidate) });
    const isVault = first.store === 'vault-secret-store';
    const common = {
      description: `Adopted from ${group.map(({ given }) => `${given.resource.metadata.namespace}/${given.resource.metadata.name}`).join(', ')}`,
      application: owner,
      vaultPath: isVault ? first.remote : uniqueName(first.remote, taken.vaultPaths),
      keyVaultName: isVault ? uniqueName(slug(first.remote), taken.keyVaultNames) : first.remote,
    };
    if (content.kind === 'text') {
      secrets[name] = {
        ...common,
        text: { format: 'token' },
        targets: group.map((candidate) => textTarget(candidate, owner, applicationOf(candidate))),
      };
      continue;
    }
    const fields = declaredFields(group, content.fields);
    secrets[name] = {
      ...common,
      fields,
      targets: group.map((candidate) => fieldsTarget(candidate, Object.keys(fields), owner, applicationOf(candidate))),
    };
  }
  return { configuration: { applications, secrets, environments: { [ENVIRONMENT]: environment } }, placed };
}

/** Required is what each reader would fail without; an empty value is one that Lockstep takes for missing. */
function declaredFields(
  group: readonly Candidate[],
  held: readonly { readonly name: string; readonly isEmpty: boolean }[],
): Record<string, FieldDefinition> {
  const used = new Set(
    group.flatMap(({ use }) => (use.kind === 'fields' ? use.entries.map(({ field }) => field) : [])),
  );
  const takesAll = group.some(({ use }) => use.kind === 'all fields');
  const isTyped = group.some(
    ({ target, use }) => use.kind === 'all fields' && target.type?.startsWith('kubernetes.io/'),
  );
  const names = takesAll ? held.map(({ name }) => name) : [...used];
  const empty = new Set(held.filter(({ isEmpty }) => isEmpty).map(({ name }) => name));
  return Object.fromEntries(
    names.map((name) => {
      const required = (used.has(name) || isTyped) && !empty.has(name);
      return [name, { description: name, format: formatOf(name), ...(required ? {} : { required: false }) }];
    }),
  );
}

/** Of what the values are nothing is known but the name. */
function formatOf(name: string): 'json' | 'pem' | 'text' | 'token' {
  if (/^\.docker/.test(name)) return 'json';
  if (/\.(?:crt|key|pem)$/.test(name)) return 'pem';
  return /token|password|secret|key/i.test(name) ? 'token' : 'text';
}

function commonTarget({ target }: Candidate, owner: string, application: string): TargetDefinition {
  const { name, type, labels, annotations } = target;
  return {
    name,
    ...(application === owner ? {} : { application }),
    ...(type === undefined || type === 'Opaque' ? {} : { type }),
    ...optional('labels', labels),
    ...optional('annotations', annotations),
  };
}

function textTarget(candidate: Candidate, owner: string, application: string): TargetDefinition<string, never> {
  const [key = '', ...others] = candidate.use.kind === 'text' ? candidate.use.keys : [];
  const template = {
    ...Object.fromEntries(others.map((other) => [other, copyOf(key)])),
    ...candidate.target.template,
  };
  return { ...commonTarget(candidate, owner, application), key, ...optional('template', template) } as TargetDefinition<
    string,
    never
  >;
}

function fieldsTarget(
  candidate: Candidate,
  declared: readonly string[],
  owner: string,
  application: string,
): TargetDefinition {
  const { use, target } = candidate;
  const entries = use.kind === 'fields' && !target.templateOnly ? use.entries : [];
  const keys = new Map<string, string>();
  const copies: [string, string][] = [];
  for (const { key, field } of entries)
    if (keys.has(field)) copies.push([key, copyOf(field)]);
    else keys.set(field, key);
  const fields = declared.filter((field) => keys.has(field));
  const takesAll = (use.kind === 'all fields' && !target.templateOnly) || fields.length === declared.length;
  return {
    ...commonTarget(candidate, owner, application),
    ...(takesAll ? {} : { fields }),
    ...optional('keys', Object.fromEntries([...keys].filter(([field, key]) => field !== key))),
    ...optional('template', { ...Object.fromEntries(copies), ...target.template }),
  };
}

/** `.FIELD` would not do for a name with a dot or a hyphen. */
function copyOf(field: string): string {
  return `{{ index . ${JSON.stringify(field)} }}`;
}

function optional(name: string, texts: Readonly<Record<string, string>>): object {
  return Object.keys(texts).length === 0 ? {} : { [name]: texts };
}

function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'secret'
  );
}
