namespace Amnre.Engine.Flows;

/// <summary>Some outputs of a masked layer, and how many of its first inputs any of them admits.</summary>
internal readonly record struct AdmittedBlock(int Begin, int Length, int Inputs);

/// <summary>Where the mask of a layer holds zeros only, so that nothing need be multiplied.</summary>
/// <remarks>With hidden units in order of their degrees a MADE's mask is a staircase: of 5 parameters, 5/8 of it are admitted.</remarks>
internal static class AdmittedBlocks
{
    /// <summary>Outputs of a block: products of fewer are slower than what they save.</summary>
    private const int Width = 32;

    /// <summary>The least part of the products that blocks must save to be worth their calls.</summary>
    private const double LeastSaving = 0.15;

    /// <param name="mask">(outputs, inputs), row by row; not 0 where admitted.</param>
    /// <param name="inputs">Number of inputs, at least 1.</param>
    /// <returns>Blocks that cover the outputs in order; one of all inputs where blocks save too little.</returns>
    public static IReadOnlyList<AdmittedBlock> Of(ReadOnlySpan<float> mask, int inputs)
    {
        var outputs = mask.Length / inputs;
        var blocks = new List<AdmittedBlock>();
        for (var begin = 0; begin < outputs; begin += Width)
        {
            var length = Math.Min(Width, outputs - begin);
            var admitted = 0;
            for (var row = begin; row < begin + length; row++)
                admitted = Math.Max(admitted, mask.Slice(row * inputs, inputs).LastIndexOfAnyExcept(0f) + 1);
            if (blocks.Count > 0 && blocks[^1].Inputs == admitted) blocks[^1] = blocks[^1] with { Length = blocks[^1].Length + length };
            else blocks.Add(new AdmittedBlock(begin, length, admitted));
        }

        var multiplied = blocks.Sum(block => (double)block.Length * block.Inputs);
        return multiplied > (1 - LeastSaving) * outputs * inputs ? [new AdmittedBlock(0, outputs, inputs)] : blocks;
    }
}
