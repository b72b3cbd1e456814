using System.Globalization;
using System.Text;
using Amnre.Engine.Benchmarks;
using Amnre.Engine.Catalog;
using Amnre.Engine.Draws;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Tests.Benchmarks;

/// <summary>The benchmark's own reference draws.</summary>
public sealed class ReferenceSamplesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Draws_and_their_marginals_are_read_by_observation()
    {
        File.WriteAllText(At("a.csv"), Table(4, 60, 0));
        File.WriteAllBytes(At("b.csv.bz2"), Bzip2Tests.Packed(Encoding.UTF8.GetBytes(Table(4, 50, 1)), 9));
        ReferenceSamples.Import(SimulatorCatalog.Find("sbibm-lotka-volterra"), [At("a.csv"), At("b.csv.bz2")], 50, true, At("out/r.h5"));

        var whole = DrawsFile.Read(At("out/r.h5"), ParameterMask.Parse("1111"))!;
        Assert.Equal([0, 1], whole.Keys.Order());
        Assert.Equal(50 * 4, whole[0].Length);
        Assert.Equal([0, 0.25f, 0.5f, 0.75f, 1, 1.25f, 1.5f, 1.75f], whole[0][..8]);
        Assert.Equal([1, 1.25f, 1.5f, 1.75f, 2, 2.25f, 2.5f, 2.75f], whole[1][..8]);
        Assert.Equal([1.25f, 1.75f, 2.25f, 2.75f], DrawsFile.Read(At("out/r.h5"), ParameterMask.Parse("0101"))![1][..4]);
        Assert.Equal([0.5f, 1.5f], DrawsFile.Read(At("out/r.h5"), ParameterMask.Parse("0010"))![0][..2]);
    }

    [Fact]
    public void What_is_no_such_table_is_named()
    {
        Refused("few.csv", Table(2, 49, 0), "'", "are 49, and 50 are compared: take fewer with --draws");
        Refused("other.csv", Table(3, 50, 0), "line 2: 3 values, but the task has 2 parameters");
        Refused("text.csv", Table(2, 50, 0).Replace("1,1.25", "1,nan", StringComparison.Ordinal), "line 3: 'nan' is no number");
        Refused("empty.csv", "", "are 0, and 50 are compared");
        Refused("plain.csv.bz2", Table(2, 50, 0), "it does not begin as bzip2 does: download the file again");
    }

    private void Refused(string name, string text, params string[] says)
    {
        File.WriteAllText(At(name), text);
        var error = Assert.Throws<InputException>(
            () => ReferenceSamples.Import(SimulatorCatalog.Find("sbibm-two-moons"), [At(name)], 50, false, At("r.h5"))).Message;
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.All(says, one => Assert.Contains(one, error, StringComparison.Ordinal));
        Assert.False(File.Exists(At("r.h5")));
    }

    private static string Table(int size, int rows, double first)
    {
        string Line(Func<int, string> cell) => string.Join(",", Enumerable.Range(0, size).Select(cell)) + "\n";

        return Line(d => $"parameter_{d + 1}") + string.Concat(Enumerable.Range(0, rows)
            .Select(row => Line(d => (first + row + d / 4.0).ToString(CultureInfo.InvariantCulture))));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
