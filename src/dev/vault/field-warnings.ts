/** The warnings that sdk/framework adds to an answer about parameters that had no effect. */
import type { Route } from './backend.ts';
import type { Fields } from './fields.ts';
import { json } from './reply.ts';
import type { Reply } from './reply.ts';

/** Only a successful answer with a body carries them. */
export function withFieldWarnings(reply: Reply, { fields: known, captured = [] }: Route, sent: Fields): Reply {
  if (known === undefined || sent.size === 0 || reply.status !== 200 || reply.body === undefined) return reply;
  const names = [...sent.keys()];
  const ignored = names.filter((name) => !known.includes(name)).toSorted();
  const replaced = names.filter((name) => captured.includes(name)).toSorted();
  const warnings = [
    ...(ignored.length > 0 ? [`Endpoint ignored these unrecognized parameters: [${ignored.join(' ')}]`] : []),
    ...(replaced.length > 0
      ? [
          `Endpoint replaced the value of these parameters with the values captured from the endpoint's path: [${replaced.join(' ')}]`,
        ]
      : []),
  ];
  if (warnings.length === 0) return reply;
  const at = reply.body.lastIndexOf('"warnings":');
  const before = reply.body.slice(at).startsWith('"warnings":null') ? 'null' : undefined;
  const [head, tail] = [reply.body.slice(0, at), reply.body.slice(at + '"warnings":'.length)];
  const added = json(warnings);
  const merged = before === 'null' ? added + tail.slice('null'.length) : `[${added.slice(1, -1)},${tail.slice(1)}`;
  return { ...reply, body: `${head}"warnings":${merged}` };
}
