/** Codes of predictions: P1 it fails, P2 it succeeds and surprises, P3 it cannot be told. */
import type { ProblemPage } from './problem-page.ts';

export const predictionPages = {
  P101: {
    title: 'The secret is not in the store',
    why: 'The operator finds nothing under that name: it never was there, is deleted, or has no such version. The ExternalSecret fails and its Secret stays as it is, or absent.',
    mend: 'Write it, recover it, or correct the name; --output json tells the name and the place.',
  },
  P102: {
    title: 'The secret is disabled',
    why: 'Key Vault refuses a disabled secret to everybody, with 403. Whatever the deletionPolicy is, the ExternalSecret fails.',
    mend: 'Enable it: az keyvault secret set-attributes --enabled true. Or read another secret.',
  },
  P103: {
    title: 'The operator may not read the secret',
    why: 'The store refuses it to the identity that the operator signs in with. Retries change nothing.',
    mend: 'In Vault give its policy "read" on the path, in Azure the role Key Vault Secrets User on the vault.',
  },
  P104: {
    title: 'The property is not in the secret',
    why: 'That is an error under every deletionPolicy: unlike a secret that is missing, a field that is missing is never skipped.',
    mend: 'Add the field, or correct remoteRef.property. Names are compared with case; a dot leads into an object.',
  },
  P105: {
    title: 'What is extracted is not a JSON object',
    why: 'dataFrom.extract makes a key of each field; of a text, a list or a number it can make none.',
    mend: 'Write a JSON object, or read the value whole with data.',
  },
  P106: {
    title: 'A value cannot be decoded',
    why: 'decodingStrategy Base64 and Base64URL fail for what is not in that encoding, padding included.',
    mend: 'Set decodingStrategy: None, or write the value in the encoding.',
  },
  P107: {
    title: 'The template fails',
    why: 'It cannot be parsed, names a key that is not there, or ends itself with fail: so do the templates of npm run synth when a required field is missing or empty. Nothing is written.',
    mend: 'Add the field that the event names, or correct the template.',
  },
  P108: {
    title: 'A source of the template is not there',
    why: 'templateFrom names a ConfigMap or Secret, or a key of it, that the namespace does not have.',
    mend: 'Apply it first, or correct its name.',
  },
  P109: {
    title: 'Two fields become one key',
    why: 'conversionStrategy Default makes "_" of every character that a key cannot have, so a/b and a_b are one. The operator then takes neither.',
    mend: 'Set conversionStrategy: Unicode, or rename one of the two.',
  },
  P110: {
    title: 'A key is not acceptable to the operator',
    why: 'With a rewrite nothing is converted any more: each key that is left must be one by itself, of at most 253 characters.',
    mend: 'Let the rewrite replace the character, or rename the field.',
  },
  P111: {
    title: 'The rewrite fails',
    why: 'Its expression cannot be compiled, its template fails, or a merge meets what is no JSON object. Nothing is written.',
    mend: 'Correct the rewrite; the event names its number, from 0.',
  },
  P112: {
    title: 'The store is not there',
    why: 'secretStoreRef names a store that is neither in the manifests nor in the cluster. A SecretStore must be in the namespace of the ExternalSecret.',
    mend: 'Apply the store first, or correct its name or kind.',
  },
  P113: {
    title: 'The store is not ready',
    why: 'The operator asks no store whose Ready condition is not True; the reason stands at the store, and the ExternalSecret only says that it is not ready.',
    mend: 'kubectl describe the store, and mend what its event says.',
  },
  P114: {
    title: 'The store does not serve this namespace',
    why: 'A ClusterSecretStore with conditions serves the namespaces that match one of them, and no others. Conditions that are empty match none.',
    mend: 'Add the namespace, or a label that its selector wants, or use another store.',
  },
  P115: {
    title: 'The store cannot work as it is configured',
    why: 'Its provider lacks something, or has two things that contradict each other: the operator cannot make a client of it.',
    mend: 'Correct spec.provider of the store; the event says what is lacking.',
  },
  P116: {
    title: 'The store answers with an error',
    why: 'It is neither that the secret is missing nor that it is forbidden; the event repeats the answer.',
    mend: 'Look at what the answer says: usually a name or version that the store does not take.',
  },
  P117: {
    title: 'The API server will refuse the Secret',
    why: 'The values were read, but no Secret can be as it would be: a key with other characters than letters, digits, "-", "_" and ".", a type that changes or lacks a key, more than 1 MiB.',
    mend: 'Rename the key by a rewrite or template, or delete the Secret whose type is to change.',
  },
  P118: {
    title: 'The Secret belongs to somebody else',
    why: 'Another ExternalSecret, or another controller, owns it. The operator takes nothing away, and does not try again.',
    mend: 'Give it a target.name of its own, or set creationPolicy: Merge.',
  },
  P119: {
    title: 'The Secret is immutable',
    why: 'It was made so, and its data would change. The operator does not try again.',
    mend: 'Delete the Secret, and it is made anew; pods that mount it have to be restarted.',
  },
  P120: {
    title: 'The policies contradict each other',
    why: 'deletionPolicy Delete needs creationPolicy Owner: the operator deletes only what it owns.',
    mend: 'Set creationPolicy: Owner, or another deletionPolicy.',
  },
  P121: {
    title: 'The ExternalSecret fails for another reason',
    why: 'The event says which.',
    mend: 'Do what the event suggests; if it does not help, please report it.',
  },
  P130: {
    title: 'The API server will refuse the manifest',
    why: 'It is not what the CRD of this version of the operator describes, so it never gets into the cluster.',
    mend: 'Correct the field that the message names. --operator-version checks against another version.',
  },
  P201: {
    title: 'It reports success and writes nothing',
    why: 'There was nothing to write, and deletionPolicy Retain keeps what is there; or creationPolicy Merge finds no Secret; or None never writes. The condition is Ready, and applications wait for a Secret that does not come.',
    mend: 'Put something into the remote secret, or choose policies under which it fails: deletionPolicy Merge with a template that requires its fields.',
  },
  P202: {
    title: 'The Secret will be deleted',
    why: 'Nothing is left to write, and deletionPolicy is Delete. Pods that mount it do not start any more.',
    mend: 'Write the remote secret again, or set deletionPolicy: Retain.',
  },
  P203: {
    title: 'It syncs without what is missing',
    why: 'With deletionPolicy Delete or Merge an entry whose remote secret is missing is skipped, and its keys go from the Secret.',
    mend: 'Write the remote secret, or set deletionPolicy: Retain, under which it fails and the Secret stays.',
  },
  P204: {
    title: 'The operator skips it without a word',
    why: 'Another controller class is responsible, or ClusterSecretStores are switched off. No condition, no event, no Secret.',
    mend: 'Correct spec.controller of the store, or look at the settings of the operator.',
  },
  P205: {
    title: 'It is not refreshed any more',
    why: 'It was synced once. With refreshInterval 0 or refreshPolicy CreatedOnce the operator does not look at it again, even when its spec changes, unless its Secret is deleted or changed by somebody else; with OnChange not before it changes.',
    mend: 'Delete the Secret, and the operator makes it anew; or give a refreshInterval above 0.',
  },
  P301: {
    title: 'The template is not evaluated here',
    why: 'It uses a function or construct that preflight does not know to the byte, and it guesses nothing.',
    mend: 'Use another function, or look at the result in a test cluster.',
  },
  P302: {
    title: 'The property is a query',
    why: 'Wildcards, conditions and modifiers of gjson are not evaluated here.',
    mend: 'Name the property by a path of names and dots, or extract the whole object.',
  },
  P303: {
    title: 'Chance decides',
    why: 'The operator goes through a map, and Go goes through maps in another order each time: which of two keys wins, or which of two errors is told, differs from run to run.',
    mend: 'Let each name lead to one key.',
  },
  P304: {
    title: 'The rewrite is not evaluated here',
    why: 'Its regular expression or template uses what preflight does not know to the byte.',
    mend: 'Use a simpler one, or look at the result in a test cluster.',
  },
  P305: {
    title: 'We may not see it',
    why: 'These credentials may not read the secret. Whether the operator may, and what it would find, is not known; it is not called missing.',
    mend: 'Run it with credentials that may read what the operator reads.',
  },
  P306: {
    title: 'The store was not read',
    why: 'It could not be reached, nothing to sign in with was given, or it is of a kind that is not read here.',
    mend: 'For Vault set VAULT_ADDR and VAULT_TOKEN, for Key Vault log in (az login). To try it without either: npm run dev -- --seed.',
  },
  P307: {
    title: 'Something was not given',
    why: 'A ConfigMap, a Secret, a namespace, a store or a generator decides, and it is in none of the manifests.',
    mend: 'Give its manifest too, or the cluster that has it with --kubeconfig.',
  },
  P308: {
    title: 'A setting of the operator decides',
    why: 'Versions and settings differ in it, and which one runs is not known.',
    mend: 'Give --operator-version, and look at the settings of the operator.',
  },
  P309: {
    title: 'Two ExternalSecrets write one Secret',
    why: 'Each wants to own it. Whichever the operator comes to first gets it, and the other fails with "target is owned by another ExternalSecret"; where neither owns it they overwrite each other for ever.',
    mend: 'Give each a target.name of its own, or set creationPolicy: Merge in one of them.',
  },
  P310: {
    title: 'The result is another one each time',
    why: 'Its template uses the time, a random value or a fresh certificate; the Secret changes at each refresh, and whoever watches it restarts.',
    mend: 'Make the value once and keep it in the store.',
  },
} as const satisfies Readonly<Record<string, ProblemPage>>;
