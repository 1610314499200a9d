/**
 * The Helm repositories and the OCI registry that Applications name, answered on this machine over HTTPS: for each chart that the output of
 * synth wants, one of the same name and version whose only object is a ConfigMap with the values that it was given.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { createAuthority, issue } from '../../src/dev/certificates/authority.ts';
import type { Lab } from './lab.ts';

type Source = { readonly repoURL: string; readonly chart?: string; readonly targetRevision: string };
type ApplicationSpec = { readonly source?: Source; readonly sources?: readonly Source[] };
type ApplicationManifest = { readonly kind: string; readonly spec?: ApplicationSpec };

export type WantedChart = {
  /** `https://…` of a Helm repository, or the registry's host and path without a scheme. */
  readonly repository: string;
  readonly name: string;
  readonly version: string;
};

const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Chart.Name }}-stand-in
data:
  values: {{ .Values | toYaml | quote }}
`;

/** What the Applications below a folder want of Helm. */
export function wantedCharts(folder: string): WantedChart[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return files
    .flatMap((file) => parseAllDocuments(readFileSync(path.join(folder, file), 'utf8')))
    .map((document) => document.toJS() as ApplicationManifest)
    .filter(({ kind }) => kind === 'Application')
    .flatMap(({ spec }) => [...(spec?.sources ?? []), ...(spec?.source === undefined ? [] : [spec.source])])
    .flatMap(({ repoURL: repository, chart: name, targetRevision: version }) =>
      name === undefined ? [] : [{ repository, name, version }],
    );
}

export type ServedCharts = {
  readonly pinned: Readonly<Record<string, string>>;
  readonly caFile: string;
  /** Paths that were asked for, each once. */
  readonly asked: ReadonlySet<string>;
  readonly close: () => void;
};

/** For `lab.startRepositoryServer`. */
export async function serveStandInCharts(lab: Lab, charts: readonly WantedChart[]): Promise<ServedCharts> {
  const folder = path.join(lab.folder, 'stand-in-charts');
  mkdirSync(folder, { recursive: true });
  const answers = new Map<string, Answer>();
  for (const chart of charts) for (const [url, answer] of answersFor(chart, folder)) answers.set(url, answer);
  const hosts = [...new Set(charts.map(({ repository }) => locate(repository).host))];
  const authority = createAuthority();
  const { certificate, key } = issue(authority, hosts);
  const caFile = path.join(folder, 'ca.pem');
  writeFileSync(caFile, authority.certificate);
  const asked = new Set<string>();
  const server = createServer({ cert: certificate, key: key.reveal() }, (request, response) => {
    const wanted = `${request.headers.host ?? ''}${request.url ?? ''}`;
    asked.add(wanted);
    const answer = answers.get(wanted);
    if (answer === undefined) return void response.writeHead(404).end();
    const { type, body } = answer;
    // Helm reads the length from a HEAD too.
    const headers = { 'Content-Type': type, 'Content-Length': body.length, 'Docker-Content-Digest': digest(body) };
    response.writeHead(200, headers);
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  const address = lab.loopback.address(2);
  await once(server.listen(443, address), 'listening');
  return { pinned: Object.fromEntries(hosts.map((host) => [host, address])), caFile, asked, close: closing(server) };
}

function closing(server: Server): () => void {
  return () => {
    server.closeAllConnections();
    server.close();
  };
}

type Answer = { readonly type: string; readonly body: Buffer };

function locate(repository: string): { readonly kind: 'helm' | 'oci'; readonly host: string; readonly base: string } {
  const [, rest] = repository.split('://');
  const [host = '', ...steps] = (rest ?? repository).replace(/\/$/, '').split('/');
  return { kind: rest === undefined ? 'oci' : 'helm', host, base: steps.map((step) => `/${step}`).join('') };
}

function answersFor(chart: WantedChart, folder: string): [string, Answer][] {
  const { kind, host, base } = locate(chart.repository);
  const { name, version } = chart;
  const archive = packageChart(chart, folder);
  const gzip = (body: Buffer): Answer => ({ type: 'application/gzip', body });
  if (kind === 'helm') {
    const file = `${name}-${version}.tgz`;
    const entry = { apiVersion: 'v2', name, version, urls: [file], digest: sha256(archive) };
    const index = json({ apiVersion: 'v1', entries: { [name]: [entry] } }, 'application/yaml');
    return [
      [`${host}${base}/index.yaml`, index],
      [`${host}${base}/${file}`, gzip(archive)],
    ];
  }
  const image = `${host}/v2${base}/${name}`;
  const configuration = json({ apiVersion: 'v2', name, version }, 'application/vnd.cncf.helm.config.v1+json');
  const layer: Answer = { type: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', body: archive };
  const blob = ({ type, body }: Answer): object => ({ mediaType: type, digest: digest(body), size: body.length });
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = json(
    { schemaVersion: 2, mediaType: type, config: blob(configuration), layers: [blob(layer)] },
    type,
  );
  return [
    [`${host}/v2/`, json({}, 'application/json')],
    [`${image}/tags/list`, json({ name: `${base.slice(1)}/${name}`, tags: [version] }, 'application/json')],
    [`${image}/manifests/${version}`, manifest],
    [`${image}/manifests/${digest(manifest.body)}`, manifest],
    [`${image}/blobs/${digest(configuration.body)}`, configuration],
    [`${image}/blobs/${digest(archive)}`, layer],
  ];
}

function packageChart({ name, version }: WantedChart, folder: string): Buffer {
  mkdirSync(path.join(folder, name, 'templates'), { recursive: true });
  writeFileSync(path.join(folder, name, 'Chart.yaml'), JSON.stringify({ apiVersion: 'v2', name, version }));
  writeFileSync(path.join(folder, name, 'templates', 'config-map.yaml'), template);
  return execFileSync('tar', ['--create', '--gzip', '--directory', folder, name]);
}

function json(content: object, type: string): Answer {
  return { type, body: Buffer.from(JSON.stringify(content)) };
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function digest(body: Buffer): string {
  return `sha256:${sha256(body)}`;
}
