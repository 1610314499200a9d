/** The parts of which the JSON Schemas of outputs are put together. */
import { storeNames } from '../model/configuration.ts';

export type Node = Readonly<Record<string, unknown>>;

export function text(description: string, further: Node = {}): Node {
  return { description, type: 'string', ...further };
}

export function count(description: string): Node {
  return { description, type: 'integer', minimum: 0 };
}

export function list(description: string, items: Node): Node {
  return { description, type: 'array', items };
}

/** Every property that is described is always there, but for those of `optional`. */
export function object(
  description: string,
  properties: Readonly<Record<string, Node>>,
  optional: readonly string[] = [],
): Node {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { description, type: 'object', required, properties };
}

export const store = text('The ClusterSecretStore', { enum: [...storeNames] });

export const problem = object('Something that is wrong', {
  code: text(
    'Permanent: docs/reference/problems.md explains it. In a document whose outcome is failed it is a word, such as USAGE',
    {
      pattern: '^([A-Z][0-9]{3}|[A-Z_]+)$',
    },
  ),
  where: text('The file to open, relative to the repository, the name of the variable, or a path or name in Vault'),
  path: text('The place inside it; empty for the file as a whole'),
  message: text('What is wrong'),
  hint: text('What to do about it'),
});
