using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Layers one after the other, named 0, 1, 2, ….</summary>
internal class Sequential : Layer
{
    private readonly List<Layer> _layers = [];

    public Sequential(params IEnumerable<Layer> layers)
    {
        foreach (var layer in layers) _layers.Add(Child(_layers.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), layer));
    }

    public override Tensor Forward(Tensor x) => Through(_layers, x);

    public override Tensor Forward(Tensor own, Tensor shared) => _layers[0] is Linear first
        ? Through([new SharedColumns([first], shared), .. _layers.Skip(1)], own) : base.Forward(own, shared);

    protected override Tensor Stacked(IReadOnlyList<Layer> layers, Tensor x)
    {
        for (var place = 0; place < _layers.Count; place++) x = Forward([.. layers.Select(layer => ((Sequential)layer)._layers[place])], x);
        return x;
    }

    protected override Tensor Stacked(IReadOnlyList<Layer> layers, Tensor own, Tensor shared)
    {
        List<Sequential> all = [.. layers.Cast<Sequential>()];
        if (_layers[0] is not Linear) return base.Stacked(layers, own, shared);
        var x = new SharedColumns([.. all.Select(one => (Linear)one._layers[0])], shared).Forward(own);
        for (var place = 1; place < _layers.Count; place++) x = Forward([.. all.Select(one => one._layers[place])], x);
        return x;
    }

    private static Tensor Through(List<Layer> layers, Tensor x)
    {
        for (var place = 0; place < layers.Count; place++)
        {
            if (layers[place] is IAffineLayer affine && layers.ElementAtOrDefault(place + 1) is Activation activation)
            {
                x = activation.Forward(affine, x);
                place++;
            }
            else x = layers[place].Forward(x);
        }

        return x;
    }
}
