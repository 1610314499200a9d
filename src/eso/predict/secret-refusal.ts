/** What Kubernetes' API server refuses of a Secret, in its words and its order (core validation ValidateSecret, ValidateSecretUpdate, 1.34). */
import { SecretValue } from '../../model/secret-value.ts';
import { GoError, Unpredictable } from '../go-error.ts';
import { goString, textOf } from '../go/go-string.ts';
import { unmarshalMap } from '../go/json.ts';
import { marshal } from '../go/marshal.ts';
import { quoted } from '../go-text.ts';
import type { OperatorTextPart } from '../operator-text.ts';
import { OperatorText } from '../operator-text.ts';
import type { ExistingSecret, PredictedSecret } from '../prediction.ts';
import type { SecretBytes } from '../secret-bytes.ts';
import { labelValueFaults, qualifiedNameFaults, secretKeyFaults } from './name-rules.ts';

type Fault = readonly OperatorTextPart[];
type Data = ReadonlyMap<string, SecretBytes>;

const maxDataBytes = 1024 * 1024;
const maxAnnotationBytes = 256 * 1024;
const maxRequestBytes = 3 * 1024 * 1024;

/**
 * @param isName whether a key is a name, and not made of a value by a template
 * @returns undefined where it is accepted
 * @throws Unpredictable where the order in which Go goes through a map decides what is said first
 */
export function refusal(
  next: PredictedSecret,
  previous: ExistingSecret | undefined,
  isName: (key: string) => boolean,
): OperatorText | undefined {
  const size = dataBytes(next.data);
  if (size > maxRequestBytes) return new OperatorText(`Request entity too large: limit is ${String(maxRequestBytes)}`);
  const faults = [
    ...labelFaults(next.labels),
    ...annotationFaults(next.annotations),
    ...(previous === undefined ? [] : changeFaults(next, previous)),
    ...keyFaults(next.data, isName),
    ...(size > maxDataBytes ? [[`data: Too long: may not be more than ${String(maxDataBytes)} bytes`]] : []),
    ...typeFaults(next),
  ];
  if (faults.length === 0) return undefined;
  const [first = [], ...rest] = distinct(faults);
  const before = `Secret ${quoted(next.name)} is invalid: `;
  if (rest.length === 0) return new OperatorText(before, ...first);
  return new OperatorText(`${before}[`, ...first, ...rest.flatMap((fault) => [', ', ...fault]), ']');
}

function distinct(faults: readonly Fault[]): Fault[] {
  const seen = new Map(faults.toReversed().map((fault) => [new OperatorText(...fault).reveal(), fault]));
  return [...seen.values()].toReversed();
}

function dataBytes(data: Data): number {
  let size = 0;
  for (const value of data.values()) size += value.reveal().length;
  return size;
}

/** @throws Unpredictable where two entries of one map are at fault */
function ofMap<T>(entries: Iterable<T>, faultsOf: (entry: T) => readonly Fault[]): readonly Fault[] {
  let found: readonly Fault[] = [];
  for (const entry of entries) {
    const faults = faultsOf(entry);
    if (faults.length === 0) continue;
    if (found.length > 0)
      throw new Unpredictable('map-order', 'the API server refuses several of its keys, labels or annotations');
    found = faults;
  }
  return found;
}

function labelFaults(labels: PredictedSecret['labels']): readonly Fault[] {
  return ofMap(Object.entries(labels), ([key, value]) => [
    ...qualifiedNameFaults(key).map((fault) => invalid('metadata.labels', quoted(key), fault)),
    ...labelValueFaults(value).map((fault) => invalid('metadata.labels', new SecretValue(quoted(value)), fault)),
  ]);
}

/** The case of a name does not matter here. */
function annotationFaults(annotations: PredictedSecret['annotations']): readonly Fault[] {
  const entries = Object.entries(annotations);
  const size = entries.reduce((sum, [key, value]) => sum + utf8Length(key) + utf8Length(value), 0);
  return [
    ...ofMap(entries, ([key]) =>
      qualifiedNameFaults(key.toLowerCase()).map((fault) => invalid('metadata.annotations', quoted(key), fault)),
    ),
    ...(size > maxAnnotationBytes
      ? [[`metadata.annotations: Too long: may not be more than ${String(maxAnnotationBytes)} bytes`]]
      : []),
  ];
}

function utf8Length(text: string): number {
  return /^[\0-\x7f]*$/.test(text) ? text.length : new TextEncoder().encode(text).length;
}

/** An empty type is the one before. */
function changeFaults(next: PredictedSecret, previous: ExistingSecret): Fault[] {
  // A type that is not Go's string itself is shown as JSON.
  const shown = textOf(marshal({ kind: 'string', value: goString(next.type) }));
  return next.type === previous.type ? [] : [invalid('type', shown, 'field is immutable')];
}

function keyFaults(data: Data, isName: (key: string) => boolean): readonly Fault[] {
  return ofMap(data.keys(), (key) =>
    secretKeyFaults(key).map((fault) => {
      const shown = isName(key) ? key : new SecretValue(key);
      const again = isName(key) ? quoted(key) : new SecretValue(quoted(key));
      return ['data[', shown, ']: Invalid value: ', again, `: ${fault}`];
    }),
  );
}

function invalid(field: string, value: OperatorTextPart, fault: string): Fault {
  return [`${field}: Invalid value: `, value, `: ${fault}`];
}

function typeFaults({ type, data, annotations }: PredictedSecret): Fault[] {
  const required = (...keys: readonly string[]): Fault[] =>
    keys.filter((key) => !data.has(key)).map((key) => [`data[${key}]: Required value`]);
  switch (type) {
    case 'kubernetes.io/service-account-token': {
      const name = 'kubernetes.io/service-account.name';
      return (annotations[name] ?? '') === '' ? [[`metadata.annotations[${name}]: Required value`]] : [];
    }
    case 'kubernetes.io/dockercfg':
      return [...required('.dockercfg'), ...jsonFaults(data, '.dockercfg')];
    case 'kubernetes.io/dockerconfigjson':
      return [...required('.dockerconfigjson'), ...jsonFaults(data, '.dockerconfigjson')];
    case 'kubernetes.io/basic-auth': {
      const both = required('username', 'password');
      return both.length === 2 ? both : [];
    }
    case 'kubernetes.io/ssh-auth':
      return (data.get('ssh-privatekey')?.reveal() ?? '') === '' ? [['data[ssh-privatekey]: Required value']] : [];
    case 'kubernetes.io/tls':
      return required('tls.crt', 'tls.key');
    default:
      return [];
  }
}

function jsonFaults(data: Data, key: string): Fault[] {
  const value = data.get(key);
  if (value === undefined) return [];
  try {
    unmarshalMap(value.reveal(), 'float');
    return [];
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return [[`data[${key}]: Invalid value: "<secret contents redacted>": `, ...error.text.parts]];
  }
}
