// The page as extensions use it: ComfyUI's `app`, as far as a page without a canvas can be it.
// An extension imports it as `../../scripts/app.js` and calls `app.registerExtension({ name, setup, ... })`.

import { api } from './api.js';
import { ComfyDialog, settings, toasts } from './ui.js';

// A node of the open workflow. `widgets` are its values: what is set there goes into the next prompt.
class GraphNode {
  flags = {};
  properties = {};

  constructor(id, { class_type: type, inputs, _meta: meta }, definition, graph) {
    this.id = Number.isNaN(Number(id)) ? id : Number(id);
    this.type = type;
    this.comfyClass = type;
    this.graph = graph;
    this.title = meta?.title ?? definition?.display_name ?? type;
    this.inputs = Object.keys(inputs).filter((name) => Array.isArray(inputs[name])).map((name) => ({ name, link: inputs[name] }));
    this.widgets = Object.keys(inputs).filter((name) => !Array.isArray(inputs[name])).map((name) => widget(this, name, inputs));
  }

  setDirtyCanvas() {
    this.graph.change();
  }
}

function widget(node, name, inputs) {
  return {
    name,
    get value() {
      return inputs[name];
    },
    set value(value) {
      inputs[name] = value;
      node.graph.change();
    },
  };
}

// The open workflow.
class Graph {
  _nodes = [];
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  get nodes() {
    return this._nodes;
  }

  getNodeById(id) {
    return this._nodes.find((node) => String(node.id) === String(id)) ?? null;
  }

  findNodesByType(type) {
    return this._nodes.filter((node) => node.type === type);
  }

  change() {
    this.#changed();
  }

  setDirtyCanvas() {
    this.#changed();
  }
}

class ComfyApp {
  api = api;
  extensions = [];
  ui = { settings, dialog: new ComfyDialog() };
  extensionManager = { toast: toasts, setting: { get: (id) => settings.getSettingValue(id), set: (id, value) => settings.setSettingValueAsync(id, value) } };
  nodeOutputs = {};
  runningNodeId = null;
  #page = null;
  #started = false;
  #types = new Map();
  #changing = false;
  graph = new Graph(() => this.#changed());

  get rootGraph() {
    return this.graph;
  }

  registerExtension(extension) {
    if (!extension.name) throw new Error("Extensions must have a 'name' property.");
    if (this.extensions.some((other) => other.name === extension.name)) {
      throw new Error(`Extension named '${extension.name}' already registered.`);
    }
    this.extensions.push(extension);
    for (const setting of extension.settings ?? []) settings.addSetting(setting);
    if (this.#started) this.#call(extension, 'setup', this);
  }

  // Calls a hook of every extension. One that fails is named in the console and harms no other.
  async #invoke(hook, ...given) {
    await Promise.all(this.extensions.map((extension) => this.#call(extension, hook, ...given)));
  }

  async #call(extension, hook, ...given) {
    try {
      await extension[hook]?.(...given);
    } catch (problem) {
      console.error(`The extension ${extension.name} failed in ${hook}`, problem);
    }
  }

  // What the page does for extensions: {definitions, workflow(), open(json), changed()}. Imports every script that the
  // server lists, then begins.
  async start(page) {
    this.#page = page;
    await settings.load();
    const scripts = await api.getExtensions();
    await Promise.all(scripts.map((path) =>
      import(api.fileURL(path)).catch((problem) => console.error(`The extension script ${path} cannot be loaded`, problem))));
    await this.#invoke('init', this);
    for (const [name, definition] of Object.entries(page.definitions)) {
      const type = class extends GraphNode {};
      Object.assign(type, { comfyClass: name, title: definition.display_name, nodeData: definition });
      this.#types.set(name, type);
      await this.#invoke('beforeRegisterNodeDef', type, definition, this);
    }
    api.addEventListener('executing', ({ detail }) => (this.runningNodeId = detail));
    api.addEventListener('executed', ({ detail }) => {
      this.nodeOutputs[detail.display_node ?? detail.node] = detail.output;
      this.graph.getNodeById(detail.display_node ?? detail.node)?.onExecuted?.(detail.output);
    });
    this.#started = true;
    await this.#invoke('setup', this);
  }

  // The page has opened a workflow.
  async opened(graph) {
    this.graph._nodes = Object.entries(graph).map(([id, node]) => {
      const type = this.#types.get(node.class_type) ?? GraphNode;
      return new type(id, node, this.#page.definitions[node.class_type], this.graph);
    });
    for (const node of this.graph._nodes) {
      node.onNodeCreated?.();
      await this.#invoke('nodeCreated', node, this);
    }
    await this.#invoke('afterConfigureGraph', [], this);
  }

  #changed() {
    if (this.#changing) return;
    this.#changing = true;
    queueMicrotask(() => {
      this.#changing = false;
      this.#page?.changed();
    });
  }

  // {output, workflow} as they would be queued now.
  async graphToPrompt() {
    return this.#page.workflow();
  }

  async queuePrompt(number, batch = 1) {
    for (let i = 0; i < batch; i++) await api.queuePrompt(number, await this.graphToPrompt());
    return true;
  }

  loadGraphData(json) {
    return this.#page.open(json);
  }

  loadApiJson(json) {
    return this.#page.open(json);
  }
}

export const app = new ComfyApp();

// Where older extensions look.
window.comfyAPI = { api: { api }, app: { app } };
