/** Every change of the Secrets that Lockstep's manifests lead to, as `kubectl get --watch` sees them. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Lab } from './lab.ts';
import { seen } from './received-secrets.ts';
import type { SecretObject, Seen } from './received-secrets.ts';

export type SecretEvent = { readonly type: string; readonly name: string; readonly secret: Seen };

const selector = 'app.kubernetes.io/managed-by=lockstep';

export class SecretWatch {
  readonly events: SecretEvent[] = [];
  readonly #process: ChildProcess;

  constructor({ bin, kubernetes }: Pick<Lab, 'bin' | 'kubernetes'>) {
    const watch = ['--watch', '--output-watch-events', '--output', 'json'];
    const args = ['get', 'secrets', '--all-namespaces', '--selector', selector, ...watch];
    const child = spawn(path.join(bin, 'kubectl'), args, {
      env: { KUBECONFIG: kubernetes.kubeconfig, HOME: path.dirname(kubernetes.kubeconfig) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    // One line for each event.
    createInterface(child.stdout).on('line', (line) => {
      const { type, object } = JSON.parse(line) as { type: string; object: SecretObject };
      this.events.push({ type, name: `${object.metadata.namespace}/${object.metadata.name}`, secret: seen(object) });
    });
  }

  /** Of what a watch that has ended did not see nothing can be said. */
  get runs(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  stop(): void {
    this.#process.kill();
  }
}
