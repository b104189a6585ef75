// The load generator: `http-load.ts <port> <token>`. Raw sockets, so that it is cheaper than what it measures.

import { openConnection } from '../src/raw-http.ts';
import { repeat } from '../src/repeat.ts';
import { serveParent } from '../src/serve-parent.ts';

const [, , port, token] = process.argv;
const note = 'The second shelf from above, behind the atlas; the jacket is torn. '.repeat(2);
const book = { book_id: '01890a5d-ac96-774b-bcce-b302099a8057', title: 'كتاب الحيوان', colour: 'dark_green', note };
const body = JSON.stringify({ ...book, price: { amount: 12_500, currency: 'SAR' } });

function toRequest(key: string): string {
  return [
    'POST /api/shelves/01890a5d-ac96-774b-bcce-b302099a8058/books HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'User-Agent: mawid-bench',
    'Accept: application/json',
    'Accept-Language: ar',
    'Content-Type: application/json',
    `Authorization: Bearer ${token}`,
    `Idempotency-Key: ${key}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

let sent = 0;
const connections = new Map<number, ReturnType<typeof openConnection>>();

async function post(loop: number): Promise<void> {
  let connection = connections.get(loop);
  if (connection === undefined || connection.isClosed()) {
    connection = openConnection(Number(port));
    connections.set(loop, connection);
  }
  sent += 1;
  const { status, text } = await connection.send(toRequest(`bench-${sent}`));
  if (status >= 300) throw new Error(`answered ${status}: ${text}`);
}

serveParent({}, (batch: Parameters<typeof repeat>[0]) => repeat(batch, post));
