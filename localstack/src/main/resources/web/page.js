// The page: queue a workflow, watch it run, look at its pictures.

import { api } from './scripts/api.js';
import { app } from './scripts/app.js';
import { get, post, viewUrl } from './server.js';
import { read, writeBack, caption, fromPng, plain } from './graph.js';
import { show } from './form.js';

const $ = (id) => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

let info = {};
let workflow = null;
let drawSeeds = () => {};
let names = {};

function report(problem) {
  $('problem').hidden = !problem;
  $('problem').textContent = problem?.message ?? '';
}

async function use(json) {
  report(null);
  try {
    workflow = read(structuredClone(json), info);
    showFields();
    await app.opened(workflow.graph);
  } catch (problem) {
    report(problem);
  }
}

function showFields() {
  drawSeeds = show($('fields'), workflow, info, report);
}

// What is queued now: the graph, and the editor's workflow if it came as one.
function current() {
  return { output: workflow.graph, workflow: writeBack(workflow, info) ?? undefined };
}

async function chooseSample() {
  const path = $('workflow').value;
  if (path) return use(await get(path));
  const checkpoints = info.CheckpointLoaderSimple?.input.required.ckpt_name[0] ?? [];
  use(plain(checkpoints[0] ?? ''));
}

async function listSamples() {
  const packs = await api.getWorkflowTemplates();
  for (const [pack, list] of Object.entries(packs)) {
    for (const name of list) {
      const path = `/workflow_templates/${encodeURIComponent(pack)}/${encodeURIComponent(name)}.json`;
      $('workflow').append(make('option', { value: path, textContent: name.replaceAll('-', ' ') }));
    }
  }
  $('workflow').append(make('option', { value: '', textContent: 'plain text to image' }));
}

async function queue(event) {
  event.preventDefault();
  report(null);
  drawSeeds();
  names = Object.fromEntries(Object.entries(workflow.graph).map(([id, node]) => [id, node._meta?.title ?? info[node.class_type]?.display_name ?? node.class_type]));
  try {
    await api.queuePrompt(0, current());
  } catch (problem) {
    report(problem);
  }
  showQueue();
}

async function open(file) {
  try {
    use(file.name.endsWith('.png') ? fromPng(await file.arrayBuffer()) : JSON.parse(await file.text()));
  } catch (problem) {
    report(problem);
  }
}

async function showQueue() {
  const { queue_running: running, queue_pending: pending } = await get('/queue');
  const row = ([, id, prompt], state) =>
    make('li', { className: state }, make('span', { textContent: caption(prompt) }),
      state === 'running' ? 'running' : make('button', { type: 'button', textContent: 'Remove', onclick: () => change({ delete: [id] }) }));
  pending.sort((a, b) => a[0] - b[0]);
  $('queue').replaceChildren(...running.map((job) => row(job, 'running')), ...pending.map((job) => row(job, 'waiting')));
  $('count').textContent = running.length + pending.length;
  $('stop').hidden = !running.length;
  $('stop').onclick = () => api.interrupt(running[0][1]).catch(report);
  $('clear').hidden = !pending.length;
  if (!running.length) idle();
}

const change = (what) => post('/queue', what).then(showQueue, report);

function idle() {
  $('step').textContent = 'Nothing runs.';
  $('progress').value = 0;
  $('preview').hidden = true;
}

async function showPictures() {
  const history = Object.values(await get('/history?max_items=64')).reverse();
  $('pictures').replaceChildren(...history.flatMap(cards));
  $('empty').hidden = history.length > 0;
}

function cards({ prompt: [, id, graph, extra], outputs, status }) {
  const files = Object.values(outputs).flatMap((output) => [...(output.images ?? []), ...(output.audio ?? [])]);
  const workflowJson = extra?.extra_pnginfo?.workflow ?? graph;
  const again = () => make('button', { type: 'button', textContent: 'Use again', onclick: () => { use(workflowJson); scrollTo(0, 0); } });
  const download = () => make('a', { textContent: 'Workflow', download: `${id}.json`,
    href: URL.createObjectURL(new Blob([JSON.stringify(workflowJson, null, 2)], { type: 'application/json' })) });
  if (status?.status_str === 'error') {
    const [, failure] = status.messages.find(([type]) => type.startsWith('execution_error') || type === 'execution_interrupted') ?? [];
    const text = failure?.exception_message ?? 'Stopped.';
    return [make('figure', {}, make('figcaption', {}, make('p', { className: 'bad', textContent: text }), make('p', { textContent: caption(graph) }), again(), download()))];
  }
  const texts = Object.values(outputs).flatMap((output) => output.text ?? []).map((text) =>
    make('figure', {}, make('pre', { textContent: text }), make('figcaption', {}, make('p', { textContent: caption(graph) }), download(), again())));
  return texts.concat(files.map((file) =>
    make('figure', {}, shown(file, caption(graph)),
      make('figcaption', {}, make('p', { textContent: caption(graph) }),
        make('a', { href: viewUrl(file), download: file.filename, textContent: 'File' }), download(), again()))));
}

function shown(file, title) {
  const src = viewUrl(file);
  if (/\.(mp4|webm|mov|mkv)$/i.test(file.filename)) return make('video', { src, title, controls: true, loop: true, muted: true, preload: 'metadata' });
  if (/\.(flac|mp3|opus|wav|ogg|m4a)$/i.test(file.filename)) return make('audio', { src, title, controls: true, preload: 'metadata' });
  return make('a', { href: src, target: '_blank' }, make('img', { src, alt: title, loading: 'lazy' }));
}

const messages = {
  status: (status) => {
    if (!status) return;
    connected(true);
    $('count').textContent = status.exec_info.queue_remaining;
    refresh();
  },
  executing: (node) => {
    if (node) $('step').textContent = names[node] ?? `node ${node}`;
    else idle();
  },
  progress: ({ value, max, node }) => {
    $('progress').max = max;
    $('progress').value = value;
    $('step').textContent = `${names[node] ?? 'working'}: ${value} of ${max}`;
  },
  execution_error: ({ node_type, exception_message }) => report(new Error(`${node_type}: ${exception_message}`)),
  b_preview: preview,
  reconnecting: () => connected(false),
};

function connected(open) {
  $('connection').className = open ? '' : 'off';
  $('connection').textContent = open ? 'connected' : 'connecting again';
}

let waiting = null;
function refresh() {
  waiting ??= setTimeout(() => {
    waiting = null;
    showQueue().catch(report);
    showPictures().catch(report);
  }, 200);
}

function preview(blob) {
  URL.revokeObjectURL($('preview').src);
  $('preview').src = URL.createObjectURL(blob);
  $('preview').hidden = false;
}

async function start() {
  $('form').onsubmit = queue;
  $('workflow').onchange = () => chooseSample().catch(report);
  $('open').onchange = () => open($('open').files[0]);
  $('clear').onclick = () => change({ clear: true });
  addEventListener('dragover', (event) => { event.preventDefault(); document.body.classList.add('dropping'); });
  addEventListener('dragleave', () => document.body.classList.remove('dropping'));
  addEventListener('drop', (event) => {
    event.preventDefault();
    document.body.classList.remove('dropping');
    if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
  });
  for (const [type, handle] of Object.entries(messages)) api.addEventListener(type, ({ detail }) => handle(detail));
  $('leave').hidden = !document.cookie.includes('comfy-signed-in=');
  api.init();
  info = await api.getNodeDefs();
  await app.start({ definitions: info, workflow: current, open: use, changed: showFields });
  await listSamples();
  await chooseSample();
  refresh();
}

start().catch(report);
