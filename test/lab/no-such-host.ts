/**
 * A name server that knows no name. Without it a lab's operator is told, of a name that is not pinned, that its name server does not answer;
 * in a cluster it is told that there is no such host.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** @param address of the view's resolv.conf: `lab.loopback.address(254)` */
export async function startNoSuchHost(address: string): Promise<{ readonly close: () => void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address: from }) => {
    if (query.length < 12) return;
    const answer = Buffer.from(query);
    // A response, recursion available, NXDOMAIN; the question is repeated, and nothing else.
    answer.writeUInt16BE((query.readUInt16BE(2) & 0x0100) | 0x8083, 2);
    const end = query.indexOf(0, 12) + 5;
    for (const section of [6, 8, 10]) answer.writeUInt16BE(0, section);
    socket.send(answer.subarray(0, end), port, from);
  });
  socket.bind(53, address);
  await once(socket, 'listening');
  return { close: () => void socket.close() };
}
