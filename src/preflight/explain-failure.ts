/** Why an ExternalSecret will fail, in a sentence, and what to do about it: names and places, and of the operator's text no value. */
import type { FailureCause } from '../eso/go-error.ts';
import type { ProviderRequest } from '../eso/provider.ts';
import type { ExternalSecret } from '../eso/resources.ts';
import type { UsedAnswer } from './drive-predictions.ts';

export type Failure = {
  readonly reason: FailureCause;
  /** What the event says, without values. */
  readonly event: string;
  readonly externalSecret: ExternalSecret;
  /** In the order in which they were asked for: the last one decided, where a store's answer did. */
  readonly used: readonly UsedAnswer[];
  /** `manifests/jira.yaml:12` */
  readonly where: string;
};

/** @returns `because` goes on after a name; `fix` is an instruction */
export function explainFailure(failure: Failure): { readonly because: string; readonly fix: string } {
  const { reason, event, externalSecret, where } = failure;
  const { target } = externalSecret.spec;
  const decisive = failure.used.at(-1)?.request;
  const place = decisive === undefined ? undefined : placeOf(decisive);
  const cause = causeOf(event);
  switch (reason) {
    case 'secret-missing':
      return {
        because: place === undefined ? cause : `there is no ${place}`,
        fix: `${decisive === undefined ? 'Write it to the store' : writing(decisive)}; or correct the name in ${where}.`,
      };
    case 'secret-disabled':
      return {
        because: place === undefined ? cause : `${place} is disabled`,
        fix:
          decisive?.kind === 'key-vault-secret'
            ? `az keyvault secret set-attributes --vault-name ${vaultNameOf(decisive)} --name ${decisive.name} --enabled true`
            : 'Enable it, or read another version.',
      };
    case 'forbidden':
      return {
        because: `the operator may not read ${place ?? 'it'}`,
        fix: 'Give the identity of the store the right to read it: in Vault a policy, in Azure the role Key Vault Secrets User.',
      };
    case 'property-missing':
      return {
        because: place === undefined ? cause : `${cause} (${place})`,
        fix: `${decisive === undefined ? 'Add the field' : adding(decisive, propertyOf(cause))}; or correct the property in ${where}.`,
      };
    case 'not-an-object':
      return {
        because: `${place ?? 'what was read'} is not a JSON object: ${cause}`,
        fix: 'Write a JSON object, or read it whole: data with a secretKey, in place of dataFrom.extract.',
      };
    case 'key-collision':
      return { because: cause, fix: `Set conversionStrategy: Unicode in ${where}, or rename one of the two fields.` };
    case 'invalid-key':
      return {
        because: cause,
        fix: `Rename the field in the store, or give ${where} a rewrite that makes a key of letters, digits, "-", "_" and ".".`,
      };
    case 'rewrite':
      return { because: cause, fix: `Correct the rewrite in ${where}.` };
    case 'decoding':
      return {
        because: cause,
        fix: `Set decodingStrategy: None in ${where} where the value is plain, or write it in that encoding.`,
      };
    case 'template': {
      const missing = failure.used.findLast(({ answer }) => answer.kind === 'missing')?.request;
      if (missing !== undefined)
        return {
          because: `there is no ${placeOf(missing)}, and the template fails without it: ${cause}`,
          fix: writing(missing),
        };
      const lacking = /^required in .+, but missing or empty: (.+)$/.exec(cause)?.[1];
      if (lacking !== undefined && decisive !== undefined)
        return { because: cause, fix: adding(decisive, lacking.split(', ')) };
      return { because: cause, fix: `Correct the template in ${where}.` };
    }
    case 'template-source':
      return { because: cause, fix: `Apply the ConfigMap or Secret first, or correct its name in ${where}.` };
    case 'store-missing':
      return { because: cause, fix: `Apply the store first, or correct secretStoreRef in ${where}.` };
    case 'store-not-ready':
      return {
        because: cause,
        fix: 'Look at why: kubectl describe the store. ExternalSecrets are tried again when it is ready.',
      };
    case 'store-denied':
      return {
        because: cause,
        fix: `Add the namespace ${externalSecret.metadata.namespace} to the conditions of the store, or use another store.`,
      };
    case 'store-configuration':
      return { because: cause, fix: 'Correct the provider of the store.' };
    case 'provider':
      return {
        because: cause,
        fix: `Look at what the store says to this request${place === undefined ? '' : `: ${place}`}.`,
      };
    case 'target-refused':
      return {
        because: cause,
        fix: `Change what ${where} makes of it: keys of a Secret have letters, digits, "-", "_" and ".", its type stays, and all of it fits into 1 MiB.`,
      };
    case 'target-owned':
      return {
        because: cause,
        fix: `Give ${where} a target.name of its own, or set creationPolicy: Merge.`,
      };
    case 'target-immutable':
      return {
        because: cause,
        fix: `Delete the Secret ${externalSecret.metadata.namespace}/${target.name}, and the operator makes it anew.`,
      };
    case 'policy':
      return { because: cause, fix: `Choose a creationPolicy and a deletionPolicy in ${where} that go together.` };
    case 'other':
      return { because: cause, fix: `Look at ${where} beside what the event says.` };
  }
}

