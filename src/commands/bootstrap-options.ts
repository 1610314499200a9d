/** What bootstrap-vault is told: who confirms, how Vault reaches the cluster, where audit devices write. Secrets come from files or variables. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { neededAuditDevices } from '../bootstrap/desired-vault.ts';
import type { BootstrapOptions } from '../bootstrap/desired-vault.ts';
import { UsageError } from '../model/problem.ts';
import { SecretValue } from '../model/secret-value.ts';
import { addEnvironmentOption } from './platform-options.ts';

type Options = Readonly<Record<string, unknown>>;

export function addBootstrapOptions(command: Command): void {
  addEnvironmentOption(command);
  command
    .option('--plan', 'show what would be done, and write nothing')
    .option('--yes', 'do what only adds, without asking')
    .option('--confirm <environment>', 'do also what changes something, or writes to production')
    .option('--kubernetes-host <url>', 'the API server, seen from Vault (default: https://kubernetes.default.svc)')
    .option('--kubernetes-ca <file>', "the API server's CA (default: the one in Vault's pod)")
    .option(
      '--reviewer-jwt <file>',
      "the token by which Vault asks about others; or the variable TOKEN_REVIEWER_JWT (default: that of Vault's pod)",
    )
    .option('--replace-reviewer-jwt', 'write it also where there is one: it cannot be compared')
    .option('--audit <path...>', 'where audit devices write: stdout, and files on the Vault servers; at least two');
}

/** @throws {UsageError} that quotes no token */
export function parseBootstrapOptions(
  options: Options,
  environment: Readonly<Record<string, string | undefined>>,
): BootstrapOptions {
  const { kubernetesHost: host, kubernetesCa: ca, audit, replaceReviewerJwt } = options;
  if (typeof host === 'string' && !/^https?:\/\/[^/\s?#@]+(?:\/[^\s?#]*)?$/.test(host))
    throw new UsageError(`--kubernetes-host: "${host}" is not an address`, 'Give one like https://10.0.0.1:6443.');
  const reviewerJwt = readReviewerJwt(options, environment['TOKEN_REVIEWER_JWT']);
  if (replaceReviewerJwt === true && reviewerJwt === undefined)
    throw new UsageError('--replace-reviewer-jwt: there is no token to replace it by', 'Give --reviewer-jwt FILE.');
  return {
    kubernetes: {
      host: typeof host === 'string' ? host : undefined,
      caCertificate: typeof ca === 'string' ? readCertificate(ca) : undefined,
      reviewerJwt,
      replaceReviewerJwt: replaceReviewerJwt === true,
    },
    auditPaths: Array.isArray(audit) ? checkAuditPaths(audit.map(String)) : undefined,
  };
}

function readReviewerJwt({ reviewerJwt: file }: Options, variable: string | undefined): SecretValue | undefined {
  if (typeof file === 'string' && variable !== undefined)
    throw new UsageError('--reviewer-jwt and TOKEN_REVIEWER_JWT are both given', 'Leave one out.');
  const text = typeof file === 'string' ? read('--reviewer-jwt', file) : variable;
  if (text === undefined) return undefined;
  const where = typeof file === 'string' ? `--reviewer-jwt: ${file}` : 'TOKEN_REVIEWER_JWT';
  const jwt = text.trim();
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt))
    throw new UsageError(
      `${where} is not the token of a ServiceAccount`,
      'Make one: kubectl create token vault --namespace vault (its account needs system:auth-delegator).',
    );
  return new SecretValue(jwt);
}

function readCertificate(file: string): string {
  const text = read('--kubernetes-ca', file);
  if (text.includes('-----BEGIN CERTIFICATE-----') && !text.includes('PRIVATE KEY')) return text;
  throw new UsageError(
    `--kubernetes-ca: ${file} is not a certificate in PEM`,
    "It is in the cluster: kubectl get configmap kube-root-ca.crt --output jsonpath='{.data.ca\\.crt}'",
  );
}

function checkAuditPaths(given: readonly string[]): readonly string[] {
  const wrong = given.find((path) => path !== 'stdout' && !path.startsWith('/'));
  if (wrong !== undefined)
    throw new UsageError(
      `--audit: "${wrong}" is neither stdout nor an absolute path`,
      'Such as /vault/audit/audit.log.',
    );
  if (new Set(given).size < neededAuditDevices)
    throw new UsageError(
      '--audit: there must be two different ones',
      'Vault stops where its only audit device is blocked: --audit /vault/audit/audit.log stdout',
    );
  return [...new Set(given)];
}

function read(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${option}: ${file} cannot be read`, 'Give the path of a file.');
  }
}

/** The same command again, with `more`: to be pasted. */
export function sameCommand(options: Options, more: string): string {
  const quote = (text: string): string => (/^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const names = {
    environment: '--environment',
    kubernetesHost: '--kubernetes-host',
    kubernetesCa: '--kubernetes-ca',
    reviewerJwt: '--reviewer-jwt',
    replaceReviewerJwt: '--replace-reviewer-jwt',
    audit: '--audit',
  } as const;
  const words = Object.entries(names).flatMap(([name, option]) => {
    const value = options[name];
    if (value === undefined) return [];
    return [option, ...(Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [])];
  });
  const all = [...words.map(quote), ...(more === '' ? [] : [more])];
  return `npm run bootstrap-vault${all.length === 0 ? '' : ` -- ${all.join(' ')}`}`;
}
