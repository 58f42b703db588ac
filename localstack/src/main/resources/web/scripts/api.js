// The server as pages and their extensions use it: ComfyUI's `api`, with its names and events.
// An extension imports it as `../../scripts/api.js`, whatever page it runs in.

const page = new URL('..', import.meta.url);

// Events whose detail is not the message's whole data.
const details = {
  status: ({ status }) => status ?? null,
  executing: (data) => data.display_node ?? data.node ?? null,
};

class ComfyApi extends EventTarget {
  api_host = page.host;
  api_base = page.pathname.replace(/\/$/, '');
  user = '';
  initialClientId = sessionStorage.getItem('clientId');
  clientId = this.initialClientId ?? undefined;
  socket = null;
  #parts = new Map();
  #features = { supports_preview_metadata: true, supports_binary_frame: true };

  apiURL(route) {
    return `${this.api_base}/api${route}`;
  }

  fileURL(route) {
    return this.api_base + route;
  }

  internalURL(route) {
    return `${this.api_base}/internal${route}`;
  }

  async fetchApi(route, options = {}) {
    const headers = new Headers(options.headers);
    if (this.user) headers.set('Comfy-User', this.user);
    const response = await fetch(this.apiURL(route), { cache: 'no-cache', ...options, headers });
    // The session has ended.
    if (response.status === 401) location.assign(`${this.api_base}/login`);
    return response;
  }

  addCustomEventListener(type, listener, options) {
    this.addEventListener(type, listener, options);
  }

  removeCustomEventListener(type, listener, options) {
    this.removeEventListener(type, listener, options);
  }

  dispatchCustomEvent(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  getClientFeatureFlags() {
    return { ...this.#features };
  }

  // Opens the socket, which from then on comes back by itself with the same client id.
  init() {
    this.#open(false);
  }

  #open(again) {
    const url = new URL('ws', page);
    url.protocol = url.protocol.replace('http', 'ws');
    if (this.clientId) url.searchParams.set('clientId', this.clientId);
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      socket.send(JSON.stringify({ type: 'feature_flags', data: this.#features }));
      if (again) this.dispatchCustomEvent('reconnected');
    });
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', () => {
      if (opened) {
        this.dispatchCustomEvent('status', null);
        this.dispatchCustomEvent('reconnecting');
      } else {
        // A refused socket does not say why; a request does.
        this.fetchApi('/prompt').catch(() => {});
      }
      setTimeout(() => this.#open(true), 300);
    });
  }

  #receive(data) {
    if (typeof data !== 'string') return this.#binary(new Uint8Array(data));
    const { type, data: body } = JSON.parse(data);
    if (type === 'binary_frame') {
      const whole = gather(body, this.#parts);
      return whole && this.#binary(whole);
    }
    if (type === 'status' && body.sid) {
      this.clientId = body.sid;
      sessionStorage.setItem('clientId', body.sid);
    }
    const detail = details[type] ? details[type](body ?? {}) : body;
    this.dispatchCustomEvent(type, detail);
  }

  // Binary frames: 1 = a picture behind its kind, 3 = a text behind its node, 4 = a picture behind JSON (big-endian
  // lengths).
  #binary(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const kind = view.getUint32(0);
    const length = view.getUint32(4);
    const text = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
    if (kind === 1) {
      this.dispatchCustomEvent('b_preview', new Blob([bytes.subarray(8)], { type: length === 2 ? 'image/png' : 'image/jpeg' }));
    } else if (kind === 3) {
      this.dispatchCustomEvent('progress_text', { nodeId: text(8, 8 + length), text: text(8 + length) });
    } else if (kind === 4) {
      const about = JSON.parse(text(8, 8 + length));
      const blob = new Blob([bytes.subarray(8 + length)], { type: about.image_type });
      this.dispatchCustomEvent('b_preview_with_metadata', {
        blob,
        nodeId: about.node_id,
        displayNodeId: about.display_node_id,
        parentNodeId: about.parent_node_id,
        realNodeId: about.real_node_id,
        promptId: about.prompt_id,
      });
      this.dispatchCustomEvent('b_preview', blob);
    }
  }

  async #get(route) {
    return read(await this.fetchApi(route));
  }

  async #post(route, body) {
    return read(await this.fetchApi(route, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    }));
  }

  getExtensions() {
    return this.#get('/extensions');
  }

  getNodeDefs() {
    return this.#get('/object_info');
  }

  getEmbeddings() {
    return this.#get('/embeddings');
  }

  getModelFolders() {
    return this.#get('/experiment/models');
  }

  getModels(folder) {
    return this.#get(`/experiment/models/${encodeURIComponent(folder)}`);
  }

  getWorkflowTemplates() {
    return this.#get('/workflow_templates');
  }

  getSystemStats() {
    return this.#get('/system_stats');
  }

  // As the server numbers prompts: 0 at the end, -1 at the front, else that place.
  async queuePrompt(number, { output, workflow }, options = {}) {
    const body = { client_id: this.clientId ?? '', prompt: output, extra_data: workflow ? { extra_pnginfo: { workflow } } : {} };
    if (options.partialExecutionTargets) body.partial_execution_targets = options.partialExecutionTargets;
    if (number === -1) body.front = true;
    else if (number) body.number = number;
    const answer = await this.#post('/prompt', body);
    this.dispatchCustomEvent('promptQueued', { number, promptId: answer.prompt_id });
    return answer;
  }

  async getQueue() {
    const queue = await this.#get('/queue');
    return { Running: queue.queue_running, Pending: queue.queue_pending };
  }

  async getHistory(most = 200) {
    return { History: Object.values(await this.#get(`/history?max_items=${most}`)) };
  }

  deleteItem(type, id) {
    return this.#post(`/${type}`, { delete: [id] });
  }

  clearItems(type) {
    return this.#post(`/${type}`, { clear: true });
  }

  interrupt(promptId) {
    return this.#post('/interrupt', promptId ? { prompt_id: promptId } : undefined);
  }

  freeMemory({ freeExecutionCache } = {}) {
    return this.#post('/free', { unload_models: true, ...(freeExecutionCache ? { free_memory: true } : {}) });
  }

  getSettings() {
    return this.#get('/settings');
  }

  getSetting(id) {
    return this.#get(`/settings/${encodeURIComponent(id)}`);
  }

  storeSettings(settings) {
    return this.#post('/settings', settings);
  }

  storeSetting(id, value) {
    return this.#post(`/settings/${encodeURIComponent(id)}`, value ?? null);
  }

  getUserData(file, options) {
    return this.fetchApi(`/userdata/${encodeURIComponent(file)}`, options);
  }

  storeUserData(file, data, { overwrite = true, stringify = true } = {}) {
    const body = stringify ? JSON.stringify(data) : data;
    return this.fetchApi(`/userdata/${encodeURIComponent(file)}?overwrite=${overwrite}`, { method: 'POST', body });
  }
}

// The JSON of an answer; an error that says what the server said.
export async function read(response) {
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = { error: text };
  }
  if (!response.ok) throw Object.assign(new Error(describe(body, response.status)), { body, response });
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

export const api = new ComfyApi();
