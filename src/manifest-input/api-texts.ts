/** Texts that the API server holds against a pattern. Each gives what is wrong, or undefined. */

/** Source: the patterns of the CRDs of External Secrets Operator for names of stores, Secrets and generators. */
export function checkObjectName(name: string): string | undefined {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)
    ? undefined
    : 'is not a name that Kubernetes takes';
}

export function checkNamespaceName(name: string): string | undefined {
  return name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? undefined
    : 'is not a name that Kubernetes takes for a namespace';
}

/** Source: the pattern of `secretKey`, which takes `.` and `..x` too; the API server refuses those later, in the Secret. */
export function checkSecretKeyName(key: string): string | undefined {
  return key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key)
    ? undefined
    : 'is not a key of a Secret: letters, digits, "-", "_" and "." are allowed';
}

/** Go's time.ParseDuration. The API server takes any text; the operator then cannot read its list of ExternalSecrets at all. */
export function checkDuration(text: string): string | undefined {
  return /^[-+]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text)
    ? undefined
    : 'is not a duration as Go writes them';
}

/** Base64 as encoding/json takes it for bytes: the standard alphabet with its padding; line breaks are left out. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const plain = text.replace(/[\r\n]/g, '');
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain) ? Buffer.from(plain, 'base64') : undefined;
}
