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

    public override Tensor Forward(Tensor x)
    {
        for (var place = 0; place < _layers.Count; place++)
        {
            if (_layers[place] is IAffineLayer affine && _layers.ElementAtOrDefault(place + 1) is Activation activation)
            {
                x = activation.Forward(affine, x);
                place++;
            }
            else x = _layers[place].Forward(x);
        }

        return x;
    }

    protected override Tensor Stacked(IReadOnlyList<Layer> layers, Tensor x)
    {
        for (var place = 0; place < _layers.Count; place++) x = Forward([.. layers.Select(layer => ((Sequential)layer)._layers[place])], x);
        return x;
    }
}
