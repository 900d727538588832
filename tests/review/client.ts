import http from 'node:http';
import net from 'node:net';
import type { ServerEvent } from '../../src/review/api.ts';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  json<T>(): T;
}

/** What the page does, without a browser: requests of its own making to the address that the server printed. */
export class Client {
  readonly host: string;
  readonly port: number;
  readonly token: string;

  constructor(address: string) {
    const url = new URL(address);
    this.host = url.host;
    this.port = Number(url.port);
    this.token = url.hash.slice(1);
  }

  /** `headers` replace what the page would send; undefined leaves one out. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string | undefined> = {},
    signal?: AbortSignal,
  ): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const all: Record<string, string | undefined> = {
      Host: this.host,
      'X-Sayeh-Token': this.token,
      'Sec-Fetch-Site': 'same-origin',
      ...(method === 'POST' && { Origin: `http://${this.host}` }),
      ...(text !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    };
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
    return new Promise((resolve, reject) => {
      const request = http.request(
        { host: '127.0.0.1', port: this.port, method, path, headers: sent, ...(signal && { signal }) },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece) => pieces.push(piece));
          response.on('error', reject);
          response.on('end', () => {
            const bytes = Buffer.concat(pieces);
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              bytes,
              json: <T>() => JSON.parse(bytes.toString()) as T,
            });
          });
        },
      );
      request.on('error', reject);
      request.end(text);
    });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.ask('GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.bytes}`);
    return answer.json<T>();
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    const answer = await this.ask('POST', path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.bytes}`);
    return answer.json<T>();
  }

  /** Listens to events until `stop`; `heard` holds those so far. */
  listen(): {
    heard: ServerEvent[];
    until(test: (event: ServerEvent) => boolean): Promise<ServerEvent>;
    stop(): void;
  } {
    const heard: ServerEvent[] = [];
    let wake = () => {};
    let over = false;
    const end = () => {
      over = true;
      wake();
    };
    let rest = '';
    const headers = { Host: this.host, 'X-Sayeh-Token': this.token };
    const request = http.get(
      { host: '127.0.0.1', port: this.port, path: '/api/events', headers },
      (response) => {
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          const lines = (rest + piece).split('\n');
          rest = lines.pop() ?? '';
          heard.push(...lines.map((line) => JSON.parse(line) as ServerEvent));
          wake();
        });
        response.on('error', end);
        response.on('close', end);
      },
    );
    request.on('error', end);
    let read = 0;
    const until = async (test: (event: ServerEvent) => boolean): Promise<ServerEvent> => {
      for (;;) {
        for (; read < heard.length; read++) if (test(heard[read])) return heard[read++];
        if (over) throw new Error('the server ended');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    return { heard, until, stop: () => request.destroy() };
  }

  /** Sends bytes as they are and answers with what comes back until the other side closes. */
  raw(bytes: string, { keepOpen = false } = {}): Promise<string> {
    return new Promise((resolve) => {
      let answer = '';
      const socket = net.connect(this.port, '127.0.0.1', () => {
        socket.write(bytes);
        if (!keepOpen) socket.end();
      });
      socket.on('data', (piece) => {
        answer += piece.toString('latin1');
      });
      socket.on('error', () => resolve(answer));
      socket.on('close', () => resolve(answer));
    });
  }
}
