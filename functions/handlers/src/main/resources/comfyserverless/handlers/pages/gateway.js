// What a page of ComfyUI needs to know of a server behind API Gateway: binary messages come wrapped in text, and large
// uploads go past it. Loaded by any page that imports the paths of GET /extensions.

import { api } from '../../scripts/api.js';
import { app } from '../../scripts/app.js';

// --- binary messages -------------------------------------------------------------------------------------------------

const OPEN = 1;
const MOST_UNFINISHED = 16;
let announced = null;
const unfinished = new Map();

// Says on each new socket that frames may come wrapped.
function announce() {
  const socket = api.socket;
  if (!socket || socket === announced || socket.readyState !== OPEN) return;
  announced = socket;
  unfinished.clear();
  socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_binary_frame: true } }));
}

const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

// The bytes of a frame that came whole or in parts {id, part, parts, data}; null until all parts are here.
function gather(message) {
  if (typeof message === 'string') return bytes(message);
  const got = unfinished.get(message.id) ?? new Map();
  got.set(message.part, bytes(message.data));
  unfinished.set(message.id, got);
  if (got.size < message.parts) {
    if (unfinished.size > MOST_UNFINISHED) unfinished.delete(unfinished.keys().next().value);
    return null;
  }
  unfinished.delete(message.id);
  const parts = Array.from({ length: message.parts }, (_, part) => got.get(part));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

// The page's own parser does the rest.
api.addEventListener('binary_frame', ({ detail }) => {
  const whole = gather(detail);
  if (whole) api.socket.dispatchEvent(new MessageEvent('message', { data: whole.buffer }));
});
api.addEventListener('status', announce);
api.addEventListener('reconnected', announce);
announce();

// --- loaders that a server does not have -----------------------------------------------------------------------------

// ComfyUI's page takes ten classes that load models for granted, and makes no loader at all where one of them is missing.
function forgetMissingLoaders() {
  const page = document.querySelector('#vue-app')?.__vue_app__;
  const loaders = page?.config.globalProperties.$pinia?._s.get('modelToNode');
  if (!loaders?.modelToNodeMap) return;
  loaders.registerDefaults?.();
  const known = Object.entries(loaders.modelToNodeMap)
    .map(([folder, classes]) => [folder, classes.filter((one) => one.nodeDef)])
    .filter(([, classes]) => classes.length);
  loaders.modelToNodeMap = Object.fromEntries(known);
}

app.registerExtension({ name: 'comfy-serverless.gateway', setup: forgetMissingLoaders });

// --- signing out -----------------------------------------------------------------------------------------------------

// Where somebody has signed in, the page's menu offers to sign out.
async function signOut() {
  await fetch(`${api.api_base ?? ''}/logout`, { method: 'POST' });
  location.assign(`${api.api_base ?? ''}/login`);
}

if (document.cookie.includes('comfy-signed-in=')) {
  const id = 'comfy-serverless.sign-out';
  app.registerExtension({
    name: id,
    commands: [{ id, label: 'Sign out', icon: 'pi pi-sign-out', function: signOut }],
    menuCommands: [{ path: ['File'], commands: [id] }],
  });
}

// --- large uploads ---------------------------------------------------------------------------------------------------

// A body has at most 4 MB on its way: a file as base64, JSON as an escaped text.
const MOST = 4 * 1024 * 1024 - 16 * 1024;
const pageFetchApi = api.fetchApi.bind(api);

// A session that has ended leads to the sign-in.
async function fetchApi(route, options) {
  const response = await pageFetchApi(route, options);
  if (response.status === 401) location.assign(`${api.api_base ?? ''}/login`);
  return response;
}

api.fetchApi = async (route, options = {}) => {
  const large = options.method === 'POST' ? largeUpload(route, options.body) : null;
  return large ? upload(large) : fetchApi(route, options);
};

// What has to go past the gateway: its content and what completes it; null if a request can carry it.
function largeUpload(route, body) {
  if (route === '/prompt' && typeof body === 'string' && JSON.stringify(body).length > MOST) {
    return { content: new Blob([body]), fields: { for: 'prompt' } };
  }
  const purpose = { '/upload/image': 'image', '/upload/mask': 'mask' }[route];
  const file = purpose && body instanceof FormData ? body.get('image') : null;
  if (!(file instanceof Blob) || (file.size * 4) / 3 <= MOST) return null;
  const fields = { for: purpose, filename: file.name };
  for (const [name, value] of body.entries()) {
    if (name === 'original_ref') fields[name] = JSON.parse(value);
    else if (typeof value === 'string') fields[name] = value;
  }
  return { content: file, fields };
}

const post = (route, body) =>
  fetchApi(route, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

// Answers as the route would have answered that the content was too large for.
async function upload({ content, fields }) {
  const data = new Uint8Array(await content.arrayBuffer());
  const opened = await post('/upload/presign', { size: data.length, sha256: await sha256(data) });
  if (!opened.ok) return opened;
  const { id, url, method, headers } = await opened.json();
  const put = await fetch(new URL(url, location.href), { method, headers, body: data });
  return put.ok ? post('/upload/complete', { id, ...fields }) : put;
}

// Hex. Browsers offer theirs to secure origins alone; a page at an address of the local network has this one.
async function sha256(data) {
  const digest = crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', data)) : ownSha256(data);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// FIPS 180-4.
function ownSha256(data) {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
  const constants = primes.map((p) => fraction(Math.cbrt(p)));
  const state = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
  const padded = new Uint8Array(((data.length + 72) >> 6) << 6);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 2 ** 29));
  view.setUint32(padded.length - 4, (data.length << 3) >>> 0);
  const words = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(block + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = words[i - 15];
      const b = words[i - 2];
      words[i] =
        words[i - 16] + words[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one =
        (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + words[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => (state[i] = (state[i] + x) | 0));
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((x, i) => out.setInt32(4 * i, x));
  return new Uint8Array(out.buffer);
}
