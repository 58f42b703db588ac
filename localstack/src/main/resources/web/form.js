// The form that edits a workflow's values in place.

import { fields } from './graph.js';
import { upload } from './server.js';

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// Fills `place` with inputs for the workflow; every change goes straight into workflow.graph.
// Returns a function that draws new numbers for the seeds set to random.
export function show(place, workflow, info, report) {
  const seeds = [];
  place.replaceChildren();
  for (const group of fields(workflow, info)) {
    const inputs = workflow.graph[group.id].inputs;
    const set = (name) => (value) => (inputs[name] = value);
    const [texts, others] = [group.fields.filter((f) => f.kind === 'text'), group.fields.filter((f) => f.kind !== 'text')];
    for (const field of texts) place.append(labelled(group.title, input(field, set(field.name), report)));
    if (!others.length) continue;
    const grid = element('div', { className: 'grid' });
    for (const field of others) {
      grid.append(labelled(field.name.replaceAll('_', ' '), input(field, set(field.name), report), field.kind !== 'number'));
      if (field.kind === 'seed') grid.append(random(field, inputs, seeds));
    }
    const open = /sampler|latent/i.test(workflow.graph[group.id].class_type);
    place.append(element('details', { open }, element('summary', { textContent: group.title }), grid));
  }
  return () => seeds.forEach((draw) => draw());
}

const labelled = (text, control, wide) => element('label', { className: wide ? 'field wide' : 'field' }, text, control);

function random(field, inputs, seeds) {
  const box = element('input', { type: 'checkbox', checked: true });
  seeds.push(() => {
    if (!box.checked) return;
    inputs[field.name] = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
    field.control.value = inputs[field.name];
  });
  return element('label', { className: 'check wide' }, box, 'new seed each time');
}

function input(field, set, report) {
  const { kind, value, options, spec } = field;
  if (kind === 'text') return element('textarea', { value: value ?? '', oninput: (e) => set(e.target.value) });
  if (kind === 'check') return element('input', { type: 'checkbox', checked: value, onchange: (e) => set(e.target.checked) });
  if (kind === 'line') return element('input', { type: 'text', value: value ?? '', oninput: (e) => set(e.target.value) });
  if (kind === 'choice') return choice(options, value, set);
  if (kind === 'image') return picture(options, value, set, report);
  const { min, max, step } = spec;
  field.control = element('input', { type: 'number', value, min: min ?? '', max: max ?? '', step: kind === 'seed' ? 1 : step ?? 'any',
    oninput: (e) => e.target.value !== '' && set(Number(e.target.value)) });
  return field.control;
}

function choice(options, value, set) {
  const list = options.includes(value) ? options : [value, ...options];
  const select = element('select', { onchange: (e) => set(e.target.value) }, ...list.map((o) => element('option', { value: o, textContent: o })));
  select.value = value;
  return select;
}

function picture(options, value, set, report) {
  const select = choice(options, value, set);
  const file = element('input', { type: 'file', accept: 'image/*', onchange: async () => {
    try {
      const { name, subfolder } = await upload(file.files[0]);
      const full = subfolder ? `${subfolder}/${name}` : name;
      select.append(element('option', { value: full, textContent: full }));
      select.value = full;
      set(full);
    } catch (problem) {
      report(problem);
    }
  } });
  return element('div', {}, select, file);
}
