/** metadataPolicy Fetch in Key Vault: a secret's tags in place of its value (getSecretTag, getSecretTags, getSecretMapProperties). */
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString, goString } from '../go/go-string.ts';
import { unmarshalRawMap, unmarshalString } from '../go/json.ts';
import { marshal } from '../go/marshal.ts';
import type { Tags } from '../provider.ts';
import type { RemoteReference } from '../resources.ts';
import type { GoValue } from '../template/go-value.ts';
import { property } from './key-vault-property.ts';
import type { SecretMap } from './provider-client.ts';

/** All tags as JSON, one tag, or what lies below the first dot within a tag's value. */
export function secretTag(tags: Tags, name: string): GoString {
  if (name === '') return allTags(tags);
  const exact = ownTag(tags, name);
  if (exact !== undefined) return goString(exact);
  const dot = name.indexOf('.');
  const value = dot > 0 ? ownTag(tags, name.slice(0, dot)) : undefined;
  if (value === undefined) throw new GoError(`tag ${name} does not exist`, 'property-missing');
  return property(goString(value), name.slice(dot + 1), name);
}

function ownTag(tags: Tags, name: string): string | undefined {
  return Object.hasOwn(tags, name) ? tags[name] : undefined;
}

function allTags(tags: Tags): GoString {
  const entries = new Map<GoString, GoValue>(
    Object.entries(tags).map(([name, value]) => [goString(name), { kind: 'string', value: goString(value) }]),
  );
  return marshal({ kind: 'map', type: 'map[string]string', entries });
}

/** Names are `secret_tag`, or `secret_tag_field` for a tag that holds an object of texts. */
export function secretMapOfTags(tags: Tags, secretName: string, reference: RemoteReference): SecretMap {
  const expanded = expandTags(tags, secretName);
  if (reference.property === '') return expanded;
  const name = `${reference.key}_${reference.property}`;
  return new Map([[goString(name), expandedTag(expanded, name)]]);
}

/** What is not there is empty here, not an error. */
function expandedTag(expanded: SecretMap, name: string): GoString {
  const tags = Object.fromEntries([...expanded].map(([tag, value]) => [tag, value]));
  const key = goString(name);
  const exact = expanded.get(key);
  if (exact !== undefined) return exact;
  const dot = key.indexOf('.');
  const value = dot > 0 ? tags[key.slice(0, dot)] : undefined;
  if (value === undefined) return asGoString('');
  try {
    return property(value, name.slice(name.indexOf('.') + 1), name);
  } catch (error) {
    if (error instanceof GoError) return asGoString('');
    throw error;
  }
}

function expandTags(tags: Tags, secretName: string): SecretMap {
  const expanded: SecretMap = new Map();
  const add = (name: GoString, value: GoString): void => {
    const other = expanded.get(name);
    if (other !== undefined && other !== value)
      throw new Unpredictable('map-order', 'two tags of a secret become one name');
    expanded.set(name, value);
  };
  for (const [tag, text] of Object.entries(tags)) {
    const name = goString(`${secretName}_${tag}`);
    const fields = textFields(goString(text));
    if (fields === undefined) add(name, goString(text));
    else for (const [field, value] of fields) add(asGoString(`${name}_${field}`), value);
  }
  return expanded;
}

/** json.Unmarshal into a map[string]string; undefined where that is an error. */
function textFields(text: GoString): SecretMap | undefined {
  try {
    const fields: SecretMap = new Map();
    for (const [name, raw] of unmarshalRawMap(text)) {
      const value = unmarshalString(raw);
      if (value === undefined) return undefined;
      fields.set(name, value);
    }
    return fields;
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}
