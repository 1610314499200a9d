/** The Kubernetes Secret of an ExternalSecret, as a target of the catalog. */
import type { ExternalSecret, Template } from '../eso/resources.ts';
import type { AdoptedTarget, Use } from './adoption.ts';

export type Refusal = { readonly kind: 'refused'; readonly because: string; readonly hint: string };

export function refuse(because: string, hint: string): Refusal {
  return { kind: 'refused', because, hint };
}

/**
 * Labels and annotations that a tool keeps on the objects that it applies. Without a template the operator copies them to the Secret, where
 * they mean nothing; the tool that applies Lockstep's manifests keeps its own.
 */
const BOOKKEEPING =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|argocd\.argoproj\.io\/(?:tracking-id|instance|sync-.*|hook.*)|(?:meta\.)?helm\.sh\/.*|kustomize\.toolkit\.fluxcd\.io\/.*|reconcile\.external-secrets\.io\/.*|app\.kubernetes\.io\/(?:managed-by|part-of))$/;

export function isBookkeeping(key: string): boolean {
  return BOOKKEEPING.test(key);
}

export function readTarget({ metadata, spec }: ExternalSecret, use: Use): AdoptedTarget | Refusal {
  const { template } = spec.target;
  const { labels, annotations } = template?.metadata ?? metadata;
  const kept = { labels: withoutBookkeeping(labels), annotations: withoutBookkeeping(annotations) };
  const common = { name: spec.target.name, namespace: metadata.namespace, type: template?.type, ...kept };
  if ([...Object.values(kept.labels), ...Object.values(kept.annotations)].some((text) => text.includes('{{')))
    return refuse('a label or annotation of its Secret is a template', 'Lockstep writes them as they are.');
  if (template === undefined) return { ...common, template: {}, templateOnly: false };
  if (template.metadata.finalizers.length > 0) return refuse('its Secret has finalizers', 'Remove them.');
  if (template.templateFrom.length > 0)
    return refuse('it has a templateFrom', 'Lockstep writes its own there; use template: one text for each key.');
  return readTemplateData(template, use, common);
}

function readTemplateData(
  { data, mergePolicy }: Template,
  use: Use,
  common: Omit<AdoptedTarget, 'template' | 'templateOnly'>,
): AdoptedTarget | Refusal {
  const texts = Object.entries(data);
  const templateOnly = texts.length > 0 && mergePolicy === 'Replace';
  if (templateOnly && use.kind === 'text')
    return refuse(
      'its template leaves out the text itself',
      'Lockstep gives the text under a key, and the template beside it.',
    );
  const fieldOf = new Map(use.kind === 'fields' ? use.entries.map(({ key, field }) => [key, field]) : []);
  const template: [string, string][] = [];
  for (const [key, text] of texts) {
    const named = renameFields(text, fieldOf);
    if (named === undefined)
      return refuse(
        `its template of ${key} computes with keys that Lockstep names otherwise`,
        'Name the keys as the fields.',
      );
    template.push([key, named]);
  }
  return { ...common, template: Object.fromEntries(template), templateOnly };
}

/** A template of the catalog is over the fields; theirs is over the keys of data. */
function renameFields(text: string, fieldOf: ReadonlyMap<string, string>): string | undefined {
  const renamed = [...fieldOf].filter(([key, field]) => key !== field);
  if (renamed.length === 0 || !text.includes('{{')) return text;
  const computed: string[] = [];
  const result = text.replace(ACTION, (action, left: string, inner: string, right: string) => {
    const [, dotted, indexed, pipes = ''] = PLAIN_ACTION.exec(inner) ?? [];
    const field = fieldOf.get(dotted ?? indexed ?? '');
    if (field !== undefined) return `{{${left} index . ${JSON.stringify(field)}${pipes} ${right}}}`;
    computed.push(action);
    return action;
  });
  return computed.length === 0 ? result : undefined;
}

const ACTION = /\{\{(-?)\s*(.*?)\s*(-?)\}\}/gs;
/** `.KEY` or `index . "KEY"`, and what it is piped through. */
const PLAIN_ACTION = /^(?:\.([A-Za-z_]\w*)|index\s+\.\s+"([^"\\]+)")(\s*\|[\s\w"|-]+)?$/;

function withoutBookkeeping(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !isBookkeeping(key)));
}
