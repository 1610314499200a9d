/** auth/kubernetes/… (vault-plugin-auth-kubernetes 0.23): its configuration, its roles, and the login with a ServiceAccount token. */
import { booleanField, textField, textsField } from './fields.ts';
import type { Fields } from './fields.ts';
import type { Backend, BackendRequest, Route } from './backend.ts';
import { verifyByPem, verifyByTokenReview } from './kubernetes-verifier.ts';
import type { KubernetesVerifier } from './kubernetes-verifier.ts';
import type { Login } from './login.ts';
import { denied, errorReply, json, noContent, notFound, reply } from './reply.ts';
import type { Reply } from './reply.ts';
import { readClaims } from './service-account-token.ts';
import type { Claims } from './service-account-token.ts';
import type { Storage } from '../storage.ts';
import { readTokenSettings, tokenSettingsJson } from './token-settings.ts';
import type { TokenSettings } from './token-settings.ts';

type Config = {
  readonly host: string;
  readonly caCertificate: string;
  readonly reviewerJwt: string;
  readonly pemKeys: readonly string[];
  readonly disableLocalCaJwt: boolean;
};

type Role = {
  readonly names: readonly string[];
  readonly namespaces: readonly string[];
  readonly audience: string;
  readonly aliasSource: string;
  readonly token: TokenSettings;
};

const aliasSources = ['serviceaccount_uid', 'serviceaccount_name'];
/** A minute of clock difference is forgiven, as by hashicorp/cap. */
const leewayMs = 60_000;

/** @param verifier takes the place of what auth/kubernetes/config names */
export function createKubernetesBackend(
  storage: Storage,
  prefix: string,
  login: Login,
  verifier?: KubernetesVerifier,
): Backend {
  const roleOf = (name: string): Role | undefined => storage.get(`${prefix}role/${name}`) as Role | undefined;
  const config = (): Config | undefined => storage.get(`${prefix}config`) as Config | undefined;

  const configuredVerifier = (): KubernetesVerifier | undefined => {
    const kept = config();
    if (kept === undefined) return undefined;
    if (kept.pemKeys.length > 0) return verifyByPem(kept.pemKeys);
    return verifyByTokenReview({
      host: kept.host,
      ...(kept.reviewerJwt !== '' && { reviewerJwt: kept.reviewerJwt }),
      ...(kept.caCertificate !== '' && { caCertificate: kept.caCertificate }),
    });
  };

  const logIn = async ({ fields, nowMs }: BackendRequest): Promise<Reply> => {
    const [roleName, jwt] = [textField(fields, 'role'), textField(fields, 'jwt')];
    if (roleName === '') return errorReply(400, 'missing role');
    if (jwt === '') return errorReply(400, 'missing jwt');
    const role = roleOf(roleName);
    if (role === undefined) return errorReply(400, `invalid role name ${json(roleName)}`);
    const review = verifier ?? configuredVerifier();
    if (review === undefined) return errorReply(500, 'could not load backend configuration');
    const claims = readClaims(jwt);
    if (claims === undefined || claims.uid === '') return denied;
    const refused = refusalOf(role, claims, nowMs);
    if (refused !== undefined) return errorReply(403, refused);
    const account = await review(jwt, role.audience === '' ? claims.audiences : [role.audience]);
    if (account?.name !== claims.name || account.namespace !== claims.namespace || account.uid !== claims.uid)
      return denied;
    return login(
      {
        alias: role.aliasSource === 'serviceaccount_name' ? `${claims.namespace}/${claims.name}` : claims.uid,
        displayName: `${claims.namespace}-${claims.name}`,
        meta: {
          role: roleName,
          service_account_name: claims.name,
          service_account_namespace: claims.namespace,
          service_account_secret_name: '',
          service_account_uid: claims.uid,
        },
        settings: role.token,
      },
      nowMs,
    );
  };

  const writeRole = ({ fields }: BackendRequest, name: string): Reply => {
    const role = readRole(fields, roleOf(name));
    if (role.names.length === 0) return errorReply(400, '"bound_service_account_names" can not be empty');
    if (role.namespaces.length === 0)
      return errorReply(
        400,
        '"bound_service_account_namespaces" can not be empty if "bound_service_account_namespace_selector" is not set',
      );
    if ([role.names, role.namespaces].some((list) => list.length > 1 && list.includes('*')))
      return errorReply(400, 'can not mix "*" with values');
    if (!aliasSources.includes(role.aliasSource))
      return errorReply(400, `invalid alias_name_source, must be one of: ${aliasSources.join(', ')}`);
    storage.put(`${prefix}role/${name}`, role);
    if (role.audience !== '') return noContent;
    const warning = `Role ${name} does not have an audience configured. While audiences are not required, consider specifying one if your use case would benefit from additional JWT claim verification.`;
    return reply({ warnings: [warning], mountType: 'kubernetes' });
  };

  const roleRoute = (name: string): Route => ({
    operations: {
      create: (request) => writeRole(request, name),
      update: (request) => writeRole(request, name),
      read: () => {
        const role = roleOf(name);
        return role === undefined ? notFound : reply({ data: roleJson(role), mountType: 'kubernetes' });
      },
      delete: () => {
        storage.delete(`${prefix}role/${name}`);
        return noContent;
      },
    },
  });

  const routes = new Map<string, Route>([
    ['login', { operations: { update: logIn }, fields: ['role', 'jwt'] }],
    [
      'config',
      {
        operations: {
          read: () => readConfig(config()),
          update: ({ fields }) => {
            const host = textField(fields, 'kubernetes_host');
            if (host === '') return errorReply(400, 'no host provided');
            if (!URL.canParse(host)) return errorReply(400, 'kubernetes_host is not a URL');
            const kept: Config = {
              host,
              caCertificate: textField(fields, 'kubernetes_ca_cert'),
              reviewerJwt: textField(fields, 'token_reviewer_jwt'),
              pemKeys: textsField(fields, 'pem_keys') ?? [],
              disableLocalCaJwt: booleanField(fields, 'disable_local_ca_jwt') ?? false,
            };
            storage.put(`${prefix}config`, kept);
            return noContent;
          },
        },
      },
    ],
    ['role', { operations: {} }],
    [
      'role/',
      {
        operations: {
          list: () => {
            const names = storage.list(`${prefix}role/`);
            return names.length === 0 ? notFound : reply({ data: json({ keys: names }), mountType: 'kubernetes' });
          },
        },
      },
    ],
  ]);
  return {
    type: 'kubernetes',
    route: (path) => {
      const [, name] = /^role\/([^/]+)$/.exec(path) ?? [];
      return routes.get(path) ?? (name === undefined ? undefined : roleRoute(name));
    },
    exists: (path) => {
      const [, name] = /^role\/([^/]+)$/.exec(path) ?? [];
      return name === undefined ? undefined : roleOf(name) !== undefined;
    },
    isUnauthenticated: (path) => path === 'login',
  };
}

