# TorchScript, not Python: the blocks of the UNet (ldm's openaimodel and attention modules), one call each.
# A block's weights are one list; the order of each is written beside the Java class of the block.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def sinusoids(self, timesteps: Tensor, channels: int) -> Tensor:
    half = torch.floordiv(channels, 2)
    steps = torch.arange(half, dtype=6, device=ops.prim.device(timesteps))
    frequencies = torch.exp(torch.div(torch.mul(steps, -9.210340371976184), half))
    angles = torch.mul(torch.unsqueeze(timesteps, 1), torch.unsqueeze(frequencies, 0))
    embedding = torch.cat([torch.cos(angles), torch.sin(angles)], 1)
    if torch.eq(torch.remainder(channels, 2), 1):
      embedding = torch.constant_pad_nd(embedding, [0, 1], 0.)
    return embedding

  def with_sizes(self, pooled: Tensor, sizes: Tensor, width: int) -> Tensor:
    embedded = self.sinusoids(torch.flatten(sizes), width)
    return torch.cat([pooled, torch.reshape(embedded, [torch.size(sizes, 0), -1])], 1)

  def time_embedding(self, timesteps: Tensor, channels: int, w: List[Tensor]) -> Tensor:
    embedding = self.sinusoids(timesteps, channels)
    hidden = torch.silu_(torch.linear(torch.to(embedding, ops.prim.dtype(w[0])), w[0], w[1]))
    return torch.linear(hidden, w[2], w[3])

  def label_embedding(self, vector: Tensor, w: List[Tensor]) -> Tensor:
    return torch.linear(torch.silu_(torch.linear(vector, w[0], w[1])), w[2], w[3])

  def silu(self, x: Tensor) -> Tensor:
    return torch.silu(x)

  def conv(self, x: Tensor, w: List[Tensor], stride: int, padding: int) -> Tensor:
    return torch.conv2d(x, w[0], w[1], [stride, stride], [padding, padding], [1, 1], 1)

  def upsample(self, x: Tensor, w: List[Tensor], height: int, width: int) -> Tensor:
    return self.conv(torch.upsample_nearest2d(x, [height, width]), w, 1, 1)

  def norm_silu(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.silu_(torch.group_norm(x, 32, weight, bias, 1e-05, True))

  def head(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.conv2d(self.norm_silu(x, w[0], w[1]), w[2], w[3], [1, 1], [1, 1], [1, 1], 1)

  def residual(self, x: Tensor, embedding: Tensor, w: List[Tensor]) -> Tensor:
    h = torch.conv2d(self.norm_silu(x, w[0], w[1]), w[2], w[3], [1, 1], [1, 1], [1, 1], 1)
    shift = torch.linear(embedding, w[4], w[5])
    h = torch.add_(h, torch.unsqueeze(torch.unsqueeze(shift, 2), 3))
    h = torch.conv2d(self.norm_silu(h, w[6], w[7]), w[8], w[9], [1, 1], [1, 1], [1, 1], 1)
    if torch.gt(torch.len(w), 10):
      return torch.add_(h, torch.conv2d(x, w[10], w[11], [1, 1], [0, 0], [1, 1], 1))
    else:
      return torch.add_(h, x)

  def attention(self, q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
    b = torch.size(q, 0)
    c = torch.size(q, 2)
    d = torch.floordiv(c, heads)
    qh = torch.transpose(torch.view(q, [b, -1, heads, d]), 1, 2)
    kh = torch.transpose(torch.view(k, [b, -1, heads, d]), 1, 2)
    vh = torch.transpose(torch.view(v, [b, -1, heads, d]), 1, 2)
    out = torch.scaled_dot_product_attention(qh, kh, vh, None, 0., False)
    return torch.reshape(torch.transpose(out, 1, 2), [b, -1, c])

  def norm(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 2)], weight, bias, 1e-05, True)

  def enter(self, x: Tensor, w: List[Tensor]) -> Tensor:
    h = torch.group_norm(x, 32, w[0], w[1], 1e-06, True)
    if torch.eq(torch.dim(w[2]), 4):
      h = torch.conv2d(h, w[2], w[3], [1, 1], [0, 0], [1, 1], 1)
      return torch.contiguous(torch.transpose(torch.flatten(h, 2, 3), 1, 2))
    else:
      tokens = torch.contiguous(torch.transpose(torch.flatten(h, 2, 3), 1, 2))
      return torch.linear(tokens, w[2], w[3])

  def leave(self, tokens: Tensor, x: Tensor, w: List[Tensor]) -> Tensor:
    if torch.eq(torch.dim(w[4]), 4):
      h = torch.contiguous(torch.reshape(torch.transpose(tokens, 1, 2), torch.size(x)))
      return torch.add_(torch.conv2d(h, w[4], w[5], [1, 1], [0, 0], [1, 1], 1), x)
    else:
      h = torch.linear(tokens, w[4], w[5])
      return torch.add(torch.reshape(torch.transpose(h, 1, 2), torch.size(x)), x)

  def self_attention(self, tokens: Tensor, w: List[Tensor], block: int, heads: int) -> Tensor:
    i = torch.add(6, torch.mul(20, block))
    n = self.norm(tokens, w[i], w[torch.add(i, 1)])
    q = torch.linear(n, w[torch.add(i, 2)])
    k = torch.linear(n, w[torch.add(i, 3)])
    v = torch.linear(n, w[torch.add(i, 4)])
    return torch.linear(self.attention(q, k, v, heads), w[torch.add(i, 5)], w[torch.add(i, 6)])

  def cross_attention(self, tokens: Tensor, context: Tensor, w: List[Tensor], block: int, heads: int) -> Tensor:
    i = torch.add(13, torch.mul(20, block))
    n = self.norm(tokens, w[i], w[torch.add(i, 1)])
    q = torch.linear(n, w[torch.add(i, 2)])
    k = torch.linear(context, w[torch.add(i, 3)])
    v = torch.linear(context, w[torch.add(i, 4)])
    return torch.linear(self.attention(q, k, v, heads), w[torch.add(i, 5)], w[torch.add(i, 6)])

  def feed_forward(self, tokens: Tensor, w: List[Tensor], block: int) -> Tensor:
    i = torch.add(20, torch.mul(20, block))
    n = self.norm(tokens, w[i], w[torch.add(i, 1)])
    parts = torch.chunk(torch.linear(n, w[torch.add(i, 2)], w[torch.add(i, 3)]), 2, 2)
    gated = torch.mul(parts[0], torch.gelu(parts[1]))
    return torch.linear(gated, w[torch.add(i, 4)], w[torch.add(i, 5)])

  def spatial_transformer(self, x: Tensor, context: Tensor, w: List[Tensor], heads: int, depth: int) -> Tensor:
    tokens = self.enter(x, w)
    for block in range(depth):
      tokens = torch.add_(self.self_attention(tokens, w, block, heads), tokens)
      tokens = torch.add_(self.cross_attention(tokens, context, w, block, heads), tokens)
      tokens = torch.add_(self.feed_forward(tokens, w, block), tokens)
    return self.leave(tokens, x, w)
