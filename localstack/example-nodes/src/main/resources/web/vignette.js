// Gives the node a colour of its own in the editor; runs in ComfyUI's page as it is.

import { app } from '../../scripts/app.js';

app.registerExtension({
  name: 'example.vignette',
  nodeCreated(node) {
    if (node.comfyClass === 'ExampleVignette') node.color = '#223344';
  },
});