/** What the token itself says against it, in the order in which Vault looks; whether it is genuine is asked afterwards. */
function refusalOf(role: Role, claims: Claims, nowMs: number): string | undefined {
  if (role.audience !== '' && !claims.audiences.includes(role.audience))
    return 'invalid audience (aud) claim: audience claim does not match any expected audience';
  if (claims.expiresMs !== undefined && claims.expiresMs + leewayMs < nowMs)
    return 'invalid expiration time (exp) claim: token is expired';
  if (claims.notBeforeMs !== undefined && claims.notBeforeMs - leewayMs > nowMs)
    return 'invalid not before (nbf) claim: token not yet valid';
  if (!matchesAny(role.names, claims.name)) return 'service account name not authorized';
  return matchesAny(role.namespaces, claims.namespace) ? undefined : 'namespace not authorized';
}

function readRole(fields: Fields, before: Role | undefined): Role {
  return {
    names: textsField(fields, 'bound_service_account_names') ?? before?.names ?? [],
    namespaces: textsField(fields, 'bound_service_account_namespaces') ?? before?.namespaces ?? [],
    audience: textField(fields, 'audience') || (before?.audience ?? ''),
    aliasSource: textField(fields, 'alias_name_source') || (before?.aliasSource ?? 'serviceaccount_uid'),
    token: readTokenSettings(fields, before?.token),
  };
}

function roleJson(role: Role): string {
  return json({
    alias_name_source: role.aliasSource,
    ...(role.audience !== '' && { audience: role.audience }),
    bound_service_account_names: role.names,
    bound_service_account_namespace_selector: '',
    bound_service_account_namespaces: role.namespaces,
    ...tokenSettingsJson(role.token),
  });
}

/** The reviewer's token is not shown, only whether there is one. */
function readConfig(config: Config | undefined): Reply {
  if (config === undefined) return notFound;
  const data = {
    disable_iss_validation: true,
    disable_local_ca_jwt: config.disableLocalCaJwt,
    issuer: '',
    kubernetes_ca_cert: config.caCertificate,
    kubernetes_host: config.host,
    pem_keys: config.pemKeys,
    token_reviewer_jwt_set: config.reviewerJwt !== '',
    use_annotations_as_alias_metadata: false,
  };
  return reply({ data: json(data), mountType: 'kubernetes' });
}

/** strutil.StrListContainsGlob: `*` stands for any text, in any place. */
function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
  });
}
