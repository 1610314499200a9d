/**
 * Each lab has loopback addresses of its own, 127.x.y.1 to 127.x.y.254 (Linux answers on all of 127.0.0.0/8). So several labs run side by
 * side, every one with the ports that the manifests name: Vault on 8200, and 443 where the process may listen there.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';

/** Taken for as long as the lab lives, to say that its addresses are. */
const claimPort = 19_999;
/** Below those that the kernel gives to outgoing connections: between the choice and the server's start nobody takes one by chance. */
const [firstPort, lastPort] = [20_000, 29_999];

export class Loopback {
  readonly #prefix: string;
  readonly #claim: Server;

  private constructor(prefix: string, claim: Server) {
    this.#prefix = prefix;
    this.#claim = claim;
  }

  /** Takes 254 addresses that no other lab has. */
  static async claim(): Promise<Loopback> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const prefix = `127.${randomInt(64, 127)}.${randomInt(0, 256)}`;
      const claim = await listen(`${prefix}.1`, claimPort);
      if (claim !== undefined) return new Loopback(prefix, claim);
    }
    throw new Error('no loopback address of 127.64.0.0/10 is free');
  }

  /** @param number 1 is where the lab's own servers listen; 2 to 254 are for names that a test pins */
  address(number = 1): string {
    if (!Number.isInteger(number) || number < 1 || number > 254) throw new RangeError(`${number} is not from 1 to 254`);
    return `${this.#prefix}.${number}`;
  }

  /** The preferred port where it can be had, else any free one, on the lab's first address. */
  async port(preferred?: number): Promise<number> {
    if (preferred !== undefined && (await isFree(this.address(), preferred))) return preferred;
    return freePort(this.address());
  }

  release(): void {
    this.#claim.close();
  }
}

/** @param address `0.0.0.0` for a server that cannot be told where to listen */
export async function freePort(address: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(firstPort, lastPort + 1);
    if (await isFree(address, port)) return port;
  }
  throw new Error(`no port of ${address} is free`);
}

async function isFree(address: string, port: number): Promise<boolean> {
  const server = await listen(address, port);
  if (server === undefined) return false;
  server.close();
  await once(server, 'close');
  return true;
}

async function listen(address: string, port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    await once(server.listen({ host: address, port, exclusive: true }), 'listening');
    return server;
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
