/** Codes of manifests: those that charts write, and those that are given. */
import type { ProblemPage } from './problem-page.ts';

export const manifestPages = {
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
} as const satisfies Readonly<Record<string, ProblemPage>>;
