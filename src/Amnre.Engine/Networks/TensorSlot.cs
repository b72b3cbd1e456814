using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>The place of one named tensor of a module. The tensor may be exchanged (moved to a device, made a view of a flat
/// buffer); the slot stays.</summary>
internal sealed class TensorSlot(Tensor value, bool isParameter)
{
    public Tensor Value { get; set; } = value;

    /// <summary>Whether training changes it by gradient; the others are buffers.</summary>
    public bool IsParameter { get; private set; } = isParameter;

    /// <summary>The same parameter of all models that are trained together, and this one's row of it; null where it is apart.</summary>
    public (JointTensor Tensor, int Row)? Joint { get; set; }

    /// <summary>From now on something else gives the value: it is stored with the model but not trained.</summary>
    public void Freeze() => IsParameter = false;

    /// <summary>K tensors as one (K, …): a part of what is joint already where there is such, since putting tensors together, and
    /// their gradients apart again, costs two small operations each.</summary>
    /// <param name="slots">M of each model, model by model.</param>
    /// <param name="each">Applied to the last dimension of each, such as filling it up.</param>
    public static Tensor Stack(IReadOnlyList<TensorSlot> slots, Func<Tensor, Tensor>? each = null)
    {
        each ??= static tensor => tensor;
        if (slots[0].Joint is not ({ Value: { } value }, var first)) return Apart();

        var perModel = slots.TakeWhile(slot => slot.Joint?.Row == first).Count();
        List<long> rows = [.. slots.Where((_, place) => place % perModel == 0).Select(slot => (long)(slot.Joint?.Row ?? -1))];
        for (var place = 0; place < slots.Count; place++)
            if (slots[place].Joint is not { } joint || joint.Tensor != slots[place % perModel].Joint!.Value.Tensor
                || joint.Row != rows[place / perModel]) return Apart();

        var whole = rows.Count == value.shape[0] && rows.Index().All(row => row.Item == row.Index);
        List<Tensor> joints = [.. slots.Take(perModel).Select(slot => Chosen(slot.Joint!.Value.Tensor.Value!)).Select(each)];
        return perModel == 1 ? joints[0] : stack(joints, 1).flatten(0, 1);

        // Some models may have ended.
        Tensor Chosen(Tensor joint) => whole ? joint : joint.index_select(0, tensor(rows, device: joint.device));

        Tensor Apart() => stack([.. slots.Select(slot => each(slot.Value))]);
    }
}

/// <summary>A parameter of R models as one tensor.</summary>
internal sealed class JointTensor
{
    /// <summary>(R, …), in the graph of the step that is under way; null outside of one.</summary>
    public Tensor? Value { get; set; }
}
