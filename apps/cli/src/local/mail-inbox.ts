import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { receivedMail } from './received-mail.js';

const LISTED_MAX = 200;
const FILE = /^[\w-]+\.eml$/;
/** A mail is a document of somebody else's: it runs nothing and fetches nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'";

/** The caught mails of one region for a browser on this machine: a list, and each mail as it looks and as it came. */
export function mailInbox(folder: string, region: string): Server {
  return createServer((request, response) => {
    const { status, type, body } = answer(folder, region, request);
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': `${POLICY}; sandbox allow-popups`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    } satisfies Parameters<ServerResponse['writeHead']>[1]);
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function answer(folder: string, region: string, { method, url = '/', headers, socket }: IncomingMessage): Page {
  const port = (socket.address() as Partial<AddressInfo>).port;
  // A page of another host that was made to resolve to this machine must not read mails.
  if (!['127.0.0.1', 'localhost'].some((host) => headers.host === `${host}:${port}`)) return plain(421, 'Wrong host.');
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Mails can only be read here.');
  if (url === '/') return html(list(folder, region));
  const [, file = '', how] = /^\/([\w-]+\.eml)(\/page)?$/.exec(url) ?? [];
  if (!FILE.test(file) || !names(folder).includes(file)) return plain(404, 'There is no such mail.');
  const raw = readFileSync(join(folder, file), 'utf8');
  return how === undefined ? plain(200, raw) : html(receivedMail(raw).html);
}

function names(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => FILE.test(name));
}

function list(folder: string, region: string): string {
  const newest = names(folder)
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .slice(0, LISTED_MAX);
  const rows = newest.map(({ name }) => {
    const { headers } = receivedMail(readFileSync(join(folder, name), 'utf8'));
    const [date, to, subject] = ['date', 'to', 'subject'].map((field) => escaped(headers[field] ?? ''));
    return `<tr><td>${date}</td><td>${to}</td><td><a href="/${name}/page">${subject}</a></td><td><a href="/${name}">source</a></td></tr>`;
  });
  const title = `Mails of ${escaped(region)}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px/1.5 sans-serif;margin:24px}td{padding:2px 16px 2px 0}</style></head>
<body><h1>${title}</h1><p>Caught on this machine and delivered to nobody. The newest come first; reload to see more.</p>
${rows.length > 0 ? `<table>${rows.join('\n')}</table>` : '<p>None has come yet.</p>'}</body></html>`;
}

function html(body: string): Page {
  return { status: 200, type: 'text/html', body };
}

function plain(status: number, body: string): Page {
  return { status, type: 'text/plain', body };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
