/**
 * What keeps the operator from making a client for Vault, as far as it can be told without asking Vault. The order of the tests is the operator's
 * (vault newConfig, prepareConfig, setAuth).
 */
import { Buffer } from 'node:buffer';
import { X509Certificate } from 'node:crypto';
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString, bytesOf, goString } from '../go/go-string.ts';
import { quoted } from '../go-text.ts';
import type { SecretKeyReference, VaultProvider } from '../resources.ts';
import type { ClientContext } from './credentials.ts';
import { secretKeyRef, serviceAccount } from './credentials.ts';

/** A ClusterSecretStore whose credentials are those of each ExternalSecret's namespace: the store itself is not tried. */
export function isVaultReferent({ auth }: VaultProvider): boolean {
  const references = [auth?.tokenSecretRef, auth?.kubernetes?.secretRef, auth?.kubernetes?.serviceAccountRef];
  return references.some((reference) => reference !== undefined && reference.namespace === undefined);
}

/** @throws GoError with the operator's text */
export function checkVaultClient(context: ClientContext, provider: VaultProvider): void {
  checkCertificateAuthorities(context, provider);
  checkRetryInterval(context.store.spec.retrySettings?.retryInterval);
  const { auth } = provider;
  if (auth === undefined) return;
  if (auth.tokenSecretRef !== undefined) {
    secretKeyRef(context, auth.tokenSecretRef);
    return;
  }
  if (auth.others.includes('appRole')) return;
  if (auth.kubernetes !== undefined) checkKubernetesAuth(context, auth.kubernetes);
  else if (auth.others.length === 0) throw fault('cannot initialize Vault client: no valid auth method specified');
}

/**
 * A token is sent as it is in its Secret, so that a line break at its end makes every call fail before it is made.
 * @throws GoError without the operator's prefix
 */
export function checkVaultToken(context: ClientContext, { auth }: VaultProvider): void {
  if (auth?.tokenSecretRef === undefined) return;
  const token = secretKeyRef(context, auth.tokenSecretRef);
  if (token !== undefined && /[^\x20-\x7e\x80-\xff]/.test(token))
    throw fault('configured Vault token contains non-printable characters and cannot be used');
}

type Kubernetes = NonNullable<NonNullable<VaultProvider['auth']>['kubernetes']>;

/** Without a reference the operator's own token is read from its pod, which is taken to be there. */
function checkKubernetesAuth(context: ClientContext, { serviceAccountRef, secretRef }: Kubernetes): void {
  if (serviceAccountRef !== undefined) {
    try {
      serviceAccount(context, serviceAccountRef);
    } catch (error) {
      // TokenRequest fails first, and what is tried in its place tells the error.
      const name = quoted(serviceAccountRef.name);
      throw error instanceof GoError
        ? error.wrap(
            `cannot request Kubernetes service account token for service account ${name}: cannot get Kubernetes service account ${name}: `,
          )
        : error;
    }
  } else if (secretRef !== undefined)
    secretKeyRef(context, {
      ...secretRef,
      key: secretRef.key === undefined || secretRef.key === '' ? 'token' : secretRef.key,
    });
}

function checkCertificateAuthorities(context: ClientContext, { caBundle, caProvider }: VaultProvider): void {
  if (caBundle !== undefined && caBundle !== '') {
    checkBundle(caBundle, context);
    return;
  }
  if (caProvider === undefined) return;
  const { type, name, namespace, key = '' } = caProvider;
  if (context.store.kind === 'ClusterSecretStore' && namespace === undefined)
    throw fault('missing namespace on caProvider secret');
  switch (type) {
    case 'Secret':
      checkPem(certificateOfSecret(context, { name, key, ...(namespace !== undefined && { namespace }) }));
      return;
    case 'ConfigMap':
      checkPem(certificateOfConfigMap(context, name, namespace ?? context.namespace, key));
      return;
    default:
      throw fault(`unsupported CA provider type: ${type}`);
  }
}

function certificateOfSecret(context: ClientContext, reference: SecretKeyReference): GoString | undefined {
  try {
    return secretKeyRef(context, reference);
  } catch (error) {
    throw error instanceof GoError
      ? error.wrap('failed to get cert from secret: failed to resolve secret key ref: ')
      : error;
  }
}

function certificateOfConfigMap(
  { world }: ClientContext,
  name: string,
  namespace: string,
  key: string,
): GoString | undefined {
  const before = 'failed to get cert from configmap: ';
  const data = world.configMap(namespace, name);
  if (data === 'unknown') return undefined;
  if (data === 'absent')
    throw fault(`${before}failed to get caProvider secret ${name}: configmaps ${quoted(name)} not found`);
  const value = data[key];
  if (value === undefined) throw fault(`${before}failed to get caProvider configMap ${name} -> ${key}`);
  return goString(value);
}

const pemBlock = /-----BEGIN ([^-\r\n]+)-----\r?\n([\s\S]*?)\r?\n-----END \1-----/g;

/** x509.CertPool.AppendCertsFromPEM: one readable certificate is enough. */
function checkPem(text: GoString | undefined): void {
  if (text !== undefined && !certificates(text).some(isCertificate))
    throw fault('cannot set Vault CA certificate: failed to parse certificates from CertPool');
}

const checkedBundles = new Set<string>();

/** PEM, or Base64 of PEM, in the manifest's own Base64; its first block must be a certificate. */
function checkBundle(bundle: string, { isTrial }: ClientContext): void {
  if (checkedBundles.has(bundle)) return;
  const text = asGoString(Buffer.from(bundle, 'base64').toString('latin1'));
  if (!startsWithCertificate(text)) {
    const decoded = asGoString(Buffer.from(text, 'base64').toString('latin1'));
    const [first] = certificates(decoded);
    if (first === undefined)
      throw fault('failed to decode ca bundle: failed to parse the new certificate, not valid pem data');
    if (!isCertificate(first)) {
      // What crypto/x509 says of it is not known here.
      if (isTrial) throw fault('failed to decode ca bundle: failed to validate certificate');
      throw new Unpredictable('store', 'the caBundle of its store holds no readable certificate');
    }
  }
  if (checkedBundles.size > 1000) checkedBundles.clear();
  checkedBundles.add(bundle);
}

function startsWithCertificate(text: GoString): boolean {
  const [first] = certificates(text);
  return first !== undefined && isCertificate(first);
}

function certificates(text: GoString): string[] {
  return [...text.matchAll(pemBlock)].map(([block]) => block);
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(bytesOf(asGoString(block))).raw.length > 0;
  } catch {
    return false;
  }
}

/** time.ParseDuration, of which only whether it succeeds matters. */
function checkRetryInterval(interval: string | undefined): void {
  if (interval !== undefined && !/^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(interval))
    throw fault(`time: invalid duration ${quoted(interval)}`);
}

function fault(text: string): GoError {
  return new GoError(text, 'store-configuration');
}
