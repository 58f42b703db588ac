// The server's routes, relative to this page so that a path prefix works.

const at = (path) => new URL(path, document.baseURI);

async function answer(response) {
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = { error: text };
  }
  if (!response.ok) {
    throw Object.assign(new Error(describe(body, response.status)), { body });
  }
  return body;
}

function describe(body, status) {
  const error = body?.error;
  const lines = [typeof error === 'string' ? error : error?.message ?? `The server answered ${status}.`];
  if (error?.details) lines.push(error.details);
  for (const node of Object.values(body?.node_errors ?? {})) {
    for (const one of node.errors ?? []) lines.push(`${node.class_type}: ${one.message} (${one.details})`);
  }
  return lines.filter(Boolean).join('\n');
}

export const get = async (path) => answer(await fetch(at(path)));

export const post = async (path, body) =>
  answer(await fetch(at(path), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }));

export async function upload(file) {
  const form = new FormData();
  form.append('image', file);
  return answer(await fetch(at('api/upload/image'), { method: 'POST', body: form }));
}

export const viewUrl = ({ filename, subfolder, type }) =>
  at('api/view?' + new URLSearchParams({ filename, subfolder: subfolder ?? '', type: type ?? 'output' })).href;

// One socket that comes back by itself with the same client id. Handlers: {message(type, data), preview(blob), state(open)}.
export function live(clientId, handlers) {
  const url = at('ws');
  url.protocol = url.protocol.replace('http', 'ws');
  url.search = new URLSearchParams({ clientId });
  const socket = new WebSocket(url);
  const parts = new Map();
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    handlers.state(true);
    socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true, supports_binary_frame: true } }));
  };
  socket.onmessage = ({ data }) => {
    if (typeof data !== 'string') return frame(new Uint8Array(data), handlers);
    const { type, data: body } = JSON.parse(data);
    if (type !== 'binary_frame') return handlers.message(type, body ?? {});
    const whole = gather(body, parts);
    if (whole) frame(whole, handlers);
  };
  socket.onclose = () => {
    handlers.state(false);
    setTimeout(() => live(clientId, handlers), 1000);
  };
}

// A wrapped binary frame, whole or in parts {id, part, parts, data}; null until the last part is here.
function gather(body, parts) {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  if (typeof body === 'string') return bytes(body);
  const got = parts.get(body.id) ?? [];
  got[body.part] = bytes(body.data);
  parts.set(body.id, got);
  if (Object.keys(got).length < body.parts) return null;
  parts.delete(body.id);
  const whole = new Uint8Array(got.reduce((length, part) => length + part.length, 0));
  got.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

// Binary frames: 1 = a picture behind its kind, 4 = a picture behind JSON metadata (big-endian lengths).
function frame(bytes, handlers) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint32(0);
  if (kind === 1) handlers.preview(new Blob([bytes.subarray(8)]));
  if (kind === 4) handlers.preview(new Blob([bytes.subarray(8 + view.getUint32(4))]));
}
