/** What Kubernetes' API server says of keys, label values and names that it refuses (apimachinery util/validation, 1.34). */

const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const subdomain = String.raw`[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*`;
const secretKey = '[-._a-zA-Z0-9]+';

const compiled = {
  qualifiedName: whole(qualifiedName),
  labelValue: whole(`(${qualifiedName})?`),
  subdomain: whole(subdomain),
  secretKey: whole(secretKey),
};

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

const nameRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** A key of a Secret's data. */
export function secretKeyFaults(key: string): string[] {
  if (key.length <= 253 && compiled.secretKey.test(key) && !key.startsWith('.')) return [];
  const faults = tooLong(key, 253);
  if (!compiled.secretKey.test(key))
    faults.push(
      unmatched("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", secretKey, [
        'key.name',
        'KEY_NAME',
        'key-name',
      ]),
    );
  if (key === '.') faults.push("must not be '.'");
  else if (key === '..') faults.push("must not be '..'");
  else if (key.startsWith('..')) faults.push("must not start with '..'");
  return faults;
}

export function labelValueFaults(value: string): string[] {
  if (value.length <= 63 && compiled.labelValue.test(value)) return [];
  const faults = tooLong(value, 63);
  if (!compiled.labelValue.test(value))
    faults.push(
      unmatched(
        `a valid label must be an empty string or ${nameRule.replace('must consist', 'consist')}`,
        `(${qualifiedName})?`,
        ['MyValue', 'my_value', '12345'],
      ),
    );
  return faults;
}

/** The key of a label, or in lower case that of an annotation. */
export function qualifiedNameFaults(key: string): string[] {
  const parts = key.split('/');
  const example = unmatched(nameRule, qualifiedName, ['MyName', 'my.name', '123-abc']);
  if (parts.length > 2)
    return [`a qualified name ${example} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts.at(-1) ?? '';
  const faults: string[] = [];
  if (parts.length === 2) {
    const [prefix = ''] = parts;
    if (prefix === '') faults.push('prefix part must be non-empty');
    else faults.push(...subdomainFaults(prefix).map((fault) => `prefix part ${fault}`));
  }
  if (name === '') faults.push('name part must be non-empty');
  else faults.push(...tooLong(name, 63).map((fault) => `name part ${fault}`));
  if (!compiled.qualifiedName.test(name)) faults.push(`name part ${example}`);
  return faults;
}

function subdomainFaults(name: string): string[] {
  const faults = tooLong(name, 253);
  if (!compiled.subdomain.test(name))
    faults.push(
      unmatched(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        subdomain,
        ['example.com'],
      ),
    );
  return faults;
}

function tooLong(text: string, limit: number): string[] {
  return utf8Length(text) > limit ? [`must be no more than ${String(limit)} characters`] : [];
}

/** The limits are in bytes. */
function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

function unmatched(rule: string, pattern: string, examples: readonly string[]): string {
  const listed = examples.map((example) => `'${example}', `).join(' or ');
  return `${rule} (e.g. ${listed}regex used for validation is '${pattern}')`;
}
