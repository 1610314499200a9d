/** What `npm run dev` shows: where the servers are and how a client finds them. Never a token: its file. */

export type DevReport = {
  /** The repository, which the files are relative to. */
  readonly root: string;
  readonly servers: readonly ReportedServer[];
  /** Others can reach it. */
  readonly open: boolean;
};

/** The items of the JSON document. */
export type ReportedServer = {
  readonly server: string;
  readonly title: string;
  readonly address: string;
  /** `memory`, or the file. */
  readonly state: string;
  readonly variables: readonly { readonly name: string; readonly value?: string; readonly file?: string }[];
  /** Names that not every machine finds by itself. */
  readonly hostNames: readonly string[];
  readonly seeded?: number;
  readonly kept?: number;
};

export function renderDev({ root, servers, open }: DevReport): string {
  const state = servers[0]?.state ?? 'memory';
  const hostNames = servers.flatMap((server) => server.hostNames);
  return [
    'DEVELOPMENT ONLY: these servers guard nothing. Put no real secret into them.',
    ...(open ? ['! Other machines can reach them: what is in them is open to whoever does.'] : []),
    '',
    ...servers.map(
      ({ title, address, seeded, kept }) =>
        `  ${title.padEnd(9)}  ${address}${seeded === undefined ? '' : `  ${seeded} secrets seeded with made-up values, ${kept ?? 0} kept`}`,
    ),
    `  State      ${state === 'memory' ? 'in memory: gone when they end' : state}`,
    '',
    `In another terminal, in ${root}:`,
    ...servers.flatMap(({ variables }) => variables.map((variable) => `  export ${renderVariable(variable)}`)),
    '',
    ...(hostNames.length === 0
      ? []
      : [`Where a client does not find its host, add to the hosts file: 127.0.0.1 ${hostNames.join(' ')}`]),
    'Ctrl-C ends them.',
    ...(state === 'memory' ? ['To keep the state: npm run dev -- --state .lockstep/dev/state.db'] : []),
    '',
  ].join('\n');
}

function renderVariable({ name, value, file }: ReportedServer['variables'][number]): string {
  return file === undefined ? `${name}=${quote(value ?? '')}` : `${name}="$(cat ${quote(file)})"`;
}

function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The request as a line: neither query nor body, nor what a terminal would obey. */
export function renderRequest(
  server: string,
  request: {
    readonly atMs: number;
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly durationMs: number;
  },
): string {
  const { atMs, method, status, durationMs } = request;
  const path = request.path.replace(/\p{C}/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`);
  return `${new Date(atMs).toISOString().slice(11, 23)} ${server} ${method} ${path} ${status === 0 ? 'closed' : status} ${durationMs.toFixed(1)} ms`;
}
