import type { FieldDefinition, SecretDefinition, TargetDefinition } from '../configuration.ts';
import { checkDnsLabel, checkDnsSubdomain, checkLabelKey, checkLabelValue, checkSecretKey } from '../names.ts';
import { hintNearest } from './secret-rules.ts';
import type { Report, Rule, View } from './rule.ts';

function targetNames({ targets, names }: View, report: Report): void {
  for (const {
    target: { name, namespace, application, labels, annotations },
    at,
  } of targets) {
    const nameProblem = checkDnsSubdomain(name);
    if (nameProblem !== undefined)
      report('C004', 'secrets', [...at, 'name'], `"${name}" is ${nameProblem}`, 'Rename the Kubernetes Secret.');
    const namespaceProblem = namespace === undefined ? undefined : checkDnsLabel(namespace);
    if (namespaceProblem !== undefined)
      report('C004', 'secrets', [...at, 'namespace'], `"${namespace}" is ${namespaceProblem}`, 'Name a namespace.');
    if (application !== undefined && !names.applications.has(application))
      report(
        'C008',
        'secrets',
        [...at, 'application'],
        `there is no application "${application}"`,
        hintNearest(application, names.applications, 'Add it to config/applications.ts.'),
      );
    for (const [key, value] of labels === undefined ? [] : Object.entries(labels)) {
      const problem = checkLabelKey(key) ?? checkLabelValue(value);
      if (problem !== undefined)
        report('C022', 'secrets', [...at, 'labels', key], `is ${problem}`, 'Kubernetes would refuse the Secret.');
    }
    for (const key of annotations === undefined ? [] : Object.keys(annotations)) {
      const problem = checkLabelKey(key);
      if (problem !== undefined)
        report(
          'C022',
          'secrets',
          [...at, 'annotations', key],
          `is ${problem.replace('label key', 'annotation key')}`,
          'Kubernetes would refuse the Secret.',
        );
    }
  }
}

function onePerKubernetesSecret({ targets, applications }: View, report: Report): void {
  const namespaces = new Map(applications.map(({ name, namespace }) => [name, namespace]));
  const seen = new Map<string, string>();
  for (const { target, at, definition } of targets) {
    const namespace = target.namespace ?? namespaces.get(target.application ?? definition.application);
    if (namespace === undefined) continue;
    const place = `${namespace}/${target.name}`;
    const earlier = seen.get(place);
    if (earlier !== undefined)
      report(
        'C014',
        'secrets',
        [...at, 'name'],
        `the Secret ${place} is also a target of the secret "${earlier}"`,
        'Give each its own: two ExternalSecrets would overwrite one another.',
      );
    seen.set(place, earlier ?? at[0]);
  }
}

function declaredFields({ targets }: View, report: Report): void {
  for (const { target, at, definition } of targets) {
    if (definition.fields === undefined) {
      textTarget(target, at, report);
      continue;
    }
    if (target.fields === undefined && target.keys === undefined && target.key === undefined) continue;
    const declared = Object.keys(definition.fields);
    const known = (field: string, keys: readonly (string | number)[]): void => {
      if (!declared.includes(field))
        report(
          'C010',
          'secrets',
          [...at, ...keys],
          `the field "${field}" is used but not declared`,
          hintNearest(field, declared, `Declare it in secrets.${at[0]}.fields.`),
        );
    };
    target.fields?.forEach((field, index) => {
      known(field, ['fields', index]);
    });
    for (const field of Object.keys(target.keys ?? {})) known(field, ['keys', field]);
    if (target.key !== undefined)
      report('C028', 'secrets', [...at, 'key'], 'is for plain text secrets', 'Use keys: { FIELD: "key" }.');
  }
}

function textTarget(target: TargetDefinition, at: readonly (string | number)[], report: Report): void {
  if (target.key === undefined) report('C028', 'secrets', [...at], 'does not say which key gets the text', 'Add key.');
  if (target.fields !== undefined || target.keys !== undefined)
    report('C028', 'secrets', [...at], 'a plain text secret has no fields', 'Use key instead of fields and keys.');
}

