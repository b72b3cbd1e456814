using System.Globalization;
using Amnre.Engine.Draws;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using PureHDF;

namespace Amnre.Engine.Tests.Draws;

/// <summary>Reference draws that are none, or worlds apart, never pass for equal.</summary>
public sealed class ReferenceComparisonTests : IDisposable
{
    private const int Count = 200, Size = 3;

    private static readonly ParameterMask Mask = ParameterMask.Parse("1101");

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("constant", "are all 1 in parameter 3")]
    [InlineData("far constant", "are all 50 in parameter 3")]
    [InlineData("nan", "hold NaN (draw 150, parameter 1)")]
    [InlineData("infinite", "hold Infinity (draw 150, parameter 1)")]
    [InlineData("nan and apart", "hold NaN (draw 150, parameter 1)")]
    [InlineData("copies", "are copies of 20 points")]
    [InlineData("one point", "are all")]
    public void References_that_are_no_draws_are_refused_with_their_row_and_mask(string kind, string reason)
    {
        var error = Assert.Throws<InputException>(() => { Compare(Normals(0), Changed(Normals(1), kind)); }).Message;

        Assert.Contains("of observation row 7 and mask 1101", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.False(File.Exists(_scratch["c2st.csv"]));
    }

    [Fact]
    public void Draws_of_the_model_that_are_not_finite_are_refused() =>
        Assert.Contains("the model's draws of observation row 7 and mask 1101 hold NaN",
            Assert.Throws<InputException>(() => { Compare(Changed(Normals(0), "nan"), Normals(1)); }).Message, StringComparison.Ordinal);

    [Fact]
    public void Equal_draws_are_equal_and_others_are_not()
    {
        Assert.Equal(0.5, Compare(Normals(0), Normals(1)), 0.1);
        // Moved, in another unit, near to a point far from 0, beyond what the classifier's numbers hold, collapsed to a point.
        Assert.Equal(1, Compare(Normals(0), [.. Normals(1).Select(value => value + 100)]), 0.01);
        Assert.Equal(1, Compare(Normals(0), [.. Normals(1).Select(value => 0.001f * value + 2000)]), 0.01);
        Assert.Equal(1, Compare(Normals(0), [.. Normals(1).Select(value => 1e-30f * value)]), 0.05);
        Assert.Equal(1, Compare([.. Normals(0).Select(value => 1e37f * value)], Normals(1)), 0.01);
        Assert.Equal(1, Compare(new float[Count * Size], [.. Normals(1).Select(value => value + 5)]), 0.01);
        // The same posterior, far from 0 and close together.
        Assert.Equal(0.5, Compare([.. Normals(0).Select(value => 4096 + value)], [.. Normals(1).Select(value => 4096 + value)]), 0.1);
    }

    [Fact]
    public void Reference_draws_may_be_of_another_type()
    {
        var single = Compare(Normals(0), Normals(1));

        Write([.. Normals(1).Select(value => (double)value)]);
        Assert.Equal(single, Compared(Normals(0)));
        Write([.. Normals(1).Select((value, i) => i == 12 ? 1e300 : value)]);
        Assert.Contains("holds 1E+300, which is too large for float32",
            Assert.Throws<InputException>(() => { Compared(Normals(0)); }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, "50 % of the model's draws of row 7 and mask 1101 are exact copies of them")]
    [InlineData(0, null)]
    public void Draws_that_are_copies_of_the_reference_are_told(double share, string? said)
    {
        var (estimated, notes) = (Normals(0), new List<string>());
        Normals(1).AsSpan(0, (int)(share * Count) * Size).CopyTo(estimated);
        Write([.. Normals(1).Select(value => (double)value)]);

        Compared(estimated, RunContexts.Quiet with { Note = notes.Add });

        if (said is null) Assert.Empty(notes);
        else Assert.Contains(said, Assert.Single(notes), StringComparison.Ordinal);
    }

    private static float[] Normals(ulong index)
    {
        var random = new CounterRandom(8, default, index);
        return [.. Enumerable.Range(0, Count * Size).Select(_ => (float)random.NextNormal())];
    }

    private static float[] Changed(float[] draws, string kind)
    {
        for (var i = 0; i < draws.Length; i++)
        {
            draws[i] = (kind, i % Size) switch
            {
                ("constant", 2) => 1,
                ("far constant", 2) => 50,
                ("nan and apart", 0) => draws[i] + 100,
                ("copies", _) => draws[i % (20 * Size)],
                ("one point", _) => draws[i % Size],
                _ => draws[i],
            };
        }

        if (kind.StartsWith("nan", StringComparison.Ordinal)) draws[150 * Size + 1] = float.NaN;
        if (kind == "infinite") draws[150 * Size + 1] = float.PositiveInfinity;
        return draws;
    }

    private double Compare(float[] estimated, float[] reference)
    {
        new H5File
        {
            ["1101"] = new H5Dataset<float[]>(reference, fileDims: [1, Count, Size]),
            ["index"] = new[] { 7 }
        }.Write(_scratch["reference.h5"]);
        return Compared(estimated);
    }

    private void Write(double[] reference) =>
        new H5File
        {
            ["1101"] = new H5Dataset<double[]>(reference, fileDims: [1, Count, Size]),
            ["index"] = new[] { (ushort)7 }
        }.Write(_scratch["reference.h5"]);

    private double Compared(float[] estimated, RunContext? context = null)
    {
        var draws = new PosteriorDraws { Rows = [7], Count = Count, Masks = [(Mask, estimated)] };
        ReferenceComparison.Write(draws, _scratch["reference.h5"], _scratch["c2st.csv"], 3, threads: 2, context ?? RunContexts.Quiet);
        return double.Parse(File.ReadAllLines(_scratch["c2st.csv"])[1].Split(',')[3], CultureInfo.InvariantCulture);
    }
}
