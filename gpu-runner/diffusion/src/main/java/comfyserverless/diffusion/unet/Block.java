package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;

/// One module of the UNet: one TorchScript call over one list of weights.
sealed interface Block {

    /// The module's name in the checkpoint, without the model's prefix: `input_blocks.1.0`.
    String name();

    /// The module's output for `x` (batch, channels, height, width).
    Tensor run(Tensor x, Pass pass);

    /// What every block of one pass may read.
    ///
    /// @param embedding silu of the time embedding: (batch, 4 × model channels)
    /// @param context the text's encoding: (batch, tokens, context width)
    /// @param observer sees what happens inside
    /// @param patches change what happens inside
    record Pass(
            Script script,
            Tensor embedding,
            Tensor context,
            UNetObserver observer,
            PassPatches patches) {

        /// A pass that nothing is changed in.
        Pass(Script script, Tensor embedding, Tensor context, UNetObserver observer) {
            this(script, embedding, context, observer, PassPatches.NONE);
        }
    }

    /// A convolution. Weights: weight, bias.
    record Convolution(String name, Tensors weights, int stride) implements Block {
        @Override
        public Tensor run(Tensor x, Pass pass) {
            return pass.script().call("conv").with(x).with(weights).with(stride).with(1).tensor();
        }
    }

    /// Group norm, silu, convolution; plus the time embedding; group norm, silu, convolution; plus the input (through a
    /// 1×1 convolution where the widths differ). Weights: weight and bias of in_layers.0, in_layers.2, emb_layers.1,
    /// out_layers.0, out_layers.3 and, if there, skip_connection.
    record Residual(String name, Tensors weights) implements Block {
        @Override
        public Tensor run(Tensor x, Pass pass) {
            return pass.script()
                    .call("residual")
                    .with(x)
                    .with(pass.embedding())
                    .with(weights)
                    .tensor();
        }
    }

    /// Self-attention over the positions, cross-attention to the context and a gated feed-forward, `depth` times, around
    /// which the input is added. Weights: weight and bias of norm, proj_in, proj_out; then for each transformer block
    /// norm1, attn1 (q, k, v, out weight, out bias), norm2, attn2 (likewise), norm3, ff.net.0.proj, ff.net.2.
    record SpatialTransformer(String name, Tensors weights, int heads, int depth) implements Block {
        @Override
        public Tensor run(Tensor x, Pass pass) {
            boolean patched = pass.patches().reach(name);
            if (patched || pass.observer().insideTransformers()) {
                return runFinely(x, pass, patched);
            }
            return pass.script()
                    .call("spatial_transformer")
                    .with(x)
                    .with(pass.context())
                    .with(weights)
                    .with(heads)
                    .with(depth)
                    .tensor();
        }

        /// The same in steps, for whoever looks or reaches inside.
        private Tensor runFinely(Tensor x, Pass pass, boolean patched) {
            Script script = pass.script();
            UNetObserver observer = pass.observer();
            Tensor tokens = script.call("enter").with(x).with(weights).tensor();
            for (int block = 0; block < depth; block++) {
                String at = name + ".transformer_blocks." + block;
                Tensor attn1 =
                        patched ? patched(tokens, block, false, pass) : self(tokens, block, script);
                observer.saw(at + ".attn1", attn1);
                tokens = attn1.add(tokens);
                Tensor attn2 =
                        patched ? patched(tokens, block, true, pass) : cross(tokens, block, pass);
                observer.saw(at + ".attn2", attn2);
                tokens = attn2.add(tokens);
                Tensor forward =
                        script.call("feed_forward").with(tokens).with(weights).with(block).tensor();
                observer.saw(at + ".ff", forward);
                tokens = forward.add(tokens);
                observer.saw(at, tokens);
            }
            return script.call("leave").with(tokens).with(x).with(weights).tensor();
        }

        private Tensor self(Tensor tokens, int block, Script script) {
            return script.call("self_attention")
                    .with(tokens)
                    .with(weights)
                    .with(block)
                    .with(heads)
                    .tensor();
        }

        private Tensor cross(Tensor tokens, int block, Pass pass) {
            return pass.script()
                    .call("cross_attention")
                    .with(tokens)
                    .with(pass.context())
                    .with(weights)
                    .with(block)
                    .with(heads)
                    .tensor();
        }

        private Tensor patched(Tensor tokens, int block, boolean cross, Pass pass) {
            PassPatches.Attention at =
                    new PassPatches.Attention(name, block, weights, heads, cross);
            return pass.patches().attention(tokens, pass.context(), at);
        }
    }

    /// Nearest-neighbour doubling (or to the size that the skip connection has) and a convolution. Weights: weight, bias.
    record Upsampling(String name, Tensors weights) implements Block {
        @Override
        public Tensor run(Tensor x, Pass pass) {
            return run(x, x.size(2) * 2, x.size(3) * 2, pass);
        }

        Tensor run(Tensor x, long height, long width, Pass pass) {
            return pass.script()
                    .call("upsample")
                    .with(x)
                    .with(weights)
                    .with(height)
                    .with(width)
                    .tensor();
        }
    }
}