/** `cannot find secret data for key: "p"` of Vault, `property p does not exist in key k` of Key Vault. */
function propertyOf(cause: string): readonly string[] {
  const [, ofVault, ofKeyVault] =
    /cannot find secret data for key: "([\w.-]+)"|property ([\w.-]+) does not exist/.exec(cause) ?? [];
  const name = ofVault ?? ofKeyVault;
  return name === undefined ? ['FIELD'] : [name];
}

/** The operator wraps what went wrong in where it went wrong, several times over; the innermost is what a person has to know. */
function causeOf(event: string): string {
  for (const innermost of [
    /error calling fail: (.*)$/s,
    /unable to (?:execute|parse) template at key [^:]+: (template: .*)$/s,
    /^error processing spec\.[^ ]+ \(key: .*?\), err: (.*)$/s,
    /^error processing spec\.[^ ]+, err: (.*)$/s,
  ]) {
    const found = innermost.exec(event)?.[1];
    if (found !== undefined) return found;
  }
  return event;
}

/** `secret/data/team/app in Vault`, with its version where one is asked for. */
function placeOf(request: ProviderRequest): string {
  const version = 'version' in request && request.version !== '' ? `version ${request.version} of ` : '';
  switch (request.kind) {
    case 'key-vault-secret':
      return `${version}"${request.name}" in Key Vault ${vaultNameOf(request)}`;
    case 'key-vault-secrets':
      return `secret of that name in Key Vault ${vaultNameOf(request)}`;
    case 'vault-secret':
    case 'vault-metadata':
      return `${version}${request.path} in Vault`;
    case 'vault-secrets':
      return `secret below ${request.path} in Vault`;
  }
}

function writing(request: ProviderRequest): string {
  switch (request.kind) {
    case 'key-vault-secret':
      return `Write it: az keyvault secret set --vault-name ${vaultNameOf(request)} --name ${request.name} --file FILE`;
    case 'vault-secret': {
      const { mount, name } = splitPath(request.path);
      return `Write it: vault kv put -mount=${mount} ${name} @FILE.json`;
    }
    default:
      return 'Write it to the store';
  }
}

/** A value never stands in a command line: `-` and `@` read it from elsewhere. */
function adding(request: ProviderRequest, names: readonly string[]): string {
  switch (request.kind) {
    case 'vault-secret': {
      const { mount, name } = splitPath(request.path);
      const [only, ...others] = names;
      const fields = others.length === 0 ? `${only ?? 'FIELD'}=-` : '@FILE.json';
      return `Add ${names.join(', ')}: vault kv patch -mount=${mount} ${name} ${fields}`;
    }
    case 'key-vault-secret':
      return `Add ${names.join(', ')} to its JSON: az keyvault secret set --vault-name ${vaultNameOf(request)} --name ${request.name} --file FILE.json`;
    default:
      return 'Add the field';
  }
}

/** `secret/data/team/app` → mount `secret`, name `team/app`. */
function splitPath(path: string): { readonly mount: string; readonly name: string } {
  const at = path.indexOf('/data/');
  return at === -1 ? { mount: 'secret', name: path } : { mount: path.slice(0, at), name: path.slice(at + 6) };
}

function vaultNameOf({ store }: ProviderRequest): string {
  const { provider } = store.spec;
  const url = provider.kind === 'azurekv' ? provider.config.vaultUrl : '';
  return URL.parse(url)?.hostname.split('.')[0] ?? url;
}
