/** auth/token/… (vault/token_store.go). Batch tokens and token roles are not part of it. */
import { booleanField, durationField, integerField, mapField, textField, textsField, weakString } from './fields.ts';
import type { Backend, BackendRequest, Handler, Route } from './backend.ts';
import { denied, errorReply, json, multiErrorReply, noContent, notFound, reply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Policies } from './policies.ts';
import { authReply, lookupReply } from './token-replies.ts';
import { normalisePolicies, systemMaxTtlS } from './tokens.ts';
import type { TokenEntry, Tokens } from './tokens.ts';

const createFields = [
  'id',
  'policies',
  'meta',
  'no_parent',
  'no_default_policy',
  'lease',
  'ttl',
  'explicit_max_ttl',
  'display_name',
  'num_uses',
  'period',
  'type',
  'renewable',
  'entity_alias',
];

export function createTokenBackend(tokens: Tokens, policies: Policies): Backend {
  const self = (handle: (entry: TokenEntry, request: BackendRequest) => Reply): Handler => {
    return (request) => (request.token === undefined ? denied : handle(request.token, request));
  };
  const named =
    (handle: (entry: TokenEntry, request: BackendRequest) => Reply, unknown: Reply): Handler =>
    (request) => {
      const id = textField(request.fields, 'token') || (request.token?.id ?? '');
      const entry = tokens.find(id, request.nowMs);
      return entry === undefined ? unknown : handle(entry, request);
    };
  const byAccessor =
    (handle: (entry: TokenEntry, request: BackendRequest) => Reply, unknown: Reply): Handler =>
    (request) => {
      const entry = tokens.findByAccessor(textField(request.fields, 'accessor'), request.nowMs);
      return entry === undefined ? unknown : handle(entry, request);
    };
  const renew = (entry: TokenEntry, { fields, nowMs }: BackendRequest): Reply => {
    const incrementS = durationField(fields, 'increment') ?? 0;
    if (entry.expireMs === undefined) return errorReply(400, 'invalid lease ID');
    if (!entry.renewable) return errorReply(400, 'lease is not renewable');
    const { entry: renewed, capped } = tokens.renew(entry, incrementS, nowMs);
    const warnings = capped === undefined ? [] : [cappedWarning(goHours(capped.fromS), capped.toS)];
    return authReply(renewed, nowMs, { warnings, mountType: 'token' });
  };
  const revoke = (entry: TokenEntry): Reply => {
    tokens.revoke(entry);
    return noContent;
  };
  const create: Handler = (request) => createToken(request, tokens, policies, false);
  const noAccessor = reply({ warnings: ['No token found with this accessor'], mountType: 'token' });

  const lookup = (entry: TokenEntry, { nowMs }: BackendRequest): Reply => lookupReply(entry, nowMs);
  const selfLookup = self(lookup);
  const anyLookup = named(lookup, errorReply(403, 'bad token'));
  const routes = new Map<string, Route>([
    ['lookup-self', { operations: { read: selfLookup, update: selfLookup } }],
    ['lookup', { operations: { read: anyLookup, update: anyLookup } }],
    [
      'lookup-accessor',
      {
        operations: {
          update: byAccessor(
            (entry, { nowMs }) => lookupReply(entry, nowMs, ''),
            multiErrorReply(400, 'invalid accessor'),
          ),
        },
      },
    ],
    ['renew-self', { operations: { update: self(renew) }, fields: ['token', 'increment'] }],
    ['renew', { operations: { update: named(renew, errorReply(400, 'token not found')) } }],
    ['revoke-self', { operations: { update: self(revoke) } }],
    ['revoke', { operations: { update: named(revoke, noContent) } }],
    ['revoke-accessor', { operations: { update: byAccessor(revoke, noAccessor) } }],
    ['create', { operations: { update: create }, fields: createFields }],
    [
      'create-orphan',
      { operations: { update: (request) => createToken(request, tokens, policies, true) }, fields: createFields },
    ],
    [
      'accessors/',
      {
        operations: {
          list: () => {
            const keys = tokens.accessors();
            return keys.length === 0 ? notFound : reply({ data: `{"keys":${json(keys)}}`, mountType: 'token' });
          },
        },
      },
    ],
  ]);
  return {
    type: 'token',
    route: (path) => routes.get(path),
    needsSudo: (path) => path === 'create-orphan' || path === 'accessors/',
  };
}

