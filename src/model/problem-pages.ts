/**
 * What each code means. A code is permanent: it never comes to mean something else, and a retired one is not given again. `--explain CODE`
 * prints its page; docs/reference/problems.md is made from them.
 */
export type ProblemPage = { readonly title: string; readonly why: string; readonly mend: string };

export const problemPages = {
  C001: {
    title: 'A property is not known',
    why: 'A misspelt property would be ignored without a word, and the default used in its place.',
    mend: 'Use the name that the message suggests, or remove the property.',
  },
  C002: {
    title: 'A value has the wrong shape',
    why: 'Node runs the configuration without checking its types, so shapes are checked when it is loaded.',
    mend: 'npm run types shows the same place in an editor.',
  },
  C003: {
    title: 'Two applications have one name',
    why: 'The name is the folder of the output and the name of the Argo CD Application; one would overwrite the other.',
    mend: 'Rename one of the two.',
  },
  C004: {
    title: 'A name is not acceptable to Kubernetes',
    why: 'The API server would refuse the object when it is applied.',
    mend: 'Use lower-case letters, digits and hyphens; keys of a Secret may also hold upper case, "_" and ".".',
  },
  C005: {
    title: 'A chart type is not known',
    why: 'chart.type names one of the charts that come with Lockstep, or is a cdk8s chart class.',
    mend: 'Use a type that the message lists, or import your class and give it as type.',
  },
  C006: {
    title: 'A name is not acceptable to Key Vault',
    why: 'A vault has 3 to 24 letters, digits and single hyphens; a secret 1 to 127 letters, digits and hyphens.',
    mend: 'Rename it. Where Vault has a slash, Key Vault names usually have a hyphen.',
  },
  C007: {
    title: 'A path is not acceptable to Vault',
    why: 'External Secrets Operator and Vault rewrite empty segments, "..", and a leading "data/"; the secret would not be found.',
    mend: 'Give the path below the mount, without slashes at its ends.',
  },
  C008: {
    title: 'An application is named that does not exist',
    why: 'A secret belongs to an application; its store is read, its namespace receives the Secret.',
    mend: 'Correct the name, or add the application to config/applications.ts.',
  },
  C009: {
    title: 'A secret is named that does not exist',
    why: 'omitSecrets would leave out nothing.',
    mend: 'Correct the name, or remove it.',
  },
  C010: {
    title: 'A field is used but not declared',
    why: 'A target, a template or a condition names a field that the catalog does not have; it would always be absent.',
    mend: 'Declare it in the fields of the secret, or correct the name.',
  },
  C011: {
    title: 'A secret is not used',
    why: 'What nobody receives still has to be guarded, rotated and migrated.',
    mend: 'Give it a target, or remove it from the catalog.',
  },
  C012: {
    title: 'Two environments share a Key Vault',
    why: 'A leak in one would be a leak in the other. Key Vault compares names without case.',
    mend: 'Give each environment a vault of its own.',
  },
  C013: {
    title: 'Two secrets have one remote name',
    why: 'Writing one would overwrite the other. Key Vault compares names without case, Vault paths with it.',
    mend: 'Rename one; where both mean the same secret, declare it once with several targets.',
  },
  C014: {
    title: 'Two targets are one Kubernetes Secret',
    why: 'Two ExternalSecrets would take it from each other.',
    mend: 'Rename one of the two, or put them in different namespaces.',
  },
  C015: {
    title: 'A typed Secret lacks a key that its type needs',
    why: 'The API server refuses a kubernetes.io/tls Secret without tls.crt and tls.key, and likewise for the other types.',
    mend: 'Declare the field, map one to the key, and make it required.',
  },
  C016: {
    title: 'A key is given twice',
    why: 'One of the two values would be lost.',
    mend: 'Rename one in keys or template.',
  },
  C017: {
    title: 'A variable is missing',
    why: 'An application reads from Key Vault, and nothing says which vault, tenant or identity.',
    mend: 'Set the variable, or the property of config/environments.ts that the message names.',
  },
  C018: {
    title: 'A variable is set, but empty',
    why: 'Usually the command that should have filled it failed. An empty value is never taken for a missing one.',
    mend: 'Set it, or unset it.',
  },
  C019: {
    title: 'A value is malformed',
    why: 'Azure identifiers are GUIDs, a Key Vault is named and not addressed, a Vault server is a URL.',
    mend: 'Copy it anew from where it comes from.',
  },
  C020: {
    title: 'A variable contradicts the configuration',
    why: 'Two places name different vaults, tenants or identities; either could be the mistake.',
    mend: 'Unset the variable, or change config/environments.ts.',
  },
  C021: {
    title: 'There is no Key Vault where one is needed',
    why: 'Outside production, applications that name azure-keyvault-store are read from the default store and synth says so. In production, or where Key Vault is itself the default, that would be a surprise.',
    mend: 'Give the environment an azure entry, or set the three AZURE_ variables.',
  },
  C022: {
    title: 'A label or annotation is not acceptable to Kubernetes',
    why: 'The API server would refuse the Secret, and the ExternalSecret would never become ready.',
    mend: 'Names and values have at most 63 characters; see the message.',
  },
  C023: {
    title: 'A version or duration is not usable',
    why: 'External Secrets Operator rewrites durations to Go’s form, which Argo CD then shows as a difference for ever.',
    mend: 'Write 1h0m0s; give the operator’s version in full.',
  },
  C024: {
    title: 'A file of the configuration could not be loaded',
    why: 'It has a syntax error, throws, or imports something that is not there.',
    mend: 'Mend the line that the message names; npm run types tells more.',
  },
  C025: {
    title: 'A template is not well-formed',
    why: 'External Secrets Operator would fail to parse it at every refresh.',
    mend: 'Close every "{{" with "}}".',
  },
  C026: {
    title: 'A chart uses a secret that is not declared',
    why: 'The workload would start without the Secret that it is told to read.',
    mend: 'Declare the secret in config/secrets.ts, or tell the chart to do without it.',
  },
  C027: {
    title: 'A condition can never be true',
    why: 'The deciding field has a closed list of values, and this is not one of them.',
    mend: 'Use one of the values of its format.',
  },
  C028: {
    title: 'A target does not fit the kind of its secret',
    why: 'A plain text secret arrives under one key; a secret with fields under one key for each field.',
    mend: 'Give key to targets of text secrets, and fields or keys to the others.',
  },
  C029: {
    title: 'A production environment is set up as for development',
    why: 'Plain HTTP shows every secret to the network; Vault in development mode forgets them at a restart.',
    mend: 'Use https and the profile ha.',
  },
  M001: {
    title: 'A manifest does not fit its schema',
    why: 'The API server would refuse it, or silently drop the field.',
    mend: 'Mend the chart that writes it.',
  },
  M002: {
    title: 'Two manifests are the same object',
    why: 'They have the same kind, namespace and name; the later would overwrite the earlier.',
    mend: 'Rename one of the two in the chart.',
  },
  M003: {
    title: 'A chart failed',
    why: 'The constructor of a chart class threw an error.',
    mend: 'Mend the class; it is given (scope, id, props).',
  },
  M004: {
    title: 'The version of External Secrets Operator cannot be checked',
    why: 'There is no schema for a version as old as this.',
    mend: 'Raise externalSecrets.version in config/environments.ts.',
  },
  M005: {
    title: 'A schema is not what its source gives',
    why: 'Manifests would be checked against something that no operator has.',
    mend: 'npm run schemas makes schemas/ anew.',
  },
  M101: {
    title: 'A file of manifests cannot be read',
    why: 'What is in it is not part of the answer.',
    mend: 'Give a file, a folder, or - for what is piped in; text is UTF-8.',
  },
  M102: {
    title: 'A manifest is not YAML or JSON',
    why: 'kubectl and Argo CD refuse it. The message does not quote the file, which may hold a secret.',
    mend: 'Correct the place that is named. The other documents of the file were read.',
  },
  M103: {
    title: 'A key is given twice in one object',
    why: 'Some readers take the last, some the first, and some refuse it: nobody knows which is meant.',
    mend: 'Remove one of the two.',
  },
  M104: {
    title: 'A document is no Kubernetes object',
    why: 'A manifest has an apiVersion and a kind. Values of a chart and settings of a tool are no manifests.',
    mend: 'Give manifests only; name the files rather than their folder.',
  },
  M105: {
    title: 'A file is a Helm template',
    why: 'Until Helm has rendered it, nobody knows what it says.',
    mend: 'Render it and pipe it in: helm template <chart> | npm run <command> -- -',
  },
  M106: {
    title: 'The API server would refuse a manifest',
    why: 'A value has another type than its field, is not one of those that are allowed, or is missing.',
    mend: 'Correct it. In YAML a number or a word such as yes needs quotes where a text is meant.',
  },
  M107: {
    title: 'A property is not known to the API',
    why: 'kubectl refuses it; others drop it without a word, and the default is used in its place.',
    mend: 'Correct its name, remove it, or raise the version of the operator.',
  },
  M108: {
    title: 'External Secrets Operator cannot read a manifest',
    why: 'The API server takes it, and the operator then fails to read any object of that kind in the whole cluster.',
    mend: 'Correct it before it is applied.',
  },
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
  M109: {
    title: 'A manifest stays external-secrets.io/v1beta1',
    why: 'From 0.17 on the API server takes v1 alone. What is inside a template, or would be refused as v1, is for a person.',
    mend: 'Change it as the message says, and run the command again.',
  },
  M110: {
    title: 'An upgraded manifest would not say the same',
    why: 'A file is written only where each object holds the same, and External Secrets Operator would do the same, as before.',
    mend: 'It is a bug of Lockstep: report it. The file was not written.',
  },
  M111: {
    title: 'A file was changed while it was upgraded',
    why: 'What somebody wrote meanwhile would be lost.',
    mend: 'Run the command again.',
  },
  M112: {
    title: 'An ExternalSecret cannot be said in config/',
    why: 'The catalog knows one secret of one store for each Kubernetes Secret, with declared fields. What works otherwise stays as it is, beside Lockstep.',
    mend: 'Leave its manifest in place, or change it as the message says.',
  },
  V001: {
    title: 'Something in Vault is not as it must be, and not Lockstep’s',
    why: 'Lockstep changes only what it made itself, or was given. Somebody else may depend on the rest.',
    mend: 'Do what the message says: name another, let it be removed, or give it to Lockstep. docs/decisions/009-what-bootstrap-owns.md tells by which marks.',
  },
  V002: {
    title: 'A path cannot stand in a policy',
    why: 'In policies of Vault some signs stand for anything, and nothing escapes them. The rule would open more than the one path.',
    mend: 'Rename the secret’s vaultPath: no "*" at its end, no "+" between slashes, no "+*", "{{", "}}" or "${".',
  },
  V003: {
    title: 'The token lacks a capability',
    why: 'Everything is asked for before the first write, so that nothing is left half done.',
    mend: 'Use a token whose policies hold what the message says; sys/audit and sys/auth also need sudo.',
  },
  V004: {
    title: 'An audit device writes values as they are',
    why: 'With log_raw every secret that anybody reads or writes stands in the log.',
    mend: 'Disable the device, delete its log, and rotate what was read or written meanwhile.',
  },
  V005: {
    title: 'Vault was not set up to the end',
    why: 'A step failed, or somebody changed Vault at the same time. What was done before stays, and is right.',
    mend: 'Mend what the message says and run the command again: it does the rest.',
  },
} as const satisfies Readonly<Record<string, ProblemPage>>;

export function explainProblem(code: string): string | undefined {
  const page = (problemPages as Readonly<Record<string, ProblemPage>>)[code.toUpperCase()];
  return page && `${code.toUpperCase()}: ${page.title}\n\nWhy it matters: ${page.why}\nWhat to do: ${page.mend}\n`;
}
