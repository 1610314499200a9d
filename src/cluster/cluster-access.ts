/** Which cluster is meant, as kubectl is told it. */
import { execFile } from 'node:child_process';
import { PlatformError } from '../model/problem.ts';

/** What is left out is as kubectl has it: KUBECONFIG or ~/.kube/config, and the current context. */
export type ClusterAccess = { readonly kubeconfig?: string | undefined; readonly context?: string | undefined };

export function accessArguments({ kubeconfig, context }: ClusterAccess): string[] {
  return [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ];
}

/**
 * Asks nothing of the cluster.
 * @returns the context that is used. @throws PlatformError `CLUSTER` where there is none, or no kubectl
 */
export function contextName(access: ClusterAccess): Promise<string> {
  if (access.context !== undefined) return Promise.resolve(access.context);
  return new Promise((resolve, reject) => {
    execFile('kubectl', [...accessArguments(access), 'config', 'current-context'], (error, stdout) => {
      if (error === null) resolve(stdout.trim());
      else
        reject(
          new PlatformError(
            'CLUSTER',
            error.code === 'ENOENT'
              ? 'kubectl is not installed'
              : 'kubectl knows no cluster: it has no current context',
            'Give --kubeconfig FILE or --context NAME.',
            error,
          ),
        );
    });
  });
}
