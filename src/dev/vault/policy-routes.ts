/** sys/policies/acl/… and the older sys/policy/… */
import { textField } from './fields.ts';
import type { BackendRequest, Route } from './backend.ts';
import { errorReply, flatReply, json, noContent, notFound, reply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Policies } from './policies.ts';
import { PolicyError } from './policy.ts';

/** @returns undefined where the path is no policy's */
export function policyRoute(path: string, policies: Policies): Route | undefined {
  const [, kind, written] = /^(policies\/acl|policy)(?:\/(.*))?$/.exec(path) ?? [];
  if (kind === undefined) return undefined;
  const old = kind === 'policy';
  if (written === undefined || written === '') {
    const list = (): Reply => {
      const names = policies.names();
      return old
        ? flatReply(json({ keys: names, policies: names }))
        : reply({ data: json({ keys: names }), mountType: 'system' });
    };
    return { operations: old ? { read: list, list } : { list } };
  }
  const name = written.toLowerCase();
  const read = (): Reply => {
    const text = policies.text(name);
    if (text === undefined) return notFound;
    return old
      ? flatReply(json({ name, rules: text }))
      : reply({ data: json({ name, policy: text }), mountType: 'system' });
  };
  return {
    operations: {
      read,
      update: (request) => write(request, written, policies),
      delete: () => {
        if (name === 'root') return errorReply(400, 'cannot delete "root" policy');
        if (name === 'default') return errorReply(400, 'cannot delete default policy');
        policies.delete(name);
        return noContent;
      },
    },
  };
}

function write({ fields }: BackendRequest, written: string, policies: Policies): Reply {
  const name = written.toLowerCase();
  const text = textField(fields, 'policy') || textField(fields, 'rules');
  if (text === '') return errorReply(400, "'policy' parameter not supplied or empty");
  try {
    policies.put(name, decodeBase64(text));
  } catch (error) {
    if (error instanceof PolicyError) return errorReply(400, error.message);
    throw error;
  }
  return name === written
    ? noContent
    : reply({ warnings: [`policy name was converted to ${name}`], mountType: 'system' });
}

/** A policy may come in base64; a policy's own text is never valid base64, for it has quotes. */
function decodeBase64(text: string): string {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64').toString() : text;
}
