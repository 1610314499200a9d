/** The names that Kubernetes, Vault and Key Vault accept. Pure; each parser says what is wrong in words that fit after "is". */

/** RFC 1123 label: namespaces, applications, service accounts. At most 63 characters. */
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** RFC 1123 subdomain: names of most objects. At most 253 characters. */
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Go durations as External Secrets Operator stores them; anything shorter is rewritten by it and seen by Argo CD as a difference. */
const CANONICAL_DURATION = /^(?:[1-9]\d*h[1-5]?\dm[1-5]?\ds|(?:[1-9]|[1-5]\d)m[1-5]?\ds|[1-5]?\ds)$/;

/** A reason why a name is not acceptable, or undefined where it is. */
export type NameProblem = string | undefined;

export function checkDnsLabel(name: string): NameProblem {
  if (name.length > 63) return `longer than 63 characters (${name.length})`;
  return DNS_LABEL.test(name)
    ? undefined
    : 'not a DNS-1123 label (lower-case letters, digits and "-", starting and ending with a letter or digit)';
}

export function checkDnsSubdomain(name: string): NameProblem {
  if (name.length > 253) return `longer than 253 characters (${name.length})`;
  return DNS_SUBDOMAIN.test(name)
    ? undefined
    : 'not a DNS-1123 name (lower-case letters, digits, "-" and ".", starting and ending with a letter or digit)';
}

/** A Key Vault: 3 to 24 letters, digits and single hyphens, a letter first, no hyphen last (Azure naming rules). */
export function checkKeyVaultName(name: string): NameProblem {
  if (name.length < 3 || name.length > 24) return `${name.length} characters long; a Key Vault name has 3 to 24`;
  if (!/^[a-zA-Z]/.test(name)) return 'not a Key Vault name: it must start with a letter';
  if (!/^[a-zA-Z0-9-]+$/.test(name)) return 'not a Key Vault name: only letters, digits and "-" are allowed';
  if (name.includes('--')) return 'not a Key Vault name: two hyphens in a row are not allowed';
  if (name.endsWith('-')) return 'not a Key Vault name: it must not end with a hyphen';
  return undefined;
}

/** A secret in Key Vault: `[0-9a-zA-Z-]{1,127}`. Key Vault compares names without case: see {@link foldKeyVaultName}. */
export function checkKeyVaultSecretName(name: string): NameProblem {
  if (name.length === 0 || name.length > 127)
    return `${name.length} characters long; a Key Vault secret's name has 1 to 127`;
  return /^[0-9a-zA-Z-]+$/.test(name)
    ? undefined
    : 'not a Key Vault secret name: only letters, digits and "-" are allowed';
}

/** Two Key Vault names (of vaults or of secrets) are one name when their folded forms are equal. */
export function foldKeyVaultName(name: string): string {
  return name.toLowerCase();
}

/** A KV v2 path below its mount: no empty, `.` or `..` segments, no control characters, no mount or `data/` in front. */
export function checkVaultPath(path: string): NameProblem {
  if (path === '') return 'empty';
  if (path.startsWith('/') || path.endsWith('/')) return 'not a Vault path: it must not start or end with "/"';
  const segments = path.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
    return 'not a Vault path: empty, "." and ".." segments are not allowed';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'not a Vault path: it holds a control character';
  if (segments[0] === 'data' || segments[0] === 'metadata')
    return `a path that starts with "${segments[0]}/", which KV v2 adds by itself: leave it out`;
  return undefined;
}

export function checkGuid(text: string): NameProblem {
  return GUID.test(text) ? undefined : 'not a GUID (such as 12345678-90ab-cdef-1234-567890abcdef)';
}

/** A key of a Kubernetes Secret (kube-apiserver: `[-._a-zA-Z0-9]+`, at most 253, not `.`, not starting with `..`). */
export function checkSecretKey(key: string): NameProblem {
  if (key.length === 0 || key.length > 253) return `${key.length} characters long; a Secret's key has 1 to 253`;
  if (!/^[-._a-zA-Z0-9]+$/.test(key))
    return 'not a key of a Secret: only letters, digits, "-", "_" and "." are allowed';
  return key === '.' || key.startsWith('..')
    ? 'not a key of a Secret: "." and names that start with ".." are refused'
    : undefined;
}

export function checkLabelKey(key: string): NameProblem {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length > 1 ? parts[0] : undefined;
  if (parts.length > 2) return 'not a label key: at most one "/" is allowed';
  if (prefix !== undefined && checkDnsSubdomain(prefix) !== undefined)
    return `not a label key: its prefix "${prefix}" is not a DNS name`;
  return checkLabelText(name, 'a label key', false);
}

export function checkLabelValue(value: string): NameProblem {
  return checkLabelText(value, 'a label value', true);
}

function checkLabelText(text: string, what: string, mayBeEmpty: boolean): NameProblem {
  if (text === '') return mayBeEmpty ? undefined : `not ${what}: empty`;
  if (text.length > 63) return `not ${what}: longer than 63 characters (${text.length})`;
  return /^[a-zA-Z0-9]([-._a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(text)
    ? undefined
    : `not ${what} (letters, digits, "-", "_" and ".", starting and ending with a letter or digit)`;
}

export function checkCanonicalDuration(text: string): NameProblem {
  return CANONICAL_DURATION.test(text)
    ? undefined
    : 'not a duration in the form that External Secrets Operator stores (such as 1h0m0s, 15m0s or 30s)';
}

/** Ports and paths are not part of a host name. */
export function checkHostName(host: string): NameProblem {
  return checkDnsSubdomain(host) === undefined ? undefined : 'not a host name (no scheme, no port, no path)';
}

/** The nearest of `known`, where one is near enough to be what was meant. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= Math.max(2, Math.floor(candidate.length / 3)) && (best === undefined || distance < best.distance))
      best = { name: candidate, distance };
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
