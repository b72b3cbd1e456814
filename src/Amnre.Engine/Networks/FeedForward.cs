namespace Amnre.Engine.Networks;

/// <summary>Builds the two feed-forward architectures.</summary>
/// <remarks>
/// MLP: Linear(in, h) [norm] act, then L times {[dropout] Linear(h, h) [norm] act}, Linear(h, out).
/// ResNet (He et al. 2016, pre-activation): Linear(in, r), B times x + f(x) with
/// f = [norm] act, L times {[dropout] Linear(r, r) [norm] act}, Linear(r, r); then Linear(r, out).
/// </remarks>
internal static class FeedForward
{
    public static Sequential Build(NetworkOptions options, int input, int output, Construction construction) =>
        options.Architecture == "ResNet" ? ResNet(options, input, output, construction) : Mlp(options, input, output, construction);

    private static Sequential Mlp(NetworkOptions options, int input, int output, Construction construction) =>
        new([
            Linear(options, input, options.HiddenSize, construction),
            .. Tail(options, options.HiddenSize, output, inPlace: true, construction),
        ]);

    private static Sequential ResNet(NetworkOptions options, int input, int output, Construction construction)
    {
        var size = options.ResidualSize;
        var layers = new List<Layer> { new Linear(input, size, bias: true, leCun: false, construction.Weights) };
        for (var block = 0; block < options.Blocks; block++)
            layers.Add(new Residual(
                Tail(options, size, size, inPlace: options.Normalization is "batch" or "layer" or "group", construction)));
        layers.Add(new Linear(size, output, bias: true, leCun: false, construction.Weights));
        return new Sequential(layers);
    }

    /// <summary>[norm] act, L times {[dropout] Linear [norm] act}, Linear.</summary>
    private static IEnumerable<Layer> Tail(NetworkOptions options, int size, int output, bool inPlace, Construction construction)
    {
        foreach (var layer in Activated(options, size, inPlace, construction)) yield return layer;
        for (var i = 0; i < options.Layers; i++)
        {
            if (options.Dropout > 0) yield return new Dropout(options.Dropout, options.Normalization == "self", construction.Mode);
            yield return Linear(options, size, size, construction);
            foreach (var layer in Activated(options, size, inPlace: true, construction)) yield return layer;
        }

        yield return Linear(options, size, output, construction);
    }

    private static IEnumerable<Layer> Activated(NetworkOptions options, int size, bool inPlace, Construction construction)
    {
        switch (options.Normalization)
        {
            case "batch": yield return new BatchNorm(size, construction.Mode); break;
            case "layer": yield return new LayerNorm(size); break;
            case "group": yield return new GroupNorm(size); break;
        }

        yield return new Activation(options.Activation, inPlace, leCun: options.Normalization == "self", construction.Mode);
    }

    private static Linear Linear(NetworkOptions options, int input, int output, Construction construction) =>
        new(input, output, options.Bias, leCun: options.Normalization == "self", construction.Weights);
}
