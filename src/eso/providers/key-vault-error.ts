/** What the operator reports of an answer of Key Vault other than 200 and 404, by its two clients. */
import { GoError, Unpredictable } from '../go-error.ts';
import { textOf } from '../go/go-string.ts';
import { goString } from '../go/go-string.ts';
import { marshal } from '../go/marshal.ts';
import { quoted } from '../go-text.ts';
import type { ProviderAnswer } from '../provider.ts';
import type { AzureProvider } from '../resources.ts';

/** `GetSecret` and `/secrets/{name}/{version}`, or `GetSecrets` and `/secrets`. */
export type KeyVaultCall = { readonly method: 'GetSecret' | 'GetSecrets'; readonly path: string };

type Refusal = Extract<ProviderAnswer, { kind: 'disabled' | 'refused' }>;
type ServiceError = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly inner: string | undefined;
};

export function keyVaultError(answer: Refusal, call: KeyVaultCall, config: AzureProvider): GoError {
  const error = serviceError(answer);
  const text = config.useAzureSDK ? azureSdkText(error, call, config) : legacyText(error, call);
  const reason = answer.kind === 'disabled' ? 'secret-disabled' : error.status === 403 ? 'forbidden' : 'provider';
  return new GoError(text, reason);
}

function serviceError(answer: Refusal): ServiceError {
  if (answer.kind === 'disabled')
    return { status: 403, code: 'Forbidden', message: answer.message, inner: 'SecretDisabled' };
  const { status, code, errors, innerCode } = answer;
  const [message = ''] = errors;
  // Both clients print the body itself where it is not the usual one.
  if (message === '' || code === '')
    throw new Unpredictable('store', `Key Vault answers ${String(status)}, in a form that is not known`);
  return { status, code, message, inner: innerCode };
}

/** go-autorest: DetailedError around azure.RequestError. */
function legacyText({ status, code, message, inner }: ServiceError, { method }: KeyVaultCall): string {
  const innerError = inner === undefined ? '' : ` InnerError={"code":${json(inner)}}`;
  const service = `Code=${quoted(code)} Message=${quoted(message)}${innerError}`;
  return (
    `keyvault.BaseClient#${method}: Failure responding to request: StatusCode=${String(status)} -- Original Error: ` +
    `autorest/azure: Service returned an error. Status=${String(status)} ${service}`
  );
}

const reasonPhrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** azcore.ResponseError, with the body as the service writes it, indented by two. */
function azureSdkText(error: ServiceError, { path }: KeyVaultCall, { vaultUrl }: AzureProvider): string {
  const { status, code, message, inner } = error;
  const phrase = reasonPhrases[status];
  // How the service escapes other characters in its body is not known.
  if (phrase === undefined || !/^[\x20-\x7e\r\n]*$/.test(message))
    throw new Unpredictable('store', `Key Vault answers ${String(status)}, in a form that is not known`);
  const rule = '-'.repeat(80);
  const lines = [
    `GET ${vaultUrl.replace(/\/+$/, '')}${path}`,
    rule,
    `RESPONSE ${String(status)}: ${String(status)} ${phrase}`,
    `ERROR CODE: ${code}`,
    rule,
    '{',
    '  "error": {',
    `    "code": ${json(code)},`,
    `    "message": ${json(message)}${inner === undefined ? '' : ','}`,
    ...(inner === undefined ? [] : ['    "innererror": {', `      "code": ${json(inner)}`, '    }']),
    '  }',
    '}',
    rule,
  ];
  return `${lines.join('\n')}\n`;
}

function json(text: string): string {
  return textOf(marshal({ kind: 'string', value: goString(text) }, { escapeHtml: false }));
}
