// Workflows: the editor's format and the API's, pictures that carry one, and what of them can be edited here.

const NUMBERS = new Set(['INT', 'FLOAT']);
const WIDGETS = new Set(['INT', 'FLOAT', 'STRING', 'BOOLEAN', 'COMBO']);

const isWidget = (spec) => Array.isArray(spec[0]) || WIDGETS.has(spec[0]);

function inputsOf(definition) {
  const all = { ...definition.input.required, ...definition.input.optional };
  const order = [...(definition.input_order?.required ?? []), ...(definition.input_order?.optional ?? [])];
  return (order.length ? order : Object.keys(all)).map((name) => [name, all[name]]);
}

// Reads either format. Returns {graph, workflow, titles}: the API graph, the editor's workflow if that is what it was,
// and the nodes' titles.
export function read(json, info) {
  if (!Array.isArray(json.nodes)) return { graph: json, workflow: null, titles: {} };
  const links = new Map(json.links.map(([id, from, slot]) => [id, [String(from), slot]]));
  const graph = {};
  const titles = {};
  for (const node of json.nodes) {
    const definition = info[node.type];
    if (!definition) {
      if (node.type === 'Note' || node.type === 'MarkdownNote') continue;
      throw new Error(`This server has no node "${node.type}".`);
    }
    const inputs = {};
    for (const { name, link } of node.inputs ?? []) {
      if (link != null) inputs[name] = links.get(link);
    }
    for (const [name, index] of widgetPlaces(definition)) {
      inputs[name] ??= node.widgets_values[index];
    }
    graph[node.id] = { class_type: node.type, inputs, _meta: { title: node.title ?? definition.display_name } };
    titles[node.id] = node.title ?? definition.display_name;
  }
  return { graph, workflow: json, titles };
}

// Input name → its place in widgets_values; a seed is followed by "control after generate", an upload by its button.
function widgetPlaces(definition) {
  const places = [];
  let index = 0;
  for (const [name, spec] of inputsOf(definition)) {
    if (!isWidget(spec)) continue;
    places.push([name, index++]);
    if (spec[1]?.control_after_generate) index++;
    if (spec[1]?.image_upload) index++;
  }
  return places;
}

// Writes the graph's values back into the editor's workflow, so that a saved picture opens as it was made.
export function writeBack({ graph, workflow }, info) {
  for (const node of workflow?.nodes ?? []) {
    const definition = info[node.type];
    for (const [name, index] of definition ? widgetPlaces(definition) : []) {
      const value = graph[node.id].inputs[name];
      if (!Array.isArray(value)) node.widgets_values[index] = value;
    }
  }
  return workflow;
}

// What a form shows: [{id, title, fields: [{name, kind, value, options, spec}]}], texts first.
export function fields({ graph, titles }, info) {
  const groups = [];
  for (const [id, node] of Object.entries(graph)) {
    const definition = info[node.class_type];
    if (!definition) throw new Error(`This server has no node "${node.class_type}".`);
    const list = inputsOf(definition)
      .filter(([name, spec]) => isWidget(spec) && !Array.isArray(node.inputs[name]))
      .map(([name, spec]) => ({ name, spec: spec[1] ?? {}, value: node.inputs[name] ?? spec[1]?.default, ...kind(spec) }));
    const title = titles[id] ?? node._meta?.title ?? definition.display_name;
    if (list.length) groups.push({ id, title, fields: list });
  }
  const texts = (group) => (group.fields.some((field) => field.kind === 'text') ? 0 : 1);
  return groups.sort((a, b) => texts(a) - texts(b));
}

function kind([type, options = {}]) {
  if (Array.isArray(type)) return { kind: options.image_upload ? 'image' : 'choice', options: type };
  if (type === 'COMBO') return { kind: 'choice', options: options.options ?? [] };
  if (type === 'BOOLEAN') return { kind: 'check' };
  if (NUMBERS.has(type)) return { kind: options.control_after_generate ? 'seed' : 'number' };
  return { kind: options.multiline ? 'text' : 'line' };
}

// The text of a prompt, for captions: the first text input of the graph.
export function caption(graph) {
  for (const node of Object.values(graph)) {
    if (typeof node.inputs?.text === 'string' && node.inputs.text) return node.inputs.text;
  }
  return Object.values(graph).map((node) => node.class_type).join(', ');
}

// The workflow inside a PNG's tEXt chunks, the editor's if there is one, else the API graph.
export function fromPng(buffer) {
  const view = new DataView(buffer);
  const texts = {};
  for (let at = 8; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...new Uint8Array(buffer, at + 4, 4));
    if (type === 'tEXt') {
      const [key, text] = new TextDecoder('latin1').decode(new Uint8Array(buffer, at + 8, length)).split('\0');
      texts[key] = text;
    }
    at += 12 + length;
  }
  const found = texts.workflow ?? texts.prompt;
  if (!found) throw new Error('This picture carries no workflow.');
  return JSON.parse(found);
}

// The plain text-to-image graph, for servers without sample workflows.
export const plain = (checkpoint) => ({
  3: { class_type: 'KSampler', inputs: { model: ['4', 0], seed: 1, steps: 20, cfg: 7, sampler_name: 'euler', scheduler: 'normal', positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0], denoise: 1 } },
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: checkpoint } },
  5: { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512, batch_size: 1 } },
  6: { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: 'a glass bottle in a forest' }, _meta: { title: 'Prompt' } },
  7: { class_type: 'CLIPTextEncode', inputs: { clip: ['4', 1], text: '' }, _meta: { title: 'Negative prompt' } },
  8: { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  9: { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 'ComfyUI' } },
});
