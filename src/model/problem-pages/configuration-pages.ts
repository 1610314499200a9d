/** Codes of config/ and of the environment variables. */
import type { ProblemPage } from './problem-page.ts';

export const configurationPages = {
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
} as const satisfies Readonly<Record<string, ProblemPage>>;
