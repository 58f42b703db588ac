import { CallWrapper, ComfyApi, PromptBuilder } from '@saintno/comfyui-sdk';
import fs from 'node:fs';

const [base, workflow, picture] = process.argv.slice(2);
const graph = JSON.parse(fs.readFileSync(workflow));
const api = await new ComfyApi(base).init().waitForReady();
const prompt = new PromptBuilder(graph, ['seed'], ['images'])
  .setInputNode('seed', '3.inputs.seed')
  .setOutputNode('images', '9')
  .input('seed', graph['3'].inputs.seed);

const seen = { pending: 0, progress: 0, finished: 0 };
const result = await new CallWrapper(api, prompt)
  .onPending(() => seen.pending++)
  .onProgress(() => seen.progress++)
  .onFinished(() => seen.finished++)
  .onFailed((error) => console.error('failed', error))
  .run();
console.log(seen, JSON.stringify(result));
if (!result || seen.finished !== 1) process.exit(1);

const [image] = result.images.images;
const blob = await api.getImage(image);
fs.writeFileSync(picture, Buffer.from(await blob.arrayBuffer()));

const sent = await api.uploadImage(blob, 'from-the-sdk.png');
if (sent.info.filename !== 'from-the-sdk.png') process.exit(1);
process.exit(0);
