using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>The place of one named tensor of a module. The tensor may be exchanged (moved to a device, made a view of a flat
/// buffer); the slot stays.</summary>
internal sealed class TensorSlot(Tensor value, bool isParameter)
{
    public Tensor Value { get; set; } = value;

    /// <summary>Whether training changes it by gradient; the others are buffers.</summary>
    public bool IsParameter { get; private set; } = isParameter;

    /// <summary>From now on something else gives the value: it is stored with the model but not trained.</summary>
    public void Freeze() => IsParameter = false;
}
