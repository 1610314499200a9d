/** What the operator wants a Secret to be (its mutationFunc, setMetadata): keys, metadata and owner, over the Secret that is there. */
import { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { goString, textOf } from '../go/go-string.ts';
import type { ExistingSecret, PredictedSecret, World } from '../prediction.ts';
import type { SecretMap } from '../providers/provider-client.ts';
import type { ExternalSecret } from '../resources.ts';
import { SecretBytes } from '../secret-bytes.ts';
import type { Draft } from './apply-template.ts';
import { applyTemplate } from './apply-template.ts';
import {
  dataHashAnnotation,
  managedKeys,
  managedLabel,
  managedMetadata,
  ownerLabel,
  ownerLabelOf,
} from './ownership.ts';

/** @throws GoError with the operator's text, Unpredictable */
export function desiredSecret(
  externalSecret: ExternalSecret,
  existing: ExistingSecret | undefined,
  data: SecretMap,
  world: World,
): PredictedSecret {
  const { metadata, spec } = externalSecret;
  const { target } = spec;
  const isOwner = target.creationPolicy === 'Owner';
  // From 2.0 on a fault of the template hides one of the ownership.
  const ownershipFirst = world.operator.version.major < 2;
  if (ownershipFirst) checkOwner(externalSecret, existing);
  const draft = draftOf(existing);
  if (existing === undefined || !target.immutable) fill(draft, externalSecret, existing, data, world);
  if (!ownershipFirst) checkOwner(externalSecret, existing);
  if (isOwner) draft.labels.set(ownerLabel, ownerLabelOf(metadata));
  else draft.labels.delete(ownerLabel);
  draft.labels.set(managedLabel, 'true');
  draft.annotations.delete(dataHashAnnotation);
  return {
    name: target.name,
    namespace: metadata.namespace,
    type: draft.type,
    immutable: target.immutable || (existing?.immutable ?? false),
    data: published(draft.data),
    labels: Object.fromEntries(draft.labels),
    annotations: Object.fromEntries(draft.annotations),
    owned: isOwner,
  };
}

/** A Secret's keys as texts: what is not UTF-8 in one is lost in JSON, and refused. */
function published(data: SecretMap): ReadonlyMap<string, SecretBytes> {
  return new Map([...data].map(([key, value]) => [textOf(key), new SecretBytes(value)]));
}

function draftOf(existing: ExistingSecret | undefined): Draft {
  if (existing === undefined)
    return { type: 'Opaque', labels: new Map(), annotations: new Map(), data: new Map<GoString, GoString>() };
  return {
    type: existing.type,
    labels: new Map(Object.entries(existing.labels)),
    annotations: new Map(Object.entries(existing.annotations)),
    data: new Map([...existing.data].map(([key, value]) => [goString(key), value.reveal()])),
  };
}

function checkOwner({ metadata, spec }: ExternalSecret, existing: ExistingSecret | undefined): void {
  const owner = existing?.controller;
  if (owner === undefined) return;
  const isExternalSecret = owner.kind === 'ExternalSecret' && owner.apiVersion.split('/')[0] === 'external-secrets.io';
  if (isExternalSecret) {
    if (owner.name !== metadata.name)
      throw new GoError(`secret is owned by another ExternalSecret: ${owner.name}`, 'target-owned');
  } else if (spec.target.creationPolicy === 'Owner')
    throw new GoError(
      `could not set controller reference on secret: Object ${metadata.namespace}/${spec.target.name} is already owned by another ${owner.kind} controller ${owner.name}`,
      'target-owned',
    );
}

/** Whatever the operator wrote before is taken away first; with Merge the other keys stay. */
function fill(
  draft: Draft,
  externalSecret: ExternalSecret,
  existing: ExistingSecret | undefined,
  data: SecretMap,
  world: World,
): void {
  const { metadata, spec } = externalSecret;
  const { template, creationPolicy } = spec.target;
  const source = template === undefined ? metadata : template.metadata;
  if (existing !== undefined) {
    for (const key of managedKeys(metadata, existing)) draft.data.delete(goString(key));
    for (const key of managedMetadata(metadata, existing, 'labels')) draft.labels.delete(key);
    for (const key of managedMetadata(metadata, existing, 'annotations')) draft.annotations.delete(key);
  }
  for (const [key, value] of Object.entries(source.labels)) draft.labels.set(key, value);
  for (const [key, value] of Object.entries(source.annotations)) draft.annotations.set(key, value);
  if (creationPolicy !== 'Merge' && creationPolicy !== 'CreateOrMerge') draft.data.clear();
  if (template === undefined) for (const [key, value] of data) draft.data.set(key, value);
  else renderInto(draft, template, { data, namespace: metadata.namespace, world });
}

function renderInto(...parameters: Parameters<typeof applyTemplate>): void {
  try {
    applyTemplate(...parameters);
  } catch (error) {
    throw error instanceof GoError ? error.wrap('could not apply template: ', 'template') : error;
  }
}