function createToken(
  { fields, token, nowMs }: BackendRequest,
  tokens: Tokens,
  policies: Policies,
  orphan: boolean,
): Reply {
  if (token === undefined) return denied;
  const isSudo = policies.aclOf(token).hasSudo(orphan ? 'auth/token/create-orphan' : 'auth/token/create');
  const [id, noParent] = [textField(fields, 'id'), booleanField(fields, 'no_parent') ?? false];
  if (id !== '' && !isSudo) return errorReply(400, 'root or sudo privileges required to specify token id');
  if (noParent && !isSudo) return errorReply(400, 'root or sudo privileges required to create orphan token');
  if (/^s\./.test(id)) return errorReply(400, "custom token ID cannot have the 's.' prefix");
  if (/^hvs\./.test(id)) return errorReply(400, "custom token ID cannot have the 'hvs.' prefix");
  if (id.includes('.')) return errorReply(400, "custom token ID cannot have a '.' in the value");
  if (id !== '' && tokens.find(id, nowMs) !== undefined)
    return errorReply(400, 'cannot create a token with a duplicate ID');
  const type = textField(fields, 'type');
  if (type === 'batch') return errorReply(400, 'the embedded Vault makes no batch tokens');
  if (!['', 'default', 'service', 'default-service'].includes(type))
    return errorReply(400, "invalid 'token_type' value");

  const asked = textsField(fields, 'policies') ?? [];
  const addDefault = booleanField(fields, 'no_default_policy') !== true;
  const wanted = normalisePolicies(asked.length === 0 ? token.policies : asked, addDefault).filter(
    (name) => addDefault || name !== 'default',
  );
  if (!isSudo && wanted.some((name) => name !== 'default' && !token.policies.includes(name)))
    return errorReply(400, 'child policies must be subset of parent');
  if (wanted.includes('root') && !token.policies.includes('root'))
    return errorReply(400, 'root tokens may not be created without parent token being root');
  const { ttlS, explicitMaxTtlS, periodS, refused } = durations(fields);
  if (refused !== undefined) return refused;
  if (periodS > 0 && !isSudo) return errorReply(400, 'root or sudo privileges required to create periodic token');

  const meta = mapField(fields, 'meta');
  const displayName = textField(fields, 'display_name')
    .replace(/[^a-zA-Z0-9-]/g, '-')
    .replace(/-+$/, '');
  const entry = tokens.create(
    {
      ...(id !== '' && { id }),
      policies: wanted,
      path: orphan ? 'auth/token/create-orphan' : 'auth/token/create',
      displayName: displayName === '' ? 'token' : `token-${displayName}`,
      meta:
        meta === undefined || meta === null
          ? null
          : Object.fromEntries([...meta].map(([name, raw]) => [name, weakString(raw) ?? ''])),
      numUses: integerField(fields, 'num_uses') ?? 0,
      renewable: booleanField(fields, 'renewable') ?? true,
      ...(ttlS > 0 && { ttlS }),
      explicitMaxTtlS,
      periodS,
      ...(!orphan && !noParent && { parent: token.id }),
    },
    nowMs,
  );
  // Where no ttl is asked for, the system's is what is capped.
  const wantedS = ttlS > 0 ? ttlS : entry.renewable || entry.creationTtlS > 0 ? systemMaxTtlS : 0;
  const shownTtl = ttlS > 0 ? textField(fields, 'ttl') : goHours(wantedS);
  const warnings = [
    ...(wantedS > entry.creationTtlS && periodS === 0 ? [cappedWarning(shownTtl, entry.creationTtlS)] : []),
    ...(id === ''
      ? []
      : [
          'Supplying a custom ID for the token uses the weaker SHA1 hashing instead of the more secure SHA2-256 HMAC for token obfuscation. SHA1 hashed tokens on the wire leads to less secure lookups.',
        ]),
    ...wanted.filter((name) => !policies.exists(name)).map((name) => `Policy "${name}" does not exist`),
  ];
  return authReply(entry, nowMs, { warnings, mountType: 'token' });
}

type Durations = { ttlS: number; explicitMaxTtlS: number; periodS: number; refused?: Reply };

/** The token store parses these itself, so that its errors name no field. */
function durations(fields: BackendRequest['fields']): Durations {
  try {
    return {
      ttlS: durationField(fields, 'ttl') ?? durationField(fields, 'lease') ?? 0,
      explicitMaxTtlS: durationField(fields, 'explicit_max_ttl') ?? 0,
      periodS: durationField(fields, 'period') ?? 0,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^.*?(?=time: )/s, '') : '';
    return { ttlS: 0, explicitMaxTtlS: 0, periodS: 0, refused: errorReply(400, message) };
  }
}

function cappedWarning(wanted: string, longestS: number): string {
  return `TTL of "${wanted}" exceeded the effective max_ttl of "${goHours(longestS)}"; TTL value is capped accordingly`;
}

/** A duration as framework.CalculateTTL's warning shows it: `2h`, `1m30s`. */
function goHours(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${rest > 0 ? `${rest}s` : ''}`;
}
