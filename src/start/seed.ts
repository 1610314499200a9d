/**
 * Clearly fake values for a secret, so that something can be shown without a real one. Only what must be there is seeded: the fields that are
 * always required and, of a closed list such as LLM_PROVIDER, those that its first entry requires. No optional field gets a value.
 */
import type { FieldFormat } from '../model/configuration.ts';
import type { Field, Secret } from '../model/platform.ts';
import { quoteText, renderFields } from '../model/secret-text.ts';
import { SecretValue } from '../model/secret-value.ts';

/** @param holds StoreCapabilities.holds: a store of fields gets a plain text under its property */
export function seedSecret(secret: Secret, holds: 'fields' | 'text'): SecretValue {
  const { content } = secret;
  if (content.kind === 'fields')
    return new SecretValue(
      renderFields(
        [...seedFields(secret.name, content.fields)].map(([name, value]) => ({ name, raw: quoteText(value) })),
      ),
    );
  const text = exampleValue(content.field.format, secret.name, 'text');
  return new SecretValue(
    holds === 'text' ? text : renderFields([{ name: content.vaultProperty, raw: quoteText(text) }]),
  );
}

function seedFields(secret: string, fields: readonly Field[]): ReadonlyMap<string, string> {
  const seeded = new Map<string, string>();
  // A condition may depend on a field that another condition brings, so this goes on until nothing is added.
  for (let before = -1; before !== seeded.size;) {
    before = seeded.size;
    for (const { name, format, required } of fields) {
      const isRequired =
        typeof required === 'object' ? required.is.includes(seeded.get(required.whenField) ?? '') : required;
      if (isRequired) seeded.set(name, exampleValue(format, secret, name));
    }
  }
  return new Map(fields.flatMap(({ name }) => (seeded.has(name) ? [[name, seeded.get(name) ?? '']] : [])));
}

function exampleValue(format: FieldFormat, secret: string, field: string): string {
  const label = `example-${secret}-${field}`;
  if (typeof format === 'object') return format.oneOf[0] ?? label;
  switch (format) {
    case 'text':
    case 'token':
      return label;
    case 'url':
      return `https://example.org/${secret}/${field}`;
    case 'email':
      return 'someone@example.org';
    case 'boolean':
      return 'true';
    case 'integer':
      return '1';
    case 'guid':
      return '00000000-0000-0000-0000-000000000000';
    case 'pem':
      // The label is no key's and no certificate's, so that nothing takes it for one.
      return `-----BEGIN EXAMPLE-----\nEXAMPLEEXAMPLEEXAMPLEEXAMPLE\n${btoa(label)}\n-----END EXAMPLE-----\n`;
    case 'json':
      return `{"example":"${label}"}`;
  }
}
