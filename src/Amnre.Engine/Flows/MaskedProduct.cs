using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>x (W ∘ M)ᵀ by blocks of outputs, each with the inputs that its mask admits, of single precision on a CPU. There is no second
/// derivative.</summary>
internal static class MaskedProduct
{
    /// <param name="x">(N, I), contiguous.</param>
    /// <param name="weight">(O, I).</param>
    /// <param name="mask">(O, I), of zeros and ones.</param>
    /// <param name="blocks">Those of the mask.</param>
    /// <returns>(N, O).</returns>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor mask, IReadOnlyList<AdmittedBlock> blocks) =>
        is_grad_enabled() && (x.requires_grad || weight.requires_grad)
            ? Node.apply(x, weight, mask, blocks)
            : Value(x, weight * mask, blocks);

    private static Tensor Value(Tensor x, Tensor admitted, IReadOnlyList<AdmittedBlock> blocks)
    {
        var value = x.new_empty(x.shape[0], admitted.shape[0]);
        using var quick = inference_mode();
        foreach (var block in blocks)
        {
            using var part = value.narrow(1, block.Begin, block.Length);
            using var inputs = x.narrow(1, 0, block.Inputs);
            using var weights = Part(admitted, block, transposed: true);
            Become(part, inputs, weights, add: false);
        }

        return value;
    }

    /// <summary>A block's weights, (length, inputs), or (inputs, length) where transposed.</summary>
    private static Tensor Part(Tensor weights, AdmittedBlock block, bool transposed = false)
    {
        var width = weights.shape[1];
        return transposed
            ? weights.as_strided([block.Inputs, block.Length], [1, width], block.Begin * width)
            : weights.as_strided([block.Length, block.Inputs], [width, 1], block.Begin * width);
    }

    /// <summary>target ← a b, or target + a b.</summary>
    private static void Become(Tensor target, Tensor a, Tensor b, bool add) => target.addmm_(a, b, add ? 1 : 0, 1);

    private sealed class Node : autograd.SingleTensorFunction<Node>
    {
        private const string Blocks = "blocks";

        public override string Name => nameof(MaskedProduct);

        public override Tensor forward(autograd.AutogradContext ctx, params object?[] vars)
        {
            var (x, weight, mask) = ((Tensor)vars[0]!, (Tensor)vars[1]!, (Tensor)vars[2]!);
            var blocks = (IReadOnlyList<AdmittedBlock>)vars[3]!;
            var admitted = weight * mask;
            ctx.save_for_backward([x, admitted, mask]);
            ctx.save_data(Blocks, blocks);
            return Value(x, admitted, blocks);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            var (x, admitted, mask) = (saved[0], saved[1], saved[2]);
            using var upstream = grad_output.contiguous();
            var blocks = (IReadOnlyList<AdmittedBlock>)ctx.get_data(Blocks);
            var all = blocks[^1].Inputs == x.shape[1];
            var ofInputs = all ? empty_like(x) : zeros_like(x);
            var ofWeights = zeros_like(admitted);
            using var quick = inference_mode();
            // The last first: where it admits all inputs, it fills what others are added to.
            for (var i = blocks.Count - 1; i >= 0; i--)
            {
                var block = blocks[i];
                using var part = upstream.narrow(1, block.Begin, block.Length);
                using var inputs = x.narrow(1, 0, block.Inputs);
                using var weights = Part(admitted, block);
                using (var target = ofInputs.narrow(1, 0, block.Inputs)) Become(target, part, weights, add: !all || i < blocks.Count - 1);
                using (var target = Part(ofWeights, block))
                using (var transposed = part.t())
                    Become(target, transposed, inputs, add: false);
            }

            ofWeights.mul_(mask);
            foreach (var tensor in saved) tensor.Dispose();
            grad_output.Dispose();
            return [ofInputs, ofWeights, null!, null!];
        }
    }
}
