/** From an ExternalSecret's entries to the map of its data (GetProviderSecretData). */
import { decodeMap, decodeValue } from '../decode.ts';
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { goString } from '../go/go-string.ts';
import { convertKeys, validateKeys } from '../keys.ts';
import { OperatorText } from '../operator-text.ts';
import type { OperatorEvent, World } from '../prediction.ts';
import type { ProviderAnswer, ProviderRequest } from '../provider.ts';
import type { BoundProvider } from '../providers/provider-of.ts';
import { providerOf } from '../providers/provider-of.ts';
import type { SecretMap } from '../providers/provider-client.ts';
import { rewriteMap } from '../rewrite.ts';
import type { DataEntry, ExternalSecret, NullBytePolicy, StoreReference } from '../resources.ts';
import { findStore } from '../stores/find-store.ts';
import type { Entry } from './entries.ts';
import { entriesOf } from './entries.ts';
import { renderKey } from './render-key.ts';

export type Assembly = {
  readonly world: World;
  readonly externalSecret: ExternalSecret;
  /** Both grow while it is worked on. */
  readonly events: OperatorEvent[];
  readonly assumed: Set<string>;
};

/** What the entries need to have been read and nobody has, lists first. As far as the first entry that fails whatever is read. */
export function missingRequests(assembly: Assembly): ProviderRequest[] {
  const requests: ProviderRequest[] = [];
  for (const entry of entriesOf(assembly.externalSecret.spec)) {
    try {
      if (entry.kind === 'generator') break;
      if (entry.kind === 'nothing') continue;
      const provider = openStore(assembly, entry.store);
      const wanted =
        entry.kind === 'find'
          ? { find: entry.find }
          : { reference: entry.kind === 'data' ? entry.entry.remoteRef : entry.reference };
      requests.push(...provider.requests(wanted).filter((request) => assembly.world.read(request) === undefined));
    } catch (error) {
      if (error instanceof GoError || error instanceof Unpredictable) break;
      throw error;
    }
  }
  return requests.toSorted((a, b) => Number(isList(b)) - Number(isList(a)));
}

function isList({ kind }: ProviderRequest): boolean {
  return kind === 'key-vault-secrets' || kind === 'vault-secrets';
}

/** @throws GoError with the operator's text, Unpredictable */
export function providerData(assembly: Assembly): SecretMap {
  const { deletionPolicy } = assembly.externalSecret.spec.target;
  const data: SecretMap = new Map();
  let missingBefore = false;
  for (const entry of entriesOf(assembly.externalSecret.spec)) {
    // An entry that asks for nothing repeats the event of the one before.
    if (entry.kind === 'nothing') {
      if (missingBefore) missing(assembly, entry);
      continue;
    }
    try {
      for (const [key, value] of dataOf(assembly, entry)) data.set(key, value);
      missingBefore = false;
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      if (!error.noSecret || deletionPolicy === 'Retain') throw error.wrap(entry.prefix);
      missing(assembly, entry);
      missingBefore = true;
    }
  }
  return data;
}

function missing({ events }: Assembly, entry: Entry): void {
  events.push({ type: 'Normal', reason: 'MissingProviderSecret', message: new OperatorText(entry.missing) });
}

function dataOf(assembly: Assembly, entry: Exclude<Entry, { kind: 'nothing' }>): SecretMap {
  if (entry.kind === 'generator')
    throw new Unpredictable('resource', `generator ${entry.name} makes another value each time`);
  const provider = openStore(assembly, entry.store);
  if (entry.kind === 'data') {
    const { remoteRef, secretKey } = entry.entry;
    const value = provider.getSecret(remoteRef);
    const decoded = decodedValue(remoteRef.decodingStrategy, value);
    checkNullBytes(assembly, remoteRef.nullBytePolicy, [[goString(remoteRef.key), decoded]]);
    return new Map([[goString(secretKey), decoded]]);
  }
  const options = entry.kind === 'find' ? entry.find : entry.reference;
  const found = entry.kind === 'find' ? allSecrets(provider, entry) : provider.getSecretMap(entry.reference);
  const { rewrite } = entry.entry;
  const named =
    rewrite.length > 0
      ? wrapped('error applying rewrite to keys: ', () => rewriteMap(rewrite, found, renderKey(assembly.world)))
      : wrapped(`error applying conversion strategy ${options.conversionStrategy} to keys: `, () =>
          convertKeys(found, options.conversionStrategy, assembly.world.operator.version),
        );
  const valid = wrapped('invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): ', () =>
    validateKeys(named),
  );
  const decoded = wrapped(`error applying decoding strategy ${options.decodingStrategy} to data: `, () =>
    decodeMap(options.decodingStrategy, valid),
  );
  checkNullBytes(assembly, options.nullBytePolicy, decoded);
  return decoded;
}

function allSecrets(provider: BoundProvider, { find }: Extract<Entry, { kind: 'find' }>): SecretMap {
  return wrapped('error getting all secrets: ', () => provider.getAllSecrets(find));
}

/** Decoding a single value. */
function decodedValue(strategy: DataEntry['remoteRef']['decodingStrategy'], value: GoString): GoString {
  return wrapped(`error applying decoding strategy ${strategy} to data: `, () => decodeValue(strategy, value));
}

function wrapped<T>(before: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof GoError ? error.wrap(before) : error;
  }
}

/** From 2.0 on. What the operator says then is not known here. */
function checkNullBytes(
  { world }: Assembly,
  policy: NullBytePolicy,
  entries: Iterable<readonly [GoString, GoString]>,
): void {
  if (world.operator.version.major < 2 || policy !== 'Fail') return;
  for (const [, value] of entries)
    if (value.includes('\0')) throw new Unpredictable('operator', 'a value contains a null byte');
}

/** @throws GoError, Unpredictable */
function openStore(assembly: Assembly, reference: StoreReference | undefined): BoundProvider {
  const { externalSecret, world, assumed } = assembly;
  const { namespace } = externalSecret.metadata;
  const usable = findStore(reference, namespace, world);
  for (const assumption of usable.assumed) assumed.add(assumption);
  return providerOf(usable.store, namespace, world, (request) => answerOf(world, request));
}

function answerOf(world: World, request: ProviderRequest): ProviderAnswer {
  const answer = world.read(request);
  if (answer === undefined) throw new Error(`not asked for before: ${request.kind}`);
  return answer;
}
