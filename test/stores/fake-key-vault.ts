/** As much of the data plane as the contract's tests need, for {@link scriptKeyVault}. The embedded server plays it in full. */
import { randomBytes } from 'node:crypto';
import type { Answer, Script } from './scripted-key-vault.ts';
import { notFound, refused } from './scripted-key-vault.ts';

type FakeVersion = { version: string; body: Record<string, unknown>; attributes: Record<string, unknown> };
type Fake = { name: string; versions: FakeVersion[]; deletedDate: number | undefined };

type Rendered = Readonly<Record<string, unknown>> & { readonly id: string };

/** @param lagMs how long a deleted or recovered secret is nowhere */
export function fakeKeyVault(lagMs = 0): Script {
  const secrets = new Map<string, Fake>();
  const hiddenUntil = new Map<string, number>();
  const isHidden = (key: string): boolean => (hiddenUntil.get(key) ?? 0) > performance.now();
  const seconds = (): number => Math.floor(Date.now() / 1000);

  function render(fake: Fake, one: FakeVersion | undefined, withValue: boolean, withVersion = true): Rendered {
    const { value, ...body } = one?.body ?? {};
    return {
      ...body,
      ...(withValue ? { value } : {}),
      attributes: { ...one?.attributes, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 },
      id: `https://fake.vault.azure.net/secrets/${fake.name}${withVersion ? `/${one?.version ?? ''}` : ''}`,
      ...(fake.deletedDate === undefined
        ? {}
        : { deletedDate: fake.deletedDate, recoveryId: `https://fake.vault.azure.net/deletedsecrets/${fake.name}` }),
    };
  }

  /** A page goes on after the last item of the one before, whatever has come and gone. */
  function page(items: readonly Rendered[], path: string, query: string): Answer {
    const after = new URLSearchParams(query).get('$skiptoken') ?? '';
    const left = items.toSorted((a, b) => (a.id < b.id ? -1 : 1)).filter(({ id }) => id > after);
    const token = encodeURIComponent(left[24]?.id ?? '');
    const nextLink = `https://fake.vault.azure.net:443${path}?api-version=7.6&$skiptoken=${token}&maxresults=25`;
    return { body: { value: left.slice(0, 25), nextLink: left.length > 25 ? nextLink : null } };
  }

  return ({ line, query, body: text }) => {
    const [method = '', path = ''] = line.split(' ');
    const [, collection, name = '', rest] = path.split('/');
    const isDeleted = collection === 'deletedsecrets';
    const fake = secrets.get(name.toLowerCase());
    const there = fake !== undefined && (fake.deletedDate !== undefined) === isDeleted && !isHidden(fake.name);
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const attributes = (body['attributes'] ?? {}) as Record<string, unknown>;
    if (name === '')
      return page(
        [...secrets.values()]
          .filter((one) => (one.deletedDate !== undefined) === isDeleted && !isHidden(one.name))
          .map((one) => render(one, one.versions.at(-1), false, false)),
        path,
        query,
      );
    if (method === 'PUT') {
      if (fake?.deletedDate !== undefined)
        return refused(409, 'Conflict', isHidden(fake.name) ? 'ObjectIsBeingDeleted' : 'ObjectIsDeletedButRecoverable');
      const made = fake ?? { name, versions: [], deletedDate: undefined };
      const one: FakeVersion = {
        version: randomBytes(16).toString('hex'),
        body,
        attributes: { enabled: true, ...attributes, created: seconds(), updated: seconds() },
      };
      made.versions.push(one);
      secrets.set(name.toLowerCase(), made);
      return { body: render(made, one, true) };
    }
    if (!there) return notFound();
    if (method === 'POST' || method === 'DELETE') {
      fake.deletedDate = method === 'DELETE' ? seconds() : undefined;
      hiddenUntil.set(fake.name, performance.now() + lagMs);
      return { body: render(fake, fake.versions.at(-1), false) };
    }
    if (rest === 'versions')
      return page(
        fake.versions.map((one) => render(fake, one, false)),
        path,
        query,
      );
    const one = (rest ?? '') === '' ? fake.versions.at(-1) : fake.versions.find(({ version }) => version === rest);
    if (one === undefined) return notFound();
    if (method === 'PATCH') {
      Object.assign(one.attributes, attributes, { updated: seconds() });
      Object.assign(one.body, body);
    } else if (!isDeleted && one.attributes['enabled'] === false) return refused(403, 'Forbidden', 'SecretDisabled');
    return { body: render(fake, one, method === 'GET' && !isDeleted) };
  };
}