/** The keys that a target has: of its fields, of its text, of its template. */
function targetKeys(
  target: TargetDefinition,
  definition: SecretDefinition,
): { readonly key: string; readonly field: string | undefined; readonly path: readonly string[] }[] {
  const template = Object.keys(target.template ?? {}).map((key) => ({
    key,
    field: undefined,
    path: ['template', key],
  }));
  if (definition.fields === undefined)
    return target.key === undefined ? template : [{ key: target.key, field: 'text', path: ['key'] }, ...template];
  const renamed = (target.keys ?? {}) as Readonly<Record<string, string | undefined>>;
  const fields = (target.fields ?? Object.keys(definition.fields)).map((field) => {
    const key = renamed[field];
    return { key: key ?? field, field, path: key === undefined ? ['fields'] : ['keys', field] };
  });
  return [...fields, ...template];
}

function keys({ targets }: View, report: Report): void {
  for (const { target, at, definition } of targets) {
    // The fields under their own names: these are checked where they are declared, and are as different as names are.
    if (definition.fields !== undefined && target.keys === undefined && target.template === undefined) continue;
    const seen = new Set<string>();
    for (const { key, path } of targetKeys(target, definition)) {
      const problem = checkSecretKey(key);
      // A field's own name is checked where it is declared.
      if (problem !== undefined && path[0] !== 'fields')
        report('C004', 'secrets', [...at, ...path], `"${key}" is ${problem}`, 'Rename the key.');
      if (seen.has(key))
        report(
          'C016',
          'secrets',
          [...at, ...path],
          `the key "${key}" is given twice to the Secret ${target.name}`,
          'Rename one of the two in keys or template.',
        );
      seen.add(key);
    }
  }
}

function templates({ targets }: View, report: Report): void {
  for (const { target, at, definition } of targets) {
    if (target.template === undefined) continue;
    for (const [key, text] of Object.entries(target.template)) {
      const opened = text.split('{{').length;
      if (opened !== text.split('}}').length)
        report(
          'C025',
          'secrets',
          [...at, 'template', key],
          'has a "{{" without its "}}"',
          'External Secrets Operator would fail to parse it.',
        );
      const declared = definition.fields === undefined ? [target.key ?? ''] : Object.keys(definition.fields);
      for (const [, dotted, quoted] of text.matchAll(/\{\{-?\s*(?:\.([A-Za-z_]\w*)|index \. "([^"]+)")\s*[|}-]/g)) {
        const field = dotted ?? quoted ?? '';
        if (!declared.includes(field))
          report(
            'C010',
            'secrets',
            [...at, 'template', key],
            `the field "${field}" is used but not declared`,
            hintNearest(field, declared, 'Declare it.'),
          );
      }
    }
  }
}

/** What kube-apiserver demands of a Secret of a built-in type (ValidateSecret in k8s.io/kubernetes/pkg/apis/core/validation). */
const keysOfType: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function types({ targets }: View, report: Report): void {
  for (const { target, at, definition } of targets) {
    const needed = keysOfType[target.type ?? ''];
    if (needed === undefined) continue;
    const present = targetKeys(target, definition);
    for (const key of needed) {
      const found = present.find((candidate) => candidate.key === key);
      if (found === undefined)
        report(
          'C015',
          'secrets',
          [...at, 'type'],
          `a Secret of type ${String(target.type)} needs the key "${key}"`,
          `Declare it as a field, or map one to it with ${definition.fields === undefined ? 'key' : 'keys'}.`,
        );
      else if (found.field !== undefined && isOptional(definition, found.field))
        report(
          'C015',
          'secrets',
          [at[0], 'fields', found.field, 'required'],
          `may be absent, but a Secret of type ${String(target.type)} needs the key "${key}"`,
          'Make the field required.',
        );
    }
  }
}

function isOptional(definition: SecretDefinition, field: string): boolean {
  const declared = definition.fields as Readonly<Record<string, FieldDefinition>> | undefined;
  const required = declared?.[field]?.required;
  return required !== undefined && required !== true;
}

export const targetRules: readonly Rule[] = [
  targetNames,
  onePerKubernetesSecret,
  declaredFields,
  keys,
  templates,
  types,
];
export const targetRulesOfOne: readonly Rule[] = [targetNames, declaredFields, keys, templates, types];
