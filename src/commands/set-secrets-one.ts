/** One secret: what it gets, whether a person agrees, and what came of it. */
import type { StoreSide } from '../migrate/migration.ts';
import type { Secret } from '../model/platform.ts';
import { remarkOn } from '../set-secrets/given-values.ts';
import type { Values } from '../set-secrets/lacking-fields.ts';
import { fieldsOf, openFields } from '../set-secrets/lacking-fields.ts';
import type { Opened, OpenedSecret } from '../set-secrets/open-secret.ts';
import { openSecret } from '../set-secrets/open-secret.ts';
import { planWrite } from '../set-secrets/plan-write.ts';
import type { GivenFields, SetSecretItem, Told } from '../set-secrets/set-secret-item.ts';
import { outcomeWords, refusalWords, setSecretItem } from '../set-secrets/set-secret-item.ts';
import type { CommandContext } from './command.ts';
import { isAgreed } from './set-secrets-confirmation.ts';
import { askFields } from './set-secrets-dialogue.ts';
import { gatherSourced, isAskedFor, mayWrite, objections } from './set-secrets-gather.ts';
import type { SetSecretsOptions } from './set-secrets-options.ts';
import { writeWithPatience } from './set-secrets-write.ts';

export type Session = {
  readonly options: SetSecretsOptions;
  readonly environment: { readonly name: string; readonly production: boolean };
  readonly sideOf: (secret: Secret) => StoreSide;
  /** From files or standard input, for the one secret that is named. */
  readonly sources: GivenFields;
  readonly context: Pick<CommandContext, 'ask' | 'askHidden' | 'note'>;
};

type Ended = { readonly item: SetSecretItem; readonly stopped?: boolean };
type Turn = {
  /** Whether a person is asked for what it lacks. */
  readonly asks: boolean;
  /** Such as ` (1 of 3)`. */
  readonly progress: string;
};

/** @param read some time ago; before anything is asked it is read again */
export async function setOne(secret: Secret, read: Opened, session: Session, turn: Turn): Promise<Ended> {
  const { options, sideOf } = session;
  const { client, capabilities } = sideOf(secret);
  const before = turn.asks ? await openSecret(secret, client, { recover: false }) : read;
  const isRecovered = before.kind === 'closed' && before.because === 'deleted' && (await mayRecover(secret, session));
  const opened = isRecovered ? await openSecret(secret, client, { recover: true }) : before;
  const told = (more: Told): Ended => ({
    item: setSecretItem(secret, opened, {
      ...more,
      notes: [...(isRecovered ? [recovery(opened)] : []), ...(more.notes ?? [])],
    }),
  });
  if (opened.kind === 'closed')
    return told({ outcome: 'refused', because: refusalWords(opened.because, [], capabilities) });

  const asks = turn.asks && isAskedFor(secret, opened, options);
  if (asks && !(await mayWrite(secret, client)))
    return told({ outcome: 'refused', because: refusalWords('forbidden', [], capabilities) });
  const given = await gather(secret, opened, session, { ...turn, asks });
  if (given.size === 0) return told({ outcome: openFields(secret, opened.values).length > 0 ? 'lacking' : 'complete' });
  const wrong = objections(secret, given);
  if (wrong !== '') return told({ outcome: 'refused', because: wrong });
  const values: Values = new Map([...given].map(([name, { value }]) => [name, value]));
  const planned = planWrite(secret, opened, values, capabilities);
  if (planned.kind === 'unchanged') return told({ outcome: 'unchanged', given });
  if (planned.kind === 'refused') {
    const names = 'names' in planned ? planned.names : [];
    return told({ outcome: 'refused', because: refusalWords(planned.because, names, capabilities), given });
  }
  const facts = { given, replaces: planned.replaces, notes: remarks(secret, given, opened) };
  if (options.plan) return told({ outcome: 'planned', ...facts });
  const refusal = await confirm(secret, planned.replaces, session, facts.notes);
  if (refusal !== undefined) return told({ outcome: 'planned', because: refusal, ...facts });
  return write(secret, opened, values, session, (more) =>
    told({ ...facts, ...more, notes: [...facts.notes, ...(more.notes ?? [])] }),
  );
}

