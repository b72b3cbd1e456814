using Amnre.Engine.Catalog;
using Amnre.Engine.Observations;

namespace Amnre.Engine.Tests.Observations;

public sealed class ObservationFileTests
{
    [Theory]
    [InlineData("4,2", 1)]
    [InlineData("8", 1)]
    [InlineData("1,8", 1)]
    [InlineData("8,1", 1)]
    [InlineData("1,4,2", 1)]
    [InlineData("3,4,2", 3)]
    [InlineData("5,8", 5)]
    [InlineData("2,4", null)]
    [InlineData("3", null)]
    [InlineData("4,2,3", null)]
    [InlineData("", null)]
    public void Shapes_of_one_and_of_several_observations_are_told_apart(string given, int? observations) =>
        Assert.Equal(observations, ObservationShape.Observations(Shape(given), [4, 2]));

    [Theory]
    [InlineData("5", "1", 5)]
    [InlineData("5,1", "1", 5)]
    [InlineData("", "1", 1)]
    [InlineData("2,2", "2", 2)]
    public void Scalars_and_short_vectors_too(string given, string wanted, int observations) =>
        Assert.Equal(observations, ObservationShape.Observations(Shape(given), [.. Shape(wanted).Select(length => (int)length)]));

    [Fact]
    public void A_turned_table_is_suspected() =>
        Assert.Contains("transposed", ObservationShape.Error([2, 4], [4, 2]), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.csv", "1,2\n3,4\n5,6\n7,8\n")]
    [InlineData("a.csv", "u,v\r\n1, 2\r\n3,4e0\r\n5,6\r\n7,\"8\"\r\n")]
    [InlineData("a.csv", "# measured\n1;2;3;4;5;6;7;8")]
    [InlineData("a.txt", "1 2\t3  4 5 6 7 8\n")]
    [InlineData("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n")]
    [InlineData("a.json", "[[1,2],[3,4],[5,6],[7,8]]")]
    [InlineData("a.json", """{"x": [1,2,3,4,5,6,7,8], "theta": [1]}""")]
    public void Texts_of_numbers_are_read(string name, string text)
    {
        using var scratch = new ScratchDirectory();
        var path = scratch[name];
        File.WriteAllText(path, text);

        var (x, count) = ObservationFile.Read(path, null, SimulatorCatalog.Find("SLCP"));

        Assert.Equal(1, count);
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8], x);
    }

    [Theory]
    [InlineData("a.csv", "0,1,2,3\n0.5,1,2,3\n", "its first line counts the columns, 0 to 3, as pandas writes them")]
    [InlineData("a.csv", "1,2\n3,4,5\n", "line 2 has 3 values, others 2")]
    [InlineData("a.csv", "1,2\n3,x\n", "line 2, column 2: 'x' is not a number")]
    [InlineData("a.csv", "a,b\n", "no numbers")]
    [InlineData("a.csv", "1,2\n3,nan\n5,6\n7,8\n", "must be finite")]
    [InlineData("a.csv", "1,2\n3,1e99\n5,6\n7,8\n", "single precision")]
    [InlineData("a.csv", "1,2,3\n", "one observation has (4, 2)")]
    [InlineData("a.json", "[[1,2],[3]]", "not all alike")]
    [InlineData("a.json", """[1,"two"]""", "is not a number")]
    [InlineData("a.json", """{"a": [1], "b": [2]}""", "say which with --key")]
    [InlineData("a.xlsx", "", "is not known")]
    [InlineData("a.npy", "garbage, and more", "numpy.save")]
    [InlineData("a.npz", "garbage", "cannot be read")]
    [InlineData("a.h5", "garbage", "a.h5")]
    public void What_is_wrong_is_named(string name, string text, string told)
    {
        using var scratch = new ScratchDirectory();
        var path = scratch[name];
        File.WriteAllText(path, text);

        var refused = Assert.Throws<InputException>(() => ObservationFile.Read(path, null, SimulatorCatalog.Find("SLCP"))).Message;

        Assert.Contains(told, refused, StringComparison.Ordinal);
        Assert.Contains(path, refused, StringComparison.Ordinal);
    }

    private static IReadOnlyList<long> Shape(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
}
