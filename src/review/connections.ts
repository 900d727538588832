import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Open connections at most. A browser opens six. */
const MOST = 64;
/** A connection over which the token never came is closed after this long. */
const UNPROVEN_MS = 20_000;

/**
 * Keeps strangers on the same machine from using up the server: when there are too many connections, the oldest
 * one that has not shown the token makes room.
 */
export class Connections {
  readonly #all = new Set<Socket>();
  readonly #proven = new WeakSet<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket) => this.#take(socket));
  }

  get count(): number {
    return this.#all.size;
  }

  /** The token came over this connection. */
  prove(socket: Socket): void {
    this.#proven.add(socket);
  }

  /** Closes all. */
  close(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #take(socket: Socket): void {
    this.#all.add(socket);
    const timer = setTimeout(() => {
      if (!this.#proven.has(socket)) socket.destroy();
    }, UNPROVEN_MS).unref();
    socket.once('close', () => {
      clearTimeout(timer);
      this.#all.delete(socket);
    });
    socket.on('error', () => {}); // whoever breaks off a connection is no news
    if (this.#all.size <= MOST) return;
    for (const other of this.#all) {
      if (this.#proven.has(other)) continue;
      other.destroy();
      this.#all.delete(other);
      return;
    }
    socket.destroy();
  }
}
