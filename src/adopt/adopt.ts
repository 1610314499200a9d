/**
 * The job of `npm run adopt`: the ExternalSecrets of a platform that exists → the definitions of config/ by which synth gives the same Secrets.
 * An ExternalSecret is adopted only where the predictions of both agree; the others are told of, with the reason. Writes nothing.
 */
import { callsPerRefresh } from '../eso/calls.ts';
import { predict } from '../eso/predict.ts';
import type { OperatorSettings, Predicted, World } from '../eso/prediction.ts';
import type { ProviderAnswer, ProviderRequest } from '../eso/provider.ts';
import type { ExternalSecret } from '../eso/resources.ts';
import type { Given, Resources } from '../manifest-input/parse-resources.ts';
import { pathOf } from '../model/shape.ts';
import { createWorld } from '../preflight/create-world.ts';
import type { ProviderReader } from '../preflight/drive-predictions.ts';
import type { Adoption, AdoptedExternalSecret, Candidate, LeftBehind, RemoteContent } from './adoption.ts';
import { buildConfiguration, fitting } from './build-configuration.ts';
import type { BuiltConfiguration } from './build-configuration.ts';
import { chooseStores } from './choose-stores.ts';
import { compareSecrets } from './compare-secrets.ts';
import { readCandidate } from './read-candidate.ts';
import { remarksOn } from './remarks.ts';
import { contentOf, madeUpAnswer, placeId } from './remote-content.ts';
import { synthesise } from './synthesise.ts';

export type AdoptOptions = {
  readonly resources: Resources;
  readonly operator: OperatorSettings;
  /** As in config/: `0.20.4`. */
  readonly version: string;
  /** Undefined: nothing is read, and what the manifests do not tell cannot be adopted. */
  readonly read: ProviderReader | undefined;
};

type Worlds = { readonly before: Omit<World, 'read'>; readonly read: (request: ProviderRequest) => ProviderAnswer };

/** @throws whatever `read` throws */
export async function adopt({ resources, operator, version, read }: AdoptOptions): Promise<Adoption> {
  const before = createWorld({
    manifests: withoutTargets(resources),
    platformStores: [],
    cluster: undefined,
    operator,
  });
  const left: LeftBehind[] = [];
  const found: Candidate[] = [];
  for (const given of onePerSecret(resources.externalSecrets, left)) {
    const answer = readCandidate(given, before);
    if (answer.kind === 'candidate') found.push(answer.candidate);
    else left.push({ given, because: answer.because, hint: answer.hint });
  }
  const accounts = resources.serviceAccounts.map(({ resource }) => resource);
  const chosen = chooseStores(found, accounts, version);
  left.push(...chosen.left);
  const readable = read === undefined ? chosen.candidates.filter((one) => told(one, left)) : chosen.candidates;
  const answers = await answersFor(readable, read);
  const contents = new Map<string, RemoteContent>();
  for (const { request, use } of readable) {
    const place = placeId(request);
    const answer = answers.get(place);
    if (answer !== undefined && !contents.has(place)) contents.set(place, contentOf(answer, use.kind === 'text'));
  }
  const fit = fitting(readable, contents);
  left.push(...fit.left);

  const unread: ProviderAnswer = { kind: 'unknown', because: 'it was not read' };
  const worlds = { before, read: (request: ProviderRequest) => answers.get(placeId(request)) ?? unread };
  let candidates = fit.candidates;
  for (;;) {
    const built = buildConfiguration(candidates, contents, chosen.environment);
    const verdict = judge(candidates, built, worlds, operator);
    if (verdict.left.size === 0)
      return conclude({ candidates, built, verdict, left, worlds, resources, offline: read === undefined });
    for (const [{ given }, reason] of verdict.left) left.push({ given, ...reason });
    candidates = candidates.filter((candidate) => !verdict.left.has(candidate));
  }
}

/** What is in a Secret already would be in the one of them that it was given with, and not in the other. */
function withoutTargets(resources: Resources): Resources {
  const targets = new Set(
    resources.externalSecrets.map(({ resource: { metadata, spec } }) => `${metadata.namespace}/${spec.target.name}`),
  );
  const secrets = resources.secrets.filter(({ resource }) => !targets.has(`${resource.namespace}/${resource.name}`));
  return { ...resources, secrets };
}

/** The first of two that write one Secret; the operator gives it to the first as well. */
function onePerSecret(all: readonly Given<ExternalSecret>[], left: LeftBehind[]): Given<ExternalSecret>[] {
  const seen = new Set<string>();
  return all.filter((given) => {
    const { metadata, spec } = given.resource;
    const id = `${metadata.namespace}/${spec.target.name}`;
    if (!seen.has(id)) return seen.add(id);
    left.push({ given, because: `another ExternalSecret writes ${id} too`, hint: 'Remove one of the two.' });
    return false;
  });
}

/** Whether the manifests alone tell which fields it needs. */
function told({ given, use }: Candidate, left: LeftBehind[]): boolean {
  const hint = 'Run it with --read-stores: names of fields are read, and values are compared.';
  if (use.kind === 'all fields')
    left.push({ given, because: 'it extracts all fields, and the manifests do not name them', hint });
  const nested = use.kind === 'fields' ? use.entries.find(({ field }) => field.includes('.')) : undefined;
  if (nested !== undefined) left.push({ given, because: `${nested.field} may be a field, or a path into one`, hint });
  return use.kind !== 'all fields' && nested === undefined;
}

