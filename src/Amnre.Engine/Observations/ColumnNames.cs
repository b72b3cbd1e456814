using Amnre.Engine.Simulators;

namespace Amnre.Engine.Observations;

/// <summary>What a file calls the columns of an array: the first line of a table, or an attribute of an HDF5 dataset.</summary>
/// <param name="Names">In their order.</param>
/// <param name="IsRemark">It is a line that begins with <c>#</c>, and may mean something else.</param>
internal sealed record ColumnNames(IReadOnlyList<string> Names, bool IsRemark)
{
    /// <exception cref="InputException">They are other parameters than the simulator's, or the same in another order.</exception>
    public void Require(ISimulator simulator)
    {
        if (Names.SequenceEqual(simulator.Labels)) return;
        var isOrder = Names.Order(StringComparer.Ordinal).SequenceEqual(simulator.Labels.Order(StringComparer.Ordinal));
        if (IsRemark && !isOrder) return;
        var (named, wanted) = (string.Join(", ", Names), string.Join(", ", simulator.Labels));
        throw new InputException(isOrder
            ? $"its columns are {named}, but the parameters are declared in the order {wanted}: write the columns in this order, or " +
                "declare the parameters in that of the file"
            : $"its columns are named {named}, but the parameters are {wanted}: name them alike and in the same order, or leave the " +
                "names out");
    }
}
