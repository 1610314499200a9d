/** Secrets that the catalog does not know, as `--include-undeclared` carries them along: no application receives them, so all that is known is their name. */
import { checkKeyVaultSecretName, checkVaultPath } from '../model/names.ts';
import type { Secret } from '../model/platform.ts';
import { parseFields } from '../model/secret-text.ts';
import { originOf, plainTextOf } from './carry-metadata.ts';
import type { PlannedSecret, Present, Side, Sides } from './migration.ts';

/** The field that a plain text of Key Vault becomes in Vault. */
const PLAIN_TEXT_FIELD = 'value';

/** @param applications names, which may be the first part of a name in Key Vault */
export function undeclaredSecret(
  name: string,
  source: Present | undefined,
  { from, to }: Sides,
  applications: readonly string[],
): Secret {
  const target = targetName(name, source, from, to, applications);
  const [vaultPath, keyVaultName] = from.store === 'vault-secret-store' ? [name, target] : [target, name];
  const text = source === undefined ? undefined : plainTextField(source, from);
  return {
    ...{ name, description: '', application: '', store: from.store, vaultPath, keyVaultName, targets: [] },
    content:
      text === undefined
        ? { kind: 'fields', fields: [] }
        : {
            kind: 'text',
            vaultProperty: text,
            field: {
              ...{ name: text, description: '', format: 'text', required: false, origin: 'external' },
              ...{ obtainedFrom: undefined, rotateAfterDays: undefined },
            },
          },
  };
}

function plainTextField({ value, metadata }: Present, { capabilities }: Side): string | undefined {
  if (capabilities.holds === 'fields') return plainTextOf(metadata);
  return parseFields(value.reveal()).kind === 'fields' ? undefined : PLAIN_TEXT_FIELD;
}

/** What came from there goes back to its name. Otherwise what a path and a name have in common. */
function targetName(
  name: string,
  source: Present | undefined,
  from: Side,
  to: Side,
  applications: readonly string[],
): string {
  const origin = source && originOf(source.metadata);
  if (origin?.store === to.name) return origin.name;
  if (!to.capabilities.folders) return name.replace(/[^0-9a-zA-Z-]+/g, '-');
  if (from.capabilities.folders) return name;
  const owner = applications
    .filter((application) => name.startsWith(`${application}-`))
    .reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  return owner === '' ? name : `${owner}/${name.slice(owner.length + 1)}`;
}

/** Those whose name at the target cannot be one, or is another's as well, are blocked. @param declared names at the target that the catalog uses */
export function blockTakenNames(
  secrets: readonly PlannedSecret[],
  declared: readonly string[],
  to: Side,
): PlannedSecret[] {
  const fold = (name: string): string => (to.capabilities.foldsCase ? name.toLowerCase() : name);
  const uses = new Map<string, string[]>();
  const use = (name: string, by: string): void => {
    uses.set(fold(name), [...(uses.get(fold(name)) ?? []), by]);
  };
  for (const name of declared) use(name, 'the catalog');
  for (const { secret, to: at } of secrets) use(at.name, secret.name);
  const check = to.capabilities.folders ? checkVaultPath : checkKeyVaultSecretName;
  return secrets.map((planned): PlannedSecret => {
    const { name } = planned.to;
    const others = (uses.get(fold(name)) ?? []).filter((by) => by !== planned.secret.name);
    const reason =
      check(name) !== undefined
        ? 'its name cannot be one there'
        : others.length > 0
          ? 'its name is taken there'
          : undefined;
    return reason === undefined
      ? planned
      : { ...planned, action: { kind: 'blocked', because: { side: 'target', reason, names: [name, ...others] } } };
  });
}