async function answersFor(
  candidates: readonly Candidate[],
  read: ProviderReader | undefined,
): Promise<ReadonlyMap<string, ProviderAnswer>> {
  const answers = new Map<string, ProviderAnswer>();
  for (const [place, group] of Map.groupBy(candidates, ({ request }) => placeId(request))) {
    const [first] = group;
    if (first !== undefined) answers.set(place, read === undefined ? madeUpAnswer(group) : await read(first.request));
  }
  return answers;
}

type Verdict = {
  readonly left: ReadonlyMap<Candidate, { readonly because: string; readonly hint: string }>;
  readonly after: ReadonlyMap<Candidate, ExternalSecret>;
  readonly world: Omit<World, 'read'>;
};

function judge(
  candidates: readonly Candidate[],
  { configuration, placed }: BuiltConfiguration,
  { before, read }: Worlds,
  operator: OperatorSettings,
): Verdict {
  const left = new Map<Candidate, { because: string; hint: string }>();
  const after = new Map<Candidate, ExternalSecret>();
  const synthesised = synthesise(configuration, operator.version);
  if (synthesised.kind === 'wrong') {
    for (const candidate of candidates) {
      const path = pathOf('secrets', placed.get(candidate)?.secret ?? '');
      const problem = synthesised.problems.find((one) => one.path === path || one.path.startsWith(`${path}.`));
      if (problem !== undefined)
        left.set(candidate, { because: `config/ refuses it: ${problem.message}`, hint: problem.hint });
    }
    const [problem] = synthesised.problems;
    // Nothing that one of them could be left out for: then none can be adopted.
    if (left.size === 0)
      for (const candidate of candidates)
        left.set(candidate, {
          because: `config/ refuses it: ${problem?.path ?? ''} ${problem?.message ?? ''}`,
          hint: problem?.hint ?? '',
        });
    return { left, after, world: before };
  }
  const { resources } = synthesised;
  const world = createWorld({ manifests: resources, platformStores: [], cluster: undefined, operator });
  const byTarget = new Map(
    resources.externalSecrets.map(({ resource }) => [
      `${resource.metadata.namespace}/${resource.spec.target.name}`,
      resource,
    ]),
  );
  for (const candidate of candidates) {
    const { target, given } = candidate;
    const now = byTarget.get(`${target.namespace}/${target.name}`);
    const difference =
      now === undefined
        ? 'synth does not give its Secret'
        : compareSecrets(predicted(given.resource, before, read), predicted(now, world, read));
    if (now !== undefined) after.set(candidate, now);
    if (difference !== undefined)
      left.set(candidate, { because: difference, hint: 'Keep it as it is, beside Lockstep.' });
  }
  return { left, after, world };
}

function predicted(externalSecret: ExternalSecret, world: Omit<World, 'read'>, read: Worlds['read']): Predicted {
  const prediction = predict({ externalSecret, world: { ...world, read } });
  if (prediction.kind !== 'needs') return prediction;
  return { kind: 'unpredictable', reason: 'store', because: 'its reads were not answered', assumed: [] };
}

type Conclusion = {
  readonly candidates: readonly Candidate[];
  readonly built: BuiltConfiguration;
  readonly verdict: Verdict;
  readonly left: readonly LeftBehind[];
  readonly worlds: Worlds;
  readonly resources: Resources;
  readonly offline: boolean;
};

function conclude({ candidates, built, verdict, left, worlds, resources, offline }: Conclusion): Adoption {
  const readsBefore = (externalSecret: ExternalSecret): number =>
    readsOf(externalSecret, { ...worlds.before, read: worlds.read });
  const adopted = candidates.flatMap((candidate): AdoptedExternalSecret[] => {
    const [place, now] = [built.placed.get(candidate), verdict.after.get(candidate)];
    if (place === undefined || now === undefined) return [];
    const { given } = candidate;
    const readsAfter = readsOf(now, { ...verdict.world, read: worlds.read });
    return [{ given, ...place, readsBefore: readsBefore(given.resource), readsAfter }];
  });
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const all = sum(resources.externalSecrets.map(({ resource }) => readsBefore(resource)));
  const saved = sum(adopted.map((one) => one.readsBefore - one.readsAfter));
  return {
    configuration: built.configuration,
    adopted,
    left: inOrder(left, resources.externalSecrets),
    remarks: remarksOn(candidates, built.configuration, offline),
    reads: { before: all, after: all - saved },
  };
}

function inOrder(left: readonly LeftBehind[], all: readonly Given<ExternalSecret>[]): readonly LeftBehind[] {
  const reasons = new Map(left.map((one) => [one.given, one]));
  return all.flatMap((given) => reasons.get(given) ?? []);
}

/** What a store is asked for; signing in is not counted. */
function readsOf(externalSecret: ExternalSecret, world: World): number {
  return callsPerRefresh(externalSecret, world).reduce((sum, { reads, lists }) => sum + reads + lists, 0);
}
