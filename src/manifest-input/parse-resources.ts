/** Documents → what the operator works with. Wrong shapes are problems with their place; nothing throws. */
import type { ExternalSecret, Store } from '../eso/resources.ts';
import type { ProblemCode } from '../model/problem.ts';
import type { InputProblem } from './input-problem.ts';
import { inputProblem } from './input-problem.ts';
import { ObjectReader } from './object-reader.ts';
import type { OperatorVersion } from './operator-api.ts';
import { operatorApi } from './operator-api.ts';
import type { InputDocument } from './parse-manifests.ts';
import type { GivenConfigMap, GivenNamespace, GivenSecret, GivenServiceAccount } from './read-cluster-objects.ts';
import { readConfigMap, readNamespace, readSecret, readServiceAccountObject } from './read-cluster-objects.ts';
import { readExternalSecret } from './read-external-secret.ts';
import { readStore } from './read-store.ts';

/** A resource and the document that it was read from: its file, line and, for one that is still v1beta1, its apiVersion. */
export type Given<T> = { readonly resource: T; readonly from: InputDocument };

export type Resources = {
  readonly externalSecrets: readonly Given<ExternalSecret>[];
  readonly stores: readonly Given<Store>[];
  readonly secrets: readonly Given<GivenSecret>[];
  readonly configMaps: readonly Given<GivenConfigMap>[];
  readonly serviceAccounts: readonly Given<GivenServiceAccount>[];
  readonly namespaces: readonly Given<GivenNamespace>[];
  /** Objects that the API server or the operator would refuse, whatever their kind: their problems are among `problems`. */
  readonly refused: readonly { readonly from: InputDocument; readonly problems: readonly InputProblem[] }[];
  /** What the operator acts upon and nothing here says how: ClusterExternalSecrets, PushSecrets, generators. */
  readonly notPredicted: readonly { readonly from: InputDocument; readonly because: string }[];
  /** Argo CD Applications and ApplicationSets: what they would bring is not among the manifests. */
  readonly applications: readonly InputDocument[];
  /** How many documents are of no interest here. */
  readonly ignored: number;
  readonly problems: readonly InputProblem[];
};

export type ParseResourcesOptions = {
  /** The operator's: it decides which fields there are and what is filled in. */
  readonly version: OperatorVersion;
  /** Of what gives no namespace. */
  readonly defaultNamespace: string;
};

const OPERATOR_GROUP = 'external-secrets.io';
/** v1beta1 has the same fields as v1 (src/upgrade/api-changes.ts) and is read as v1. */
const readableVersions = new Set(['v1', 'v1beta1']);
/** A problem of these leaves the object as the API server would store it. */
const harmless: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['M107']);

export function parseResources(
  documents: readonly InputDocument[],
  { version, defaultNamespace }: ParseResourcesOptions,
): Resources {
  const api = operatorApi(version);
  const externalSecrets: Given<ExternalSecret>[] = [];
  const stores: Given<Store>[] = [];
  const secrets: Given<GivenSecret>[] = [];
  const configMaps: Given<GivenConfigMap>[] = [];
  const serviceAccounts: Given<GivenServiceAccount>[] = [];
  const namespaces: Given<GivenNamespace>[] = [];
  const refused: { from: InputDocument; problems: InputProblem[] }[] = [];
  const notPredicted: { from: InputDocument; because: string }[] = [];
  const applications: InputDocument[] = [];
  const problems: InputProblem[] = [];
  let ignored = 0;

  for (const from of documents) {
    const slash = from.apiVersion.indexOf('/');
    const group = from.apiVersion.slice(0, Math.max(slash, 0));
    const apiVersion = from.apiVersion.slice(slash + 1);
    const kind = `${group}/${from.kind}`;
    switch (kind) {
      case `${OPERATOR_GROUP}/ExternalSecret`:
        if (readable(from, apiVersion))
          keep(externalSecrets, from, (object) => readExternalSecret(object, defaultNamespace, api));
        break;
      case `${OPERATOR_GROUP}/SecretStore`:
      case `${OPERATOR_GROUP}/ClusterSecretStore`: {
        const storeKind = from.kind as Store['kind'];
        if (readable(from, apiVersion))
          keep(stores, from, (object) => readStore(object, storeKind, defaultNamespace, api));
        break;
      }
      case `${OPERATOR_GROUP}/ClusterExternalSecret`:
        notPredicted.push({ from, because: 'its ExternalSecrets are made in the cluster, from the namespaces there' });
        break;
      case `${OPERATOR_GROUP}/PushSecret`:
      case `${OPERATOR_GROUP}/ClusterPushSecret`:
        notPredicted.push({ from, because: 'it writes to a store' });
        break;
      case '/Secret':
        keep(secrets, from, (object) => readSecret(object, defaultNamespace));
        break;
      case '/ConfigMap':
        keep(configMaps, from, (object) => readConfigMap(object, defaultNamespace));
        break;
      case '/ServiceAccount':
        keep(serviceAccounts, from, (object) => readServiceAccountObject(object, defaultNamespace));
        break;
      case '/Namespace':
        keep(namespaces, from, readNamespace);
        break;
      case 'argoproj.io/Application':
      case 'argoproj.io/ApplicationSet':
        applications.push(from);
        break;
      default:
        if (group === `generators.${OPERATOR_GROUP}`)
          notPredicted.push({ from, because: 'it makes another value each time' });
        else ignored += 1;
    }
  }
  return {
    externalSecrets,
    stores,
    secrets,
    configMaps,
    serviceAccounts,
    namespaces,
    refused,
    notPredicted,
    applications,
    ignored,
    problems,
  };

  function keep<T>(list: Given<T>[], from: InputDocument, read: (object: ObjectReader) => T | undefined): void {
    const found: InputProblem[] = [];
    const resource = read(
      new ObjectReader(from.value, [], (code, path, message, hint) => {
        found.push(inputProblem(code, from, path, `${message} (${from.kind} ${displayName(from)})`, hint));
      }),
    );
    problems.push(...found);
    if (resource !== undefined && found.every(({ code }) => harmless.has(code))) list.push({ resource, from });
    else refused.push({ from, problems: found });
  }

  function readable(from: InputDocument, apiVersion: string): boolean {
    if (readableVersions.has(apiVersion)) return true;
    const problem = inputProblem(
      'M106',
      from,
      'apiVersion',
      `is not served by this operator (${from.kind} ${displayName(from)})`,
      'Write it as external-secrets.io/v1; its fields have changed since.',
    );
    problems.push(problem);
    refused.push({ from, problems: [problem] });
    return false;
  }
}

function displayName({ namespace, name }: InputDocument): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
