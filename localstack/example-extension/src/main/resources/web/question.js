// Shows the node's question and posts what the user answers; runs in this project's page and in ComfyUI's own.

import { app } from '../../scripts/app.js';
import { api } from '../../scripts/api.js';

function send(node, message) {
  const body = new FormData();
  body.append('message', message);
  body.append('node_id', node);
  return api.fetchApi('/my_new_path', { method: 'POST', body });
}

function ask({ detail: { node, question } }) {
  const form = document.createElement('form');
  form.className = 'example-question';
  form.style = 'position:fixed;bottom:20px;left:20px;z-index:9999;padding:14px;background:#222;color:#eee;border-radius:8px';
  const answer = Object.assign(document.createElement('input'), { type: 'text', required: true });
  const label = document.createElement('label');
  label.append(question, ' ', answer);
  form.append(label, ' ', Object.assign(document.createElement('button'), { textContent: 'Answer' }));
  form.onsubmit = async (event) => {
    event.preventDefault();
    const response = await send(node, answer.value);
    if (response.ok) form.remove();
  };
  document.body.append(form);
  answer.focus();
}

app.registerExtension({
  name: 'example.question',
  setup() {
    api.addEventListener('example.question', ask);
    api.addEventListener('execution_interrupted', () => document.querySelector('.example-question')?.remove());
  },
});
