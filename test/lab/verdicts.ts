/** What the API server says of a manifest by a dry run with strict field validation, beside what our check says. */
import assert from 'node:assert/strict';
import type { Manifest } from '../../src/manifests/manifest.ts';
import { isObject } from '../../src/schemas/json-schema.ts';
import type { SchemaChecker, SchemaFinding } from '../../src/schemas/schema-check.ts';
import type { Kubernetes } from './kubernetes.ts';

export type DryRun = (manifest: Manifest, how: 'apply' | 'create', at?: Manifest) => ReturnType<Kubernetes['send']>;

export type Case = {
  /** What it was made from: its kind and its namespace say where it is sent. */
  readonly of: Manifest;
  readonly how: string;
  readonly place: string;
  readonly manifest: object;
};

export type Comparison = {
  /** By both. */
  readonly refused: number;
  readonly excepted: number;
  /** Where the two differ and no exception says why; a text each. */
  readonly unexplained: readonly string[];
};

/** Where the two differ, and why. */
const exceptions: readonly {
  readonly why: string;
  readonly applies: (one: Case, weRefuse: boolean, told: string) => boolean;
}[] = [
  {
    why: 'We refuse null: the API server drops most of them, after which Argo CD sees a difference for ever',
    applies: ({ how }, weRefuse) => weRefuse && how === 'null',
  },
  {
    why: 'We let null pass for a field of any type; the API server drops it, and misses it where it must be there',
    applies: ({ manifest }, weRefuse) => !weRefuse && hasNullOfAnyType(manifest),
  },
  {
    why: 'A rule in CEL, which JSON Schema cannot say; schemas/ counts them as dropped',
    applies: (_one, weRefuse, told) =>
      !weRefuse && told.includes("Exactly one of 'secretRef' or 'oidcConfig' must be specified"),
  },
];

/** The only such fields of these CRDs, in a kind that the operator alone writes. */
function hasNullOfAnyType(manifest: object): boolean {
  const { kind, spec } = manifest as Manifest;
  return kind === 'GeneratorState' && isObject(spec) && (spec['state'] === null || spec['resource'] === null);
}

/**
 * As `kubectl apply --server-side` or `kubectl create` with `--dry-run=server --validate=strict`, over few connections instead of in a process
 * each.
 */
export async function dryRunner(kubernetes: Kubernetes): Promise<DryRun> {
  const kinds = await readKinds(kubernetes);
  return (manifest, how, at = manifest) => {
    const { apiVersion, kind, metadata } = at;
    const { plural, namespaced } = find(kinds, apiVersion, kind);
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const namespace = namespaced ? `/namespaces/${metadata.namespace ?? 'apps'}` : '';
    const query = 'dryRun=All&fieldValidation=Strict';
    if (how === 'create') return kubernetes.send('POST', `${group}${namespace}/${plural}?${query}`, manifest);
    const resource = `${group}${namespace}/${plural}/${metadata.name}?${query}&fieldManager=lab&force=true`;
    return kubernetes.send('PATCH', resource, manifest, 'application/apply-patch+yaml');
  };
}

type Kinds = ReadonlyMap<string, { readonly plural: string; readonly namespaced: boolean }>;

async function readKinds({ kubectl }: Kubernetes): Promise<Kinds> {
  const lines = (await kubectl(['api-resources', '--no-headers'])).trim().split('\n');
  return new Map(
    lines.map((line) => {
      const words = line.trim().split(/\s+/);
      // Short names may stand between.
      const [kind = '', namespaced = '', apiVersion = ''] = words.toReversed();
      return [`${apiVersion} ${kind}`, { plural: words[0] ?? '', namespaced: namespaced === 'true' }];
    }),
  );
}

function find(kinds: Kinds, apiVersion: string, kind: string): { plural: string; namespaced: boolean } {
  return kinds.get(`${apiVersion} ${kind}`) ?? assert.fail(`the API does not serve ${apiVersion} ${kind}`);
}

export async function compareVerdicts(
  cases: readonly Case[],
  check: SchemaChecker,
  dryRun: DryRun,
): Promise<Comparison> {
  const verdicts = await Promise.all(
    cases.map(async (one) => {
      const { status, text } = await dryRun(one.manifest as Manifest, 'create', one.of);
      return { one, findings: check(one.manifest), status, text };
    }),
  );
  const differing = verdicts.filter(({ findings, status }) => findings.length > 0 !== status >= 400);
  const unexplained = differing.filter(
    ({ one, findings, text }) => !exceptions.some(({ applies }) => applies(one, findings.length > 0, text)),
  );
  return {
    refused: verdicts.filter(({ findings, status }) => findings.length > 0 && status >= 400).length,
    excepted: differing.length - unexplained.length,
    unexplained: unexplained.map(({ one: { of, how, place, manifest }, findings, status, text }) =>
      [
        `${of.apiVersion} ${of.kind}: ${how} ${place}`,
        `  our check: ${renderFindings(findings)}`,
        `  the API server: ${status} ${status < 400 ? 'accepted' : (JSON.parse(text) as { message: string }).message}`,
        `  ${JSON.stringify(manifest)}`,
      ].join('\n'),
    ),
  };
}

function renderFindings(findings: readonly SchemaFinding[]): string {
  return findings.map(({ path, message }) => `${path} ${message}`).join('; ') || 'accepted';
}
