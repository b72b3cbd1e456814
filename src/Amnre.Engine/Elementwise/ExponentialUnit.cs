using static TorchSharp.torch;

namespace Amnre.Engine.Elementwise;

/// <summary>ELU of x + b, z for z &gt; 0 and e^z − 1 below (Clevert, Unterthiner and Hochreiter 2016), of single precision on a CPU:
/// memory is gone through once forwards and once backwards, the bias and its gradient included.</summary>
/// <remarks>The derivative is had from the value, min(y, 0) + 1, so that nothing else is kept. There is no second derivative.</remarks>
internal static class ExponentialUnit
{
    /// <param name="x">(…, W), one that <see cref="SinglePass"/> takes.</param>
    /// <param name="bias">(W); null for none.</param>
    /// <param name="inPlace">x is no one else's and is overwritten.</param>
    /// <returns>(…, W).</returns>
    public static Tensor Apply(Tensor x, Tensor? bias, bool inPlace) =>
        is_grad_enabled() && (x.requires_grad || bias is { requires_grad: true }) ? Node.apply(x, bias!, inPlace) : Value(x, bias, inPlace);

    private static Tensor Value(Tensor x, Tensor? bias, bool inPlace)
    {
        var value = inPlace ? x.detach() : empty_like(x);
        ExponentialPasses.Forward(x, bias, value);
        return value;
    }

    private sealed class Node : autograd.SingleTensorFunction<Node>
    {
        private const string HasBias = "bias";

        [ThreadStatic]
        private static Tensor? t_returned;

        public override string Name => nameof(ExponentialUnit);

        public override Tensor forward(autograd.AutogradContext ctx, params object?[] vars)
        {
            var value = Value((Tensor)vars[0]!, (Tensor?)vars[1], (bool)vars[2]!);
            ctx.save_for_backward([value]);
            ctx.save_data(HasBias, vars[1] is Tensor);
            return value;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            // Wrappers would keep gradients alive to the end of the step: those of the call before are the graph's by now.
            t_returned?.Dispose();
            using var value = ctx.get_saved_variables()[0];
            using var upstream = grad_output.contiguous();
            var gradient = t_returned = empty_like(value);
            var ofBias = (bool)ctx.get_data(HasBias) ? value.new_empty(value.shape[^1]) : null;
            ExponentialPasses.Backward(upstream, value, gradient, ofBias);
            grad_output.Dispose();
            return [gradient, ofBias!, null!];
        }
    }
}