async function gather(
  secret: Secret,
  opened: OpenedSecret,
  { options, sources, context, sideOf }: Session,
  { asks, progress }: Turn,
): Promise<GivenFields> {
  const { askHidden, note } = context;
  if (!asks || askHidden === undefined) return gatherSourced(secret, opened, sources, options);
  return askFields(secret, opened, { askHidden, note, field: options.field, storeName: sideOf(secret).name, progress });
}

/** A deleted secret is brought back only where that was asked for. */
async function mayRecover(secret: Secret, { options, environment, context }: Session): Promise<boolean> {
  if (options.plan) return false;
  if (options.recover && (options.confirmed || !environment.production)) return true;
  if (context.ask === undefined) return false;
  context.note(`\n${secret.name} is deleted, and can be recovered with what it held.`);
  return isAgreed(`Recover ${secret.name}`, false, { ...options, ask: context.ask, environment });
}

function recovery(opened: Opened): string {
  return opened.kind === 'open' && opened.base === undefined
    ? 'nothing was left of it to recover'
    : 'it was recovered, with what it held';
}

/** @returns why it is not to be written; undefined where it is */
async function confirm(
  secret: Secret,
  replaces: readonly string[],
  { options, environment, context, sideOf }: Session,
  notes: readonly string[],
): Promise<string | undefined> {
  const { ask, note } = context;
  if (ask !== undefined)
    notes.forEach((line) => {
      note(`  ! ${line}`);
    });
  if (ask !== undefined && replaces.length > 0)
    note(`  replaces ${replaces.join(', ')}; the store keeps the version before`);
  const isConfirmed = await isAgreed(`Write ${secret.name} to ${sideOf(secret).name}`, replaces.length > 0, {
    ...options,
    ...{ ask, environment },
  });
  if (isConfirmed) return undefined;
  if (ask !== undefined) return 'not written: it was not confirmed';
  return environment.production
    ? `not written: ${environment.name} is a production environment`
    : `not written: ${replaces.join(', ')} would be replaced`;
}

async function write(
  secret: Secret,
  opened: OpenedSecret,
  values: Values,
  { context, sideOf }: Session,
  told: (more: Told) => Ended,
): Promise<Ended> {
  const { client, capabilities } = sideOf(secret);
  const { outcome, stopped } = await writeWithPatience(secret, client, opened, values, context);
  const ended = ((): Ended => {
    switch (outcome.kind) {
      case 'written': {
        const { version, notes } = outcome;
        return told({ outcome: 'written', version, values: outcome.values, notes });
      }
      case 'unchanged':
        return told({ outcome: 'unchanged', values: outcome.values });
      case 'refused':
        return told({ outcome: 'refused', because: refusalWords(outcome.because, outcome.names, capabilities) });
      case 'changed meanwhile':
      case 'differs':
        return told({ outcome: outcome.kind, because: outcomeWords[outcome.kind] });
      case 'failed':
        return told({ outcome: 'failed', because: outcome.because });
    }
  })();
  return { ...ended, stopped };
}

function remarks(secret: Secret, given: GivenFields, { metadata }: OpenedSecret): string[] {
  const expiry = metadata?.expiresAtMs;
  return [
    ...fieldsOf(secret).flatMap((field) => {
      const one = given.get(field.name);
      const remark = one && remarkOn(field, one.value);
      return remark === undefined ? [] : [`${field.name} ${remark}`];
    }),
    ...(expiry === undefined
      ? []
      : [`its date of expiry, ${new Date(expiry).toISOString().slice(0, 10)}, stays as it was`]),
  ];
}
