/**
 * The Kubernetes Secrets of an application: what each must hold, and what it holds. Values are compared by digests under a key that lives for
 * the run; none is kept, shown or written.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { receive } from '../eso/receive.ts';
import { readRemoteSecret } from '../eso/remote-secret.ts';
import type { StoreName } from '../model/configuration.ts';
import type { Secret } from '../model/platform.ts';
import { SecretValue } from '../model/secret-value.ts';
import { isObject } from '../model/shape.ts';

/** Key of a Secret → digest of its bytes. */
export type Digests = ReadonlyMap<string, Buffer>;

export type ExpectedSecret = {
  readonly namespace: string;
  readonly name: string;
  /** Whose manifests bring the ExternalSecret. */
  readonly application: string;
  /** By the bytes that the store holds. Undefined for a key: a template makes it, and nothing is said about it. */
  readonly digests: ReadonlyMap<string, Buffer | undefined>;
  /** The operator makes no Secret, and changes none: the store holds no field, and none is required. */
  readonly retained: boolean;
};

export type NotExpected = { readonly namespace: string; readonly name: string; readonly because: string };

/** @param key at least 32 random bytes, made for this run */
export function expectSecrets(
  secret: Secret,
  store: StoreName,
  value: SecretValue,
  key: Uint8Array,
): (ExpectedSecret | NotExpected)[] {
  const read = { ...secret, store };
  return secret.targets.map((target) => {
    const { namespace, name, application } = target;
    const received = receive(read, target, readRemoteSecret(read, value));
    if (received.kind === 'failed') return { namespace, name, because: received.because };
    const keys = received.kind === 'synced' ? received.keys : [];
    const digests = new Map(
      keys.map(({ key: of, value: bytes }) => [
        of,
        bytes instanceof SecretValue ? digest(key, [namespace, name, of], Buffer.from(bytes.reveal())) : undefined,
      ]),
    );
    return { namespace, name, application, digests, retained: received.kind === 'retained' };
  });
}

/** @param data of a Secret as the cluster gives it, its values as {@link SecretValue}s of base64 */
export function digestsOf(
  { namespace, name }: Pick<ExpectedSecret, 'namespace' | 'name'>,
  data: unknown,
  key: Uint8Array,
): Digests {
  const entries = Object.entries(isObject(data) ? data : {});
  return new Map(
    entries.flatMap(([of, value]) =>
      value instanceof SecretValue
        ? [[of, digest(key, [namespace, name, of], Buffer.from(value.reveal(), 'base64'))] as const]
        : [],
    ),
  );
}

function digest(key: Uint8Array, names: readonly string[], bytes: Buffer): Buffer {
  // JSON keeps the names apart from each other and from the bytes.
  return createHmac('sha256', key)
    .update(`${JSON.stringify(names)}\n`)
    .update(bytes)
    .digest();
}

/** @returns the keys that are not alike, sorted */
export function differingKeys(expected: ReadonlyMap<string, Buffer | undefined>, found: Digests): string[] {
  const isAlike = (key: string): boolean => {
    const [one, other] = [expected.get(key), found.get(key)];
    if (one === undefined || other === undefined) return expected.has(key) && one === undefined && other !== undefined;
    return timingSafeEqual(one, other);
  };
  return [...new Set([...expected.keys(), ...found.keys()])].filter((key) => !isAlike(key)).toSorted();
}
