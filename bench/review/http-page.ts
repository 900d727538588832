import http from 'node:http';

/** Asks as the page does, over connections that stay open. */
export class HttpPage {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 6 });
  readonly #url: URL;

  constructor(address: string) {
    this.#url = new URL(address);
  }

  get(where: string): Promise<Buffer> {
    return this.#ask('GET', where);
  }

  post(where: string): Promise<Buffer> {
    return this.#ask('POST', where);
  }

  async frame(frame: string | number): Promise<void> {
    await this.get(`/api/items/0/frames/${frame}`);
  }

  #ask(method: string, where: string): Promise<Buffer> {
    const { host, hostname, port, hash } = this.#url;
    const headers = { Host: host, 'X-Sayeh-Token': hash.slice(1) };
    return new Promise((resolve, reject) => {
      const request = http.request(
        { agent: this.#agent, hostname, port, method, path: where, headers },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece) => pieces.push(piece));
          response.on('end', () =>
            response.statusCode === 200
              ? resolve(Buffer.concat(pieces))
              : reject(new Error(`${where} was answered ${response.statusCode}`)),
          );
        },
      );
      request.on('error', reject);
      request.end();
    });
  }
}
